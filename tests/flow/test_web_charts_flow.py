"""The charts on a digest's page: drawn into it, resting on links to their evidence, or left out with a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.charts import Pencil
from fakes.newsroom import EDITOR, TODAY, Together, counts, due, newsroom, report
from fakes.website import Hand, Website, website

from digests.edition.charts.model import DrawsCharts

WEBMASTER = replace(EDITOR, role="editor")
TASKS = ("Troops must leave by Monday.", "The road must open by Tuesday.", "They must answer by Wednesday <b>&.")
FEW = "Divers found 12 people dead in the flooded harbour."
MANY = "Divers have now found 14 people dead in the harbour."


@asynccontextmanager
async def site(folder: Path, draws: DrawsCharts | None) -> AsyncIterator[Website]:
    async with newsroom(folder) as room, website(room, draws=draws) as made:
        article = report(*TASKS)
        await room.arrive(
            article,
            tuple(due(article, task, TODAY + timedelta(days=place)) for place, task in enumerate(TASKS, start=2)),
        )
        yield made


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Website]:
    async with site(tmp_path, Hand()) as made:
        yield made


async def page_of(web: Website) -> str:
    return (await web.get(str((await web.room.ask("/digest full")).data["web"]))).text


async def test_the_dates_of_a_digest_are_drawn_into_its_page_with_links_to_what_they_rest_on(web: Website) -> None:
    page = await page_of(web)
    assert page.count("<svg ") == 1
    assert '<h2 id="figure1" dir="auto">Dates in this digest</h2>' in page
    assert "A timeline of 3 dated facts, 17 Feb 2020 to 19 Feb 2020." in page
    assert '<text x="14" ' in page
    assert all(re.search(rf">\d\. {task}</text>", page) for task in TASKS[:2])
    links = re.findall(r'<li>(\d)\. <a href="([^"]*)" dir="auto">([^<]*)</a></li>', page)
    assert [words for _, _, words in links] == [
        f"{16 + place} Feb 2020 · Levant Wire · evidence {place}" for place in (1, 2, 3)
    ]
    assert all(
        re.search(rf"{number}\. [^\n]*{16 + place} Feb 2020", page) for place, (number, _, _) in enumerate(links, 1)
    )
    assert (await web.get(links[0][1].replace("&amp;", "&"))).status_code == 200


async def test_a_page_with_charts_keeps_to_its_policy_and_repeats_no_id(web: Website) -> None:
    await flooded(web)
    page = await page_of(web)
    assert page.count("<svg ") == 2
    assert not re.search(r"<script|<img|<style|style=|\bon\w+=|xlink|url\(|@import", page)
    assert "Wednesday &lt;b&gt;&amp;" in page
    assert [each for each, count in Counter(re.findall(' id="([^"]*)"', page)).items() if count > 1] == []
    assert {each[:1] for each in re.findall(r'<use [^>]*href="([^"]*)"', page)} == {"#"}


async def flooded(web: Website) -> None:
    """Two outlets count one thing differently."""
    for sentence, number, publisher, day in (
        (FEW, 12, "Harbour Wire", TODAY - timedelta(days=1)),
        (MANY, 14, "Volga Post", TODAY),
    ):
        article = report(sentence, title="Flood in the harbour", publisher=publisher, day=day)
        dead = counts(article, sentence, str(number), "people dead", number)
        await web.room.arrive(article, (dead,), grouping=Together())


async def test_figures_stand_beside_those_they_differ_from(web: Website) -> None:
    await flooded(web)
    page = await page_of(web)
    assert "2 figures by source and day: people dead." in page
    assert "Harbour Wire · evidence 4</a>" in page
    assert "Volga Post · evidence 5</a>" in page


async def test_a_date_that_was_retracted_is_drawn_no_more(web: Website) -> None:
    link = str((await web.room.ask("/digest full")).data["web"])
    await web.room.ask("/retract 1 nobody said so", WEBMASTER)
    assert "<svg" not in (await web.get(link)).text


async def test_what_cannot_be_drawn_leaves_the_page_as_it_is_and_says_so(tmp_path: Path) -> None:
    async with site(tmp_path, Pencil(png=None)) as web:
        page = await page_of(web)
    assert "<svg" not in page
    assert "This chart could not be drawn just now." in page
    assert "evidence 1</a></li>" in page
    assert TASKS[0] in page


async def test_a_site_without_anybody_who_draws_has_no_charts(tmp_path: Path) -> None:
    async with site(tmp_path, None) as web:
        page = await page_of(web)
    assert "<figure" not in page
    assert TASKS[0] in page
