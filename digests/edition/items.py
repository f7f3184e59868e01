"""What a digest is made of: sections of numbered lines, each with the facts it rests on and the reasons it is there.

Frozen data, no words of our own but the reasons: how a line reads is the templates' business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from digests.edition.differences import Difference
from digests.model import Evidence, Found, Source, Story

SectionName = Literal["top", "record", "ahead", "passed", "figures", "denials", "changes"]
Tag = Literal["", "new", "updated", "corrected", "retracted", "passed"]
ORDER: tuple[SectionName, ...] = ("top", "record", "ahead", "passed", "figures", "denials", "changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a line is worth its place, in words, and how much that counts (below 0: against it)."""

    points: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What was said before and what is said now; ``by`` and ``why``: of an editor."""

    before: str
    after: str = ""
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a digest. ``found``: its own fact first, then what says the same (or, of a denial, what is denied).

    ``source``: the article it is told from. ``passages``: an article's own sentences. ``office``: the speaker's, as of
    that day. ``outlets`` and ``origins``: how many carry it. ``number``: as shown, from 1; 0 until it is shown.
    """

    section: SectionName
    source: Source
    tag: Tag = ""
    found: tuple[Found, ...] = ()
    story: Story | None = None
    passages: tuple[Evidence, ...] = ()
    office: str = ""
    outlets: int = 1
    origins: int = 1
    difference: Difference | None = None
    revision: Revision | None = None
    reasons: tuple[Reason, ...] = ()
    number: int = 0

    @property
    def score(self) -> float:
        return points(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines of one kind. ``more``: so many others were left out for length."""

    name: SectionName
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest of ``day``: what came since ``since``, or was published from ``first`` on.

    ``after`` and ``upto``: the changes it covers, 0 of past days. ``articles``, ``outlets``, ``stories``: what it was
    chosen from. ``older``: articles that came, too, but were published long before. ``skipped``: changes that were too
    many to be looked at.
    """

    day: date
    since: date
    first: date
    after: int = 0
    upto: int = 0
    articles: int = 0
    outlets: int = 0
    stories: int = 0
    older: int = 0
    skipped: int = 0
    sections: tuple[Section, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @property
    def news(self) -> bool:
        """Whether anything in it is news: what is merely still ahead is not."""
        return any(item.section != "ahead" or item.tag for item in self.items)


def points(reasons: Iterable[Reason]) -> float:
    return sum(reason.points for reason in reasons)
