"""Attributions of one text: cues, then what is said at each, then which of these to believe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from digests.extract.speech import confidence, content, cues
from digests.extract.speech.decode import Choice, decode
from digests.extract.speech.grid import Grid
from digests.extract.speech.model import Floats, Models
from digests.extract.speech.repair import REPORTS
from digests.extract.speech.speaker import Speaker, speaker_of

CUE_AT_LEAST = 0.12
NEAR = 6
"""Proposals before and after one that may claim the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A word that may report speech, how likely it does, who would speak, and where the content may lie."""

    token: int
    probability: float
    speaker: Speaker | None
    area: content.Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a cue may report: its units, the share of draws that nearly equal it and equal it, is all of it right?

    ``rank`` 0 is the content that most draws nearly equal.
    """

    cue: Cue
    units: tuple[int, ...]
    near: float
    same: float
    rank: int = 0
    confidence: float = 0.0


def cues_of(grid: Grid, models: Models) -> list[Cue]:
    """All likely cues in text order."""
    found = []
    for token in cues.candidates(grid, lexicon=models.lexicon):
        probability = models.cue.probability(cues.features(grid, token))
        if probability >= CUE_AT_LEAST:
            area = content.window(grid, token)
            found.append(Cue(token=token, probability=probability, speaker=speaker_of(grid, token), area=area))
    return found


def propose(grid: Grid, found: list[Cue], models: Models) -> list[list[Proposal]]:
    """The likeliest contents of each cue that has any, best first."""
    rivals = rivals_of(grid, models)
    alone = _alone(grid, found, models)
    sequences: list[Floats] = []
    for cue in found:
        related = content.cue_features(grid, cue.token, cue.area, speaker=cue.speaker, rivals=rivals)
        scores = models.content.scores(related)
        for offset in range(len(scores)):
            scores[offset] += alone[cue.area.first + offset]
        sequences.append(scores)
    weights = [[grid.words[unit] for unit in range(cue.area.first, cue.area.last)] for cue in found]
    chosen = decode(sequences, models.content.transitions, weights=weights)
    made = [_proposals(grid, cue, choices) for cue, choices in zip(found, chosen, strict=True)]
    return [proposals for proposals in made if proposals]


def _proposals(grid: Grid, cue: Cue, choices: list[Choice]) -> list[Proposal]:
    made = []
    for rank, choice in enumerate(choices):
        units = _before_next(grid, cue.token, tuple(cue.area.first + place for place in choice.places))
        units = over_paragraphs(grid, units)
        made.append(Proposal(cue=cue, units=units, near=choice.near, same=choice.same, rank=rank))
    return made


def _before_next(grid: Grid, cue: int, units: tuple[int, ...]) -> tuple[int, ...]:
    """Up to a reporting verb coordinated with the cue: "said the mine would close and warned that ..." is two."""
    for verb in grid.children[cue]:
        if verb > cue and grid.dep[verb] == "conj" and grid.tag[verb][0] == "V" and grid.lemma[verb] in REPORTS:
            later = [unit for unit in units if grid.last[unit] >= verb]
            if grid.first[units[0]] > cue and not any(grid.is_quote(unit) for unit in later):
                units = tuple(unit for unit in units if grid.last[unit] < verb) or units
    return units


def over_paragraphs(grid: Grid, units: tuple[int, ...]) -> tuple[int, ...]:
    """With the quotations of neighbouring paragraphs that belong to one left open."""
    before, after = units[0], units[-1]
    while before > 0 and _goes_on(grid, before):
        before -= 1
    while after + 1 < len(grid.first) and _goes_on(grid, after + 1):
        after += 1
    return (*range(before, units[0]), *units, *range(units[-1] + 1, after + 1))


def _goes_on(grid: Grid, unit: int) -> bool:
    return grid.is_quote(unit) and grid.quotations[grid.marked[unit]].continues and grid.is_quote(unit - 1)


def rivals_of(grid: Grid, models: Models) -> frozenset[int]:
    """Words that nearly always report speech: they bound what another cue may govern."""
    strong = models.strong
    return frozenset(t for t in range(len(grid.tag)) if grid.quote[t] < 0 and cues.key(grid, t) in strong)


def _alone(grid: Grid, found: Iterable[Cue], models: Models) -> dict[int, Floats]:
    """Scores of the units near any cue, by what they are in themselves: shared by all cues around them."""
    units = sorted({unit for cue in found for unit in range(cue.area.first, cue.area.last)})
    scores = models.content.scores([content.unit_features(grid, unit) for unit in units])
    return dict(zip(units, scores, strict=True))


def judged(grid: Grid, made: list[list[Proposal]], models: Models) -> list[Proposal]:
    """The most believable proposal of each cue, with its confidence."""
    first = [proposals[0] for proposals in made]
    found = []
    for at, proposals in enumerate(made):
        near = around(first, at)
        rated = [replace(p, confidence=models.right.probability(confidence.features(grid, p, near))) for p in proposals]
        found.append(max(rated, key=lambda p: (p.confidence, -p.rank)))
    return found


def around(made: list[Proposal], at: int) -> list[Proposal]:
    """The proposals that may claim the same words as one of them."""
    return made[max(0, at - NEAR) : at + NEAR + 1]
