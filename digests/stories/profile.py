"""What is remembered of a story to tell whether the next article belongs to it; kept by a store as a line of JSON."""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass

from digests.stories.weights import Vector

MOST = 240
"""A story is known by the words that tell most; those beyond are forgotten ..."""
SLACK = 60
"""... when so many have gathered, so that not every article makes it choose anew."""
KEYS = 24
"""By so many of its words it is looked up."""
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``weights``: the sum of the vectors of its ``size`` articles; ``length``: how long that sum is.

    ``total``: the weights added up. Sums go by the alphabet, so that every machine adds alike.
    """

    size: int
    weights: Mapping[str, float]
    length: float
    total: float

    def likeness(self, vector: Vector, *, only: frozenset[str] | None = None) -> float:
        """The cosine of an article's vector and the story's, 0 to 1; ``only``: the part that these words make."""
        weights = self.weights
        shared = vector.weights.keys() & weights.keys() if only is None else only & weights.keys()
        return sum(vector.weights[stem] * weights[stem] for stem in sorted(shared)) / self.length

    def damped_likeness(self, vector: Vector) -> float:
        """The same with the story's weights damped: what only some of its articles say counts for more."""
        weights = self.weights
        shared = sorted(vector.weights.keys() & weights.keys())
        return sum(vector.weights[stem] * math.sqrt(weights[stem]) for stem in shared) / math.sqrt(self.total)

    def cosine(self, other: Profile) -> float:
        """How alike two stories are, 0 to 1."""
        shared = sorted(self.weights.keys() & other.weights.keys())
        return sum(self.weights[stem] * other.weights[stem] for stem in shared) / (self.length * other.length)

    def keys(self) -> dict[str, float]:
        """The words that tell most, with weights that make an article's sum over them nearly its likeness."""
        return {stem: round(weight / self.length, _DIGITS) for stem, weight in _heaviest(self.weights, KEYS)}


def profile_of(vector: Vector) -> Profile:
    """The profile of a story that has one article."""
    return _made(vector.weights, size=1)


def merged(*profiles: Profile) -> Profile:
    """The profile of a story that has the articles of all of them."""
    weights: dict[str, float] = {}
    for profile in profiles:
        for stem, weight in profile.weights.items():
            weights[stem] = weights.get(stem, 0.0) + weight
    if len(weights) > MOST + SLACK:
        weights = dict(_heaviest(weights, MOST))
    return _made(weights, size=sum(profile.size for profile in profiles))


def encoded(profile: Profile) -> str:
    weights = {stem: round(weight, _DIGITS) for stem, weight in profile.weights.items()}
    return json.dumps({"size": profile.size, "weights": weights}, separators=(",", ":"))


def decoded(text: str) -> Profile:
    found = json.loads(text)
    return _made(found["weights"], size=found["size"])


def _made(weights: Mapping[str, float], *, size: int) -> Profile:
    sums = weights.values()
    length = math.sqrt(sum(map(operator.mul, sums, sums))) or 1.0
    total = sum(sums) or 1.0
    return Profile(size=size, weights=weights, length=length, total=total)


def _heaviest(weights: Mapping[str, float], most: int) -> list[tuple[str, float]]:
    """Equal ones by the alphabet, so that every machine chooses alike."""
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]
