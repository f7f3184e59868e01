"""A source looked at and an article read when their turn comes, as workers are told; on both kinds of databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from direct import ingest

from bot.app.handing_in import NOT_YET, HandingIn
from bot.app.services import shown
from bot.books.submissions import IN_A_CHAT, Read, Submission
from bot.jobs.base import Job
from bot.jobs.delivering import Delivering
from bot.jobs.reading import Extracting, Fetching
from bot.jobs.submitted import Submitted, told
from digests.errors import FetchError, StoreError, UndatedArticle, UserError
from digests.ingest import turns
from digests.ingest.turns import Desk
from digests.sources.fetch import Fetcher
from digests.store.database import Database
from digests.store.sql import SqlStore
from digests.store.turns import SqlTurns
from digests.watch import NewsSource

NOW = datetime.now(UTC) + timedelta(days=1)
"""Files of a folder are read when nobody has written to them for a while."""
ARTICLE = "Mayor opens harbour\n\n15 February 2020\n\nMayor Ada Lark said on Friday that the harbour is open.\n"


class Given:
    """``Submissions`` in a dictionary."""

    def __init__(self, *given: Submission) -> None:
        self.given = {number + 1: each for number, each in enumerate(given)}
        self.results: dict[int, Read] = {}

    async def hand_in(self, submission: Submission, *, at: datetime, priority: int = IN_A_CHAT) -> int:
        number = len(self.given) + 1
        self.given[number] = submission
        return number

    async def result(self, number: int) -> Read | None:
        return self.results.get(number)

    async def to_read(self, number: int) -> Submission | None:
        return None if number in self.results else self.given.get(number)

    async def read(self, number: int, result: Read, *, at: datetime) -> None:
        self.results[number] = result


@pytest.fixture
async def store(database: Database) -> SqlStore:
    return SqlStore(database)


@pytest.fixture
async def desk(database: Database, store: SqlStore) -> AsyncIterator[Desk]:
    async with Fetcher(loopback=True, pause=0.0, seconds=3.0) as fetcher:
        yield Desk(turns=SqlTurns(database), ingest=ingest(store), fetcher=fetcher, clock=lambda: NOW, random=Random(7))


def job(key: str, *, kind: str = "extract", attempts: int = 0) -> Job:
    return Job(id=1, kind=kind, key=key, worker=1, attempts=attempts)


def extracting(desk: Desk, given: Given | None = None) -> Extracting:
    return Extracting(desk, Submitted(given or Given(), desk.ingest, desk.fetcher, clock=desk.clock))


async def folder_source(store: SqlStore, folder: Path, text: str = ARTICLE) -> NewsSource:
    await asyncio.to_thread(folder.mkdir)
    await asyncio.to_thread((folder / "a.txt").write_text, text)
    source, _ = await store.add_source(NewsSource(kind="folder", url=str(folder)), at=NOW)
    return source


async def test_a_source_is_looked_at_once_and_its_articles_are_read(
    store: SqlStore, desk: Desk, tmp_path: Path
) -> None:
    source = await folder_source(store, tmp_path / "in")
    fetching, reading = Fetching(desk), extracting(desk)
    await fetching.do(job(str(source.id), kind="fetch"))
    await fetching.do(job(str(source.id), kind="fetch"))
    assert (await store.source_counts()).waiting == 1
    await reading.do(job("entry 1"))
    await reading.do(job("entry 1"))
    assert (await store.counts()).articles == 1
    looked = await store.source(source.id)
    assert looked is not None
    assert looked.last_success_at == NOW


async def test_a_look_that_a_death_cut_off_is_repeated(store: SqlStore, desk: Desk, tmp_path: Path) -> None:
    source = await folder_source(store, tmp_path / "in")
    assert await desk.turns.take_source(source.id, now=NOW) is not None
    await Fetching(desk).do(job(str(source.id), kind="fetch"))
    assert (await store.source_counts()).waiting == 0
    await Fetching(desk).do(job(str(source.id), kind="fetch", attempts=1))
    assert (await store.source_counts()).waiting == 1


async def test_a_look_that_the_database_cut_off_is_done_by_the_same_job(
    store: SqlStore, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await folder_source(store, tmp_path / "in")
    fetching, look = Fetching(desk), turns.look

    async def cut_off(*_: Any, **__: Any) -> int:
        raise StoreError("restarted")

    monkeypatch.setattr(turns, "look", cut_off)
    with pytest.raises(StoreError):
        await fetching.do(job(str(source.id), kind="fetch"))
    monkeypatch.setattr(turns, "look", look)
    await fetching.do(job(str(source.id), kind="fetch"))
    assert (await store.source_counts()).waiting == 1


async def test_a_fault_of_ours_in_a_look_counts_as_one_of_the_source(
    store: SqlStore, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await folder_source(store, tmp_path / "in")

    async def fails(*_: Any, **__: Any) -> int:
        raise RuntimeError("out of ink")

    monkeypatch.setattr(turns, "look", fails)
    await Fetching(desk).do(job(str(source.id), kind="fetch"))
    failing = await store.source(source.id)
    assert failing is not None
    assert (failing.failures, failing.last_error) == (1, "out of ink")

    async def away(*_: Any, **__: Any) -> int:
        raise StoreError("away")

    monkeypatch.setattr(turns, "look", away)
    with pytest.raises(StoreError):
        await Fetching(desk).do(job(str(source.id), kind="fetch", attempts=1))


async def test_a_source_at_which_workers_die_is_asked_more_rarely(store: SqlStore, desk: Desk, tmp_path: Path) -> None:
    source = await folder_source(store, tmp_path / "in")
    fetching = Fetching(desk)
    assert await fetching.give_up(job(str(source.id), kind="fetch"), "it died") == (
        f"source {source.id}",
        f"source {source.id} ({source.url})",
    )
    failing = await store.source(source.id)
    assert failing is not None
    assert failing.next_try_at is not None
    assert failing.next_try_at > NOW + timedelta(minutes=2)
    assert (await fetching.give_up(job("99", kind="fetch"), "it died"))[1] == "source 99"


async def test_an_article_at_which_workers_die_is_given_up(store: SqlStore, desk: Desk, tmp_path: Path) -> None:
    source = await folder_source(store, tmp_path / "in")
    await Fetching(desk).do(job(str(source.id), kind="fetch"))
    reading = extracting(desk)
    about, what = await reading.give_up(job("entry 1"), "it died")
    assert (about, what.endswith("a.txt")) == ("entry 1", True)
    assert (await store.source_counts()).given_up == 1
    assert (await reading.give_up(job("entry 1"), "it died"))[1] == "entry 1"


async def test_what_was_handed_in_is_read_and_told(store: SqlStore, desk: Desk) -> None:
    given = Given(
        Submission(id=1, kind="text", data=ARTICLE.encode()),
        Submission(id=2, kind="file", name="b.txt", data=b"no day stands here, and no article either"),
        Submission(id=3, kind="link", url="http://127.0.0.1:1/x"),
        Submission(id=4, kind="text", data=b"four"),
    )
    reading = extracting(desk, given)
    for number in (1, 1, 2, 3):
        await reading.do(job(f"given {number}"))
    assert given.results[1].told is not None
    assert given.results[1].told["title"] == "Mayor opens harbour"
    assert given.results[2].refused is not None
    assert given.results[3].refused is not None
    assert given.results[3].refused[0] == FetchError.__name__
    assert await reading.give_up(job("given 4"), "it died") == ("given 4", "a pasted text")
    assert "it died" in (given.results[4].refused or ("", ""))[1]
    assert (await reading.give_up(job("given 4"), "it died"))[1] == "given 4"


class Here:
    """What a server does itself."""

    def __getattr__(self, name: str) -> Any:
        async def done(*given: Any, **more: Any) -> tuple[Any, ...]:
            return (name, *given, *more.values())

        return done


async def test_who_gives_an_article_is_told_as_if_it_was_read_here(store: SqlStore, desk: Desk) -> None:
    given = Given()
    handing: Any = HandingIn(Here(), given, now=lambda: NOW)
    added = await desk.ingest.add_text(ARTICLE)
    given.results = {1: Read(told=told(added)), 2: Read(refused=("UndatedArticle", "when?"))}
    assert await handing.add_text(ARTICLE) == shown(added)
    with pytest.raises(UndatedArticle, match="when"):
        await handing.add_file(b"x", name="x.txt")
    given.results[3] = Read(refused=("FetchError", "gone"))
    with pytest.raises(UserError, match="gone"):
        await handing.add_link("https://one.example", published="2020-02-15")
    assert given.given[3] == Submission(kind="link", url="https://one.example", published="2020-02-15")
    assert await handing.import_list(b"opml", name="a") == ("import_list", b"opml", "a")
    assert await handing.import_link("u") == ("import_link", "u")
    assert await handing.subscribe("u") == ("subscribe", "u")


async def test_who_gives_an_article_that_no_worker_reads_is_told_so() -> None:
    handing: Any = HandingIn(Here(), Given(), now=lambda: NOW, patience=0.15)
    with pytest.raises(UserError) as raised:
        await handing.add_text("x")
    assert str(raised.value) == NOT_YET


async def test_a_chats_platform_is_what_stands_before_the_colon() -> None:
    class Way:
        async def deliver(self, chat: str, *, worker: int) -> None:
            sent.append((chat, worker))

        async def give_up(self, chat: str, reason: str) -> tuple[str, str]:
            return chat, reason

    sent: list[tuple[str, int]] = []
    delivering = Delivering({"telegram": Way()})
    await delivering.do(job("telegram:-7", kind="deliver"))
    assert sent == [("telegram:-7", 1)]
    assert await delivering.give_up(job("telegram:-7", kind="deliver"), "odd") == ("telegram:-7", "odd")
