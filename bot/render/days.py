"""Days as people read them, in the chat's language: never 02/03, which is two different days."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from digests.edition.charts.model import Grain

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=4096)
def day(iso: str, language: str = "en") -> str:
    """An ISO day as ``15 Feb 2020``, its month named in ``language``; what is no ISO day comes back as it is.

    >>> day("2020-02-15")
    '15 Feb 2020'
    """
    try:
        value = date.fromisoformat(iso)
    except ValueError:
        return iso
    if language == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return _localised(value, "d MMM y", language)


@lru_cache(maxsize=4096)
def weekday(iso: str, language: str = "en") -> str:
    """An ISO day with its weekday: ``Sat 15 Feb 2020``."""
    try:
        value = date.fromisoformat(iso)
    except ValueError:
        return iso
    if language == "en":
        return f"{_WEEKDAYS[value.weekday()]} {day(iso)}"
    return _localised(value, "EEE d MMM y", language)


@lru_cache(maxsize=4096)
def named(value: date, grain: Grain, language: str = "en") -> str:
    """A day as the axis of a chart names it: in full, or without what its neighbours say as well.

    >>> [named(date(2020, 2, 15), grain) for grain in ("full", "day", "month", "year")]
    ['15 Feb 2020', '15 Feb', 'Feb 2020', '2020']
    """
    if grain == "full":
        return day(value.isoformat(), language)
    if grain == "year":
        return str(value.year)
    if language != "en":
        return _localised(value, "d MMM" if grain == "day" else "MMM y", language)
    month = _MONTHS[value.month - 1]
    return f"{value.day} {month}" if grain == "day" else f"{month} {value.year}"


def _localised(value: date, pattern: str, language: str) -> str:
    """Babel's names, loaded when first needed; a language it does not know falls back to English."""
    from babel import UnknownLocaleError
    from babel.dates import format_date

    try:
        return format_date(value, pattern, locale=language)
    except (UnknownLocaleError, ValueError):
        return weekday(value.isoformat()) if pattern.startswith("E") else day(value.isoformat())
