"""What strangers wrote is read in processes that can be killed; the run goes on whatever becomes of one input."""

from __future__ import annotations

import asyncio
import os
import pickle
import resource
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from greedy import compute, crash, double, hang, hoard, pid, refuse, stumble

from digests.errors import UnreadableArticle
from digests.sources.child import Answer, Limits, answered
from digests.sources.parsing import Parser

RSS = """<rss version="2.0"><channel><title>Port Ardal Post</title><item><title>Ferries stop</title>
<link>https://post.example/ferries</link></item></channel></rss>"""
PAGE = """<html><head><title>Ferries stop</title><meta name="date" content="2020-02-15"></head><body><article>
<h1>Ferries stop</h1><p>The ferries of Port Ardal stopped on Monday after the talks with the crews failed again.</p>
<p>Nobody expects them to sail before the end of the week, the harbour master told reporters in the port.</p>
</article></body></html>"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parser() -> AsyncIterator[Parser]:
    async with Parser(limits=Limits(cpu_seconds=0.7, wall_seconds=20)) as started:
        yield started


@pytest.mark.asyncio(loop_scope="module")
async def test_feeds_and_articles_are_read_in_one_warm_child(parser: Parser) -> None:
    feed = await parser.read_feed(RSS.encode(), "https://post.example/feed", date(2020, 2, 15))
    assert [entry.url for entry in feed.entries] == ["https://post.example/ferries"]
    article = await parser.read_article(PAGE.encode(), name="ferries.html")
    assert (article.title, article.published_day) == ("Ferries stop", date(2020, 2, 15))
    first, second = await parser.run(pid), await parser.run(pid)
    assert first == second != os.getpid()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("work", "args", "why"),
    [
        (compute, (20.0,), "page.html takes more than 0.7 s of computing to read"),
        (hoard, (400,), "page.html takes more than 256 MB of memory to read"),
        (crash, (), "page.html takes more than 256 MB of memory to read"),  # C code that is given none aborts
        (stumble, (), "page.html is more than its parser can bear (KeyError: "),
        (refuse, (), "no article in it"),
    ],
)
async def test_what_takes_too_much_is_refused_with_the_reason_and_the_next_is_read(
    parser: Parser, work: Callable[..., Any], args: tuple[object, ...], why: str
) -> None:
    with pytest.raises(UnreadableArticle) as raised:
        await parser.run(work, *args, shown="page.html")
    assert why in str(raised.value)
    assert await parser.run(double, 21) == 42


async def test_what_waits_for_ever_is_ended_by_the_clock() -> None:
    async with Parser(limits=Limits(wall_seconds=0.2)) as parser:
        with pytest.raises(UnreadableArticle, match=r"this input was not read within 0\.2 s"):
            await parser.run(hang)


async def test_a_child_whose_caller_gave_up_is_not_kept() -> None:
    parser = Parser()
    first = await parser.run(pid)
    waiting = asyncio.create_task(parser.run(hang))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await parser.run(pid) != first
    await parser.close()


async def test_closing_ends_what_is_under_way() -> None:
    parser = Parser()
    await parser.run(pid)
    hanging = asyncio.create_task(parser.run(hang, shown="page.html"))
    await asyncio.sleep(0)
    await parser.close()
    with pytest.raises(UnreadableArticle):
        await hanging


async def test_a_child_that_worked_long_makes_room_for_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digests.sources.parsing.MOST_TASKS", 2)
    async with Parser() as parser:
        first, second, third = [await parser.run(pid) for _ in range(3)]
    assert first == second != third


def test_answers_are_made_by_plain_functions() -> None:
    def outcome(work: Callable[..., object], *args: object) -> Answer:
        answer: Answer = pickle.loads(answered(work, args, cpu_seconds=60))
        return answer

    assert outcome(double, 4) == Answer(outcome="done", value=8)
    assert outcome(refuse).outcome == "raised"
    assert str(outcome(stumble).value) == 'KeyError: "a parser\'s own mistake"'
    used, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(Path("/proc/self/statm").read_text().split()[0]) * 4096 + 2**26, hard))
    try:
        assert outcome(hoard, 4000).outcome == "memory"
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (used, hard))
