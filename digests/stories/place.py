"""Where an article belongs: to a story that is open, or to a new one. Pure: what is known is passed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digests.stories.profile import Profile, merged, profile_of
from digests.stories.weights import Vector, vector
from digests.stories.words import Words

LIKE = 0.15
"""So alike an article and a story must be."""
OPEN_FOR = timedelta(days=14)
"""So long after its last article (or before its first) a story takes in another."""
LOOKED_UP = 16
"""By so many of its words an article looks for its story."""
NEAR = 8
"""So many stories that share most are looked at closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A story that shares words with the article."""

    id: int
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """``story``: None for a new one. ``profile``: the story's from now on. ``likeness``: to what it was before."""

    story: int | None
    profile: Profile
    likeness: float = 0.0


def is_open(*, first: date | None, last: date | None, day: date | None) -> bool:
    """Whether a story takes in an article of that day; what has no day fits any."""
    if first is None or last is None or day is None:
        return True
    return first - OPEN_FOR <= day <= last + OPEN_FOR


def place(words: Words, *, articles: int, seen: Mapping[str, int], near: Sequence[Candidate]) -> Placed:
    """``seen``: in how many of all ``articles`` so far each of the words stood; ``near``: open stories."""
    return placed(vector(words, articles=articles, seen=seen), near=near)


def placed(read: Vector, *, near: Sequence[Candidate]) -> Placed:
    alone = profile_of(read)
    ranked = sorted(((each.profile.likeness(read), -each.id, each) for each in near), reverse=True)
    if not ranked or ranked[0][0] < LIKE:
        return Placed(story=None, profile=alone)
    likeness, _, best = ranked[0]
    return Placed(story=best.id, profile=merged(best.profile, alone), likeness=likeness)
