"""How much a word tells: little where every article has it, much where few do.

The share of articles with a word starts as English news at large has it and becomes, article by article, what this
archive has: its vocabulary adapts, and no archive is too young to be grouped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from digests.stories.background import UNSEEN, english
from digests.stories.words import Words

PRIOR = 1200
"""English at large counts as much as so many articles."""
NAME = 2.0
"""A name tells so much more than another word as rare: who, before what."""
_LEAST = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """``weights``: by stem, of length 1. ``names``: those of them that are names."""

    weights: Mapping[str, float]
    names: frozenset[str]

    @property
    def named_share(self) -> float:
        """How much of what the article tells is names, 0 to 1."""
        return sum(self.weights[stem] ** 2 for stem in sorted(self.names))

    def heaviest(self, most: int) -> dict[str, float]:
        """The words that tell most; equal ones by the alphabet, so that every machine chooses alike."""
        return dict(sorted(self.weights.items(), key=lambda item: (-item[1], item[0]))[:most])


def vector(words: Words, *, articles: int, seen: Mapping[str, int]) -> Vector:
    """``seen``: in how many of the ``articles`` before this one each stem stood."""
    weights = {}
    for stem, count in words.counts.items():
        share = _share(stem, words.length, articles=articles, seen=seen.get(stem, 0))
        weight = -math.log(share) * (1 + math.log(count)) * (NAME if stem in words.names else 1.0)
        if weight > _LEAST:
            weights[stem] = weight
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return Vector(
        weights={stem: weight / length for stem, weight in weights.items()}, names=words.names & weights.keys()
    )


def _share(stem: str, length: int, *, articles: int, seen: int) -> float:
    """The share of articles as long as this one that have the stem, this one counted in."""
    at_large = 1 - math.exp(-length * english().get(stem, UNSEEN))
    return min(1.0, (seen + 1 + PRIOR * at_large) / (articles + 1 + PRIOR))
