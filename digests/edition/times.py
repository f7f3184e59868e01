"""Times of day and days of the week as people type them: 08:00, 8am, 7.30 pm, noon, mon, Tuesdays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from digests.errors import UserError

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("mon", "monday"),
            ("tue", "tues", "tuesday"),
            ("wed", "weds", "wednesday"),
            ("thu", "thur", "thurs", "thursday"),
            ("fri", "friday"),
            ("sat", "saturday"),
            ("sun", "sunday"),
        )
    )
    for name in names
}
"""0 is Monday."""
_NAMED = {"noon": time(12, 0), "midday": time(12, 0), "midnight": time(0, 0)}
_CLOCK = re.compile(r"(\d{1,2})?[:.h](\d{2})\s?(am|pm|a\.m|p\.m)?")
_HOUR = re.compile(r"(\d{1,2})\s?(am|pm|a\.m|p\.m|h)")
_BARE = re.compile(r"\d{1,2}|[012]\d[0-5]\d")
_HALVES = re.compile(r"am|pm|a\.m|p\.m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A time of day and how many of the words it took."""

    at: time
    words: int


def time_in(words: Sequence[str], *, bare: bool) -> Typed | None:
    """The time of day that words begin with, ``None`` when they begin with none.

    ``bare``: a lone number is one, too (``daily 8``). Raises ``UserError`` for a time that no clock shows.

    >>> time_in(["8", "pm"], bare=False), time_in(["7.30pm"], bare=False).at, time_in(["17"], bare=False)
    (Typed(at=datetime.time(20, 0), words=2), datetime.time(19, 30), None)
    """
    first = words[0].strip(",")
    if first in _NAMED:
        return Typed(at=_NAMED[first], words=1)
    second = words[1].strip(",.") if len(words) > 1 else ""
    if _HALVES.fullmatch(second) and re.fullmatch(r"\d{1,2}(?:[:.]\d{2})?", first):
        return Typed(at=_clock(f"{first}{second}"), words=2)
    if _CLOCK.fullmatch(first) or _HOUR.fullmatch(first) or (bare and _BARE.fullmatch(first)):
        return Typed(at=_clock(first), words=1)
    return None


def _clock(text: str) -> time:
    half = text.replace(".m", "m")[-2:]
    digits = re.findall(r"\d+", text)
    if len(digits) == 1 and len(digits[0]) == 4:
        digits = [digits[0][:2], digits[0][2:]]
    if text.startswith((":", ".")):
        digits = ["0", *digits]
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if half in ("am", "pm") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half in ("am", "pm"):
        hour = 99
    if hour > 23 or minute > 59:
        raise UserError(f"No clock shows “{text}”. Write a time of day like 08:00 or 7.30pm.")
    return time(hour, minute)
