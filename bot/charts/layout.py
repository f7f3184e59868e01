"""Where everything of a chart stands, in points from the top left corner: narrow, to be read on a phone. Pure.

Each row is its label, its day and outlet in small print, and below them a track with its marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from digests.edition.charts.model import Chart, Opens, Panel, Row, Shape, Sign

WIDTH = 300.0
EDGE = 14.0
LEFT, RIGHT = EDGE + 8.0, WIDTH - EDGE - 12.0
"""Of the axis; marks and arrows at its ends stand out."""
_LABEL, _LEADING, _UNDER, _TRACK, _GAP = 11.0, 12.0, 10.0, 11.0, 10.0
"""Of a row, each below the last: first line, each line after it, each of the small print, the track, what is free."""
_MOST_LINES = 3
TITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 12.0, 10.0, 8.0

Tone = Literal["ink", "quiet", "line", "mark", "alarm"]
Mark = Literal[Shape, "doubt"]
Align = Literal["left", "center", "right"]
Measure = Callable[[str, float, bool], float]
"""How wide a text is: its size, and whether it is bold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words on a base line."""

    x: float
    y: float
    words: str
    size: float
    tone: Tone = "ink"
    bold: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    x: float
    y: float
    to_x: float
    to_y: float
    tone: Tone = "line"
    width: float = 0.8
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A mark, or the head of an arrow."""

    x: float
    y: float
    mark: Mark | Literal["up", "down"]
    tone: Tone


Piece = Text | Line | Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    height: float
    pieces: tuple[Piece, ...]


def laid_out(chart: Chart, measure: Measure) -> Layout:
    """The pieces of a chart, each text cut to the room it has."""
    y = EDGE + TITLE_SIZE
    room = WIDTH - 2 * EDGE
    pieces: list[Piece] = [
        Text(x=EDGE, y=y, words=fitted(chart.title, room, TITLE_SIZE, True, measure), size=TITLE_SIZE, bold=True)
    ]
    more, y = _legend(chart, y + 7.0, measure)
    pieces += more
    for panel in chart.panels:
        more, y = _panel(panel, y + 10.0, measure)
        pieces += more
    return Layout(height=y + EDGE / 2, pieces=tuple(pieces))


def tone_of(mark: Sign) -> Tone:
    """Deadlines stand out; the shape says it, too, for who cannot tell the colours."""
    return "alarm" if mark in ("deadline", "doubt") else "quiet" if mark in ("happened", "reported") else "mark"


def fitted(words: str, room: float, size: float, bold: bool, measure: Measure) -> str:
    """As much of the words as there is room for, cut at a blank if there is one."""
    if measure(words, size, bold) <= room:
        return words
    cut = words[: _fitting(words, room, size, bold, measure, end="…")]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > len(cut) // 2 else cut).rstrip(" ,;:…") + "…"


def wrapped(words: str, room: float, size: float, measure: Measure) -> list[str]:
    """The words in lines, as many as a label may have; what is left over is cut."""
    lines: list[str] = []
    while len(lines) < _MOST_LINES - 1 and measure(words, size, False) > room:
        most = _fitting(words, room, size, False, measure)
        blank = words.rfind(" ", 1, most + 1)
        if blank <= 0:
            break
        lines.append(words[:blank])
        words = words[blank + 1 :]
    return [*lines, fitted(words, room, size, False, measure)]


def _fitting(words: str, room: float, size: float, bold: bool, measure: Measure, *, end: str = "") -> int:
    """How many characters there is room for, beside what comes after them."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(words[:middle] + end, size, bold) <= room else (low, middle - 1)
    return low


def _legend(chart: Chart, top: float, measure: Measure) -> tuple[list[Piece], float]:
    """What the signs mean, in as many lines as it takes; and where they end."""
    pieces: list[Piece] = []
    x, y = EDGE + 4.0, top + 8.0
    for sign, words in chart.legend:
        wide = 9.0 + measure(words, SMALL_SIZE, False) + 12.0
        if x + wide > WIDTH - EDGE and x > EDGE + 4.0:
            x, y = EDGE + 4.0, y + 12.0
        pieces += _sign(sign, x, y - 2.5)
        room = WIDTH - EDGE - x - 9.0
        pieces.append(
            Text(x=x + 9.0, y=y, words=fitted(words, room, SMALL_SIZE, False, measure), size=SMALL_SIZE, tone="quiet")
        )
        x += wide
    return pieces, y if chart.legend else top


def _sign(sign: Sign, x: float, y: float) -> list[Piece]:
    if sign == "today":
        return [_now(x, y, 4.5)]
    if sign == "open":
        return [Line(x=x - 4, y=y, to_x=x + 4, to_y=y, tone="mark", width=1.6), _arrow(x + 4, y, "up")]
    if sign == "range":
        return [Line(x=x - 4, y=y, to_x=x + 4, to_y=y, tone="mark", width=3.5)]
    return [Point(x=x, y=y, mark=sign, tone=tone_of(sign))]


def _panel(panel: Panel, top: float, measure: Measure) -> tuple[list[Piece], float]:
    pieces: list[Piece] = []
    y = top
    if panel.title:
        y += LABEL_SIZE
        words = fitted(panel.title, WIDTH - 2 * EDGE, LABEL_SIZE, True, measure)
        pieces.append(Text(x=EDGE, y=y, words=words, size=LABEL_SIZE, bold=True, tone="quiet"))
        y += 3.0
    for row in panel.rows:
        more, y = _row(row, panel, y, measure)
        pieces += more
    pieces += _axis(panel, y, measure)
    return pieces, y + 14.0


def _row(row: Row, panel: Panel, top: float, measure: Measure) -> tuple[list[Piece], float]:
    room, y = WIDTH - 2 * EDGE, top + _LABEL
    lines = wrapped(f"{row.number}. {row.label}", room, LABEL_SIZE, measure)
    pieces: list[Piece] = [
        Text(x=EDGE, y=y + _LEADING * place, words=words, size=LABEL_SIZE) for place, words in enumerate(lines)
    ]
    y += _LEADING * (len(lines) - 1)
    for words in wrapped(row.under, room, SMALL_SIZE, measure):
        y += _UNDER
        pieces.append(Text(x=EDGE, y=y, words=words, size=SMALL_SIZE, tone="quiet"))
    y += _TRACK
    pieces.append(Line(x=LEFT, y=y, to_x=RIGHT, to_y=y))
    for tick in panel.ticks:
        x = _at(tick.at, panel)
        pieces.append(Line(x=x, y=y - 2, to_x=x, to_y=y + 2))
    if panel.today is not None:
        pieces.append(_now(_at(panel.today, panel), y, 6.0))
    return [*pieces, *_marks(row, panel, y)], y + _GAP


def _marks(row: Row, panel: Panel, y: float) -> Iterator[Piece]:
    tone = tone_of(row.shape)
    start, end = _at(row.start, panel), _at(row.end, panel)
    if end > start:
        yield Line(x=start, y=y, to_x=end, to_y=y, tone=tone, width=3.5)
    if row.opens:
        to = end + 12 if row.opens == "up" else start - 12
        yield Line(x=end if row.opens == "up" else start, y=y, to_x=to, to_y=y, tone=tone, width=1.6)
        yield _arrow(to, y, row.opens)
    if row.doubt is not None:
        yield Point(x=_at(row.doubt, panel), y=y, mark="doubt", tone=tone)
    if row.shape != "range" or start == end:
        yield from (Point(x=x, y=y, mark=row.shape, tone=tone) for x in sorted({start, end}))


def _axis(panel: Panel, y: float, measure: Measure) -> Iterator[Piece]:
    """The labels of the ticks; one that would touch the one before it is left out."""
    free = 0.0
    for tick in panel.ticks:
        half = measure(tick.label, SMALL_SIZE, False) / 2
        x = min(max(_at(tick.at, panel), EDGE + half), WIDTH - EDGE - half)
        if x - half > free:
            yield Text(x=x, y=y + 8, words=tick.label, size=SMALL_SIZE, tone="quiet", align="center")
            free = x + half + 4.0


def _now(x: float, y: float, half: float) -> Line:
    return Line(x=x, y=y - half, to_x=x, to_y=y + half, tone="ink", width=1.2, dashed=True)


def _arrow(x: float, y: float, opens: Opens) -> Point:
    return Point(x=x, y=y, mark="up" if opens == "up" else "down", tone="mark")


def _at(value: float, panel: Panel) -> float:
    return LEFT + (value - panel.low) / (panel.high - panel.low) * (RIGHT - LEFT)
