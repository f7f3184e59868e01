"""Calendars and feeds, from the command in a chat to the program that asks for them over a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fakes.newsroom import EDITOR, NOON, OTHER, drawn, due, newsroom, report, says
from fakes.website import BASE, Website, website
from icalendar import Calendar, Event

from bot.access import Place
from bot.model import Origin
from bot.web.atom import NAMESPACE, TOMBSTONES

pytestmark = pytest.mark.usefixtures("warm_readers")

WEBMASTER = replace(EDITOR, role="editor")
LEAVE = "Turkey must leave by the end of February."
OPEN = "Fuat Oktay must open the road by March."
SAYS = "Fuat Oktay said on Saturday that the road would be opened."
GROUP = Origin(platform="telegram", chat="telegram:-7", user="telegram:9", private=False)


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Website]:
    async with newsroom(tmp_path) as room, website(room) as made:
        yield made


async def arrive(web: Website) -> None:
    """Facts 1 and 2 are deadlines, 3 a statement."""
    article = report(LEAVE, OPEN, SAYS, url="https://wire.example/a")
    facts = (due(article, LEAVE, date(2020, 2, 29)), due(article, OPEN, date(2020, 3, 1)))
    await web.room.arrive(article, (*facts, says(article, SAYS, "Fuat Oktay")))


async def made(web: Website, typed: str = "/calendar", origin: Origin = EDITOR) -> str:
    return str((await web.room.ask(typed, origin)).data["url"])


async def events(web: Website, url: str) -> dict[str, Event]:
    answer = await web.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(each["UID"]): each for each in Calendar.from_ical(answer.content).walk("VEVENT")}


ONE, TWO = "fact-1@news.example", "fact-2@news.example"


async def test_calendar_gives_an_address_that_a_program_can_subscribe_to(web: Website) -> None:
    await arrive(web)
    reply = await web.room.ask("/calendar")
    url = reply.data["url"]
    assert url.startswith(f"{BASE}/c/")
    assert "Whoever has the address can read it" in drawn(reply)
    found = await events(web, url)
    assert set(found) == {ONE, TWO}
    assert found[ONE]["DTSTART"].dt == date(2020, 2, 29)
    assert f"“{LEAVE}”" in str(found[ONE]["DESCRIPTION"])
    assert str(found[ONE]["URL"]) == "https://wire.example/a"


async def test_a_moved_deadline_moves_and_a_retracted_one_is_cancelled(web: Website) -> None:
    await arrive(web)
    url = await made(web)
    before = await events(web, url)
    web.room.now = NOON + timedelta(hours=1)
    await web.room.ask("/correct 1 due=31 March 2020 | the ministry moved it", WEBMASTER)
    await web.room.ask("/retract 2 nobody said so", WEBMASTER)
    after = await events(web, url)
    assert set(after) == set(before)
    assert after[ONE]["DTSTART"].dt == date(2020, 3, 31)
    assert (int(after[ONE]["SEQUENCE"]), str(after[ONE]["STATUS"])) == (1, "CONFIRMED")
    assert (int(after[TWO]["SEQUENCE"]), str(after[TWO]["STATUS"])) == (1, "CANCELLED")
    assert "road" not in (await web.get(url)).text
    again = await events(web, url)
    assert [int(each["SEQUENCE"]) for each in again.values()] == [1, 1]


async def test_what_was_retracted_before_anybody_looked_is_never_shown(web: Website) -> None:
    await arrive(web)
    url = await made(web)
    await web.room.ask("/retract 2 nobody said so", WEBMASTER)
    assert set(await events(web, url)) == {ONE}


async def test_words_that_a_new_version_drops_are_cancelled(web: Website) -> None:
    await arrive(web)
    url = await made(web)
    await events(web, url)
    newer = report("Nothing is due.", OPEN, url="https://wire.example/a")
    await web.room.arrive(newer, (due(newer, OPEN, date(2020, 3, 1)),))
    found = await events(web, url)
    assert [str(found[each]["STATUS"]) for each in (ONE, TWO)] == ["CANCELLED", "CONFIRMED"]


async def test_a_calendar_that_has_not_changed_is_not_sent_again(web: Website) -> None:
    await arrive(web)
    url = await made(web)
    first = await web.get(url)
    tag = first.headers["etag"]
    web.room.now = NOON + timedelta(hours=5)
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        same = await web.get(url, {"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    await web.room.ask("/correct 1 due=31 March 2020 | moved", WEBMASTER)
    other = await web.get(url, {"If-None-Match": tag})
    assert (other.status_code, other.headers["etag"] == tag) == (200, False)


async def test_a_calendar_shows_what_its_chat_chose(web: Website) -> None:
    await arrive(web)
    url = await made(web, "/calendar Turkey")
    assert set(await events(web, url)) == {ONE}
    said = await web.room.read("/calendar about road")
    assert "about “road”" in said
    assert "/c/" not in said
    found = await events(web, url)
    assert set(found) == {TWO}, "what still stands is not cancelled, only not shown"
    await web.room.ask("/calendar all")
    assert set(await events(web, url)) == {ONE, TWO}


async def test_typed_again_it_tells_what_there_is_and_not_the_address(web: Website) -> None:
    url = await made(web, "/calendar Turkey")
    reply = await web.room.ask("/calendar")
    assert reply.data["state"] == "kept"
    assert "about “Turkey”" in drawn(reply)
    assert url not in drawn(reply)
    assert [button.command for button in reply.buttons[0]] == ["/calendar new", "/calendar off"]


async def test_a_new_address_ends_the_old_one_and_keeps_the_choice(web: Website) -> None:
    await arrive(web)
    old = await made(web, "/calendar Turkey")
    new = await made(web, "/calendar new")
    assert new != old
    assert (await web.get(old)).status_code == 404
    assert set(await events(web, new)) == {ONE}
    everything = await made(web, "/calendar new all")
    assert set(await events(web, everything)) == {ONE, TWO}


async def test_an_address_that_was_ended_leads_nowhere(web: Website) -> None:
    url = await made(web)
    assert "leads nowhere any more" in await web.room.read("/calendar off")
    assert (await web.get(url)).status_code == 404
    reply = await web.room.ask("/calendar off")
    assert reply.data["state"] == "none"
    assert reply.buttons[0][0].command == "/calendar new"


async def test_one_chats_address_shows_nothing_of_anothers_and_ends_none(web: Website) -> None:
    await arrive(web)
    mine, theirs = await made(web, "/calendar Turkey"), await made(web, "/calendar road", OTHER)
    assert set(await events(web, theirs)) == {TWO}
    await web.room.ask("/calendar off", OTHER)
    assert (await web.get(theirs)).status_code == 404
    assert set(await events(web, mine)) == {ONE}


async def test_a_secret_of_one_kind_opens_nothing_of_the_other(web: Website) -> None:
    calendar, feed = await made(web), await made(web, "/atom")
    assert (await web.get(calendar.replace("/c/", "/f/").replace(".ics", ".atom"))).status_code == 404
    assert (await web.get(feed.replace("/f/", "/c/").replace(".atom", ".ics"))).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/c/.ics", "/c/x.ics", "/c/%00.ics", "/c/..%2f..%2f.ics", "/c/' OR 1=1 --.ics", "/c/%F0%9F%87.ics", "/f/x.atom"],
)
async def test_made_up_addresses_lead_nowhere(web: Website, path: str) -> None:
    await made(web)
    await made(web, "/atom")
    assert (await web.get(path)).status_code == 404


async def test_a_chat_that_is_let_out_has_no_calendar_any_more(tmp_path: Path) -> None:
    let_in = {("telegram:1", "telegram:1")}

    async def still(places: Collection[Place]) -> Collection[Place]:
        return [place for place in places if place in let_in]

    async with newsroom(tmp_path) as room, website(room, still=still) as web:
        url = await made(web)
        assert (await web.get(url)).status_code == 200
        let_in.clear()
        assert (await web.get(url)).status_code == 404
        let_in.add(("telegram:1", "telegram:1"))
        assert (await web.get(url)).status_code == 200


async def test_in_groups_only_those_who_run_them_make_addresses(web: Website) -> None:
    assert (await web.room.ask("/calendar", GROUP)).template == "not_manager"
    assert (await web.room.ask("/atom off", GROUP)).template == "not_manager"
    assert (await web.room.ask("/calendar", replace(GROUP, role="editor"))).data["state"] == "made"


@pytest.mark.parametrize("typed", ["/calendar", "/atom new"])
async def test_without_a_web_side_it_says_what_is_missing(tmp_path: Path, typed: str) -> None:
    async with newsroom(tmp_path) as room:
        assert "WEB_URL" in await room.read(typed)


async def test_a_terminal_has_no_address(web: Website) -> None:
    assert "Telegram or Slack" in await web.room.read(
        "/calendar", Origin(platform="console", chat="console", user="console")
    )


async def test_words_that_cannot_be_searched_choose_nothing(web: Website) -> None:
    assert (await web.room.ask("/calendar ?!")).template == "usage"


# Feeds


async def titles(web: Website, url: str) -> list[str]:
    answer = await web.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    return [str(each.findtext(f"{{{NAMESPACE}}}title")) for each in root.iter(f"{{{NAMESPACE}}}entry")]


async def test_atom_gives_a_feed_of_the_facts_that_the_chat_chose(web: Website) -> None:
    await arrive(web)
    assert await titles(web, await made(web, "/atom")) == [SAYS, OPEN, LEAVE]
    url = await made(web, "/atom new statements")
    assert await titles(web, url) == [SAYS]
    await web.room.ask("/atom deadlines Turkey")
    assert await titles(web, url) == [LEAVE]
    assert "deadline only · about “Turkey”" in await web.room.read("/atom")


async def test_a_feed_that_has_not_changed_is_not_sent_again_and_a_retracted_fact_is_gone(web: Website) -> None:
    await arrive(web)
    url = await made(web, "/atom")
    tag = (await web.get(url)).headers["etag"]
    assert (await web.get(url, {"If-None-Match": tag})).status_code == 304
    await web.room.ask("/retract 3 he was misheard", WEBMASTER)
    assert await titles(web, url) == [OPEN, LEAVE]
    assert (await web.get(url, {"If-None-Match": tag})).status_code == 200


async def test_a_retracted_fact_and_one_that_is_gone_leave_tombstones_in_feeds_that_are_older(web: Website) -> None:
    await arrive(web)
    await web.room.ask("/retract 2 it was another road", WEBMASTER)
    url = await made(web, "/atom")
    assert await buried(web, url) == [2], "the newest of the tests' clocks is the database's"
    await web.room.ask("/retract 3 he was misheard", WEBMASTER)
    assert await buried(web, url) == [3, 2]
    article = report("It snowed.", url="https://wire.example/a")
    await web.room.arrive(article)
    assert set(await buried(web, url)) == {1, 2, 3}
    assert "misheard" not in (await web.get(url)).text
    web.room.now = NOON + timedelta(days=100_000)
    assert await buried(web, await made(web, "/atom new")) == []


async def buried(web: Website, url: str) -> list[int]:
    root = ElementTree.fromstring((await web.get(url)).content)
    return [int(each.attrib["ref"].rpartition("/")[2]) for each in root.iter(f"{{{TOMBSTONES}}}deleted-entry")]


async def test_making_an_address_is_in_the_audit_log_without_the_address(web: Website) -> None:
    url = await made(web)
    rows = await web.room.database.read(lambda c: c.execute("SELECT did FROM audit").fetchall())
    assert [row[0] for row in rows] == ["/calendar"]
    assert url not in str(rows)
