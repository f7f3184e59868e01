"""A chart before anybody has drawn it. Every row rests on a fact, whose number stands in it.

Days are counted as ``date.toordinal`` counts them, so that one kind of axis serves days and amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Shape = Literal["event", "deadline", "happened", "reported", "exact", "about", "range"]
"""``range``: all between two ends, no point of it more than another."""
Opens = Literal["", "up", "down"]
"""Where a figure has no end: "more than 100" opens up, "at most 100" down."""
Sign = Literal[Shape, "open", "doubt", "today"]
IDS = "CHART"
"""What all ids in a chart's SVG begin with: whoever puts several into one page puts another name there."""
Form = Literal["png", "svg"]
Grain = Literal["full", "day", "month", "year"]
NameDay = Callable[[date, Grain], str]
"""How a day is named in the chat's language: ``15 Feb 2020``, ``15 Feb``, ``Feb 2020``, ``2020``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fact. ``number``: as the words beside the picture count it; ``under``: its day, outlet and evidence.

    ``doubt``: another day that its words may mean as well.
    """

    number: int
    fact: int
    label: str
    under: str
    shape: Shape
    start: float
    end: float
    opens: Opens = ""
    doubt: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Rows on one axis from ``low`` to ``high``. ``today``: where that is on it, if it is."""

    title: str
    rows: tuple[Row, ...]
    low: float
    high: float
    ticks: tuple[Tick, ...]
    today: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """``legend``: what the signs mean that occur in it; ``alt``: all of it in words, for who cannot see it."""

    title: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[Sign, str], ...]
    alt: str

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for panel in self.panels for row in panel.rows)


class DrawsCharts(Protocol):
    """Who makes pictures of charts, as who sends or shows them sees it."""

    async def draw(self, chart: Chart, form: Form) -> bytes | None:
        """The picture, ``None`` where none could be had in time."""
        ...
