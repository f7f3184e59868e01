"""/ask with a language model behind it: whose words are whose, what a model may not answer, and never late."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.language_model import Script, endpoint, sentences
from fakes.newsroom import NOON, Newsroom, due, newsroom, report, there

from bot.app.language_model import Wording
from bot.books.costs import SqlCosts
from digests.llm.base import ModelFailed, Task
from digests.llm.client import Endpoint
from digests.llm.resting import Resting
from digests.model import Article, Evidence

HARBOUR = (
    "The harbour of Tessen was closed because a crane fell into it.",
    "About 212 people were stranded on Marn island.",
    "The port authority must reopen the harbour of Tessen by 29 February.",
)
TRUE = ("The harbour of Tessen was closed because a crane fell into it.", [1])
WHY = "/ask why was the harbour of Tessen closed?"


@asynccontextmanager
async def with_model(folder: Path, *steps: Any, budget: int = 10_000) -> AsyncIterator[tuple[Newsroom, Script]]:
    """A newsroom with an article on a harbour, whose model says ``steps``."""
    async with newsroom(folder) as room, endpoint() as script:
        script.says(*steps)
        model = Endpoint(base_url=script.base_url, model="liar-1", api_key="")
        words = Wording(Resting(model), SqlCosts(room.database), budget=budget, now=lambda: NOON, warm=model.warm)
        room.services = replace(room.services, model=words)
        article = report(*HARBOUR, title="Harbour closed")
        day = (NOON + timedelta(days=14)).date()
        fact = replace(due(article, HARBOUR[2], day), evidence=(_reopen(article),))
        await room.arrive(article, (fact,))
        try:
            await words.warm()
            yield room, script
        finally:
            await model.close()


def _reopen(article: Article) -> Evidence:
    """The fact rests on a stretch of its sentence only."""
    span = there(article, "must reopen the harbour of Tessen by 29 February")
    return Evidence(start=span.start, end=span.end, quote=span.text)


async def test_the_reader_sees_which_words_are_whose(tmp_path: Path) -> None:
    async with with_model(tmp_path, sentences(TRUE)) as (room, _):
        text = await room.read(WHY)
    model, _, sources = text.partition("In the sources’ words")
    assert "In the model’s words (liar-1" in model
    assert f"{TRUE[0]} [1]" in model
    assert "[1]" in sources
    assert HARBOUR[0] in sources


async def test_a_fact_is_worded_from_its_whole_sentence_and_shown_with_it(tmp_path: Path) -> None:
    said = "The port authority must reopen the harbour of Tessen by 29 February."
    async with with_model(tmp_path, sentences((said, [1]))) as (room, script):
        text = await room.read("/ask when must the harbour of Tessen reopen?")
    assert HARBOUR[2] in script.asked[0]["messages"][1]["content"]
    assert f"{said} [1]" in text
    assert HARBOUR[2] in text.partition("In the sources’ words")[2]


@pytest.mark.parametrize(
    ("what", "step"),
    [
        ("a lie", sentences(("The harbour was closed because of a storm.", [1]))),
        ("no answer", sentences()),
        ("cut", sentences(TRUE)[:-9]),
        ("rate limit", 429),
        ("server fault", 500),
        ("dropped", "drop"),
    ],
)
async def test_without_a_founded_answer_the_passages_stand_alone(tmp_path: Path, what: str, step: Any) -> None:
    async with with_model(tmp_path, step) as (room, _):
        text = await room.read(WHY)
    assert "model" not in text
    assert "[1]" not in text
    assert HARBOUR[0] in text


async def test_what_the_archive_does_not_hold_no_model_is_asked(tmp_path: Path) -> None:
    async with with_model(tmp_path, sentences(TRUE)) as (room, script):
        text = await room.read("/ask why was the harbour of Hamburg closed?")
    assert "does not hold an answer" in text
    assert script.asked == []


async def test_a_hanging_model_keeps_nobody_waiting_for_five_seconds(tmp_path: Path) -> None:
    async with with_model(tmp_path, "hang") as (room, _):
        began = time.monotonic()
        text = await room.read(WHY)
        assert time.monotonic() - began < 5.0
    assert HARBOUR[0] in text
    assert "model" not in text


async def test_the_budget_spent_the_answer_comes_without_the_model(tmp_path: Path) -> None:
    async with with_model(tmp_path, sentences(TRUE), budget=1) as (room, script):
        assert "liar-1" in await room.read(WHY)
        assert "liar-1" in await room.read(WHY)  # from the cache
        assert "liar-1" not in await room.read("/ask how many people were stranded on Marn island?")
        assert len(script.asked) == 1
        assert "120 tokens in 1 request" in await room.read("/cost")


async def test_a_model_that_fails_three_times_is_left_alone_for_a_minute() -> None:
    now = NOON
    async with endpoint() as script:
        script.says(429)
        model = Endpoint(base_url=script.base_url, model="liar-1", api_key="")
        resting = Resting(model, now=lambda: now)
        task = Task(purpose="answer", instructions="", material="", schema={})
        for _ in range(5):
            with pytest.raises(ModelFailed):
                await resting.complete(task, seconds=2)
        assert len(script.asked) == 3
        now += timedelta(seconds=61)
        with pytest.raises(ModelFailed):
            await resting.complete(task, seconds=2)
        assert len(script.asked) == 4
        now += timedelta(seconds=61)
        script.says("{}")
        assert (await resting.complete(task, seconds=2)).text == "{}"
        script.says(429, "{}")
        with pytest.raises(ModelFailed):
            await resting.complete(task, seconds=2)
        assert (await resting.complete(task, seconds=2)).text == "{}"
        assert resting.name == "liar-1"
        await model.close()
