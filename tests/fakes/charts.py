"""Lines of charts as replies keep them, a page's ways of drawing, and what a drawing process may do wrong."""

from __future__ import annotations

import os
import time
from datetime import date
from typing import Any

from digests.edition.charts.model import Chart, Form, Grain

PNG = b"\x89PNG\r\n\x1a\nof a test"


def name(day: date, grain: Grain) -> str:
    """Days in ISO, cut to what an axis asks for."""
    return {"full": day.isoformat(), "day": f"{day:%m-%d}", "month": f"{day:%Y-%m}", "year": f"{day:%Y}"}[grain]


def base(number: int, summary: str = "A thing", source: str = "Levant Wire") -> dict[str, Any]:
    """What every line of a chart has; the fact has ten times its number."""
    return {
        "id": number * 10,
        "number": number,
        "who": "",
        "summary": summary,
        "status": "standing",
        "press": f"/evidence {number * 10}",
        "source": source,
        "url": "",
        "day": "2020-02-15",
    }


def dated(number: int, first: str, *, last: str = "", shape: str = "event", doubt: str = "", **more: Any) -> Any:
    days = {"from": first, "to": last or first, "shape": shape, "doubt": doubt, "standing": "passed", "distance": "ago"}
    return {**base(number), **days, **more}


def counted(
    number: int, measure: str, low: float | None, high: float | None, *, shape: str = "exact", **more: Any
) -> Any:
    extent = {"low": low, "high": high, "shape": shape}
    return {**base(number), "measure": measure, "unit": "people displaced", "extent": extent, **more}


SCOPE: dict[str, Any] = {"topic": "Idlib", "story": None, "since": None, "until": None, "page": 1, "clipped": 0}


def timeline_data(*lines: Any, **more: Any) -> dict[str, Any]:
    return {"chart": "timeline", "today": "2020-02-15", "lines": list(lines), **SCOPE, **more}


def figures_data(*groups: list[Any], **more: Any) -> dict[str, Any]:
    made = [{"unit": lines[0]["unit"], "verdict": None, "lines": lines, "left": 0} for lines in groups]
    return {"chart": "figures", "groups": made, **SCOPE, **more}


class Pencil:
    """Draws nothing, at once or never: what it was asked is kept."""

    def __init__(self, png: bytes | None = PNG) -> None:
        self.png = png
        self.asked: list[tuple[Chart, Form]] = []

    async def draw(self, chart: Chart, form: Form) -> bytes | None:
        self.asked.append((chart, form))
        return self.png


# what a drawing process may do: functions of a module, for they are named to it


def nothing() -> None:
    """A process that has nothing to load."""


def never_ready() -> None:
    """A process that never comes to draw."""
    time.sleep(600)


def draws(chart: Chart, form: Form) -> bytes:
    return PNG


def hangs(chart: Chart, form: Form) -> bytes:
    time.sleep(600)
    return PNG


def hangs_in_sight(chart: Chart, form: Form) -> bytes:
    """``title`` of the chart: a pipe that hears when it begins."""
    with open(chart.title, "w") as pipe:
        pipe.write("begun")
    return hangs(chart, form)


def toils(chart: Chart, form: Form) -> bytes:
    while True:
        pass


def fails(chart: Chart, form: Form) -> bytes:
    raise ValueError("no ink")


def dies(chart: Chart, form: Form) -> bytes:
    os._exit(9)


def dies_at_first(chart: Chart, form: Form) -> bytes:
    """``title`` of the chart: a file that says that it died once."""
    if not os.path.exists(chart.title):
        with open(chart.title, "wb"):
            os._exit(9)
    return PNG
