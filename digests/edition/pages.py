"""How a digest is laid out: which lines fit, none that repeats another, numbered in the order they are read. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from digests.edition import calendar
from digests.edition.items import ORDER, Item, Section, SectionName
from digests.edition.model import Length
from digests.edition.naming import speaker_name
from digests.edition.sentences import Shown, is_whole

FILLED: tuple[SectionName, ...] = ("changes", "top", "figures", "ahead", "passed", "denials", "record")
"""Sections in the order in which they choose: what was shown by one is not quoted again by the next."""
_MORE = 4
"""So many more candidates than lines are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many lines each section has."""

    top: int
    record: int
    ahead: int
    passed: int
    figures: int
    denials: int
    changes: int
    of_one_speaker: int = 1
    revised: int = 8
    edits: int = 20

    @classmethod
    def of(cls, length: Length) -> Room:
        return _ROOMS[length]

    def lines(self, name: SectionName) -> int:
        return int(getattr(self, name))

    def candidates(self, name: SectionName) -> int:
        return _MORE * self.lines(name)


_ROOMS: Mapping[Length, Room] = {
    "short": Room(top=3, record=3, ahead=4, passed=2, figures=2, denials=2, changes=3),
    "full": Room(
        top=8, record=8, ahead=12, passed=6, figures=6, denials=5, changes=12, of_one_speaker=2, revised=20, edits=50
    ),
}


def laid_out(candidates: Mapping[SectionName, Sequence[Item]], room: Room) -> tuple[Section, ...]:
    """The sections that have anything to show, in reading order."""
    shown = Shown()
    chosen: dict[SectionName, list[Item]] = {}
    left: dict[SectionName, int] = {}
    for name in FILLED:
        chosen[name], left[name] = _filled(name, candidates.get(name, ()), room, shown)
    chosen["ahead"] = calendar.in_days(chosen["ahead"])
    chosen["passed"] = calendar.in_days(chosen["passed"], latest=True)
    sections = []
    number = 0
    for name in ORDER:
        items = tuple(replace(item, number=number + place) for place, item in enumerate(chosen[name], start=1))
        number += len(items)
        if items:
            sections.append(Section(name=name, items=items, more=left[name]))
    return tuple(sections)


def _filled(name: SectionName, items: Sequence[Item], room: Room, shown: Shown) -> tuple[list[Item], int]:
    """The best lines that say something yet unsaid; how many more there would have been."""
    taken: list[Item] = []
    left = 0
    by_speaker: dict[str, int] = {}
    for item in items:
        fitted = _fitted(name, item, shown)
        if fitted is None:
            continue
        who = speaker_name(item.found[0].fact) if name == "record" and item.found else ""
        if len(taken) == room.lines(name) or (who and by_speaker.get(who, 0) == room.of_one_speaker):
            left += 1
            continue
        by_speaker[who] = by_speaker.get(who, 0) + 1
        shown.take(fitted.passages)
        taken.append(fitted)
    return taken, left


def _fitted(name: SectionName, item: Item, shown: Shown) -> Item | None:
    """The line as it may be shown: what is only a quotation must be new, a deadline goes without it where it is not.

    What stands in no whole sentence is a headline, a caption or a link, and no line.
    """
    if name in ("ahead", "passed", "figures") and not all(is_whole(each.quote) for each in item.passages):
        return None
    fresh = tuple(each for each in item.passages if not shown.has(each.quote))
    if name in ("record", "denials"):
        return item if fresh and fresh[0] is item.passages[0] else None
    if name == "changes":
        return item
    if name in ("ahead", "passed") and item.passages and not fresh and item.found[0].fact.kind == "event":
        return None
    return replace(item, passages=fresh)
