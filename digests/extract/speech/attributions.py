"""Proposals -> attributions: which of them to believe, and their stretches of the text."""

from __future__ import annotations

from digests.extract.reading import Attribution
from digests.extract.speech.grid import Grid
from digests.extract.speech.model import Models
from digests.extract.speech.proposals import Proposal, cues_of, judged, propose
from digests.model import Span, Style

BELIEVED = 0.32
"""Confidence from which an attribution is kept: best F1 on unseen articles, precision before recall."""
_SAME = 0.7
_LEAD = " \t\n,;:.-–—"
_TRAIL = " \t\n,;:-–—"
_GROUP = ("aux", "auxpass", "neg", "prt", "advmod")


def attributions_of(grid: Grid, models: Models, *, believed: float = BELIEVED) -> tuple[Attribution, ...]:
    """The attributions of a text in order of their contents."""
    made = judged(grid, propose(grid, cues_of(grid, models), models), models)
    kept = without_doubles([proposal for proposal in made if proposal.confidence >= believed])
    found = [attribution for proposal in kept if (attribution := _attribution(grid, proposal)) is not None]
    return tuple(sorted(found, key=lambda a: (a.contents[0].start, a.cue.start if a.cue else 0)))


def without_doubles(kept: list[Proposal]) -> list[Proposal]:
    """Of two cues that claim the same words the likelier keeps them."""
    claims: dict[int, list[Proposal]] = {}
    out: list[Proposal] = []
    for proposal in sorted(kept, key=lambda p: (-p.confidence, p.cue.token)):
        mine = set(proposal.units)
        rivals = {id(other): other for unit in mine for other in claims.get(unit, ())}.values()
        if any(len(mine & set(r.units)) >= _SAME * len(mine | set(r.units)) for r in rivals):
            continue
        out.append(proposal)
        for unit in mine:
            claims.setdefault(unit, []).append(proposal)
    return out


def _attribution(grid: Grid, proposal: Proposal) -> Attribution | None:
    contents = tuple(span for run in _runs(proposal.units) if (span := _content(grid, run)) is not None)
    if not contents:
        return None
    speaker = proposal.cue.speaker
    first, last = cue_group(grid, proposal.cue.token)
    return Attribution(
        speaker=None if speaker is None else _span(grid, grid.starts[speaker[1]], grid.ends[speaker[2]]),
        speaker_head=None if speaker is None else grid.starts[speaker[0]],
        cue=_span(grid, grid.starts[first], grid.ends[last]),
        contents=contents,
        style=_style(grid, proposal.units),
        confidence=round(proposal.confidence, 3),
    )


def _runs(units: tuple[int, ...]) -> list[tuple[int, int]]:
    runs = [(units[0], units[0])]
    for unit in units[1:]:
        if unit == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], unit)
        else:
            runs.append((unit, unit))
    return runs


def _content(grid: Grid, run: tuple[int, int]) -> Span | None:
    """The stretch of some units, without a leading "that" and marks at its edges that no quotation owns."""
    first, last = run
    while first <= last and not grid.is_quote(first) and (_bare(grid, first) == "" or _is_that(grid, first)):
        first += 1
    while last > first and not grid.is_quote(last) and _trails(grid, last):
        last -= 1
    if first > last:
        return None
    return _span(grid, grid.start(first), grid.end(last))


def _trails(grid: Grid, unit: int) -> bool:
    """A mark or a conjunction that leads on to something else."""
    return grid.tag[grid.first[unit]] == "CC" or grid.lower[grid.first[unit]].strip(_TRAIL + ".") == ""


def _bare(grid: Grid, unit: int) -> str:
    return grid.lower[grid.first[unit]].strip(_LEAD)


def _is_that(grid: Grid, unit: int) -> bool:
    token = grid.first[unit]
    return grid.lower[token] == "that" and grid.tag[token] == "IN"


def cue_group(grid: Grid, cue: int) -> tuple[int, int]:
    """First and last token of the verb group: "has said", "did not deny", "pointed out"; "according to"."""
    first = last = cue
    group = {child for child in grid.children[cue] if grid.dep[child] in _GROUP and grid.quote[child] < 0}
    while first - 1 in group:
        first -= 1
    while first < cue and grid.dep[first] == "advmod":
        first += 1
    while last + 1 in group and grid.dep[last + 1] == "prt":
        last += 1
    if grid.lower[cue] == "according" and cue + 1 < len(grid.lower) and grid.lower[cue + 1] == "to":
        last = cue + 1
    return first, last


def _style(grid: Grid, units: tuple[int, ...]) -> Style:
    quoted = [unit for unit in units if grid.is_quote(unit)]
    if not quoted:
        return "indirect"
    bare = [u for u in units if not grid.is_quote(u) and any(c.isalnum() for c in grid.lower[grid.first[u]])]
    return "mixed" if bare else "direct"


def _span(grid: Grid, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=grid.text[start:end])
