"""The chart of a reply, drawn from its lines: what is put right in them is put right in it.

A line that does not stand is not drawn; what the words say of it, they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from bot.books.shown import fact_of
from bot.render import days
from bot.render.markup import seen
from digests.edition.charts.amounts import FEWEST as FEWEST_AMOUNTS
from digests.edition.charts.amounts import Counted, Extent, amounts
from digests.edition.charts.model import Chart, NameDay
from digests.edition.charts.timeline import FEWEST as FEWEST_DATES
from digests.edition.charts.timeline import MOST, Dated, timeline
from digests.edition.charts.words import shortened

Line = Mapping[str, Any]
NAMES = {"timeline": "timeline.png", "figures": "figures.png"}
"""What the files are called, by the kind of chart."""
_FELL = ("retracted", "gone")
MOST_PANELS = 4
_NONE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def chart_of(data: Line) -> Chart | None:
    """The chart that a reply is sent with, ``None`` for one without; one of which nothing stands has no rows."""
    match data.get("chart"):
        case "timeline":
            return timeline(
                [_dated(each) for each in data["lines"] if _stands(each)],
                today=date.fromisoformat(data["today"]),
                name=_naming(data),
                topic=_topic(data),
            )
        case "figures":
            groups = [[_counted(each) for each in group["lines"] if _stands(each)] for group in data["groups"]]
            return amounts(groups, name=_naming(data), topic=_topic(data))
    return None


def charts_of_digest(data: Line) -> list[Chart]:
    """What of a digest is worth a picture: its dates along days, and figures beside those they differ from."""
    sections = {each["name"]: each["items"] for each in data.get("sections", ())}
    name = _naming(data)
    charts = []
    dates = [_due(each) for key in ("passed", "ahead") for each in sections.get(key, ()) if _stands(each)]
    if len(dates) >= FEWEST_DATES:
        dates = sorted(dates, key=lambda each: (each.first, each.last, each.number))[:MOST]
        charts.append(timeline(dates, today=date.fromisoformat(data["day"]), name=name, title="Dates in this digest"))
    groups = [_beside(each) for each in sections.get("figures", ())]
    groups = [group for group in groups if len(group) >= FEWEST_AMOUNTS][:MOST_PANELS]
    if groups:
        charts.append(amounts(groups, name=name))
    return charts


def _naming(data: Line) -> NameDay:
    return partial(days.named, language=str(data.get("language", "en")))


def _topic(data: Line) -> str:
    story = f" in story {data['story']}" if data.get("story") else ""
    return story + (f" about “{_visible(data['topic'], longest=60)}”" if data.get("topic") else "")


def _visible(text: str, *, longest: int = 300) -> str:
    """Text on one line as a picture can have it: what nobody can see is left out, what is no character is a mark."""
    return _NONE.sub("\ufffd", shortened(seen(text), longest=longest))


def _stands(line: Line) -> bool:
    """Whether nothing says otherwise by now."""
    mark = line.get("mark") or {}
    return line.get("status", "standing") == "standing" and mark.get("kind") not in _FELL


def _dated(line: Line) -> Dated:
    return Dated(
        number=line["number"],
        fact=fact_of(line) or 0,
        shape=line["shape"],
        first=date.fromisoformat(line["from"]),
        last=date.fromisoformat(line["to"]),
        label=_visible(line["summary"]),
        outlet=_visible(line["source"]),
        doubt=date.fromisoformat(line["doubt"]) if line.get("doubt") else None,
    )


def _due(line: Line) -> Dated:
    """A deadline or event of a digest."""
    shape = "deadline" if line["kind"] == "deadline" else "event"
    return _dated({**line, "shape": shape, "from": line["due_from"], "to": line["due_to"]})


def _counted(line: Line) -> Counted:
    return Counted(
        number=line["number"],
        fact=fact_of(line) or 0,
        measure=_visible(line["measure"]),
        unit=_visible(line["unit"]),
        outlet=_visible(line["source"]),
        day=date.fromisoformat(line["day"]),
        extent=Extent(**line["extent"]),
    )


def _beside(item: Line) -> Sequence[Counted]:
    """A figure of a digest and the one that it differs from, as far as both can be drawn; the older one first."""
    both: Iterable[Line] = [item, {**item["other"], "number": item["number"]}] if item.get("other") else []
    return sorted((_counted(each) for each in both if _stands(each) and each.get("extent")), key=lambda one: one.day)
