"""What every database must remember of the digests shown in a place: the last one, asked for or ordered."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.books.previews import Previews, SqlPreviews, Standing
from bot.books.subscriptions import Settled, SqlSubscriptions
from bot.model import Reply
from digests.edition.model import Schedule, Subscription
from digests.edition.schedule import decide, next_at
from digests.store.database import Database

NOON = datetime(2020, 2, 15, 12, 0, tzinfo=UTC)
EIGHT = datetime(2020, 2, 16, 8, 0, tzinfo=UTC)


def reply(day: str) -> Reply:
    return Reply(template="digest", data={"day": day})


@pytest.fixture
def kept(database: Database) -> tuple[Previews, SqlSubscriptions]:
    return SqlPreviews(database), SqlSubscriptions(database)


async def test_the_last_digest_of_each_chat_and_thread_is_remembered(
    kept: tuple[Previews, SqlSubscriptions],
) -> None:
    previews, _ = kept
    assert await previews.last_digest("telegram:1", "") is None
    await previews.keep_digest("telegram:1", "", reply("one"), at=NOON)
    await previews.keep_digest("telegram:1", "", reply("two"), at=EIGHT)
    await previews.keep_digest("telegram:1", "7", reply("other"), at=EIGHT)
    assert await previews.last_digest("telegram:1", "") == reply("two")
    assert await previews.last_digest("telegram:1", "7") == reply("other")
    assert await previews.last_digest("telegram:2", "") is None


async def test_a_digest_that_was_ordered_is_the_last_one_once_it_is_sent(
    kept: tuple[Previews, SqlSubscriptions],
) -> None:
    previews, subscriptions = kept
    assert await previews.standing("telegram:1", "") is None
    new = Subscription(chat="telegram:1", schedule=Schedule(), created_at=NOON)
    stored = await subscriptions.subscribe(new, due_at=next_at(new, after=NOON), told_upto=5)
    await previews.keep_digest("telegram:1", "", reply("asked for"), at=NOON)
    assert await previews.standing("telegram:1", "") == Standing(subscription_id=stored.id, told_upto=5, last_day=None)
    (planned,) = await subscriptions.to_plan(now=EIGHT, limit=5)
    due = decide(planned.subscription, EIGHT, planned.settings)
    await subscriptions.settle([Settled(planned=planned, due=due, reply=reply("ordered"), upto=9)], at=EIGHT)
    assert await previews.last_digest("telegram:1", "") == reply("ordered")
    assert await previews.last_digest("telegram:1", "7") is None
    assert await previews.standing("telegram:1", "") == Standing(
        subscription_id=stored.id, told_upto=9, last_day=date(2020, 2, 16)
    )
