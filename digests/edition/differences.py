"""Why two figures of one thing are not the same: one is older, they count different things, or they contradict. Pure.

In this order: a copy's misprint is nobody's word; what is said to count another place, period or part is no
contradiction, however near the days, nor is a part that is no more than the whole; nor is a count that has grown since.
Only what is left contradicts, and only where it comes from two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from digests.edition.figures import bounds, counted, figure_of, is_bare
from digests.edition.naming import day_of, speaker_name
from digests.edition.texts import Texts, once
from digests.model import Figure, Found
from digests.text.dates import find
from digests.text.folding import fold
from digests.text.wordlist import words

Kind = Literal["older", "copy", "scope", "contradiction"]
Scope = Literal["", "period", "place", "part"]
GRAVEST: tuple[Kind, ...] = ("contradiction", "scope", "copy", "older")
_KNOWN_TEXTS = Texts()
"""Where nothing is known of copies: each article is its publisher's."""
_SINCE = words("since from during over in within between until through for past last this")
_SPAN = words("this last past previous")
_WAYS = r"(?:north|south|east|west|central|upper|lower)[a-z-]*"
_PLACE = re.compile(
    rf"\b(?:in|across|around|near|outside|inside|throughout|within|of)\s+(?:the\s+)?(?:{_WAYS}\s+)?"
    r"(?P<place>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*)"
)
CORRECTION = re.compile(r"\W*(?:correction|corrected|clarification|erratum|corrigendum)\b", re.IGNORECASE)
"""How an article is headed that puts another one right."""
REVISED = re.compile(r"\b(?:correct(?:ed|ion|s)|revis(?:ed|ion)|updat(?:ed|e)|earlier (?:figure|count|toll))\b", re.I)
_STALE_AFTER = 2
"""Days after which a share or a sum of money is taken as the older one where it changed; a count only where it grew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``scope``: what they count differently, and ``own``/``other`` words for it (of older and newer), "" where it says
    none. ``copy``: ``older`` stands in a copy of the text that has ``newer`` in its place."""

    kind: Kind
    newer: Found
    older: Found
    scope: Scope = ""
    own: str = ""
    other: str = ""


def differences(found: Sequence[Found], texts: Texts = _KNOWN_TEXTS) -> dict[int, Difference]:
    """By fact id, the gravest difference of each figure from one that is as new or newer; ``found``: newest first."""
    told = once(found, texts)
    noted = {
        each.fact.id: Difference(kind="copy", newer=told.misprinted[each.fact.id], older=each)
        for each in told.found
        if each.fact.id in told.misprinted
    }
    restated = _restated(told.found)
    sound = [each for each in told.found if each.fact.id not in noted and each.fact.id not in restated]
    for at, older in enumerate(sound):
        seen = [each for newer in sound[:at] if (each := difference(newer, older, texts)) is not None]
        if seen:
            noted[older.fact.id] = min(seen, key=lambda each: GRAVEST.index(each.kind))
    return noted


def _restated(found: Iterable[Found]) -> set[int]:
    """The figures that corrections repeat to say that they were wrong: of several in one, what comes first."""
    told: dict[int, list[Found]] = defaultdict(list)
    for each in found:
        if CORRECTION.match(each.source.title):
            told[each.source.article_id].append(each)
    return {
        first.fact.id
        for group in told.values()
        if (first := min(group, key=lambda each: each.fact.start))
        and any(bounds(figure_of(each)) != bounds(figure_of(first)) for each in group)
    }


def verdict(noted: Iterable[Difference]) -> Kind | None:
    """What is to be said of a whole group: the gravest."""
    return min((each.kind for each in noted), key=GRAVEST.index, default=None)


def difference(newer: Found, older: Found, texts: Texts = _KNOWN_TEXTS) -> Difference | None:
    """Why the two are not the same; None where both can be right as they stand, or one origin says both at once."""
    new, old = figure_of(newer), figure_of(older)
    (least, most), (old_least, old_most) = bounds(new), bounds(old)
    if least <= old_most and old_least <= most:
        return None
    scope, own, other = _scope(old, new)
    if scope:
        return Difference(kind="scope", newer=newer, older=older, scope=scope, own=own, other=other)
    if _is_older(newer, older, grew=least > old_most):
        return Difference(kind="older", newer=newer, older=older)
    if texts.origin(newer) == texts.origin(older):
        return None
    part = _part_of(old, new) if least > old_most else _swapped(_part_of(new, old))
    if part is not None:
        scope, own, other = part
        return Difference(kind="scope", newer=newer, older=older, scope=scope, own=own, other=other)
    return Difference(kind="contradiction", newer=newer, older=older)


def _is_older(newer: Found, older: Found, *, grew: bool) -> bool:
    days = (day_of(newer) - day_of(older)).days
    if days <= 0:
        return False
    speaker = speaker_name(newer.fact)
    if REVISED.search(newer.fact.quote) or (speaker and speaker == speaker_name(older.fact)):
        return True
    return days >= _STALE_AFTER if is_bare(figure_of(newer).unit) else grew


def _part_of(fewer: Figure, more: Figure) -> tuple[Scope, str, str] | None:
    """What the smaller figure is said to count alone, where the larger one names no such bounds; None if it is none.

    A part may be less than the whole, never more: "30 killed in Ardal" contradicts "12 killed".
    """
    if _part(fewer.unit) > _part(more.unit):
        return "part", fewer.unit, more.unit
    period = period_of(fewer.quote)
    if period and not period_of(more.quote):
        return "period", period, ""
    places = _places(fewer.quote)
    return ("place", places[0], "") if places and not _places(more.quote) else None


def _swapped(part: tuple[Scope, str, str] | None) -> tuple[Scope, str, str] | None:
    return part and (part[0], part[2], part[1])


def _scope(one: Figure, other: Figure) -> tuple[Scope, str, str]:
    """What the first counts that the second does not, in the articles' own words; both say what they count."""
    part, other_part = _part(one.unit), _part(other.unit)
    if part and other_part and part != other_part:
        return "part", one.unit, other.unit
    period, other_period = period_of(one.quote), period_of(other.quote)
    if period and other_period and fold(period) != fold(other_period):
        return "period", period, other_period
    places, other_places = _places(one.quote), _places(other.quote)
    if places and other_places and not {fold(each) for each in places} & {fold(each) for each in other_places}:
        return "place", places[0], other_places[0]
    return "", "", ""


def _part(unit: str) -> frozenset[str]:
    """Which of them are counted: ``Turkish`` of Turkish soldiers killed."""
    noun, states = counted(unit)
    return frozenset(word for word in fold(unit.split(" of ", 1)[0]).split() if word not in states) - {noun, f"{noun}s"}


@lru_cache(maxsize=1024)
def period_of(quote: str) -> str:
    """The days a figure is said to count ("since December", "this week"); "" when none are said."""
    for time in find(quote, today=None):
        before = quote[: time.start].split()
        first = time.text.split()[0].casefold()
        if time.type == "DATE" and (first in _SPAN or (before and before[-1].casefold() in _SINCE)):
            return time.text if first in _SPAN else f"{before[-1]} {time.text}"
    return ""


@lru_cache(maxsize=1024)
def _places(quote: str) -> tuple[str, ...]:
    times = [(time.start, time.end) for time in find(quote, today=None)]
    named = _PLACE.finditer(quote)
    return tuple(each["place"] for each in named if not any(start <= each.start("place") < end for start, end in times))
