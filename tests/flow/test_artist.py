"""The process that draws: killed when it hangs, replaced when it dies, and never the reason that an answer is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import charts
from fakes.charts import PNG, dated, timeline_data

from bot.charts.artist import MOST_KEPT, Artist
from bot.render.charting import chart_of
from digests.edition.charts.model import Chart
from digests.sources.child import Limits

LIMITS = Limits(cpu_seconds=30.0, wall_seconds=60.0, memory=512 * 1024 * 1024, start_seconds=60.0)
"""More than a crowded machine needs; what is to reach a limit gets a short one."""


def chart(title: str = "") -> Chart:
    made = chart_of(timeline_data(dated(1, "2020-02-10")))
    assert made is not None
    return replace(made, title=title or made.title)


@asynccontextmanager
async def artist(paint: Any, **more: Any) -> AsyncIterator[Artist]:
    async with Artist(paint=paint, **{"prepare": charts.nothing, "limits": LIMITS, **more}) as made:
        yield made


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_chart_is_drawn_by_matplotlib_in_a_process_of_its_own_and_kept() -> None:
    async with Artist() as made:
        png, svg = await made.draw(chart(), "png"), await made.draw(chart(), "svg")
        assert png is not None
        assert png.startswith(b"\x89PNG")
        assert svg is not None
        assert svg.startswith(b"<svg ")
        began = time.process_time()
        assert await made.draw(chart(), "png") is png
        assert time.process_time() - began < 0.05


@pytest.mark.parametrize(
    ("paint", "limits"),
    [
        (charts.hangs, replace(LIMITS, wall_seconds=0.3)),
        (charts.toils, replace(LIMITS, cpu_seconds=0.2)),
        (charts.fails, LIMITS),
        (charts.dies, LIMITS),
    ],
)
async def test_what_cannot_be_drawn_is_no_error_and_the_next_one_is_tried(paint: Any, limits: Limits) -> None:
    async with artist(paint, limits=limits) as made:
        assert await made.draw(chart(), "png") is None
        assert await made.draw(chart("another"), "png") is None


async def test_a_process_that_never_gets_ready_is_given_up() -> None:
    async with artist(charts.draws, limits=replace(LIMITS, start_seconds=0.3), prepare=charts.never_ready) as made:
        assert await made.draw(chart(), "png") is None


async def test_a_process_that_died_of_itself_gets_a_second_try(tmp_path: Path) -> None:
    async with artist(charts.dies_at_first) as made:
        assert await made.draw(chart(str(tmp_path / "died")), "png") == PNG


async def test_who_waits_too_long_gets_no_picture_and_nothing_goes_on_drawing_it() -> None:
    async with artist(charts.hangs, patience=0.5) as made:
        began = asyncio.get_running_loop().time()
        assert await asyncio.gather(*(made.draw(chart(str(each)), "png") for each in range(3))) == [None] * 3
        assert asyncio.get_running_loop().time() - began < 30


async def test_who_comes_when_too_many_wait_is_not_kept_waiting() -> None:
    async with artist(charts.draws) as made:
        drawn = await asyncio.gather(*(made.draw(chart(str(each)), "png") for each in range(40)))
    assert drawn.count(PNG) == 16
    assert drawn.count(None) == 24


async def test_only_so_many_pictures_are_kept() -> None:
    async with artist(charts.draws) as made:
        for each in range(MOST_KEPT + 5):
            await made.draw(chart(str(each)), "png")
        assert len(made._kept) == MOST_KEPT


async def test_a_process_that_is_not_needed_ends_and_another_one_starts() -> None:
    async with artist(charts.draws, idle=0.0) as made:
        assert await made.draw(chart("one"), "png") == PNG
        await asyncio.sleep(0.01)
        assert made._child is None
        assert await made.draw(chart("two"), "png") == PNG


async def test_a_process_killed_between_two_charts_is_replaced() -> None:
    async with artist(charts.draws) as made:
        assert await made.draw(chart("one"), "png") == PNG
        assert made._child is not None
        os.kill(made._child._process.pid or 0, signal.SIGKILL)
        assert await made.draw(chart("two"), "png") == PNG


async def test_closing_ends_what_is_under_way(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    async with artist(charts.hangs_in_sight) as made:
        drawing = asyncio.create_task(made.draw(chart(str(pipe)), "png"))
        assert await asyncio.to_thread(pipe.read_text) == "begun"
        assert made._child is not None
        number = made._child._process.pid or 0
        assert alive(number)
    assert await drawing is None
    assert not alive(number)
    assert await made.draw(chart("late"), "png") is None
