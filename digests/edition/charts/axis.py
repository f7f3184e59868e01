"""Where an axis has its ticks: few, at round days and amounts. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from digests.edition.charts.model import Grain, NameDay, Tick

MOST_TICKS = 5
_DAYS = (1, 2, 3, 7, 14)
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def day_ticks(first: date, last: date, *, name: NameDay) -> tuple[Tick, ...]:
    """Ticks on days, first days of months or of years between two days, at most ``MOST_TICKS``.

    A first tick in another year than the last says which.
    """
    span = (last - first).days
    for step in _DAYS:
        if span // step < MOST_TICKS:
            grain: Grain = "day" if first.year == last.year else "full"
            days = (first + timedelta(days=each) for each in range(0, span + 1, step))
            return _named(days, grain, name)
    for step in _MONTHS:
        found = list(_months(first, last, step))
        if len(found) <= MOST_TICKS:
            return _named(found or [first], "month", name)
    years = next(each for each in _YEARS if (last.year - first.year) // each < MOST_TICKS)
    starts = range(-(-first.year // years) * years, last.year + 1, years)
    return _named([date(year, 1, 1) for year in starts if year and date(year, 1, 1) >= first] or [first], "year", name)


def amount_ticks(low: float, high: float, *, whole: bool = False) -> tuple[Tick, ...]:
    """Ticks at round amounts from ``low`` to ``high``; ``whole``: at no fractions, for nobody counts half a person.

    >>> [tick.label for tick in amount_ticks(0, 3_600_000)]
    ['0', '1 million', '2 million', '3 million']
    """
    step = 10.0 ** math.floor(math.log10((high - low) / MOST_TICKS))
    step *= next(factor for factor in (1, 2, 5, 10, 20) if (high - low) / (step * factor) <= MOST_TICKS)
    step = max(step, 1.0) if whole else step
    first = math.ceil(low / step)
    count = math.floor(high / step) - first + 1
    amounts = (round((first + each) * step, 10) for each in range(count))
    return tuple(Tick(at=each, label=amount(each)) for each in amounts)


def amount(value: float) -> str:
    """An amount as an axis names it: ``3.6 million``, ``900,000``, ``0.5``."""
    for scale, word in _SCALES:
        if abs(value) >= scale:
            return f"{value / scale:,.10g} {word}"
    return f"{value:,.10g}" if abs(value) < 1000 or value % 1 else f"{value:,.0f}"


def _months(first: date, last: date, step: int) -> Iterator[date]:
    """First days of every ``step``-th month of the year, from ``first`` to ``last``."""
    for month in range(first.year * 12, last.year * 12 + 12, step):
        day = date(month // 12, month % 12 + 1, 1)
        if first <= day <= last:
            yield day


def _named(days: Iterable[date], grain: Grain, name: NameDay) -> tuple[Tick, ...]:
    return tuple(Tick(at=float(day.toordinal()), label=name(day, grain)) for day in days)
