"""The store protocol: what every database behind the product must do, held to by one contract suite.

All methods are coroutines; a failure of the database itself is a ``StoreError`` whose text says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from digests.history import Change, Edit
from digests.model import (
    Article,
    CopyOf,
    Counts,
    Extraction,
    Fact,
    FactQuery,
    Found,
    NameKeys,
    Person,
    Placed,
    Source,
    Story,
    StoryArticle,
)
from digests.store.watch import Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A stretch of an article's newest version, verbatim: it starts at ``start`` of the article's text."""

    source: Source
    start: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassages:
    """Passages for a question, not ranked yet. ``seen``: in how many of all ``passages`` each term asked for stands."""

    passages: int
    seen: Mapping[str, int]
    found: tuple[StoredPassage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a save did. ``created`` is false when the very same article was there already (nothing changed then)."""

    article_id: int
    fact_ids: tuple[int, ...]
    created: bool
    version: int = 1
    """More than 1: the article was known under its address with another text."""
    story_id: int = 0
    retracted: tuple[int, ...] = ()
    """Positions in the extraction of what an editor has retracted: it stays so and has no number here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryKept:
    """An open story as grouping left it; only grouping can read ``profile``."""

    id: int
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs. ``story``: None for a new one. ``keys``: words and weights the story is found by now.

    ``origin``: whose text it is by its own word, "" where it says nothing; then it is that of the text it copies, or
    else ``outlet``.
    ``absorbed``: young stories that are the same one; their articles move over, their ids lead to it.
    """

    story: int | None
    profile: str
    keys: Mapping[str, float]
    origin: str = ""
    outlet: str = ""
    absorbed: tuple[int, ...] = ()


class Grouping(Protocol):
    """Decides one article's story, inside the transaction that saves it: plain data in and out, nothing awaited."""

    @property
    def words(self) -> Collection[str]:
        """The article's words, each once: the store counts in how many articles each stands."""
        ...

    @property
    def open_for(self) -> timedelta:
        """So long after its last article (or before its first) a story takes in another."""
        ...

    @property
    def most(self) -> int:
        """So many of the stories that share its keys are wanted."""
        ...

    def keys(self, *, articles: int, seen: Mapping[str, int]) -> Mapping[str, float]:
        """What to look for among the stories' keys; ``seen``: in how many ``articles`` so far each word stood."""
        ...

    def place(self, near: Sequence[StoryKept], *, articles: int, seen: Mapping[str, int]) -> Placement:
        """``near``: the open stories that share most with the article's keys, most first."""
        ...


Linking = Callable[[Mapping[int, Sequence[Person]]], Mapping[int, int]]
"""Whom an article's entities mean: candidates by local entity id -> id of a person; who is not in it is new."""


class Store(Watched, Protocol):
    async def save(
        self,
        article: Article,
        extraction: Extraction,
        *,
        links: Mapping[int, int],
        keys: Mapping[int, NameKeys] | None = None,
        linking: Linking | None = None,
        grouping: Grouping | None = None,
    ) -> Saved:
        """Save an article with its facts in one transaction.

        ``links`` maps the extraction's local entity ids to ids of people already stored; the others become new ones.
        ``linking`` decides them instead, inside the transaction: nobody can add the same people in between. For each
        entity it is shown those who share a key with it, whoever shares more keys first, then the more often seen.
        ``keys``: by local entity id, under which keys they shall be found from now on.
        An article whose canonical URL is known with another text becomes its next version: facts that the new version
        makes again (same kind, quote and summary) keep their ids, the others of the old one stand no longer.
        ``grouping`` decides a new article's story in the same transaction (without it: one of its own); a further
        version stays in the story of the first.
        Raises ``EvidenceError`` (and saves nothing) when a fact's quote is not at its offsets, ``UndatedArticle`` when
        the article has no ``published_day``.
        """
        ...

    async def article(self, article_id: int, *, version: int | None = None) -> Article | None:
        """The article as its newest version says it, or with the text (and parts) of an older version."""
        ...

    async def known(self, *, canonical_url: str = "", content_hash: str = "") -> Source | None:
        """The article saved under that canonical URL or with that very text."""
        ...

    async def unchanged(self, article: Article) -> int | None:
        """The number of the article that is known and says the same: ``save`` would change nothing.

        Its very text is there, or under its address one that differs in dates, bylines, credits and blanks alone.
        """
        ...

    async def fact(self, fact_id: int) -> Found | None: ...

    async def facts(self, query: FactQuery) -> list[Found]:
        """At most ``query.limit`` standing facts in the order asked for, so that every store answers alike.

        "newest": day and id falling; "oldest": day and id rising; "due": last due day and id rising; "due_latest": both
        falling. The due orders, like ``due_since`` and ``due_until``, know only deadlines and events.
        """
        ...

    async def facts_each(self, queries: Sequence[FactQuery]) -> list[list[Found]]:
        """What ``facts`` says to each of the queries, read at once."""
        ...

    async def people(self, names: Collection[str]) -> list[Person]:
        """Everybody one of whose names or aliases folds to the key, or whose last name does, of one of ``names``.

        Full names come before last names, the most often seen first; of many namesakes only the 40 most often seen.
        """
        ...

    async def persons(self, ids: Collection[int]) -> list[Person]:
        """Those of these people that there are, read at once."""
        ...

    async def person(self, person_id: int) -> Person | None: ...

    async def similar_names(self, name: str, *, limit: int = 5) -> list[Person]:
        """The nearest names in the archive, best first, for "did you mean"."""
        ...

    async def latest(self, *, about: str = "", limit: int = 10, offset: int = 0) -> list[Source]:
        """Articles by published day, newest first; ``about`` as in ``FactQuery``."""
        ...

    async def passages(
        self, terms: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int = 80
    ) -> FoundPassages:
        """The newest passages with most of the rarest of these terms (``digests.text.terms``), published in those days.

        Not ranked: at most ``limit`` to choose from, of the articles' newest versions.
        """
        ...

    async def story(self, story_id: int) -> Story | None:
        """The story of that id, or the one it was merged into."""
        ...

    async def stories(self, *, about: str = "", limit: int = 10, offset: int = 0) -> list[Story]:
        """The stories of the newest articles (about something: of the newest 500 such), each once, newest first."""
        ...

    async def merged(self, stories: Collection[int]) -> dict[int, int]:
        """Of these stories those that were merged into another: id -> the story its number leads to now."""
        ...

    async def story_articles(self, story_id: int, *, limit: int = 50, offset: int = 0) -> list[StoryArticle]:
        """A story's articles by day of publication, newest first."""
        ...

    async def imported(self, keys: Collection[str]) -> dict[str, int]:
        """Of the inputs of a bulk import those that were imported before, with the ids of their articles."""
        ...

    async def mark_imported(self, marks: Mapping[str, int]) -> None:
        """Remember inputs as imported."""
        ...

    async def stories_of(self, articles: Collection[int]) -> dict[int, int]:
        """Article id -> the id of its story."""
        ...

    async def placed(self, articles: Collection[int]) -> list[Placed]:
        """These articles with their stories and origins, by day of publication, newest first."""
        ...

    async def published(self, since: date, until: date, *, limit: int = 1000) -> list[Placed]:
        """The articles of these days (inclusive) in the same order."""
        ...

    async def words(self, articles: Collection[Source]) -> dict[int, frozenset[str]]:
        """Article id -> the words that search knows of it (``index_words`` of title, outlet, byline and text)."""
        ...

    async def texts(self, articles: Collection[int]) -> dict[int, str]:
        """Article id -> the text of its newest version."""
        ...

    async def copies(self, articles: Collection[int]) -> dict[int, CopyOf]:
        """Of these articles those that mostly copy an earlier one: article id -> which, and how much of it."""
        ...

    async def changes(self, after: int, *, limit: int = 200) -> list[Change]:
        """What was written after the change of that id, in the order of the writes.

        A save that saved anything appends its change in the same transaction, as do an editor's words.
        """
        ...

    async def gone_since(self, since: datetime, *, limit: int) -> list[tuple[int, datetime]]:
        """Facts that stand no more since a moment, and when they went: the last to go first."""
        ...

    async def last_change(self) -> int:
        """The id of the newest change; 0 before the first."""
        ...

    async def correct(self, before: Fact, after: Fact, *, by: str, why: str, at: datetime) -> int:
        """Put an editor's fact in the place of ``before`` (as ``fact`` gave it), under its number; the change's id.

        It is found by what it says now and by nothing else, and outlives further versions of its article for as long
        as its words stand there. Raises ``UserError`` when ``before`` is not what is stored (any more) or does not
        stand, ``EvidenceError`` for a quote that is not in that version of the article.
        """
        ...

    async def retract(self, fact_id: int, *, by: str, why: str, at: datetime) -> list[int]:
        """Take a fact, and what else says the same line in its article, out for good; the numbers of all that went.

        No query, search or count knows it any more, whatever its article says next; only ``fact`` and ``history`` do.
        The list is empty when it was retracted before. Raises ``UserError`` for a number that no fact has.
        """
        ...

    async def numbers_of(self, articles: Collection[int]) -> list[int]:
        """The numbers of all facts that were ever read from these articles, whether they stand or not."""
        ...

    async def history(self, facts: Collection[int]) -> dict[int, list[Edit]]:
        """What editors said about these facts, oldest first; those nobody spoke on are left out."""
        ...

    async def counts(self) -> Counts: ...

    async def close(self) -> None: ...
