"""Gold attributions (PolNeAR's form) laid over a grid: the cue's head, the content's units."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin

from digests.extract import nlp
from digests.extract.speech.content import Window
from digests.extract.speech.grid import Grid, grid_of
from digests.extract.speech.proposals import Proposal
from digests.extract.speech.repair import REPORTS
from digests.model import Article, Part
from digests.text.parts import parts_of
from digests.text.quotations import quotations

SAME = 0.8
_PROSE = {"headline", "heading", "body"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One gold attribution: tokens of its content and its speaker's head, and the token that is its cue's head."""

    cue: int | None
    content: frozenset[int]
    speaker: frozenset[int] | None
    speech: bool


def article_of(text: str) -> Article:
    return Article(text=text, parts=parts_of(text), content_hash="")


def parsed(path: Path, *, cache: Path | None) -> Iterator[tuple[dict[str, Any], Doc]]:
    """The articles of a gold file with their parses, which are kept in ``cache`` if it is given."""
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    articles = [article_of(item["text"]) for item in items]
    pipe = nlp.load()
    kept = cache / f"{path.stem}.spacy" if cache else None
    if kept and kept.exists():
        yield from zip(items, DocBin().from_disk(kept).get_docs(pipe.vocab), strict=True)
        return
    store = DocBin(attrs=["TAG", "POS", "LEMMA", "HEAD", "DEP", "SENT_START"])
    for item, doc in zip(items, nlp.parse(articles, nlp=pipe), strict=True):
        store.add(doc)
        yield item, doc
    if kept:
        store.to_disk(kept)


def grid_for(item: dict[str, Any], doc: Doc) -> Grid:
    parts: tuple[Part, ...] = parts_of(item["text"])
    marks = quotations(item["text"], [(p.start, p.end) for p in parts if p.kind in _PROSE])
    return grid_of(doc, text=item["text"], quotations=marks)


def tokens_of(grid: Grid, spans: list[list[int]]) -> frozenset[int]:
    """The word tokens of some stretches."""
    found = set()
    for start, end in spans:
        token = max(0, bisect_right(grid.starts, start) - 1)
        while token < len(grid.starts) and grid.starts[token] < end:
            if grid.ends[token] > start and any(char.isalnum() for char in grid.lower[token]):
                found.add(token)
            token += 1
    return frozenset(found)


def cue_of(grid: Grid, quote: dict[str, Any]) -> int | None:
    """The head of a gold cue: "according", a reporting verb, one whose own head lies outside, else the first."""
    spans = quote.get("cue_spans") or ([quote["cue"]] if quote.get("cue") else [])
    inside = tokens_of(grid, spans)
    ordered = sorted(inside)
    if not ordered:
        return None
    given = [t for t in ordered if grid.lower[t] == "according"]
    outer = [t for t in ordered if grid.head[t] not in inside or grid.head[t] == t]
    verbs = [t for t in outer if grid.tag[t][0] == "V"] or [
        t for t in ordered if grid.tag[t][0] == "V" and grid.dep[t] not in ("aux", "auxpass")
    ]
    reporting = [t for t in verbs if grid.lemma[t] in REPORTS] or [
        t for t in ordered if grid.tag[t][0] == "V" and grid.lemma[t] in REPORTS
    ]
    return (given or reporting or verbs or outer or ordered)[0]


def examples(grid: Grid, item: dict[str, Any]) -> list[Example]:
    found = []
    for quote in item["quotes"]:
        spoken = quote.get("speaker")
        head = quote.get("speaker_head") or spoken
        found.append(
            Example(
                cue=cue_of(grid, quote),
                content=tokens_of(grid, quote.get("content_spans") or [quote["content"]]),
                speaker=tokens_of(grid, [head]) if spoken else None,
                speech=quote.get("kind", "speech") == "speech",
            )
        )
    return found


def labels(grid: Grid, area: Window, wanted: frozenset[int]) -> list[str]:
    """O, B, I, E, S for each unit of a window; a unit is in when most of its words are."""
    inside = []
    for unit in range(area.first, area.last):
        words = [t for t in range(grid.first[unit], grid.last[unit] + 1) if any(c.isalnum() for c in grid.lower[t])]
        inside.append(bool(words) and sum(t in wanted for t in words) * 2 >= len(words))
        if not words:
            inside[-1] = None  # a mark belongs where its neighbours belong
    marked = [_mark(inside, at) if now is None else now for at, now in enumerate(inside)]
    out = []
    for at, now in enumerate(marked):
        before, after = at > 0 and marked[at - 1], at + 1 < len(marked) and marked[at + 1]
        out.append("O" if not now else "I" if before and after else "E" if before else "B" if after else "S")
    return out


def _mark(inside: list[bool | None], at: int) -> bool:
    left = next((now for now in reversed(inside[:at]) if now is not None), False)
    right = next((now for now in inside[at + 1 :] if now is not None), False)
    return bool(left and right)


def words_in(grid: Grid, units: tuple[int, ...]) -> frozenset[int]:
    inside = (t for unit in units for t in range(grid.first[unit], grid.last[unit] + 1))
    return frozenset(t for t in inside if any(char.isalnum() for char in grid.lower[t]))


def is_right(grid: Grid, proposal: Proposal, gold: list[Example]) -> bool | None:
    """Whether a proposal is a gold attribution, speaker and all; None where it is one that need not be found."""
    words = words_in(grid, proposal.units)
    if not words:
        return False
    for example in gold:
        if example.speech and len(words & example.content) >= SAME * len(words | example.content):
            speaker = proposal.cue.speaker
            if example.speaker is None:
                return speaker is None
            return speaker is not None and bool(example.speaker & set(range(speaker[1], speaker[2] + 1)))
    other = frozenset().union(*(e.content for e in gold if not e.speech))
    needed = frozenset().union(*(e.content for e in gold if e.speech))
    if 2 * len(words & other) >= len(words) and len(words & other) > len(words & needed):
        return None
    return False
