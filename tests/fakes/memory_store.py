"""A store in memory, after the protocol: for what commands do with facts, without a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from digests.history import Change, Edit
from digests.model import (
    Article,
    CopyOf,
    Counts,
    Extraction,
    FactQuery,
    Found,
    Person,
    Placed,
    Source,
    Statement,
    Story,
    StoryArticle,
)
from digests.store.base import FoundPassages, Saved, StoredPassage
from digests.store.words import index_words
from digests.text.folding import fold
from digests.text.names import last_name_key, name_key, similar
from digests.text.terms import terms as terms_of
from digests.watch import Entry, NewsSource, SourceCounts


class MemoryStore:
    def __init__(
        self,
        *,
        found: Collection[Found] = (),
        people: Collection[Person] = (),
        articles: Mapping[int, Article] | None = None,
        sources: Collection[Source] = (),
        holders: Mapping[int, Collection[int]] | None = None,
        told: Mapping[int, int] | None = None,
        origins: Mapping[int, str] | None = None,
        copied: Mapping[int, CopyOf] | None = None,
        watched: Collection[NewsSource] = (),
        unread: int = 0,
        changed: Collection[Change] = (),
        undated: Collection[Entry] = (),
    ) -> None:
        """``told``: article id -> story id, where that is not the same; ``origins``: article id -> whose text it is.

        ``holders``: by person id, the ids of the facts that are said by, acted in or held by that person."""
        self.found = list(found)
        self.known_people = list(people)
        self.articles = dict(articles or {})
        self.sources = list(sources)
        self.holders = {key: set(value) for key, value in (holders or {}).items()}
        self.told = dict(told or {})
        self.origins = dict(origins or {})
        self.copied = dict(copied or {})
        self.watched = list(watched)
        self.unread = unread
        self.changed = list(changed)
        self.undated = list(undated)
        self.queries: list[FactQuery] = []

    async def save(self, article: Article, extraction: Extraction, *, links: Mapping[int, int]) -> Saved:
        raise AssertionError("commands do not save")

    async def article(self, article_id: int, *, version: int | None = None) -> Article | None:
        return self.articles.get(article_id)

    async def known(self, *, canonical_url: str = "", content_hash: str = "") -> Source | None:
        return None

    async def fact(self, fact_id: int) -> Found | None:
        return next((each for each in self.found if each.fact.id == fact_id), None)

    async def facts(self, query: FactQuery) -> list[Found]:
        self.queries.append(query)
        chosen = [each for each in self.found if self._fits(each, query)]
        keys: dict[str, Any] = {
            "newest": lambda each: (-_day(each).toordinal(), each.fact.id),
            "oldest": lambda each: (_day(each).toordinal(), each.fact.id),
            "due": lambda each: (each.fact.due_to.toordinal(), each.fact.id),
            "due_latest": lambda each: (-each.fact.due_to.toordinal(), each.fact.id),
        }
        chosen.sort(key=keys[query.order])
        return chosen[query.offset : query.offset + query.limit]

    async def people(self, names: Collection[str]) -> list[Person]:
        keys = {name_key(name) for name in names}
        return [
            person
            for person in self.known_people
            if keys & ({name_key(each) for each in (person.name, *person.aliases)} | {last_name_key(person.name)})
        ]

    async def facts_each(self, queries: Sequence[FactQuery]) -> list[list[Found]]:
        return [await self.facts(each) for each in queries]

    async def persons(self, ids: Collection[int]) -> list[Person]:
        return [person for person in self.known_people if person.id in ids]

    async def person(self, person_id: int) -> Person | None:
        return next((person for person in self.known_people if person.id == person_id), None)

    async def similar_names(self, name: str, *, limit: int = 5) -> list[Person]:
        names = similar(name, [person.name for person in self.known_people], limit)
        return [person for each in names for person in self.known_people if person.name == each]

    async def latest(self, *, about: str = "", limit: int = 10, offset: int = 0) -> list[Source]:
        words = fold(about).split()
        chosen = [each for each in self.sources if all(word in fold(each.title) for word in words)]
        chosen.sort(key=lambda each: (-each.published_day.toordinal(), each.article_id))
        return chosen[offset : offset + limit]

    async def passages(
        self, terms: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int = 80
    ) -> FoundPassages:
        """An article is one passage here."""
        known = {each.article_id: each for each in (*self.sources, *(one.source for one in self.found))}
        texts = {number: article.text for number, article in self.articles.items() if number in known}
        seen = {term: sum(term in terms_of(text) for text in texts.values()) for term in terms}
        hits = [number for number, text in texts.items() if set(terms) & set(terms_of(text))]
        days = [n for n in hits if (since or date.min) <= known[n].published_day <= (until or date.max)]
        found = tuple(StoredPassage(source=known[number], start=0, text=texts[number]) for number in days[:limit])
        return FoundPassages(passages=len(texts), seen=seen, found=found)

    async def story(self, story_id: int) -> Story | None:
        return next((each for each in self._stories() if each.id == story_id), None)

    async def stories(self, *, about: str = "", limit: int = 10, offset: int = 0) -> list[Story]:
        words = fold(about).split()
        chosen = [each for each in self._stories() if all(word in self._titles(each.id) for word in words)]
        chosen.sort(key=lambda each: (-each.last_day.toordinal(), each.id))
        return chosen[offset : offset + limit]

    async def merged(self, stories: Collection[int]) -> dict[int, int]:
        return {}

    async def story_articles(self, story_id: int, *, limit: int = 50, offset: int = 0) -> list[StoryArticle]:
        own = [each for each in self.sources if self.told.get(each.article_id, each.article_id) == story_id]
        own.sort(key=lambda each: (-each.published_day.toordinal(), each.article_id))
        return [StoryArticle(source=each, origin=self.origins.get(each.article_id, each.publisher)) for each in own][
            offset : offset + limit
        ]

    async def stories_of(self, articles: Collection[int]) -> dict[int, int]:
        return {each: self.told.get(each, each) for each in articles}

    async def placed(self, articles: Collection[int]) -> list[Placed]:
        own = [each for each in self.sources if each.article_id in articles]
        own.sort(key=lambda each: (each.published_day, each.article_id), reverse=True)
        return [
            Placed(
                source=each,
                story_id=self.told.get(each.article_id, each.article_id),
                origin=self.origins.get(each.article_id, each.publisher),
            )
            for each in own
        ]

    async def published(self, since: date, until: date, *, limit: int = 1000) -> list[Placed]:
        own = [each.article_id for each in self.sources if since <= each.published_day <= until]
        return (await self.placed(own))[:limit]

    async def words(self, articles: Collection[Source]) -> dict[int, frozenset[str]]:
        known = {
            each.article_id: self.articles[each.article_id] for each in articles if each.article_id in self.articles
        }
        return {key: frozenset(index_words([each.title, each.text])) for key, each in known.items()}

    async def texts(self, articles: Collection[int]) -> dict[int, str]:
        return {key: each.text for key, each in self.articles.items() if key in articles}

    def _stories(self) -> list[Story]:
        found = []
        for story_id in dict.fromkeys(self.told.get(each.article_id, each.article_id) for each in self.sources):
            own = [each for each in self.sources if self.told.get(each.article_id, each.article_id) == story_id]
            newest = max(own, key=lambda each: each.published_day)
            origins = dict.fromkeys(self.origins.get(each.article_id, each.publisher) for each in own)
            found.append(
                Story(
                    id=story_id,
                    first_day=min(each.published_day for each in own),
                    last_day=newest.published_day,
                    articles=len(own),
                    outlets=len({each.publisher for each in own}),
                    origins=tuple(origins),
                    newest=newest,
                )
            )
        return found

    def _titles(self, story_id: int) -> str:
        return fold(
            " ".join(each.title for each in self.sources if self.told.get(each.article_id, each.article_id) == story_id)
        )

    async def copies(self, articles: Collection[int]) -> dict[int, CopyOf]:
        return {each: self.copied[each] for each in articles if each in self.copied}

    async def changes(self, after: int, *, limit: int = 200) -> list[Change]:
        return [each for each in self.changed if each.id > after][:limit]

    async def gone_since(self, since: datetime, *, limit: int) -> list[tuple[int, datetime]]:
        return []

    async def last_change(self) -> int:
        return max((each.id for each in self.changed), default=0)

    async def numbers_of(self, articles: Collection[int]) -> list[int]:
        return [each.fact.id for each in self.found if each.source.article_id in articles]

    async def history(self, facts: Collection[int]) -> dict[int, list[Edit]]:
        return {}

    async def counts(self) -> Counts:
        return Counts(
            articles=len(self.sources),
            facts=len(self.found),
            people=len(self.known_people),
            by_kind=(("statement", len(self.found)),),
            newest_day=max((each.published_day for each in self.sources), default=None),
            oldest_day=min((each.published_day for each in self.sources), default=None),
        )

    async def undated_files(self, *, limit: int = 10) -> list[Entry]:
        return self.undated[:limit]

    async def source_counts(self) -> SourceCounts:
        return SourceCounts(
            sources=len(self.watched),
            paused=sum(each.paused for each in self.watched),
            failing=sum(bool(each.failures) for each in self.watched),
            waiting=self.unread,
        )

    async def troubled_sources(self, *, limit: int, **_: Any) -> list[NewsSource]:
        return [each for each in self.watched if not each.paused][:limit]

    async def close(self) -> None:
        return None

    def _fits(self, found: Found, query: FactQuery) -> bool:
        fact = found.fact
        words = fold(f"{fact.summary} {fact.quote} {found.source.title}")
        held = all(
            any(fact.id in self.holders.get(one, set()) for one in wanted)
            for wanted in (query.said_by, query.entities)
            if wanted
        )
        due_from, due_to = getattr(fact, "due_from", None), getattr(fact, "due_to", None)
        return (
            (not query.kinds or fact.kind in query.kinds)
            and all(word in words for word in fold(query.about).split())
            and held
            and (query.since is None or _day(found) >= query.since)
            and (query.until is None or _day(found) <= query.until)
            and (query.due_since is None or (due_to is not None and due_to >= query.due_since))
            and (query.due_until is None or (due_from is not None and due_from <= query.due_until))
            and (query.article_id is None or found.source.article_id == query.article_id)
            and (not query.articles or found.source.article_id in query.articles)
            and (query.story_id is None or self.told.get(found.source.article_id) == query.story_id)
        )


def _day(found: Found) -> date:
    said_on = found.fact.said_on if isinstance(found.fact, Statement) else None
    return said_on or found.source.published_day
