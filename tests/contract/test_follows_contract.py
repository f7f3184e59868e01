"""What every bookkeeping database must do with follows and what waits to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.books.follows import Follows, NewLine, SqlFollows
from bot.books.sql import SqlBooks
from bot.model import Address, Reply
from digests.edition.model import Follow, Wanted
from digests.store.database import Database

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
WISH = Follow(
    chat="telegram:1", user="telegram:9", kind="words", label="ferries", wanted=Wanted(words=("ferry", "boat"))
)
PLACE = Address(platform="telegram", chat="telegram:1")
REPLY = Reply(template="alert", data={"sections": []})


@pytest.fixture(params=["sqlite"])
def follows(request: pytest.FixtureRequest, database: Database) -> Follows:
    return SqlFollows(database)


def line(*keys: str, follow: int = 1, chat: str = "telegram:1", **more: Any) -> NewLine:
    given = {"thread": "", "article_id": 5, "version": 1, "fact_id": 7, "start": 0, "end": 9, "not_before": NOW} | more
    return NewLine(chat=chat, follow_id=follow, keys=keys, **given)


async def taken(follows: Follows, *lines: NewLine, after: int = 0) -> int | None:
    await follows.begin_at("alerts", after)
    return await follows.take_in("alerts", lines, after=after, upto=after + 1, at=NOW)


async def test_a_follow_is_kept_as_it_was_wished(follows: Follows) -> None:
    kept, new = await follows.follow(WISH, at=NOW)
    assert (kept, new) == (replace(WISH, id=kept.id, created_at=NOW), True)
    assert await follows.follows("telegram:1") == [kept]
    assert await follows.follows("telegram:2") == []


@pytest.mark.parametrize(
    "wish",
    [
        WISH,
        replace(WISH, kind="person", entity=3, wanted=Wanted(words=("Some Body",))),
        replace(WISH, kind="story", story=3, wanted=Wanted()),
        replace(WISH, kind="deadlines", wanted=Wanted()),
    ],
)
async def test_the_same_follow_again_changes_it(follows: Follows, wish: Follow) -> None:
    first, _ = await follows.follow(wish, at=NOW)
    await follows.mute(first.id, chat="telegram:1", until=NOW + timedelta(days=1))
    again, new = await follows.follow(replace(wish, urgent=True, remind_hours=48), at=NOW + timedelta(hours=1))
    assert (again, new) == (replace(first, urgent=True, remind_hours=48), False)
    other, new = await follows.follow(replace(wish, thread="7"), at=NOW)
    assert new
    assert other.id != first.id


async def test_a_chat_changes_its_own_follows_only(follows: Follows) -> None:
    kept, _ = await follows.follow(WISH, at=NOW)
    assert await follows.mute(kept.id, chat="telegram:2", until=NOW) is None
    assert await follows.unfollow(kept.id, chat="telegram:2") is None
    assert await follows.follows() == [kept]
    assert await follows.unfollow(kept.id, chat="telegram:1") == kept
    assert await follows.follows() == []


async def test_every_change_of_a_follow_is_noticed(follows: Follows) -> None:
    seen = [await follows.changed()]
    kept, _ = await follows.follow(WISH, at=NOW)
    seen.append(await follows.changed())
    await follows.mute(kept.id, chat="telegram:1", until=NOW)
    seen.append(await follows.changed())
    await follows.unfollow(kept.id, chat="telegram:1")
    seen.append(await follows.changed())
    assert sorted(set(seen)) == seen


async def test_a_line_waits_once_for_each_place_and_any_of_its_keys(follows: Follows) -> None:
    assert (
        await taken(follows, line("a", "b"), line("b", "c"), line("a", chat="telegram:2"), line("a", thread="7")) == 3
    )
    assert await taken(follows, line("c"), line("d", fact_id=8), after=1) == 1  # "c" came to be known with "b"
    assert [(each.chat, each.thread, each.fact_id) for each in await follows.waiting(now=NOW)] == [
        ("telegram:1", "", 7),
        ("telegram:2", "", 7),
        ("telegram:1", "7", 7),
        ("telegram:1", "", 8),
    ]
    assert sorted(await follows.told_of(5)) == [7, 8]


async def test_what_only_counts_as_told_does_not_wait(follows: Follows) -> None:
    assert await taken(follows, line("a", not_before=None)) == 0
    assert await taken(follows, line("a"), after=1) == 0
    assert await follows.waiting(now=NOW) == []


async def test_nothing_is_written_by_whoever_comes_second(follows: Follows) -> None:
    assert await taken(follows, line("a")) == 1
    assert await follows.take_in("alerts", [line("b")], after=0, upto=2, at=NOW) is None
    assert len(await follows.waiting(now=NOW)) == 1
    assert await follows.begin_at("alerts", 99) == 1


async def test_many_lines_are_written_in_parts_and_known_after_a_crash_in_between(follows: Follows) -> None:
    many = [line(f"{number}", chat=f"telegram:{number}") for number in range(2500)]
    await follows.begin_at("alerts", 0)
    assert await follows.take_in("alerts", many[:1000], after=0, upto=0, at=NOW) == 1000  # and then the power went
    assert await follows.take_in("alerts", many, after=0, upto=1, at=NOW) == 1500
    assert await follows.begin_at("alerts", 0) == 1
    assert len(await follows.waiting(now=NOW)) == 2500
    assert await follows.take_in("alerts", many, after=0, upto=1, at=NOW) is None


async def test_a_line_waits_until_its_time(follows: Follows) -> None:
    later = NOW + timedelta(hours=2)
    await taken(follows, line("a", not_before=later), line("b"))
    (due,) = await follows.waiting(now=NOW)
    assert await follows.settle([], held=[([due], later + timedelta(hours=1))], at=NOW) == 0
    assert await follows.waiting(now=NOW) == []
    assert len(await follows.waiting(now=later)) == 1
    assert len(await follows.waiting(now=later + timedelta(hours=1))) == 2
    assert len(await follows.waiting(now=later + timedelta(hours=1), limit=1)) == 1


async def test_lines_go_with_their_message_and_only_once(follows: Follows, database: Database) -> None:
    await taken(follows, line("a"), line("b"))
    waiting = await follows.waiting(now=NOW)
    assert await follows.settle([(waiting, PLACE, REPLY)], at=NOW) == 1
    assert await follows.settle([(waiting, PLACE, REPLY)], at=NOW) == 0
    assert await SqlBooks(database).queue() == {"pending": 1}
    assert await follows.messages_since(NOW) == {("telegram:1", ""): [NOW]}
    assert await follows.messages_since(NOW + timedelta(seconds=1)) == {}


async def test_lines_that_stand_no_more_go_without_a_message(follows: Follows, database: Database) -> None:
    await taken(follows, line("a"))
    assert await follows.settle([(await follows.waiting(now=NOW), PLACE, None)], at=NOW) == 0
    assert await follows.waiting(now=NOW) == []
    assert await SqlBooks(database).queue() == {}


async def test_what_waits_goes_with_the_follow_and_is_dropped_by_a_mute(follows: Follows) -> None:
    kept, _ = await follows.follow(WISH, at=NOW)
    await taken(follows, line("a", follow=kept.id), line("b", follow=99))
    await follows.mute(kept.id, chat="telegram:1", until=NOW + timedelta(hours=3))
    assert [each.follow_id for each in await follows.waiting(now=NOW)] == [99]
    await taken(follows, line("c", follow=kept.id), after=1)
    await follows.unfollow(kept.id, chat="telegram:1")
    assert [each.follow_id for each in await follows.waiting(now=NOW)] == [99]


async def test_what_was_told_long_ago_is_forgotten(follows: Follows) -> None:
    await taken(follows, line("a"))
    await follows.tidy(before=NOW)
    assert await taken(follows, line("a"), after=1) == 0
    await follows.tidy(before=NOW + timedelta(seconds=1))
    assert await taken(follows, line("a"), after=2) == 1


async def test_a_chat_that_moved_takes_its_follows_along(follows: Follows, database: Database) -> None:
    kept, _ = await follows.follow(WISH, at=NOW)
    await taken(follows, line("a", follow=kept.id))
    await SqlBooks(database).move_chat("telegram:1", "telegram:-5")
    assert await follows.follows("telegram:-5") == [replace(kept, chat="telegram:-5")]
    assert [each.chat for each in await follows.waiting(now=NOW)] == ["telegram:-5"]
    assert await taken(follows, line("a", chat="telegram:-5"), after=1) == 0
