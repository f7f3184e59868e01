"""A text cut into overlapping passages of whole sentences, as they are searched and shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digests.text.sentences import sentence_spans

MOST_WORDS = 120
"""Words of a passage, counted at blanks."""
STEP = 50
"""A new passage begins every so many words: what stands at the edge of one is in the middle of the next."""
_GOES_ON = re.compile(r"[ \t]*\r?\n[ \t]*")
_ENDS = '.!?…:;"”’)*'
_MARKS = "#*-<>|"
_WORD = re.compile(r"\S+")

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """``text[start:end]`` is the passage; ``sentences`` lie in it, in order; an overlong one is cut into several."""

    start: int
    end: int
    sentences: tuple[Stretch, ...]


def windows(text: str, *, start: int = 0, end: int | None = None) -> list[Window]:
    """The passages of ``text[start:end]`` in order; empty only where there is no word.

    >>> [text[w.start : w.end] for text in ["One. Two."] for w in windows(text)]
    ['One. Two.']
    """
    pieces = list(_pieces(text, start, len(text) if end is None else end))
    found: list[Window] = []
    at = 0
    while at < len(pieces):
        last, words = at, 0
        while last < len(pieces) and words + pieces[last][2] <= MOST_WORDS:
            words += pieces[last][2]
            last += 1
        sentences = tuple((a, b) for a, b, _ in pieces[at:last])
        found.append(Window(start=sentences[0][0], end=sentences[-1][1], sentences=sentences))
        if last == len(pieces):
            break
        at = _next(pieces, at, last)
    return found


def whole_sentences(text: str, *, start: int = 0, end: int | None = None) -> list[Stretch]:
    """The sentences of a text whose lines may be broken by hand: one goes on in the next line unless it had ended.

    >>> text = "The harbour is\\nclosed. So it is.\\n\\nMore"
    >>> [text[a:b] for a, b in whole_sentences(text)]
    ['The harbour is\\nclosed.', 'So it is.', 'More']
    """
    found: list[Stretch] = []
    for a, b in sentence_spans(text, start=start, end=end):
        if found and _goes_on(text, found[-1], a):
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    return found


def _goes_on(text: str, before: Stretch, at: int) -> bool:
    """Whether what begins at ``at`` is the next line of a sentence; lists and headings never go on."""
    start, end = before
    if text[end - 1] in _ENDS or text[start] in _MARKS or text[at] in _MARKS:
        return False
    return _GOES_ON.fullmatch(text, end, at) is not None


def _next(pieces: list[tuple[int, int, int]], at: int, last: int) -> int:
    passed = 0
    while at < last and passed < STEP:
        passed += pieces[at][2]
        at += 1
    return at


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Sentences as start, end and number of words; of one longer than a passage its parts."""
    for a, b in whole_sentences(text, start=start, end=end):
        words = [match.span() for match in _WORD.finditer(text, a, b)]
        for first in range(0, len(words), MOST_WORDS):
            part = words[first : first + MOST_WORDS]
            yield part[0][0], part[-1][1], len(part)
