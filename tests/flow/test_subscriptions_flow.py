"""Ordering digests in a chat: what people type, what they read, and what they can reach."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from fakes.desk import NOON, SOMEBODY, Desk, commands_of
from fakes.memory_store import MemoryStore

from bot.access import Standing
from bot.books.sql import MIGRATIONS, SqlBooks
from bot.books.subscriptions import SqlSubscriptions
from bot.model import ChatSettings, Origin
from digests.edition.model import Schedule, Subscription, Wanted
from digests.model import Person
from digests.store.sqlite.database import SqliteDatabase

PEOPLE = (
    Person(id=1, name="Fuat Oktay", aliases=("Oktay",)),
    Person(id=2, name="Recep Tayyip Erdogan", aliases=("Erdogan",)),
    Person(id=3, name="Emine Erdogan"),
)
GROUP = Origin(platform="telegram", chat="telegram:-5", user="telegram:1", private=False, thread="77")
CHANNEL = Origin(platform="slack", chat="slack:C1", user="slack:U1", private=False, thread="15.2", role="editor")


class Admins:
    """Of the groups only telegram:1 is an admin."""

    async def standing(self, chat: str, user: str) -> Standing:
        return "admin" if user == "telegram:1" else "member"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with await SqliteDatabase.open(tmp_path / "own.db", [MIGRATIONS]) as database:
        subscriptions = SqlSubscriptions(database)
        store = MemoryStore(people=PEOPLE)
        yield Desk(store=store, books=SqlBooks(database), subscriptions=subscriptions, groups=Admins())


async def kept(desk: Desk, chat: str = "telegram:1") -> list[Subscription]:
    found: list[Subscription] = await desk.subscriptions.subscriptions(chat)
    return found


async def test_a_digest_is_ordered_and_its_next_time_is_told(desk: Desk) -> None:
    told = await desk.read("/subscribe daily 08:00 Istanbul people Oktay full")
    assert "Subscribed" in told
    assert "1 · every day at 08:00 (Europe/Istanbul) · about Fuat Oktay · full" in told
    assert "Next: Sun 16 Feb 2020, 08:00" in told
    (one,) = await kept(desk)
    assert one.schedule == Schedule(at=time(8, 0), zone="Europe/Istanbul")
    assert (one.wanted, one.length, one.user) == (Wanted(people=(1,)), "full", "telegram:1")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/subscribe weekdays 07:30", "Monday to Friday at 07:30"),
        ("/subscribe weekly mon 09:00", "every Monday at 09:00"),
        ("/subscribe hourly", "every hour at :00"),
        ("/subscribe Idlib", "every day at 08:00 (UTC) · any of: Idlib"),
        (
            '/subscribe daily 9 "peace talks" +Turkey -football',
            "any of: peace talks · all of: Turkey · none of: football",
        ),
        ("/subscribe daily 9 from Reuters silent", "from Reuters · short · silent when there is nothing new"),
        ("/subscribe daily 25:00", "No clock shows “25:00”"),
        ("/subscribe daily 08:00 people Lavrov", "Nobody of the name “Lavrov”"),
        ("/subscribe daily 08:00 people Erdogan", "More than one fits “Erdogan”. Which one?"),
        ("/subscribe - +", "/subscribe [daily 08:00"),
        ("/subscribe", "None yet. Order one"),
        ("/unsubscribe", "None yet. Order one"),
        ("/unsubscribe 7", "None yet. Order one"),
        ("/pause 3 days", "There are no digests here to pause"),
        ("/resume", "There are no digests here to pause"),
        ("/pause 7 3 days", "no digest with the number 7"),
    ],
)
async def test_what_is_typed_and_what_is_read(desk: Desk, typed: str, says: str) -> None:
    assert says in await desk.read(typed)


async def test_a_button_says_which_of_two_people_is_meant(desk: Desk) -> None:
    reply = await desk.ask("/subscribe daily 08:00 people Erdogan full")
    assert "Subscribed" in await desk.read(commands_of(reply)[1])
    (one,) = await kept(desk)
    assert (one.wanted.people, one.length) == ((3,), "full")


async def test_an_unknown_name_can_be_looked_for_as_words(desk: Desk) -> None:
    reply = await desk.ask("/subscribe daily 08:00 people Lavrov")
    await desk.ask(commands_of(reply)[-1])
    assert (await kept(desk))[0].wanted == Wanted(words=("Lavrov",))


async def test_a_city_that_was_meant_as_a_topic_is_one_press_away(desk: Desk) -> None:
    reply = await desk.ask("/subscribe daily 08:00 Gaza")
    assert "Gaza is taken for your time zone" in await desk.read("/subscribe daily 09:00 Gaza")
    await desk.ask(commands_of(reply)[0])
    first = (await kept(desk))[0]
    assert (first.schedule.zone, first.wanted) == ("UTC", Wanted(must=("gaza",)))


async def test_the_first_zone_somebody_names_is_offered_to_the_chat(desk: Desk) -> None:
    reply = await desk.ask("/subscribe daily 08:00 New York")
    assert commands_of(reply)[-1] == "/settings zone America/New_York"
    await desk.ask(commands_of(reply)[-1])
    assert "/settings zone" not in " ".join(commands_of(await desk.ask("/subscribe daily 08:00 Istanbul")))


async def test_the_same_order_twice_is_one_digest_and_twenty_are_enough(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00")
    assert "ordered already" in await desk.read("/subscribe daily 8am")
    for minute in range(1, 20):
        await desk.ask(f"/subscribe daily 08:{minute:02}")
    assert "20 digests already" in await desk.read("/subscribe daily 09:00")
    assert len(await kept(desk)) == 20


async def test_a_digest_is_changed_by_its_number_and_the_rest_of_it_stays(desk: Desk) -> None:
    await desk.ask("/subscribe weekdays 07:30 people Oktay full")
    assert "Changed" in await desk.read("/subscribe 1 9am")
    assert "Changed" in await desk.read("/subscribe 1 short silent language German zone Berlin")
    (one,) = await kept(desk)
    assert one.schedule == Schedule(frequency="weekdays", at=time(9, 0), zone="Europe/Berlin")
    assert (one.length, one.when_empty, one.language, one.wanted) == ("short", "silence", "de", Wanted(people=(1,)))
    await desk.ask("/subscribe 1 weekly fri about Idlib")
    (one,) = await kept(desk)
    assert (one.schedule.frequency, one.schedule.weekday, one.wanted) == ("weekly", 4, Wanted(must=("Idlib",)))


async def test_what_belongs_to_another_chat_is_unknown(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00")
    other = replace(SOMEBODY, chat="telegram:2", user="telegram:2")
    await desk.ask("/subscribe daily 09:00", origin=other)
    for typed in ("/unsubscribe 1", "/pause 1 3 days", "/resume 1", "/subscribe 1 full"):
        assert "no digest with the number 1" in await desk.read(typed, origin=other)
    assert "08:00" not in await desk.read("/subscribe", origin=other)
    (one,) = await kept(desk)
    assert (one.length, one.paused_until) == ("short", None)


async def test_digests_are_listed_and_stopped_one_by_one_or_all(desk: Desk) -> None:
    for typed in ("daily 08:00", "weekly mon 09:00", "hourly"):
        await desk.ask(f"/subscribe {typed}")
    listed = await desk.ask("/subscribe")
    assert commands_of(listed) == ["/unsubscribe 1", "/unsubscribe 2", "/unsubscribe 3", "/pause"]
    assert "/unsubscribe all" in commands_of(await desk.ask("/unsubscribe"))
    assert "Stopped: 2 · every Monday at 09:00" in await desk.read("/unsubscribe #2")
    assert "no digest with the number 99" in await desk.read("/unsubscribe 99")
    assert "No digests come to this chat any more" in await desk.read("/unsubscribe all")
    assert await kept(desk) == []


async def test_the_only_digest_needs_no_number_to_be_stopped(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00")
    assert "Stopped: 1" in await desk.read("/unsubscribe")


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("3 days", NOON + timedelta(days=3)),
        ("a week", NOON + timedelta(days=7)),
        ("until Monday", datetime.fromisoformat("2020-02-17T00:00+00:00")),
        ("until tomorrow", datetime.fromisoformat("2020-02-16T00:00+00:00")),
        ("until 3 March", datetime.fromisoformat("2020-03-03T00:00+00:00")),
    ],
)
async def test_digests_are_paused_for_as_long_as_somebody_says(desk: Desk, said: str, until: datetime) -> None:
    await desk.ask("/subscribe daily 08:00")
    assert "Paused until" in await desk.read(f"/pause {said}")
    (one,) = await kept(desk)
    assert one.paused_until == until
    assert await desk.subscriptions.to_plan(now=until, limit=5) == []
    assert "Next: Sun 16 Feb 2020, 08:00" in await desk.read("/resume")
    assert (await kept(desk))[0].paused_until is None


async def test_one_of_two_can_be_paused_for_good(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00")
    await desk.ask("/subscribe daily 09:00")
    assert "/pause 2 1 week" in commands_of(await desk.ask("/pause 2"))
    assert "Paused until you resume it" in await desk.read("/pause 2 forever")
    assert [each.paused_until is None for each in await kept(desk)] == [True, False]
    assert "/pause [NUMBER]" in await desk.read("/pause 2 nonsense")


async def test_in_a_group_only_its_admins_order_and_the_digest_goes_into_the_topic(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00", origin=GROUP)
    (one,) = await kept(desk, "telegram:-5")
    assert (one.thread, one.user) == ("77", "telegram:1")
    stranger = replace(GROUP, user="telegram:2", thread="")
    for typed in (
        "/subscribe daily 09:00",
        "/unsubscribe 1",
        "/pause 3 days",
        "/resume",
        "/settings quiet 22:00-07:00",
    ):
        assert "Only this group's admins" in await desk.read(typed, origin=stranger)
    assert "in another topic" in await desk.read("/subscribe", origin=stranger)
    assert await kept(desk, "telegram:-5") == [one]


async def test_in_slack_a_digest_is_the_channels_unless_the_thread_is_named(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00", origin=CHANNEL)
    await desk.ask("/subscribe daily 09:00 in this thread", origin=CHANNEL)
    assert [each.thread for each in await kept(desk, "slack:C1")] == ["", "15.2"]
    assert (await desk.read("/subscribe", origin=CHANNEL)).count("in a thread") == 1
    told = await desk.read("/subscribe hourly", origin=replace(CHANNEL, role="reader"))
    assert "In a channel only editors and admins" in told


async def test_in_private_a_digest_is_the_persons_wherever_they_write(desk: Desk) -> None:
    home = Origin(platform="slack", chat="slack:U1", user="slack:U1")
    direct = Origin(platform="slack", chat="slack:D9", user="slack:U1")
    await desk.ask("/subscribe daily 08:00", origin=direct)
    await desk.ask("/settings zone Istanbul", origin=home)
    assert "every day at 08:00 (Europe/Istanbul)" in await desk.read("/subscribe", origin=home)
    assert "Stopped: 1" in await desk.read("/unsubscribe 1", origin=home)


async def test_a_terminal_gets_no_digests(desk: Desk) -> None:
    terminal = Origin(platform="console", chat="console", user="console", role="admin")
    assert "A terminal cannot be written to later" in await desk.read("/subscribe daily 08:00", origin=terminal)


async def test_settings_are_shown_changed_and_followed_by_the_digests(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00")
    await desk.ask("/subscribe daily 08:00 New York")
    assert "Quiet hours: none" in await desk.read("/settings")
    told = await desk.read("/settings zone Istanbul language German quiet 22:00 to 7am length full empty silence")
    assert "Quiet hours: 22:00 to 07:00" in told
    assert "Digests: full; nothing new: silence" in told
    assert await desk.books.settings("telegram:1") == ChatSettings(
        zone="Europe/Istanbul",
        language="de",
        quiet_from=time(22, 0),
        quiet_to=time(7, 0),
        length="full",
        when_empty="silence",
    )
    first, second = await kept(desk)
    assert (first.schedule.zone, second.schedule.zone) == ("Europe/Istanbul", "America/New_York")
    assert (first.length, first.language, first.when_empty) == ("full", "de", "silence")
    assert "Quiet hours: none" in await desk.read("/settings quiet off length short empty line")
    assert [each.length for each in await kept(desk)] == ["short", "short"]


async def test_a_digest_in_the_new_quiet_hours_is_looked_at_when_they_end(desk: Desk) -> None:
    await desk.ask("/subscribe daily 08:00")
    await desk.ask("/settings quiet 22:00-09:30")
    assert await desk.subscriptions.next_plan_at() == datetime.fromisoformat("2020-02-16T09:30+00:00")
    assert "Next: Sun 16 Feb 2020, 09:30, when quiet hours end" in await desk.read("/subscribe")
    await desk.ask("/settings quiet off")
    assert await desk.subscriptions.next_plan_at() == datetime.fromisoformat("2020-02-16T08:00+00:00")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/settings quiet", "From when to when?"),
        ("/settings quiet 22:00", "From when to when?"),
        ("/settings quiet late to early", "From when to when?"),
        ("/settings quiet 22:00-22:00", "From when to when?"),
        ("/settings quiet 22:00-25:00", "No clock shows"),
        ("/settings length huge", "Digests are short or full"),
        ("/settings empty bottle", "When there is nothing new"),
        ("/settings length", "Digests are short or full"),
        ("/settings empty a line", "Saved"),
        ("/settings length long", "Saved"),
    ],
)
async def test_settings_that_cannot_be_understood_say_what_to_write(desk: Desk, typed: str, says: str) -> None:
    assert says in await desk.read(typed)


async def test_every_button_of_the_settings_does_something(desk: Desk) -> None:
    for command in commands_of(await desk.ask("/settings")):
        assert (await desk.ask(command)).template in ("settings", "subscriptions")


async def test_every_button_of_a_digest_order_does_something(desk: Desk) -> None:
    for reply in (await desk.ask("/subscribe"), await desk.ask("/subscribe daily 08:00"), await desk.ask("/pause")):
        for command in commands_of(reply):
            assert (await desk.ask(command)).template not in ("error", "usage", "unknown", "apology")
