"""The pages in a real browser, on a phone, light and dark: axe finds nothing, and nothing is asked of others.

Skipped, with the reason, where there is no Chromium or no driver for it: ``make test-browser`` brings both.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from fakes.newsroom import EDITOR, NOON, Together, counts, due, newsroom, report, says
from fakes.website import BASE, LINKS, Hand, Website, website

CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
playwright = pytest.importorskip("playwright.async_api", reason="no driver for a browser: make test-browser")
axe = pytest.importorskip("axe_playwright_python.async_playwright", reason="no axe: make test-browser")
if CHROMIUM is None:
    pytest.skip("no Chromium: make test-browser, or apt-get install chromium-headless-shell", allow_module_level=True)

PHONE = {"width": 360, "height": 740}
Scheme = Literal["light", "dark"]
EVIL = "<script>alert(1)</script><img src=//x.example onerror=alert(1)><style>*{display:none}</style>"
LEAVE = "Turkey must leave by the end of February."
SAYS = f"Fuat Oktay said {EVIL} that the road would be opened {'x' * 200}."
WEBMASTER = replace(EDITOR, role="editor")


async def addresses(web: Website) -> dict[str, str]:
    """Every kind of page, with whatever it can show."""
    url = "https://wire.example/a"
    first = report("It was quiet.", SAYS, LEAVE, title=EVIL, url=url)
    await web.room.arrive(first, (says(first, SAYS, "Fuat Oktay"), due(first, LEAVE, date(2020, 2, 29))))
    other = report(LEAVE, "Nothing else.", title="Another", url="https://wire.example/b")
    await web.room.arrive(other, (due(other, LEAVE, date(2020, 2, 29)),))
    digest = str((await web.room.ask("/digest full")).data["web"])
    charts = await digest_with_charts(web)
    newer = report("It was quiet.", SAYS.replace("opened", "closed"), LEAVE, title=EVIL, url=url)
    await web.room.arrive(newer, (due(newer, LEAVE, date(2020, 2, 29)),))
    await web.room.ask("/correct 2 due=31 March 2020 | the ministry moved it", WEBMASTER)
    await web.room.ask("/retract 3 nobody said so", WEBMASTER)
    facts = {f"fact {number}": LINKS.evidence(number, at=NOON) for number in (1, 2, 3)}
    return {**facts, "digest": digest, "charts": charts, "no entry": f"{BASE}/e/1", "nothing": f"{BASE}/nothing"}


async def digest_with_charts(web: Website) -> str:
    """A digest with three dates, one of them an attack, and figures that differ."""
    for place, publisher in enumerate(("Harbour Wire", "Volga Post")):
        tasks = [f"The road to post {day} of {place} must open {EVIL}." for day in (1, 2, 3)]
        count = f"Divers {'now ' * place}found {12 + place} people dead in the harbour."
        article = report(*tasks, count, title=f"Flood in the harbour, day {place}", publisher=publisher)
        dues = [due(article, task, date(2020, 2, 17 + day)) for day, task in enumerate(tasks)]
        figure = counts(article, count, str(12 + place), "people dead", 12 + place)
        await web.room.arrive(article, (*dues, figure), grouping=Together())
    return str((await web.room.ask("/digest full")).data["web"])


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Website]:
    async with newsroom(tmp_path) as room, website(room, draws=Hand()) as made:
        yield made


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_readable_on_a_phone_and_by_everybody(web: Website, scheme: Scheme, tmp_path: Path) -> None:
    pages = await addresses(web)
    asked: list[str] = []
    said: list[str] = []
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM)
        page = await browser.new_page(color_scheme=scheme, viewport=PHONE)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(f"a dialog: {dialog.message}"))
        for name, url in pages.items():
            await page.goto(url.replace(BASE, str(web.http.base_url).rstrip("/")))
            await page.screenshot(path=tmp_path / f"{name}-{scheme}.png", full_page=True)
            assert await found(page) == [], name
            assert await width(page) <= PHONE["width"], f"{name} has to be moved sideways"
            assert await background(page) == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 24, 27)")
        await browser.close()
    assert {url.split("/")[2] for url in asked} == {str(web.http.base_url.netloc, "ascii")}
    assert [each for each in said if "403" not in each and "404" not in each] == []


async def found(page: Any) -> list[str]:
    """What axe has to say against the page, by all of its rules."""
    results = await axe.Axe().run(page)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in results.response["violations"]]


async def width(page: Any) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))


async def background(page: Any) -> str:
    return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
