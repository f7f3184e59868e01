"""TIMEX3 values and the days they cover. Weeks are ISO 8601 (Monday first); seasons meteorological, northern.

``Jan``-like abbreviations never reach this module: it knows values such as ``2020-W07``, not words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

Direction = Literal["ahead", "back", "unknown"]
Days = tuple[date, date]

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?$")
_MONTH = re.compile(r"(\d{4})-(\d\d)$")
_YEAR = re.compile(r"(?:FY)?(\d{4})$")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(?:-(WE|[1-7]))?$")
_QUARTER = re.compile(r"(?:FY)?(\d{4})-(Q|H)(\d)$")
_SEASON = re.compile(r"(\d{4})-(SP|SU|FA|WI)$")
_DECADE = re.compile(r"(\d{2,3})X{0,2}$")
_PART_OF_DAY = re.compile(r"(\d{4}-\d\d-\d\d)T?(?:MO|AF|EV|NI|DT|MI)$")
_DURATION = re.compile(
    r"P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$"
)
_SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def add_months(day: date, months: int) -> date:
    """``day`` moved by months; the day of month is cut to the month's last.

    >>> add_months(date(2020, 1, 31), 1)
    datetime.date(2020, 2, 29)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    year = min(max(year, MINYEAR), MAXYEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """``day`` moved by days, held inside what a date can be."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def week_value(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def quarter_of(day: date) -> int:
    return (day.month - 1) // 3 + 1


def quarter_value(year: int, quarter: int) -> str:
    """A quarter's value; quarters outside 1-4 roll over into other years.

    >>> quarter_value(2020, 0)
    '2019-Q4'
    """
    years, index = divmod(quarter - 1, 4)
    return f"{year + years:04d}-Q{index + 1}"


def day_range(value: str, *, today: date | None = None) -> Days | None:
    """First and last day a TIMEX3 value covers; None for durations, sets, vague references and impossible days.

    ``today`` settles nothing yet that the value leaves open; it is taken so that callers need not know which do.

    >>> day_range("2020-W07", today=date(2020, 2, 15))
    (datetime.date(2020, 2, 10), datetime.date(2020, 2, 16))
    """
    if "/" in value:
        return _between(value, today)
    try:
        return _days(value)
    except (ValueError, OverflowError):
        return None


def _between(value: str, today: date | None) -> Days | None:
    first, _, last = value.partition("/")
    start, stop = day_range(first, today=today), day_range(last, today=today)
    return (start[0], stop[1]) if start and stop and start[0] <= stop[1] else None


def _days(value: str) -> Days | None:
    if match := _DAY.match(value):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return day, day
    if match := _PART_OF_DAY.match(value):
        day = date.fromisoformat(match[1])
        return day, day
    if match := _MONTH.match(value):
        year, month = int(match[1]), int(match[2])
        return date(year, month, 1), month_end(year, month)
    if match := _YEAR.match(value):
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    if match := _WEEK.match(value):
        return _week_days(int(match[1]), int(match[2]), match[3])
    if match := _QUARTER.match(value):
        return _part_of_year(int(match[1]), int(match[3]), 3 if match[2] == "Q" else 6)
    if match := _SEASON.match(value):
        first = date(int(match[1]), _SEASON_MONTHS[match[2]], 1)
        return first, add_days(add_months(first, 3), -1)
    if match := _DECADE.match(value):
        scale = 10 ** (4 - len(match[1]))
        return date(int(match[1]) * scale, 1, 1), date(int(match[1]) * scale + scale - 1, 12, 31)
    return None


def _week_days(year: int, week: int, part: str | None) -> Days:
    monday = date.fromisocalendar(year, week, 1)
    if part == "WE":
        return add_days(monday, 5), add_days(monday, 6)
    if part:
        return add_days(monday, int(part) - 1), add_days(monday, int(part) - 1)
    return monday, add_days(monday, 6)


def _part_of_year(year: int, number: int, months: int) -> Days:
    first = date(year, (number - 1) * months + 1, 1)
    return first, add_days(add_months(first, months), -1)


def after(day: date, duration: str) -> date | None:
    """The day a duration after ``day``; hours count as begun days (48 hours = 2 days); None when its amount is open.

    >>> after(date(2020, 2, 15), "PT72H")
    datetime.date(2020, 2, 18)
    """
    match = _DURATION.match(duration)
    if match is None or not any(match.groups()):
        return None
    years, months, weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    clock = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    moved = add_months(day, round(years * 12 + months)) if years * 12 + months < 12 * MAXYEAR else date.max
    return add_days(moved, int(min(weeks * 7 + days, 4_000_000)) + clock.days)


def nearest_month(month: int, *, today: date, direction: Direction) -> int:
    """The year of a bare month. The nearest beats the verb when one is much nearer (timex insight 3)."""
    ahead = (month - today.month) % 12
    back = (today.month - month) % 12
    if ahead == 0:
        return today.year
    forward = 2 * ahead <= back if direction == "unknown" else _leans(ahead, back, direction, near=3)
    if forward:
        return today.year + (1 if month < today.month else 0)
    return today.year - (1 if month > today.month else 0)


def _leans(ahead: int, back: int, direction: Direction, *, near: int) -> bool:
    if direction == "ahead":
        return not (back < near and ahead > 2 * near)
    return ahead < near and back > 2 * near


def nearest_day(month: int, day: int, *, today: date, direction: Direction) -> date | None:
    """The year's day a bare month and day mean: the nearest, unless the verb says otherwise; None if impossible."""
    options = [found for year in (today.year - 1, today.year, today.year + 1) if (found := _date(year, month, day))]
    if not options:
        options = [found for year in range(today.year - 4, today.year + 5) if (found := _date(year, month, day))]
    ahead = [option for option in options if option >= today]
    back = [option for option in options if option <= today]
    if not ahead or not back:
        return min(options, key=lambda option: abs(option - today), default=None)
    coming, gone = min(ahead), max(back)
    forward, backward = (coming - today).days, (today - gone).days
    if direction == "unknown":
        return coming if 2 * forward <= backward else gone
    return coming if _leans(forward, backward, direction, near=90) else gone


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
