"""The day an article says it was published, as printed on a line of its own ("February 15, 2020").

Only what is printed counts: a year must be there, and 02/03/2020 is nobody's day, since half the world reads it the
other way round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)",
        r"(?P<year>(?:19|20)\d\d)[/.](?P<number>\d\d)[/.](?P<day>\d\d)",
        rf"{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\.?(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}",
        r"(?P<day>1[3-9]|2\d|3[01])/(?P<number>\d\d?)/(?P<year>(?:19|20)\d\d)",
        r"(?P<number>\d\d?)/(?P<day>1[3-9]|2\d|3[01])/(?P<year>(?:19|20)\d\d)",
        r"(?P<day>\d\d?)\.(?P<number>\d\d?)\.(?P<year>(?:19|20)\d\d)",
    )
)
_BEFORE = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|modified|date|issued|released|filed|created|publication)"
    r"(?:\s+(?:on|at|date))?\s*:?\s*)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
    r"(?:\d\d?:\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?,?\s*(?:on\s+)?)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:[A-Z][\w.'’-]*[ ]?){1,3},\s+(?=\d|[A-Z])")
_CLOCK = re.compile(
    r"(?P<hour>\d\d?)(?::|\.)(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>Z\b|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[\sT,;|/()@·•–—-]*(?:at\s+)?(?:\d\d?[:.]\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*)?"
    r"(?:Z|[A-Z]{2,5}|[+-]\d\d:?\d\d)?[\s,;|/()·•.–—-]*"
    r"(?:(?:last )?(?:updated|modified)\b.*|\d+ min(?:ute)?s? read.*|by\s+\w.{0,60}"
    r"|(?-i:[A-Z]\w{0,20}(?: [A-Z]\w{0,20}){0,2}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """``day`` as printed; ``at`` (aware) only when a clock time and its zone stand beside it."""

    day: date
    at: datetime | None = None


def printed_date(line: str) -> Printed | None:
    """The date a line consists of, or ``None`` for any line that says more than when it was published.

    >>> printed_date("Published: Saturday, 15 Feb 2020 10:31 GMT").day
    datetime.date(2020, 2, 15)
    >>> printed_date("On February 15, 2020 the army withdrew") is None
    True
    """
    line = line.strip(" \t*_()[]|")
    if len(line) > 120:
        return None
    place = _PLACE.match(line)
    starts = {match.end() for match in (_BEFORE.match(line), place) if match}
    return next((found for start in sorted(starts) if (found := _whole(line, start))), None)


def _whole(line: str, start: int) -> Printed | None:
    for pattern in _DATES:
        found = pattern.match(line, start)
        if found is None:
            continue
        day = _day(found)
        if day is None or not _REST.fullmatch(line, found.end()):
            continue
        return Printed(day=day, at=_moment(day, line[found.end() :]))
    return None


def given_date(text: str) -> Printed | None:
    """A date given on purpose (``--published``, a JSON line): an ISO day or moment, or a line as above."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return printed_date(text)
    if moment.year < 1600:
        return None
    return Printed(day=moment.date(), at=moment if moment.tzinfo else None)


def date_within(text: str) -> Printed | None:
    """The first full date anywhere in a short stretch, such as a dateline ("MOSCOW, Feb. 15, 2020 (AP) -")."""
    for pattern in _DATES:
        found = pattern.search(text)
        day = _day(found) if found else None
        if day is not None:
            return Printed(day=day)
    return None


def _day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    month = int(groups["number"]) if groups.get("number") else _MONTHS.index(groups["month"][:3].lower()) + 1
    try:
        return date(int(groups["year"]), month, int(groups["day"]))
    except ValueError:
        return None


def _moment(day: date, rest: str) -> datetime | None:
    clock = _CLOCK.search(rest)
    if clock is None or clock["zone"] is None:
        return None
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    try:
        return datetime(
            day.year,
            day.month,
            day.day,
            hour,
            int(clock["minute"]),
            int(clock["second"] or 0),
            tzinfo=_zone(clock["zone"]),
        )
    except ValueError:
        return None


def _zone(name: str) -> timezone:
    if name[0] not in "+-":
        return UTC
    digits = name[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[0] == "-" else offset)
