"""What changed between two versions of a text, word by word, both sides to the letter. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\w+(?:['’.,]\w+)*|\s+|[^\w\s]")
ALIKE = 0.5
"""A sentence that shares fewer of its words with another is not its other version."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one side; ``changed``: the other side has other words, or none, in its place."""

    text: str
    changed: bool


def compared(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces that put them together again.

    >>> [piece.text for piece in compared("two boats sank", "three boats sank")[1] if piece.changed]
    ['three']
    """
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    left = [Piece(text="".join(before[a:b]), changed=tag != "equal") for tag, a, b, _, _ in steps if b > a]
    right = [Piece(text="".join(after[c:d]), changed=tag != "equal") for tag, _, _, c, d in steps if d > c]
    return tuple(left), tuple(right)


def whole(spans: Sequence[Span], start: int, end: int) -> Span:
    """From the beginning of the sentence where a stretch begins to the end of that where it ends."""
    touched = [span for span in spans if span[0] < end and start < span[1]]
    return (min(touched[0][0], start), max(touched[-1][1], end)) if touched else (start, end)


def counterpart(passage: str, text: str, spans: Sequence[Span], *, sentences: int = 1) -> Span | None:
    """Where ``text`` says what ``passage`` says: so many sentences in a row, most like it; None when nothing is."""
    wanted = _words(passage)
    runs = [(spans[at][0], spans[at + sentences - 1][1]) for at in range(len(spans) - sentences + 1)]
    likeness = [(_likeness(wanted, _words(text[start:end])), -start, (start, end)) for start, end in runs]
    best = max(likeness, default=None)
    return best[2] if best is not None and best[0] >= ALIKE else None


def _words(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in re.findall(r"\w+", text))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)
