"""The bill, the budget and the cache of the language model, on a real database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.app.language_model import Metered, Wording
from bot.books.costs import Cost, SqlCosts
from bot.books.sql import SqlBooks
from digests.errors import StoreError
from digests.llm.base import Completion, ModelFailed, OverBudget, Task
from digests.llm.guard import Passage
from digests.store.database import Database

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
DAY = NOW.date()
TASK = Task(purpose="answer", instructions="Answer.", material="What?", schema={})
PASSAGES = [Passage(text="Two buses may run on Tuesday.")]
FOUNDED = '{"sentences": [{"text": "Two buses may run.", "passages": [1]}]}'


class Model:
    """Says what it is told to, and counts how often."""

    name = "m"

    def __init__(self, text: str = "{}", *, fails: bool = False) -> None:
        self.text, self.fails, self.asked = text, fails, 0

    async def complete(self, task: Task, *, seconds: float) -> Completion:
        self.asked += 1
        if self.fails:
            raise ModelFailed("no")
        return Completion(text=self.text, tokens_in=70, tokens_out=30)


def metered(database: Database, model: Model, *, chat: str = "a", budget: int = 150, day: date = DAY) -> Metered:
    return Metered(model=model, costs=SqlCosts(database), chat=chat, day=day, budget=budget, now=lambda: NOW)


async def test_costs_add_up_by_chat_day_and_purpose(database: Database) -> None:
    books = SqlCosts(database)
    yesterday = DAY - timedelta(days=1)
    for chat, purpose, day in (("a", "answer", DAY), ("a", "answer", DAY), ("a", "facts", yesterday), ("b", "x", DAY)):
        await books.add_cost(chat, purpose, Cost(requests=1, tokens_in=10, tokens_out=5), day=day)
    assert await books.cost(chat="a", since=DAY, until=DAY) == Cost(requests=2, tokens_in=20, tokens_out=10)
    assert (await books.cost(chat="a", since=yesterday, until=DAY)).requests == 3
    assert (await books.cost(since=yesterday, until=DAY)).tokens == 60
    assert await books.cost(chat="c", since=DAY, until=DAY) == Cost()
    assert [chat for chat, _ in await books.costs_by_chat(since=yesterday, until=DAY)] == ["a", "b"]


async def test_the_same_request_is_asked_once_and_costs_once(database: Database) -> None:
    model = Model("hello")
    for chat in ("a", "b"):
        assert (await metered(database, model, chat=chat).complete(TASK, seconds=1)).text == "hello"
    assert model.asked == 1
    books = SqlCosts(database)
    assert await books.cost(chat="b", since=DAY, until=DAY) == Cost(cached=1)


async def test_a_kept_answer_is_forgotten_after_its_time(database: Database) -> None:
    books = SqlCosts(database)
    await books.keep_answer("k", "v", at=NOW)
    await SqlBooks(database).tidy(before=NOW)
    assert await books.kept_answer("k") == "v"
    await SqlBooks(database).tidy(before=NOW + timedelta(seconds=1))
    assert await books.kept_answer("k") is None


async def test_a_spent_budget_asks_nothing_until_the_next_day(database: Database) -> None:
    model = Model()
    for turn in range(2):  # the budget is looked at before, so the last request may exceed it
        await metered(database, model).complete(replace(TASK, material=str(turn)), seconds=1)
    with pytest.raises(OverBudget, match="150"):
        await metered(database, model).complete(replace(TASK, material="2"), seconds=1)
    await metered(database, model, chat="b").complete(replace(TASK, material="3"), seconds=1)
    await metered(database, model, day=DAY + timedelta(days=1)).complete(replace(TASK, material="4"), seconds=1)
    assert model.asked == 4


async def test_a_failed_request_is_counted_and_not_kept(database: Database) -> None:
    with pytest.raises(ModelFailed):
        await metered(database, Model(fails=True)).complete(TASK, seconds=1)
    books = SqlCosts(database)
    assert await books.cost(chat="a", since=DAY, until=DAY) == Cost(requests=1, failed=1)
    assert (await metered(database, Model("later")).complete(TASK, seconds=1)).text == "later"


async def test_words_come_or_do_not_but_nothing_is_raised(database: Database) -> None:
    books = SqlCosts(database)

    async def said(model: Model, *, budget: int = 1000, question: str = "Buses?") -> Sequence[str]:
        wording = Wording(model, books, budget=budget, now=lambda: NOW)
        found = await wording.word(question, PASSAGES, chat="a")
        return [each.text for each in found.sentences] if found else []

    assert await said(Model(FOUNDED)) == ["Two buses may run."]
    assert await said(Model(fails=True), question="Again?") == []
    assert await said(Model(FOUNDED), budget=0, question="Once more?") == []


class Broken(SqlCosts):
    """A bill that cannot be read."""

    async def kept_answer(self, key: str) -> str | None:
        raise StoreError("the disk is gone")


async def test_a_broken_database_means_no_words(database: Database) -> None:
    wording = Wording(Model(FOUNDED), Broken(database), budget=9, now=lambda: NOW)
    assert await wording.word("?", PASSAGES, chat="a") is None
