"""What became of a fact's words from one version of its article to the next, for /evidence."""

from __future__ import annotations

from typing import Any

from bot.commands.spec import Services
from digests.edition.changes import sentences_of
from digests.model import Article, Found
from digests.store.base import Store
from digests.text.changes import Piece, Span, compared, counterpart, whole

MOST_SENTENCES = 6


async def between_versions(found: Found, article: Article, services: Services) -> dict[str, Any] | None:
    """What to show beside the evidence, which stands in ``article``; ``None`` when there is one version only.

    A fact that stands is compared with the version before, one that does not with the newest.
    """
    newest = await services.store.article(article.id)
    if newest is None or newest.version == 1:
        return None
    stands = newest.version == article.version
    other = await services.store.article(article.id, version=article.version - 1) if stands else newest
    return None if other is None else difference(found, article, other)


async def newest_words(found: Found, store: Store) -> str:
    """What the newest version of its article says in a fact's place, "" when it says nothing like it."""
    newest = await store.article(found.source.article_id)
    article = await store.article(found.source.article_id, version=found.fact.evidence[0].version)
    if newest is None or article is None:
        return ""
    _, meant = _counterpart(found, article, newest)
    return newest.text[meant[0] : meant[1]] if meant else ""


def said_instead(quote: str, article: Article) -> str:
    """The sentence of an article most like a quote of another version, "" when none is."""
    meant = counterpart(quote, article.text, sentences_of(article))
    return article.text[meant[0] : meant[1]] if meant else ""


def difference(found: Found, article: Article, other: Article) -> dict[str, Any]:
    """``state``: same, changed, or that the other version says nothing like it: new, gone."""
    older, newer = sorted((article.version, other.version))
    versions = {"older": older, "newer": newer}
    passage, meant = _counterpart(found, article, other)
    if meant is None:
        return {**versions, "state": "new" if other.version < article.version else "gone"}
    there = other.text[meant[0] : meant[1]]
    if there.split() == passage.split():
        return {**versions, "state": "same"}
    before, after = (there, passage) if other.version < article.version else (passage, there)
    left, right = compared(before, after)
    return {**versions, "state": "changed", "before": _pieces(left), "after": _pieces(right)}


def _counterpart(found: Found, article: Article, other: Article) -> tuple[str, Span | None]:
    """The sentences a fact stands in, and where the other version says the like."""
    spans = sentences_of(article)
    start, end = whole(spans, found.fact.start, found.fact.end)
    sentences = sum(start <= span[0] and span[1] <= end for span in spans)
    passage = article.text[start:end]
    return passage, counterpart(
        passage, other.text, sentences_of(other), sentences=max(1, min(sentences, MOST_SENTENCES))
    )


def _pieces(pieces: tuple[Piece, ...]) -> list[dict[str, Any]]:
    """Blanks alone are no change that can be seen."""
    return [{"text": each.text, "changed": each.changed and not each.text.isspace()} for each in pieces]
