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
_SINGLE = re.compile(r"(?<![\w'’])['‘](?=[^\W\d]|[“\"(])(?P<inner>[^\n]{2,400}?)(?<=[\w.,!?…])['’](?![\w])")
_LONGEST_INCHES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A stretch in quotation marks, marks included; ``closed`` is false when it runs on to its paragraph's end.

    ``continues``: it goes on from the paragraph before, whose last quotation was left open.
    """

    start: int
    end: int
    closed: bool = True
    continues: bool = False


def quotations(text: str, paragraphs: Iterable[tuple[int, int]]) -> tuple[Quotation, ...]:
    """Outermost quotations in text order, each inside one of the paragraphs (start, end).

    >>> [text[q.start : q.end] for text in ['He said "no" and left.'] for q in quotations(text, [(0, len(text))])]
    ['"no"']
    """
    found: list[Quotation] = []
    left_open = False
    for start, end in paragraphs:
        here = list(_paragraph(text, start, end, goes_on=left_open))
        found += here
        left_open = bool(here) and not here[-1].closed
    return tuple(found)


def _paragraph(text: str, start: int, end: int, *, goes_on: bool) -> Iterator[Quotation]:
    marks = [m for m in _MARK.finditer(text, start, end) if not _inches(text, m.start())]
    if not marks:
        for single in _SINGLE.finditer(text, start, end):
            yield Quotation(start=single.start(), end=single.end())
        return
    opened: int | None = None
    depth = 0
    if goes_on and _closes(text, marks[0], end):
        opened, depth = start, 1
    for mark in marks:
        if opened is None:
            if mark.group() not in _CLOSES:
                opened, depth = mark.start(), 1
            continue
        depth += 1 if mark.group() in _OPENS else -1
        if depth == 0 or (depth == 1 and _is_last(mark, marks)):
            yield Quotation(start=opened, end=mark.end(), continues=goes_on and opened == start)
            opened = None
    if opened is not None:
        yield Quotation(start=opened, end=end, closed=False, continues=goes_on and opened == start)


def _closes(text: str, mark: re.Match[str], end: int) -> bool:
    """A mark that can only close: it stands after a word or a full stop, and nothing quoted follows it."""
    if mark.group() in _CLOSES:
        return True
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : min(end, mark.end() + 1)]
    return (
        mark.group() not in _OPENS and not before.isspace() and before not in ("", "(", "[") and not after[:1].isalnum()
    )


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
