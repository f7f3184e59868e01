"""Attributions of one text: cues, then what is said at each, then which of these to believe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digests.extract.speech import confidence, content, cues
from digests.extract.speech.decode import decode
from digests.extract.speech.grid import Grid
from digests.extract.speech.model import Floats, Models
from digests.extract.speech.speaker import Speaker, speaker_of

CUE_AT_LEAST = 0.2
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
    """What a cue may report: its units, how sure the labels are, and how likely all of it is right."""

    cue: Cue
    units: tuple[int, ...]
    sure: float
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


def propose(grid: Grid, found: list[Cue], models: Models) -> list[Proposal]:
    """The best content of each cue that has any."""
    rivals = rivals_of(grid, models)
    alone = _alone(grid, found, models)
    sequences = []
    for cue in found:
        related = content.cue_features(grid, cue.token, cue.area, speaker=cue.speaker, rivals=rivals)
        scores = models.content.scores(related)
        for offset in range(len(scores)):
            scores[offset] += alone[cue.area.first + offset]
        sequences.append(scores)
    made = []
    for cue, (labels, sure) in zip(found, decode(sequences, models.content.transitions), strict=True):
        units = tuple(cue.area.first + offset for offset, label in enumerate(labels) if label)
        if units:
            made.append(Proposal(cue=cue, units=units, sure=sure))
    return made


def rivals_of(grid: Grid, models: Models) -> frozenset[int]:
    """Words that nearly always report speech: they bound what another cue may govern."""
    strong = models.strong
    return frozenset(t for t in range(len(grid.tag)) if grid.quote[t] < 0 and cues.key(grid, t) in strong)


def _alone(grid: Grid, found: Iterable[Cue], models: Models) -> dict[int, Floats]:
    """Scores of the units near any cue, by what they are in themselves: shared by all cues around them."""
    units = sorted({unit for cue in found for unit in range(cue.area.first, cue.area.last)})
    scores = models.content.scores([content.unit_features(grid, unit) for unit in units])
    return dict(zip(units, scores, strict=True))


def judged(grid: Grid, made: list[Proposal], models: Models) -> list[Proposal]:
    """The proposals with their confidence."""
    return [
        Proposal(
            cue=p.cue,
            units=p.units,
            sure=p.sure,
            confidence=models.right.probability(confidence.features(grid, p, around(made, at))),
        )
        for at, p in enumerate(made)
    ]


def around(made: list[Proposal], at: int) -> list[Proposal]:
    """The proposals that may claim the same words as one of them."""
    return made[max(0, at - NEAR) : at + NEAR + 1]
