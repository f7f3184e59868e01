"""A chart in characters of one width, for terminals and pipes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digests.edition.charts.model import Chart, Panel, Row, Sign

WIDTH = 48
_SIGNS: Mapping[Sign, str] = {
    "deadline": "◆",
    "event": "●",
    "happened": "■",
    "reported": "□",
    "doubt": "◇",
    "exact": "●",
    "about": "○",
    "range": "━",
    "open": "→",
    "today": "┊",
}


def drawn(chart: Chart) -> list[str]:
    """The lines of the chart: each row's number and its marks, under them the axis, at last what the signs mean."""
    lines = []
    for panel in chart.panels:
        lines += [panel.title] if panel.title else []
        lines += [f"{row.number:>3} {_track(row, panel)}" for row in panel.rows]
        lines += [f"    {line}" for line in _axis(panel)]
    if chart.legend:
        lines.append("    " + "  ".join(f"{_SIGNS[sign]} {words}" for sign, words in chart.legend))
    return lines


def _track(row: Row, panel: Panel) -> str:
    cells = ["·"] * WIDTH
    if panel.today is not None:
        cells[_cell(panel.today, panel)] = _SIGNS["today"]
    start, end = _cell(row.start, panel), _cell(row.end, panel)
    for at in range(start, end + 1):
        cells[at] = "━"
    if row.shape != "range":
        cells[start] = cells[end] = _SIGNS[row.shape]
    if row.opens == "up":
        cells[min(end + 1, WIDTH - 1)] = "→"
    elif row.opens == "down":
        cells[max(start - 1, 0)] = "←"
    if row.doubt is not None:
        cells[_cell(row.doubt, panel)] = _SIGNS["doubt"]
    return "".join(cells)


def _axis(panel: Panel) -> Iterator[str]:
    """Ticks, and their labels as far as there is room."""
    marks, labels = ["─"] * WIDTH, ""
    for tick in panel.ticks:
        at = _cell(tick.at, panel)
        marks[at] = "┴"
        at = min(at, WIDTH - len(tick.label))
        if at >= 0 and (not labels or at > len(labels)):
            labels = labels.ljust(at) + tick.label
    yield "".join(marks)
    yield labels


def _cell(at: float, panel: Panel) -> int:
    share = (at - panel.low) / (panel.high - panel.low)
    return max(0, min(WIDTH - 1, round(share * (WIDTH - 1))))
