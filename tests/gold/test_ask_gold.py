"""Sixty questions over the demo archive: what it holds is answered, what it does not hold is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.app.importing import importing
from bot.cli.demonstration import build
from digests.archive import demo_paths
from digests.ask.answering import Answer, answer
from digests.edition.denials import denies
from digests.store.base import Store
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.text.folding import fold

pytestmark = pytest.mark.usefixtures("warm_readers")

TODAY = date(2020, 2, 21)
GOLD = Path(__file__).parent / "data" / "ask.txt"
LEAST_RIGHT = 38
"""Of the forty that the archive answers; may only rise."""
MOST_INVENTED = 1
"""Of the twenty that it does not answer: at most 5 %."""


def questions() -> list[tuple[str, tuple[str, ...]]]:
    """Each question with the words its answer must show; none where the archive does not hold it."""
    found = []
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            question, *words = (cell.strip() for cell in line.split("|"))
            found.append((question, () if words == ["-"] else tuple(words)))
    return found


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"

    async def fill() -> None:
        store = SqlStore(await SqliteDatabase.open(path, [FACTS]))
        async with importing(store, processes=1) as ingest:
            await build(ingest, demo_paths())
        await store.close()

    asyncio.run(fill())
    return path


@pytest.fixture
async def store(archive: Path) -> AsyncIterator[Store]:
    opened = SqlStore(await SqliteDatabase.open(archive, [FACTS]))
    yield opened
    await opened.close()


def shown(found: Answer) -> str:
    lines = [f"{each.fact.summary} {each.fact.quote}" for each in found.facts]
    return fold(" ".join([*lines, found.sentence.text if found.sentence else ""]))


async def test_what_the_archive_holds_is_answered_and_nothing_else(store: Store) -> None:
    wrong, invented, right = [], [], 0
    for question, words in questions():
        found = await answer(question, store=store, today=TODAY, denies=denies)
        if not words:
            invented += [question] if found.held else []
        elif found.held and all(fold(word) in shown(found) for word in words):
            right += 1
        elif found.held:
            wrong.append(question)
    assert len(invented) <= MOST_INVENTED, invented
    assert right >= LEAST_RIGHT, wrong


async def test_every_line_stands_in_its_article(store: Store) -> None:
    for question, _ in questions():
        found = await answer(question, store=store, today=TODAY, denies=denies)
        for each in (*found.nearest, *([found.sentence] if found.sentence else [])):
            article = await store.article(each.source.article_id)
            assert article is not None
            assert article.text[each.start : each.start + len(each.text)] == each.text


async def test_sources_that_differ_are_said_to_disagree(store: Store) -> None:
    question = "How many people have been displaced in northwest Syria?"
    found = await answer(question, store=store, today=TODAY, denies=denies)
    assert found.disagree
    days = [each.source.published_day for each in found.facts]
    assert days == sorted(days, reverse=True)
    assert found.as_of is not None
    assert found.as_of >= days[0]


async def test_only_what_came_since_then_has_changed(store: Store) -> None:
    found = await answer("Did anything change on Idlib since Wednesday?", store=store, today=TODAY, denies=denies)
    assert found.facts
    assert all(each.source.published_day >= date(2020, 2, 19) for each in found.facts)
    later = await answer("Did anything change on Idlib since Friday?", store=store, today=TODAY, denies=denies)
    assert not later.held


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What did Turkey's foreign minister say about Russia?", "diplomacy"),
        ("What did the German chancellor say about the differences?", "too great"),
        ("What did foreign minister Cavusoglu say about Moscow?", "stop the attacks"),
        ("Why did Javid resign?", "dismiss all of his advisers"),
        ("Which country blocked the mission?", "Austria had blocked"),
    ],
)
async def test_offices_and_reasons_are_understood(store: Store, question: str, words: str) -> None:
    assert fold(words) in shown(await answer(question, store=store, today=TODAY, denies=denies))


async def test_a_short_answer_stands_before_its_sentence(store: Store) -> None:
    found = await answer("Which country blocked the mission?", store=store, today=TODAY, denies=denies)
    assert found.short == "Austria"


@pytest.mark.parametrize(
    "question",
    [
        "How many Syrian soldiers were killed by Turkey?",
        "When will the quarantine in Hubei end?",
        "Who is the vice president of Russia?",
        "How much did the 737 MAX crashes cost Boeing?",
        "How many tanks has Russia sent to Idlib?",
    ],
)
async def test_what_nearly_fits_is_no_answer(store: Store, question: str) -> None:
    assert not (await answer(question, store=store, today=TODAY, denies=denies)).held
