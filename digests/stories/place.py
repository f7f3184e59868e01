"""Where an article belongs: to a story that is open, or to a new one. Pure: what is known is passed in.

One threshold serves texts of every kind. What names add is weighed apart: two reports of one kind of event share their
words, and only the names tell them apart; texts without capitals have no names to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digests.stories.profile import Profile, merged, profile_of
from digests.stories.weights import Vector

LIKE = 0.174
"""So alike (``alikeness``) an article and its story are at least."""
PLAIN, NAMED, NAMES = 0.514, -0.276, -0.274
"""What the plain likeness, its part that is names, and the article's share of names count beside the damped likeness.

Found by search over the development parts of the stories benchmark in several orders (docs/stories.md)."""
SURER = 0.045
"""So much more alike than needed an article must be to two stories to make them one ..."""
SAME = 0.224
"""... which must be so alike themselves (cosine) ..."""
YOUNG = 2
"""... and one of which has at most so many articles."""
OPEN_FOR = timedelta(days=14)
"""So long after its last article (or before its first) a story takes in another."""
LOOKED_UP = 24
"""By so many of its words an article looks for its story."""
NEAR = 6
"""So many stories that share most are looked at; of these the ``CLOSE`` most alike closely."""
CLOSE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A story that shares words with the article."""

    id: int
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """``story``: None for a new one. ``profile``: the story's from now on. ``absorbed``: stories that are the same."""

    story: int | None
    profile: Profile
    absorbed: tuple[int, ...] = ()


def is_open(*, first: date | None, last: date | None, day: date | None) -> bool:
    """Whether a story takes in an article of that day; what has no day fits any."""
    if first is None or last is None or day is None:
        return True
    return first - OPEN_FOR <= day <= last + OPEN_FOR


def placed(read: Vector, *, near: Sequence[Candidate]) -> Placed:
    """Where an article belongs, from its vector; ``near``: open stories."""
    alone = profile_of(read)
    close = sorted(near, key=lambda each: (-each.profile.likeness(read), each.id))[:CLOSE]
    ranked = sorted(((alikeness(read, each.profile), -each.id, each) for each in close), reverse=True)
    if not ranked or ranked[0][0] <= LIKE:
        return Placed(story=None, profile=alone)
    _, _, best = ranked[0]
    story = Candidate(id=best.id, profile=merged(best.profile, alone))
    absorbed: tuple[int, ...] = ()
    for like, _, other in ranked[1:]:
        if like > LIKE + SURER and _are_one(story.profile, other.profile):
            story, gone = _joined(story, other)
            absorbed = (*absorbed, gone)
    return Placed(story=story.id, profile=story.profile, absorbed=absorbed)


def alikeness(read: Vector, story: Profile) -> float:
    """How surely an article belongs to a story: a sum of likenesses; no share, it may be negative."""
    return (
        story.damped_likeness(read)
        + PLAIN * story.likeness(read)
        + NAMED * story.likeness(read, only=read.names)
        + NAMES * read.named_share
    )


def _are_one(one: Profile, other: Profile) -> bool:
    return min(one.size, other.size) <= YOUNG and one.cosine(other) >= SAME


def _joined(one: Candidate, other: Candidate) -> tuple[Candidate, int]:
    """The two as one, under the number of the larger, and the number that goes."""
    stays, goes = (one, other) if one.profile.size >= other.profile.size else (other, one)
    return Candidate(id=stays.id, profile=merged(stays.profile, goes.profile)), goes.id
