"""Which stretches stand in quotation marks: a state machine over paragraphs.

Knows curly, straight, low and angle marks, two apostrophes and two backticks; nested marks belong to the outer
quotation; a quotation left open runs to the end of its paragraph. Single marks count only in a paragraph without
double ones, and only when they are closed again: an apostrophe is not a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MARK = re.compile(r"[“”„‟«»\"]|''|``")
_OPENS = frozenset("“„«")
_CLOSES = frozenset("”»")
_SINGLE = re.compile(r"(?<![\w'’])['‘](?=[\w“\"(])(?P<inner>[^\n]{2,}?)(?<=[\w.,!?…])['’](?![\w])")
_LONGEST_INCHES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A stretch in quotation marks, marks included; ``closed`` is false when it runs on to its paragraph's end."""

    start: int
    end: int
    closed: bool = True


def quotations(text: str, paragraphs: Iterable[tuple[int, int]]) -> tuple[Quotation, ...]:
    """Outermost quotations in text order, each inside one of the paragraphs (start, end).

    >>> [text[q.start : q.end] for text in ['He said "no" and left.'] for q in quotations(text, [(0, len(text))])]
    ['"no"']
    """
    return tuple(found for start, end in paragraphs for found in _paragraph(text, start, end))


def _paragraph(text: str, start: int, end: int) -> Iterator[Quotation]:
    marks = [m for m in _MARK.finditer(text, start, end) if not _inches(text, m.start())]
    if not marks:
        for single in _SINGLE.finditer(text, start, end):
            yield Quotation(start=single.start(), end=single.end())
        return
    opened: int | None = None
    depth = 0
    for mark in marks:
        if opened is None:
            if mark.group() not in _CLOSES:
                opened, depth = mark.start(), 1
            continue
        depth += 1 if mark.group() in _OPENS else -1
        if depth == 0 or (depth == 1 and _is_last(mark, marks)):
            yield Quotation(start=opened, end=mark.end())
            opened = None
    if opened is not None:
        yield Quotation(start=opened, end=end, closed=False)


def _is_last(mark: re.Match[str], marks: list[re.Match[str]]) -> bool:
    """The paragraph's last mark closes whatever is open: nested marks often share it."""
    return mark is marks[-1] and mark.group() not in _OPENS


def _inches(text: str, at: int) -> bool:
    """5'10\" and 12\" are lengths: a straight mark right after a digit, with no space before the number's mark."""
    if text[at] != '"' or at == 0 or not text[at - 1].isdigit():
        return False
    run = at
    while run > 0 and at - run < _LONGEST_INCHES and (text[run - 1].isdigit() or text[run - 1] in ".'’"):
        run -= 1
    after = text[at + 1 : at + 2]
    return text[run : run + 1].isdigit() and (after == "-" or "'" in text[run:at] or "’" in text[run:at])
