"""Charts in a page, each with the facts that it rests on beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.render.plain import shown
from bot.web.drawing import Link
from digests.edition.charts.model import IDS, Chart, DrawsCharts

_IDS = re.compile(f'(id="|href="#|labelledby="| ){IDS}-')


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """What a row of a chart rests on: its number in the digest, its day and outlet, and its evidence's address."""

    number: int
    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``svg``: empty where it could not be drawn in time."""

    title: str
    svg: Markup
    rests: Sequence[Rested]


async def figures_of(charts: Sequence[Chart], *, draws: DrawsCharts, link: Link) -> list[Figure]:
    """The charts as a page shows them."""
    return [await _figure(chart, f"chart{place}", draws, link) for place, chart in enumerate(charts, start=1)]


async def _figure(chart: Chart, name: str, draws: DrawsCharts, link: Link) -> Figure:
    drawn = await draws.draw(chart, "svg")
    rests = [Rested(number=row.number, words=shown(row.under), url=link(f"/evidence {row.fact}")) for row in chart.rows]
    return Figure(title=shown(chart.title), svg=placed(drawn.decode(), name) if drawn else Markup(""), rests=rests)


def placed(svg: str, name: str) -> Markup:
    """An image whose ids begin with ``name``, for a page may hold several.

    It is of our own making: what articles say is in it as text, escaped.
    """
    return Markup(_IDS.sub(rf"\g<1>{name}-", svg))  # noqa: S704 - drawn and tidied by bot.charts
