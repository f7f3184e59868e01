"""Figures of one thing by day and outlet: a mark, a bar for a range, an arrow where no end is given. Pure.

"About 100" is marked at 100 and called so; how far "about" reaches nobody has said, so no range is drawn of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digests.edition.charts.axis import amount_ticks
from digests.edition.charts.model import Chart, NameDay, Opens, Panel, Row, Shape
from digests.edition.charts.words import alt, legend, shortened
from digests.model import Figure, Qualifier

FEWEST = 2
"""Figures of one thing that can be compared."""
MOST = 12
_OPENS: Mapping[Qualifier, Opens] = {"more_than": "up", "at_least": "up", "less_than": "down", "at_most": "down"}
_FROM_NOUGHT = 0.5
"""Where the smallest is less than so much of the largest, the axis begins at 0."""
_MARGIN = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Between which amounts a figure lies as it is given; without one of them it has no such end."""

    low: float | None
    high: float | None
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A figure, who gives it and when. ``measure``: in the article's own words; ``unit``: what is counted."""

    number: int
    fact: int
    measure: str
    unit: str
    outlet: str
    day: date
    extent: Extent


def extent(figure: Figure) -> Extent | None:
    """What a figure says, no more: ``None`` where it gives no amount at all."""
    if figure.value is None:
        if figure.low is None and figure.high is None:
            return None
        return Extent(low=figure.low, high=figure.high, shape="range")
    opens = _OPENS.get(figure.qualifier, "")
    shape: Shape = "about" if figure.qualifier == "about" else "exact"
    return Extent(
        low=None if opens == "down" else figure.value, high=None if opens == "up" else figure.value, shape=shape
    )


def amounts(groups: Sequence[Sequence[Counted]], *, name: NameDay, topic: str = "") -> Chart:
    """The chart of figures, a panel for each group: what counts one thing."""
    panels = tuple(_panel(group, name) for group in groups if group)
    counted = [each for group in groups for each in group]
    return Chart(
        title=shortened(f"Figures by source and day{topic}", longest=80),
        panels=panels,
        legend=legend(panels),
        alt=alt(_opening(groups, topic), [_said(each, name) for each in counted]),
    )


def _panel(group: Sequence[Counted], name: NameDay) -> Panel:
    rows = tuple(_row(each, name) for each in group)
    given = [at for row in rows for at in (row.start, row.end)]
    low, high = _limits(given)
    ticks = amount_ticks(low, high, whole=all(float(each).is_integer() for each in given))
    return Panel(title=shortened(group[0].unit, longest=60), rows=rows, low=low, high=high, ticks=ticks)


def _row(each: Counted, name: NameDay) -> Row:
    low, high = each.extent.low, each.extent.high
    start = low if low is not None else high
    end = high if high is not None else low
    assert start is not None
    assert end is not None
    return Row(
        number=each.number,
        fact=each.fact,
        label=shortened(each.measure),
        under=" · ".join((name(each.day, "full"), shortened(each.outlet, longest=40), f"evidence {each.fact}")),
        shape=each.extent.shape,
        start=start,
        end=end,
        opens="down" if low is None else "up" if high is None else "",
    )


def _limits(given: Sequence[float]) -> tuple[float, float]:
    """The axis: from 0 where the figures are of several sizes, else around them, so that they can be told apart."""
    low, high = min(given), max(given)
    if low >= 0 and low <= high * _FROM_NOUGHT:
        low = 0.0
    room = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    return (0.0 if low == 0.0 else low - room), high + room


def _opening(groups: Sequence[Sequence[Counted]], topic: str) -> str:
    units = [group[0].unit for group in groups if group]
    if not units:
        return f"Figures{topic}, of which nothing stands any more."
    count = sum(map(len, groups))
    told = "; ".join(shortened(unit, longest=60) for unit in units if unit)
    return f"{count} figure{'' if count == 1 else 's'}{topic} by source and day{f': {told}' if told else ''}."


def _said(each: Counted, name: NameDay) -> str:
    measure, outlet = shortened(each.measure, longest=80), shortened(each.outlet, longest=40)
    return f"{each.number}. {measure} ({outlet}, {name(each.day, 'full')})."
