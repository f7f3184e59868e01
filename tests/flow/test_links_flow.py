"""A link given in a chat or on the command line ends as an article with facts, or as a line that says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fakes.desk import ADMIN, SOMEBODY
from fakes.web_server import Site, site

from bot.app.services import opened
from bot.cli import cli
from bot.config import Settings
from bot.model import Origin
from bot.render import Renderer
from bot.router import answer

pytestmark = pytest.mark.usefixtures("warm_readers")

BODY = """<p>Harbour Minister Clara Osei said on Saturday that two new cranes would arrive by the end of February.</p>
<p>"We will not wait for the spring," she told reporters in Port Ardal. The union of the dockers has welcomed the
plan, which was first made public three weeks ago by the port's own newspaper.</p>"""
HEAD = '<meta property="article:published_time" content="2020-02-15T09:30:00+00:00">'


def page(*, title: str = "Minister Promises New Cranes", head: str = HEAD, body: str = BODY) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/own.db", onrecord_allow_loopback=True)


async def reads(*lines: str, settings: Settings, origin: Origin = ADMIN) -> list[str]:
    """What somebody reads after typing each of ``lines``."""
    shown = []
    async with opened(settings) as services:
        for line in lines:
            reply = await answer(line, origin, services=services, now=datetime(2020, 2, 16, 12, tzinfo=UTC))
            shown.append("\n".join(message.plain for message in Renderer().render(reply, "plain")))
    return shown


async def run(*arguments: str, settings: Settings, loopback: str = "yes") -> Result:
    env = {"DATABASE_URL": settings.database_url, "ONRECORD_ALLOW_LOOPBACK": loopback}
    return await asyncio.to_thread(CliRunner(env=env).invoke, cli, arguments)


async def test_a_link_in_the_chat_becomes_an_article_that_answers(server: Site, settings: Settings) -> None:
    url = server.put_packed("/2020/cranes?id=7", page())
    added, again, asked = await reads(f"/add {url}", f"/add {url}&utm_source=x", "/who Osei", settings=settings)
    assert added.startswith("Saved as article 1.")
    assert "Minister Promises New Cranes" in added
    assert "has no such page (404)" in again
    assert "Clara Osei" in asked
    assert "Harbour Minister" in asked


async def test_a_link_is_refused_in_words(server: Site, settings: Settings) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /closed\n")
    undated = server.put("/undated", page(head=""))
    server.put("/closed", page())
    read = await reads(
        f"/add {undated}",
        f"/add published 2020-02-15 {undated}",
        f"/add {server.url}/closed",
        "/add http://169.254.169.254/latest/meta-data",
        "/add http://0x7f.1/",
        "/add file:///etc/passwd",
        settings=settings,
    )
    assert f"/add published 2020-02-15 {undated}" in read[0]
    assert read[1].startswith("Saved as article 1.")
    assert "asks programs not to fetch that page" in read[2]
    assert "not on the public Internet" in read[3]
    assert "four decimal numbers" in read[4]
    assert "only http and https" in read[5]


async def test_facts_of_a_link_are_shown_and_what_is_unknown_is_added_for_admins(
    server: Site, settings: Settings
) -> None:
    url = server.put("/a", page())
    somebody, added, shown, pasted = [
        *await reads(f"/facts {url}", settings=settings, origin=SOMEBODY),
        *await reads(f"/facts {url}", settings=settings),
        *await reads(f"/facts {url}?utm_source=x", settings=settings, origin=SOMEBODY),
        *await reads(url, settings=settings, origin=SOMEBODY),
    ]
    assert "That article is not in the archive. An editor can add it" in somebody
    assert added.startswith("Saved as article 1.")
    assert "two new cranes" in shown
    assert pasted == shown


async def test_a_long_link_may_be_asked_about(settings: Settings) -> None:
    (read,) = await reads(f"/facts https://a.example/{'x' * 500}", settings=settings, origin=SOMEBODY)
    assert "is not in the archive" in read


async def test_a_link_to_this_machine_is_refused_unless_the_setting_allows_it(server: Site, settings: Settings) -> None:
    url = server.put("/a", page())
    refused = await run("add", url, settings=settings, loopback="")
    assert refused.exit_code == 1
    assert "127.0.0.1 is not on the public Internet: only public addresses are fetched" in refused.stderr
    assert server.asked == []


async def test_the_command_line_adds_links(server: Site, settings: Settings) -> None:
    good, bad = server.put("/a", page()), server.url + "/none"
    done = await run("add", good, bad, settings=settings)
    assert done.exit_code == 1
    assert done.stdout.startswith("1  2020-02-15  Minister Promises New Cranes: ")
    assert "127.0.0.1 has no such page (404)" in done.stderr
