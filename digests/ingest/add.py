"""Article -> store: decide, extract, link, save. Knows the store and the extractor by their protocols only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from digests.ingest.decide import Outcome, outcome
from digests.ingest.grouping import grouping
from digests.model import Article, Extraction, Fact, NameKeys, Person
from digests.store.base import Store


class Extractor(Protocol):
    """Whoever reads facts and tells people apart: processes of their own, or plain functions in a test."""

    async def extract_keyed(self, articles: Sequence[Article]) -> Sequence[tuple[Extraction, Mapping[int, NameKeys]]]:
        """For each article what is read, and by local entity id under which keys whoever may be meant is looked up."""
        ...

    def link(self, extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> Mapping[int, int]:
        """Local entity id -> id of the person meant; who is not in it is new. Called inside the transaction."""
        ...


class Proposes(Protocol):
    """Whoever proposes facts that the extractor missed: a language model, if one is configured for it."""

    async def propose(self, article: Article, extraction: Extraction) -> tuple[Fact, ...]:
        """Facts whose words stand in the article; none where anything fails. Never raises, never takes long."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of an article. ``facts_by_kind`` counts what was saved now: nothing for a known one."""

    article: Article
    outcome: Outcome
    facts_by_kind: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What could not be added, and what to do about it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """What was imported before, and so not even read."""

    article_id: int


async def add(article: Article, *, store: Store, extract: Extractor, proposes: Proposes | None = None) -> Added:
    """Save an article with its facts in one transaction, unless its very text is there.

    Raises what the extractor and the store raise; nothing is saved then.
    """
    known = await already(article, store=store)
    if known is not None:
        return known
    ((extraction, keys),) = await extract.extract_keyed([article])
    proposed = await proposes.propose(article, extraction) if proposes else ()
    return await keep(article, extraction, keys, store=store, extract=extract, proposed=proposed)


async def already(article: Article, *, store: Store) -> Added | None:
    """The article as it is known, when it says nothing new: then it needs no reading."""
    known = await store.unchanged(article)
    if known is None:
        return None
    stored = await store.article(known)
    return Added(article=stored or replace(article, id=known), outcome="known")


async def keep(
    article: Article,
    extraction: Extraction,
    keys: Mapping[int, NameKeys],
    *,
    store: Store,
    extract: Extractor,
    proposed: Sequence[Fact] = (),
) -> Added:
    """Link the people of an extraction to those known and save it all, in one transaction.

    ``proposed``: facts beside those of the extraction; they link nobody.
    """
    linking = partial(extract.link, extraction)
    extraction = replace(extraction, facts=(*extraction.facts, *proposed))
    saved = await store.save(article, extraction, links={}, keys=keys, linking=linking, grouping=grouping(article))
    shown = [fact for at, fact in enumerate(extraction.facts) if at not in saved.retracted] if saved.created else []
    counted = Counter(fact.kind for fact in shown)
    return Added(
        article=replace(article, id=saved.article_id, version=saved.version),
        outcome=outcome(created=saved.created, version=saved.version),
        facts_by_kind=tuple(sorted(counted.items())),
    )
