"""Article -> store: decide, extract, link, save. Knows the store and the extractor by their protocols only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Protocol

from digests.ingest.decide import Outcome, decide
from digests.ingest.links import links, names_of
from digests.model import Article, Extraction
from digests.store.base import Saved, Store


class Extractor(Protocol):
    """Whoever reads facts: a process of its own, or the function itself in a test."""

    async def extract(self, article: Article) -> Extraction: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of an article. ``facts_by_kind`` counts what was saved now: nothing for a known one."""

    article: Article
    outcome: Outcome
    facts_by_kind: tuple[tuple[str, int], ...] = ()


async def add(article: Article, *, store: Store, extract: Extractor) -> Added:
    """Save an article with its facts in one transaction, unless its very text is there.

    Raises what the extractor and the store raise; nothing is saved then.
    """
    known = await already(article, store=store)
    return known or await keep(article, await extract.extract(article), store=store)


async def already(article: Article, *, store: Store) -> Added | None:
    """The article as it is known, when the same text is; a known text needs no reading."""
    same_text = await store.known(content_hash=article.content_hash)
    decision = decide(same_text=same_text, same_address=None)
    if decision.source is None:
        return None
    source = decision.source
    stored = await store.article(source.article_id)
    return Added(article=stored or replace(article, id=source.article_id), outcome=decision.outcome)


async def keep(article: Article, extraction: Extraction, *, store: Store) -> Added:
    """Link the people of an extraction to those known and save it all."""
    candidates = await store.people(names_of(extraction))
    saved = await store.save(article, extraction, links=links(extraction, candidates))
    counted = Counter(fact.kind for fact in extraction.facts) if saved.created else Counter[str]()
    return Added(
        article=replace(article, id=saved.article_id, version=saved.version),
        outcome=_outcome(saved),
        facts_by_kind=tuple(sorted(counted.items())),
    )


def _outcome(saved: Saved) -> Outcome:
    """As the store found it: another process may have been quicker than our own look."""
    if not saved.created:
        return "known"
    return "changed" if saved.version > 1 else "new"
