"""An article's own sentences that are quoted no more, for an editor took back what was read from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from digests.history import Edit
from digests.store.base import Store

_MOST_OF_IT = 0.5
"""A fact whose words are less of a sentence was misread in it; the sentence itself may well be quoted."""


async def retractions(store: Store, articles: Collection[int]) -> dict[int, Sequence[Edit]]:
    """By article what editors retracted of it; articles without any are left out."""
    found: dict[int, list[Edit]] = {}
    history = await store.history(await store.numbers_of(articles)) if articles else {}
    for edits in history.values():
        for each in edits:
            if each.kind == "retract":
                found.setdefault(each.before.evidence[0].article_id, []).append(each)
    return dict(found)


def withdrawn(sentence: str, edits: Iterable[Edit]) -> Edit | None:
    """The retraction of what a sentence says, ``None`` when it may be quoted. Line breaks do not count."""
    said = _flat(sentence)
    return next((each for each in edits if any(_fills(_flat(one.quote), said) for one in each.before.evidence)), None)


def _fills(quote: str, sentence: str) -> bool:
    """Whether a fact's words are most of a sentence, or more than it."""
    if sentence in quote:
        return True
    return quote in sentence and len(quote) >= _MOST_OF_IT * len(sentence)


def _flat(text: str) -> str:
    return " ".join(text.split())
