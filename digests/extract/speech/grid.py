"""A parsed text as plain lists, with every quotation folded into one unit.

The parser is never asked what is quoted: quotations come from their marks, and what stands inside one is a single unit
for the models here. A unit is a token outside quotations or a whole quotation; offsets are the article's.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from spacy.tokens import Doc

from digests.extract.speech.repair import edges, repaired
from digests.text.quotations import Quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Parallel lists over tokens, then over units. ``head[i] == i`` at the root of a sentence."""

    text: str
    starts: list[int]
    ends: list[int]
    lower: list[str]
    lemma: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    sent: list[int]
    para: list[int]
    left: list[int]
    right: list[int]
    space: list[bool]
    quote: list[int]
    children: list[list[int]]
    first: list[int]
    last: list[int]
    core: list[int]
    marked: list[int]
    unit: list[int]
    words: list[int]
    quotations: tuple[Quotation, ...] = field(repr=False)

    def is_quote(self, unit: int) -> bool:
        return self.marked[unit] >= 0

    def start(self, unit: int) -> int:
        """Where a unit starts in the text: at its mark, if it is a quotation."""
        at = self.marked[unit]
        return self.quotations[at].start if at >= 0 else self.starts[self.first[unit]]

    def end(self, unit: int) -> int:
        at = self.marked[unit]
        return self.quotations[at].end if at >= 0 else self.ends[self.last[unit]]

    def has(self, token: int, *deps: str) -> int | None:
        """The first child with one of these relations."""
        return next((child for child in self.children[token] if self.dep[child] in deps), None)


def grid_of(doc: Doc, *, text: str, quotations: tuple[Quotation, ...]) -> Grid:
    """The grid of a parsed text; linear in its length."""
    read = [(t.idx, t.tag_, t.dep_, t.lower_, t.lemma_, t.head.i, t.is_space, t.is_sent_start, len(t)) for t in doc]
    columns = [list(column) for column in zip(*read, strict=True)] if read else [[] for _ in range(9)]
    starts, tag, dep, lower, lemma, head, space, opens, size = columns
    lemma = [word.lower() for word in lemma]
    head = repaired(head, dep=dep, tag=tag, lemma=lemma, lower=lower)
    quote = _quote_of(starts, quotations)
    children: list[list[int]] = [[] for _ in head]
    for token, parent in enumerate(head):
        if parent != token and not space[token]:
            children[parent].append(token)
    first, last, core, marked = _units(quote, space, head)
    unit = [0] * len(starts)
    for number, (begin, end) in enumerate(zip(first, last, strict=True)):
        for token in range(begin, end + 1):
            unit[token] = number
    left, right = edges(head)
    return Grid(
        text=text,
        starts=starts,
        ends=[start + length for start, length in zip(starts, size, strict=True)],
        lower=lower,
        lemma=lemma,
        tag=tag,
        dep=dep,
        head=head,
        sent=_sentences(opens),
        para=_paragraphs(space, lower),
        left=left,
        right=right,
        space=space,
        quote=quote,
        children=children,
        first=first,
        last=last,
        core=core,
        marked=marked,
        unit=unit,
        words=_words(first, last, lower),
        quotations=quotations,
    )


def _quote_of(starts: list[int], quotations: tuple[Quotation, ...]) -> list[int]:
    """The number of the quotation each token stands in, -1 outside."""
    opens = [quotation.start for quotation in quotations]
    found: list[int] = []
    for start in starts:
        at = bisect_right(opens, start) - 1
        found.append(at if at >= 0 and start < quotations[at].end else -1)
    return found


def _units(quote: list[int], space: list[bool], head: list[int]) -> tuple[list[int], list[int], list[int], list[int]]:
    """First token, last token, core token and quotation number of each unit; white space is in none."""
    first: list[int] = []
    last: list[int] = []
    core: list[int] = []
    marked: list[int] = []
    for token, inside in enumerate(quote):
        if space[token]:
            continue
        if inside >= 0 and marked and marked[-1] == inside:
            last[-1] = token
            continue
        first.append(token)
        last.append(token)
        core.append(token)
        marked.append(inside)
    for unit, inside in enumerate(marked):
        if inside >= 0:
            core[unit] = _core(first[unit], last[unit], head)
    return first, last, core, marked


def _words(first: list[int], last: list[int], lower: list[str]) -> list[int]:
    """How many words each unit holds; marks are none."""
    word = [any(map(str.isalnum, text)) for text in lower]
    return [sum(word[begin : end + 1]) for begin, end in zip(first, last, strict=True)]


def _core(first: int, last: int, head: list[int]) -> int:
    """The token through which a stretch hangs in the tree: the first that is not a mark and whose head lies outside."""
    outside = [t for t in range(first, last + 1) if not first <= head[t] <= last or head[t] == t]
    return next((t for t in outside if first < t < last), outside[0] if outside else first)


def _sentences(opens: list[bool | None]) -> list[int]:
    """The number of each token's sentence."""
    number = -1
    found: list[int] = []
    for start in opens:
        number += bool(start) or number < 0
        found.append(number)
    return found


def _paragraphs(space: list[bool], lower: list[str]) -> list[int]:
    """The number of each token's paragraph; white space that breaks a line belongs to the one before."""
    number = 0
    found: list[int] = []
    for blank, text in zip(space, lower, strict=True):
        found.append(number)
        number += blank and "\n" in text
    return found
