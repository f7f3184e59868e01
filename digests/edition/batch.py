"""What a digest is chosen from: the articles that came, those with another text, and editors' words on facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from digests.edition.follows import entities, names
from digests.edition.matcher import matcher
from digests.edition.model import Wanted
from digests.history import Change
from digests.model import FactQuery, Found, Placed
from digests.store.base import Store
from digests.store.words import index_words

MOST_CHANGES = 2000
"""So many of the newest changes are looked at: more is an import, and no digest could tell it."""
LATE = timedelta(days=2)
"""What was published longer before the last digest is no news, even if it came only now."""
_PAGE = 500
_AT_ONCE = 20
"""Texts that are matched in one go: some milliseconds each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """``articles``: new ones, newest first. ``versions``: articles with another text -> their first new fact's id.

    ``moved``: facts from before the other text that are due on another day in it. ``older``: new here, but published
    long ago. ``skipped``: changes nobody looked at.
    """

    articles: tuple[Placed, ...] = ()
    revised: tuple[Placed, ...] = ()
    versions: Mapping[int, int] = field(default_factory=dict)
    moved: frozenset[int] = frozenset()
    edits: tuple[Change, ...] = ()
    older: int = 0
    skipped: int = 0

    @property
    def new(self) -> frozenset[int]:
        return frozenset(each.source.article_id for each in self.articles)


async def since_change(store: Store, wanted: Wanted, *, after: int, upto: int, since: date, today: date) -> Batch:
    """What the changes after ``after`` up to and with ``upto`` brought, as far as it is wanted and news."""
    first = max(after, upto - MOST_CHANGES)
    changes = await _changes(store, first, upto)
    new = {each.article_id for each in changes if each.kind == "new"}
    versions = {each.article_id: each.first_fact for each in reversed(changes) if each.kind == "version"}
    placed = await store.placed(new | versions.keys())
    fresh = [each for each in placed if since - LATE <= each.source.published_day <= today + timedelta(days=1)]
    let = await _wanted(store, wanted, fresh)
    return Batch(
        articles=tuple(each for each in let if each.source.article_id in new),
        revised=tuple(each for each in let if each.source.article_id in versions.keys() - new),
        versions={key: value for key, value in versions.items() if key not in new},
        moved=frozenset(each.fact_id for each in changes if each.kind == "moved" and each.fact_id is not None),
        edits=tuple(each for each in changes if each.kind in ("correct", "retract")),
        older=sum(each.source.article_id in new for each in placed)
        - sum(each.source.article_id in new for each in fresh),
        skipped=first - after,
    )


async def of_days(store: Store, wanted: Wanted, *, first: date, last: date) -> Batch:
    """The articles published on these days."""
    placed = await store.published(first, last, limit=MOST_CHANGES)
    return Batch(articles=tuple(await _wanted(store, wanted, placed)))


async def _changes(store: Store, after: int, upto: int) -> list[Change]:
    changes: list[Change] = []
    while after < upto:
        page = await store.changes(after, limit=_PAGE)
        changes += [each for each in page if each.id <= upto]
        if not page:
            break
        after = page[-1].id
    return changes


async def _wanted(store: Store, wanted: Wanted, placed: Sequence[Placed]) -> list[Placed]:
    """The articles that are let through, in their order."""
    fits = matcher(replace(wanted, words=(), must=(), without=(), people=())).fits
    let = [each for each in placed if fits((), source=each.source.publisher)]
    if wanted.people and let:
        ids = tuple(each.source.article_id for each in let)
        named = await store.facts(FactQuery(entities=wanted.people, articles=ids, limit=_PAGE))
        keep = {each.source.article_id for each in named}
        let = [each for each in let if each.source.article_id in keep]
    if wanted.words or wanted.must or wanted.without:
        let = await _saying(store, wanted, let)
    return let


async def _saying(store: Store, wanted: Wanted, placed: Sequence[Placed]) -> list[Placed]:
    """Those whose words are let through, in their order.

    The words that search knows of an article rule out most; only the texts of the others are read and matched.
    """
    any_of, all_of, none_of = (_phrases(each) for each in (wanted.words, wanted.must, wanted.without))
    known = await store.words([each.source for each in placed])
    let: set[int] = set()
    doubtful: list[Placed] = []
    for each in placed:
        words = known.get(each.source.article_id, frozenset())
        if not all(phrase <= words for phrase in all_of) or not (not any_of or any(one <= words for one in any_of)):
            continue
        if any_of or all_of or any(phrase <= words for phrase in none_of):
            doubtful.append(each)
        else:
            let.add(each.source.article_id)
    says = matcher(replace(wanted, people=(), sources=())).fits
    for first in range(0, len(doubtful), _AT_ONCE):
        some = doubtful[first : first + _AT_ONCE]
        texts = await store.texts([each.source.article_id for each in some])  # others get their turn meanwhile
        let |= {
            each.source.article_id for each in some if says((each.source.title, texts.get(each.source.article_id, "")))
        }
    return [each for each in placed if each.source.article_id in let]


def _phrases(given: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(index_words([each])) for each in given]


def lets(wanted: Wanted, found: Found) -> bool:
    """Whether a fact of an older article is wanted for itself."""
    fact, source = found.fact, found.source
    said = (source.title, fact.summary, fact.quote, *names(fact))
    return matcher(wanted).fits(said, people=entities(fact), source=source.publisher)
