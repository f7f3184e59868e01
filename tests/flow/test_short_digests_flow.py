"""Ordered digests whose top stories a model tells in a sentence each: founded, marked, asked once, never late."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes.language_model import Script, endpoint, sentences
from fakes.newsroom import Newsroom, drawn, newsroom, report

from bot.app.model_tasks import DIGESTS, ShortDigests
from bot.books.costs import Cost, SqlCosts
from bot.circulation.digests import Digests
from bot.circulation.shortening import Shortening
from bot.model import Origin, Reply
from digests.llm.client import Endpoint
from digests.llm.guard import Passage

EIGHT = datetime(2020, 2, 16, 8, tzinfo=UTC)
CLOSED = "The harbour of Tessen was closed in the early hours of the morning because a crane fell into it."
STAYED = "About 212 people were stranded on the island of Marn, which has no other way to the mainland in winter."
SHORT = "The harbour of Tessen was closed because a crane fell into it."


@asynccontextmanager
async def with_model(
    folder: Path, *steps: Any, budget: int = 10_000
) -> AsyncIterator[tuple[Newsroom, Script, Digests]]:
    async with newsroom(folder) as room, endpoint() as script:
        script.says(*steps)
        model = Endpoint(base_url=script.base_url, model="liar-1", api_key="")
        shortens = ShortDigests(model, SqlCosts(room.database), budget=budget, now=lambda: EIGHT)
        loop = Digests(
            subscriptions=room.services.subscriptions, store=room.store, queued=lambda: None, shortens=shortens
        )
        await room.ask("/subscribe daily 08:00")
        await room.arrive(report(CLOSED, STAYED, title="Harbour closed", day=EIGHT.date()))
        try:
            yield room, script, loop
        finally:
            await model.close()


async def sent(room: Newsroom, loop: Digests) -> list[str]:
    await loop.once(EIGHT)
    return [drawn(reply) for _, reply in await room.queued()]


async def test_a_story_is_told_in_the_models_sentence_which_is_marked(tmp_path: Path) -> None:
    async with with_model(tmp_path, sentences((SHORT, [1]))) as (room, script, loop):
        (text,) = await sent(room, loop)
    assert f"{SHORT} (liar-1, a language model, from the article’s words)" in text
    assert STAYED not in text
    assert CLOSED in script.asked[0]["messages"][1]["content"]
    assert STAYED in script.asked[0]["messages"][1]["content"]


async def test_all_who_ordered_it_share_one_request(tmp_path: Path) -> None:
    others = [Origin(platform="telegram", chat=f"telegram:{n}", user=f"telegram:{n}") for n in range(2, 6)]
    async with with_model(tmp_path, sentences((SHORT, [1]))) as (room, script, loop):
        for number, origin in enumerate(others):
            await room.ask(f"/subscribe daily 08:00 {'short' if number % 2 else 'full'}", origin)
        texts = await sent(room, loop)
        assert len(texts) == 5
        assert all("liar-1" in text for text in texts)
        assert len(script.asked) == 1
        assert (await SqlCosts(room.database).cost(chat=DIGESTS, since=EIGHT.date(), until=EIGHT.date())).requests == 1


@pytest.mark.parametrize(
    ("what", "step"),
    [
        ("a lie", sentences(("The harbour of Tessen was closed because of a storm.", [1]))),
        ("no shorter", sentences((f"{CLOSED} {STAYED}", [1]))),
        ("of two sentences", sentences(("The harbour of Tessen was closed; 212 people were stranded.", [1, 2]))),
        ("no sentence", sentences()),
        ("cut", sentences((SHORT, [1]))[:-5]),
        ("rate limit", 429),
        ("dropped", "drop"),
    ],
)
async def test_else_the_articles_own_sentences_stand(tmp_path: Path, what: str, step: Any) -> None:
    async with with_model(tmp_path, step) as (room, _, loop):
        (text,) = await sent(room, loop)
    assert "liar-1" not in text
    assert CLOSED in text
    assert STAYED in text


async def test_with_the_budget_spent_nothing_is_asked(tmp_path: Path) -> None:
    async with with_model(tmp_path, sentences((SHORT, [1])), budget=5) as (room, script, loop):
        await SqlCosts(room.database).add_cost(DIGESTS, "digest", Cost(tokens_in=5), day=EIGHT.date())
        (text,) = await sent(room, loop)
    assert CLOSED in text
    assert script.asked == []


class Slow:
    """A model that takes all the time it is given."""

    name = "slow"

    def __init__(self) -> None:
        self.given: list[float] = []

    async def shorten(self, passages: list[Passage], *, seconds: float) -> str:
        self.given.append(seconds)
        return ""


def story(number: int) -> Reply:
    item = {"quotes": [f"{number} a.", "b."], "day": "2020-02-16"}
    return Reply(
        template="digest", data={"sections": [{"name": "top", "items": [item]}, {"name": "record", "items": []}]}
    )


async def test_when_the_time_of_all_is_over_no_more_is_asked_and_no_story_twice() -> None:
    slow: Any = Slow()
    shortening = Shortening(slow, seconds=60)
    for number in (1, 2, 1):
        assert (await shortening.shortened(story(number))).data["sections"][0]["items"][0]["short"] is None
    assert slow.given == [4.0, 4.0]
    over = Shortening(slow, seconds=0.4)
    await over.shortened(story(3))
    assert len(slow.given) == 2
    alone = replace(story(4), data={"sections": [{"name": "top", "items": [{"quotes": ["a."]}]}]})
    assert await shortening.shortened(alone) == alone


async def test_a_hanging_model_delays_a_digest_by_its_own_time_only(tmp_path: Path) -> None:
    async with with_model(tmp_path, "hang") as (room, _, loop):
        began = time.monotonic()
        (text,) = await sent(room, loop)
        assert time.monotonic() - began < 8.0
    assert CLOSED in text
