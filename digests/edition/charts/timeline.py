"""Dated facts as a chart along days: a mark on a day, a bar over several. Pure.

Only days that a fact itself gives are drawn; between them nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digests.edition.charts.axis import day_ticks
from digests.edition.charts.model import Chart, NameDay, Panel, Row, Shape
from digests.edition.charts.words import alt, legend, shortened
from digests.model import Deadline, Event, Fact, Happening, Statement
from digests.text.dates import day_range

FEWEST = 3
"""Dated facts that are worth a picture: two are read faster than seen."""
MOST = 12
"""Rows that can be read on a phone."""
_NEAR = 0.5
"""How far outside the days shown today may lie, of their span, to be drawn."""
_KINDS: Mapping[Shape, str] = {"deadline": "deadline", "event": "scheduled"}
"""What is said of a mark beside its words; whether what is told did happen, or was to, its words say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A fact and its days. ``number``: as the words beside count it; ``fact``: of its evidence."""

    number: int
    fact: int
    shape: Shape
    first: date
    last: date
    label: str
    outlet: str
    doubt: date | None = None


def shape_of(fact: Fact) -> Shape | None:
    """How a fact is marked on a timeline; ``None`` where it gives no day: nothing is guessed."""
    match fact:
        case Deadline():
            return "deadline"
        case Event():
            return "event"
        case Happening() if fact.when and day_range(fact.when):
            return "happened"
        case Statement():
            return "reported"
    return None


def timeline(
    dated: Sequence[Dated], *, today: date, name: NameDay, topic: str = "", title: str = "Day by day"
) -> Chart:
    """The chart of facts in their order. ``topic``: what they are about, as the title says it (" about “x”")."""
    panels = (_panel(dated, today=today, name=name),) if dated else ()
    return Chart(
        title=shortened(title + topic, longest=80),
        panels=panels,
        legend=legend(panels),
        alt=alt(_opening(dated, topic, name), [_said(each, name) for each in dated]),
    )


def _panel(dated: Sequence[Dated], *, today: date, name: NameDay) -> Panel:
    days = [day for each in dated for day in (each.first, each.last, each.doubt) if day is not None]
    first, last = min(days), max(days)
    reach = max((last - first).days * _NEAR, 1)
    if first.toordinal() - reach <= today.toordinal() <= last.toordinal() + reach:
        first, last, now = min(first, today), max(last, today), float(today.toordinal())
    else:
        now = None
    return Panel(
        title="",
        rows=tuple(_row(each, name) for each in dated),
        low=float(first.toordinal()),
        high=float(max(last.toordinal(), first.toordinal() + 1)),
        ticks=day_ticks(first, last, name=name),
        today=now,
    )


def _row(each: Dated, name: NameDay) -> Row:
    return Row(
        number=each.number,
        fact=each.fact,
        label=shortened(each.label),
        under=" · ".join((_days(each, name), shortened(each.outlet, longest=40), f"evidence {each.fact}")),
        shape=each.shape,
        start=float(each.first.toordinal()),
        end=float(each.last.toordinal()),
        doubt=float(each.doubt.toordinal()) if each.doubt else None,
    )


def _days(each: Dated, name: NameDay) -> str:
    days = name(each.first, "full")
    if each.last != each.first:
        days += f" to {name(each.last, 'full')}"
    return days + (f" or {name(each.doubt, 'full')}" if each.doubt else "")


def _opening(dated: Sequence[Dated], topic: str, name: NameDay) -> str:
    if not dated:
        return f"A timeline{topic} on which nothing stands any more."
    first, last = min(each.first for each in dated), max(each.last for each in dated)
    count = f"{len(dated)} dated fact{'' if len(dated) == 1 else 's'}"
    return f"A timeline of {count}{topic}, {name(first, 'full')} to {name(last, 'full')}."


def _said(each: Dated, name: NameDay) -> str:
    kind = f", {_KINDS[each.shape]}" if each.shape in _KINDS else ""
    label, outlet = shortened(each.label, longest=90), shortened(each.outlet, longest=40)
    return f"{each.number}. {_days(each, name)}{kind}: {label} ({outlet})."
