"""The same newsroom on SQLite and on a real PostgreSQL: every command is answered alike, to the character."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import sqlite
from postgres_server import Server

from bot.app.databases import open_shared
from bot.app.services import on, shown
from bot.cli.demonstration import build
from bot.commands.registry import COMMANDS
from bot.commands.spec import AddedArticle, Services
from bot.model import Origin
from bot.render import Canvas, Renderer
from bot.router import answer
from digests.archive import demo_paths
from digests.extract.worker import Keyed, Worker
from digests.ingest.service import Ingest
from digests.model import Article
from digests.sources.parsing import Parser
from digests.store.database import Database

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)
ADMIN = Origin(platform="telegram", chat="telegram:1", user="telegram:1", role="admin", private=True)
COLLEAGUE = Origin(platform="slack", chat="slack:C9", user="slack:U9", role="editor")
CANVASES: tuple[Canvas, ...] = ("telegram", "slack", "terminal", "plain")
ARTICLE = """Ferry Talks Resume

February 15, 2020

ANKARA - Turkish Foreign Minister Mevlut Cavusoglu said on Saturday that talks on Idlib would resume in Moscow on
Monday. "We do not want a new war," Cavusoglu told reporters. He said 3.6 million refugees live in Turkey.
"""
SEARCHES = (
    "Idlib",
    "Turkey",
    "Syria",
    "the",
    "of the",
    "Idlib ceasefire",
    "refugees",
    "zebra",
    "Turkish army Idlib",
    "2020",
)
TYPED = (
    *(f"/about {words}" for words in SEARCHES),
    *(f"/latest {words}" for words in ("", *SEARCHES)),
    *(f"/story {words}" for words in ("", "1", "3", "99", *SEARCHES)),
    *(f"/who {name}" for name in ("Oktay", "Erdogan", "Lavrov", "Javid", "Varadkar", "nobody at all", "Hulusi Akar")),
    *(f"/said {words}" for words in ("Cavusoglu", "Cavusoglu about Idlib since 10 Feb", "Erdogan until 12 Feb", "UN")),
    *(f"/deadlines {words}" for words in ("", "Turkey", "this month", "Erdogan", "Idlib", "since January")),
    *(f"/numbers {words}" for words in ("", "Idlib", "refugees", "Turkey")),
    *(f"/sides {words}" for words in ("Idlib", "Turkey", "truce")),
    *(f"/compare {words}" for words in ("Lavrov and Cavusoglu on Idlib", "Erdogan and Putin", "Turkey and Russia")),
    *(f"/timeline {words}" for words in ("Javid", "Idlib", "Erdogan")),
    *(f"/facts {number}" for number in (1, 2, 7, 99)),
    *(f"/evidence {number}" for number in (1, 2, 17, 40, 9999)),
    *(f"/brief {words}" for words in ("1", "Idlib", "Javid")),
    *(f"/digest {day}" for day in ("", "2020-02-15", "2020-02-13", "2020-02-01", "Idlib")),
    *("/why 1", "/why 4", "/why 99"),
    *(
        f"/ask {question}"
        for question in (
            "when must Syrian forces withdraw?",
            "how many refugees does Turkey host?",
            "who won the World Cup?",
            "what did Erdogan say about Idlib?",
            "who is the Chancellor of the Exchequer?",
        )
    ),
    *("how many refugees does Turkey host?", "when did he say that?", "/woh Varadkar", "/help", "/start", "/help who"),
    *("/follow Oktay", "/follow deadlines", "/follow Idlib", "/follow nobody", "/following", "/mute 1", "/unfollow 2"),
    *("/remind 17", "/remind", "/following", "/settings", "/settings language tr", "/settings zone Istanbul"),
    *("/deadlines", "/settings language en", "/settings quiet 22:00-07:00", "/settings"),
    *("/subscribe daily 08:00 Istanbul", "/subscribe", "/subscribe weekly Mon 09:00", "/pause", "/resume", "/pause 1"),
    *("/subscribe", "/unsubscribe 1", "/subscribe", "/calendar", "/atom"),
    f"/add {ARTICLE}",
    *("/add", "/who Cavusoglu", "/about Moscow talks", "/latest", "/digest 2020-02-15", "/numbers refugees"),
    *("/correct 17 due=1 March | the ministry's letter says so", "/evidence 17", "/deadlines"),
    *("/retract 4 it is not said in the article", "/evidence 4", "/about Idlib", "/digest 2020-02-15"),
    *("/feeds", "/feeds pause 1", "/import", "/export", "/export facts csv", "/status", "/cost"),
    *("/join WRONG", "/members", "/invite", "/revoke telegram:5", "/members"),
)
RENDERER = Renderer()
SECRET = re.compile(r"\b[a-z2-7]{5}(?:-[a-z2-7]{5}){3}\b|\b(?:_[a-z2-7]{5}){4}\b|/[\w-]{22,}\b")
"""Codes and addresses that chance makes."""


class Remembering(Worker):
    """What an article holds is read out of it once, for both."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[Article, Keyed] = {}

    async def extract_keyed(self, articles: Sequence[Article]) -> list[Keyed]:
        new = [each for each in articles if each not in self.known]
        self.known |= dict(zip(new, await super().extract_keyed(new) if new else [], strict=True))
        return [self.known[each] for each in articles]


class Adding:
    """Articles pasted into the chat, by the same worker."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    async def add_text(self, text: str, *, published: str | None = None, url: str = "") -> AddedArticle:
        return shown(await self._ingest.add_text(text, published=published, url=url))


@dataclass(frozen=True, kw_only=True)
class Answered:
    typed: str
    sqlite: str
    postgres: str


@pytest.fixture(scope="module")
def answers(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answered]:
    """All that was asked in both, in one conversation: by what was typed, a second time with its number."""
    url = postgres_server.lend()
    found = asyncio.run(_asked(tmp_path_factory.mktemp("both") / "own.db", url))
    postgres_server.give_back(url)
    return {f"{number} {each.typed}": each for number, each in enumerate(found)}


async def _asked(path: Path, url: str) -> list[Answered]:
    async with (
        await sqlite(path) as one,
        await open_shared(url) as other,
        Remembering() as worker,
        Parser() as parser,
        _room(one, worker, parser) as file,
        _room(other, worker, parser) as server,
    ):
        return [
            Answered(typed=typed, sqlite=await _drawn(typed, file), postgres=await _drawn(typed, server))
            for typed in TYPED
        ]


@asynccontextmanager
async def _room(database: Database, worker: Worker, parser: Parser) -> AsyncIterator[Services]:
    services = on(database, Adding(None))
    ingest = Ingest(services.store, worker, parser)
    await build(ingest, demo_paths())
    yield replace(services, ingest=Adding(ingest))


async def _drawn(typed: str, services: Services) -> str:
    reply = await answer(typed, ADMIN, services=services, now=NOON)
    drawn = [repr(message) for canvas in CANVASES for message in RENDERER.render(reply, canvas)]
    return SECRET.sub("...", "\n".join([repr(reply), *drawn]))


def test_every_command_is_asked() -> None:
    asked = {typed.partition(" ")[0].removeprefix("/") for typed in TYPED}
    assert {each.spec.name for each in COMMANDS} <= asked


@pytest.mark.parametrize("asked", [f"{number} {typed}" for number, typed in enumerate(TYPED)])
def test_both_databases_answer_alike(answers: dict[str, Answered], asked: str) -> None:
    found = answers[asked]
    assert "apology" not in found.sqlite.partition("\n")[0]
    assert found.postgres == found.sqlite
