"""Many small articles over several feeds, each host at an address of its own on loopback, and people who ask."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random

import httpx
from aiohttp import web
from fakes.herd import One
from fakes.slack_server import ME, event, signed
from fakes.telegram_server import TOKEN, message

from bot.chat.telegram_listening import HEADER, webhook_secret

WEB_SECRET = "a-secret-of-thirty-two-characters-or-more"
PATIENCE = 3.0
"""A platform that has heard nothing for so many seconds tells it once more, at whichever replica."""
_FIRST = ("Ada", "Bela", "Cora", "Dina", "Elif", "Farid", "Goran", "Hanna", "Ilir", "Jana")
_LAST = ("Lark", "Moss", "Norel", "Ostan", "Pell", "Quist", "Rovan", "Selm", "Tavor", "Umbri")
_OFFICES = ("Mayor", "Governor", "Minister", "Senator")
_WHAT = ("harbour", "bridge", "railway", "market", "library", "airport", "canal", "school", "theatre", "hospital")
_DONE = ("opened", "closed", "sold", "rebuilt", "flooded", "inspected", "renamed", "searched")
_PLACES = ("Norvik", "Salten", "Oreval", "Tamsin", "Kelder", "Brastow", "Lindum", "Morava", "Pellane", "Quarrow")
_NUMBERS = 10


def word(number: int, *, first: str = "Q") -> str:
    """A name that nobody else has.

    >>> word(27)
    'Qbabaa'
    """
    letters = ""
    for _ in range(4):
        number, left = divmod(number, 26)
        letters += chr(ord("a") + left)
    return f"{first}{letters[0]}{letters[1]}{letters[2]}{letters[3]}"


def article(number: int) -> str:
    """A page with one small article of its own. All have as many facts."""
    rng = Random(number)
    who = f"{rng.choice(_OFFICES)} {rng.choice(_FIRST)} {rng.choice(_LAST)}"
    what, done, place = rng.choice(_WHAT), rng.choice(_DONE), rng.choice(_PLACES)
    town = word(number, first="V")
    return (
        f"<!doctype html><html><head><title>The {what} of {town}</title></head><body><article>"
        f"<h1>The {what} of {town}</h1><p>15 February 2020</p>"
        f"<p>{who} said on Friday that the {what} of {town} near {place} would be {done} within {number + 2} weeks.</p>"
        f"<p>{number + 20} people were at the {what} in {town}.</p>"
        "</article></body></html>"
    )


@dataclass
class Wires:
    """``feeds``: addresses; ``articles``: how many they hold together."""

    feeds: Sequence[str]
    articles: int


@asynccontextmanager
async def wires(*, hosts: int, articles: int) -> AsyncIterator[Wires]:
    """Feeds at 127.0.1.1, 127.0.1.2 and so on, with their articles."""
    of = [range(host, articles, hosts) for host in range(hosts)]
    published = format_datetime(datetime(2020, 2, 15, 12, tzinfo=UTC))

    async def answer(request: web.Request) -> web.Response:
        base = f"http://{request.host}"
        kind, _, number = request.path.strip("/").partition("/")
        if kind == "feed":
            items = "".join(
                f"<item><title>{word(each, first='V')}</title><link>{base}/a/{each}</link>"
                f"<guid>{base}/a/{each}</guid><pubDate>{published}</pubDate></item>"
                for each in of[int(number)]
            )
            rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'
            return web.Response(text=rss, content_type="application/rss+xml")
        if kind == "a":
            return web.Response(text=article(int(number)), content_type="text/html")
        return web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        urls = []
        for host in range(hosts):
            at = f"127.0.{1 + host // 200}.{1 + host % 200}"
            await web.TCPSite(runner, at, 0).start()
            urls.append(f"http://{at}:{runner.addresses[-1][1]}/feed/{host}")
        yield Wires(feeds=urls, articles=articles)
    finally:
        await runner.cleanup()


@dataclass
class Crowd:
    """People who ask: one question after the other in a chat, each told to the replicas until one has taken it."""

    replicas: Sequence[One]
    rng: Random
    asked: dict[str, list[str]] = field(default_factory=dict)
    """By chat, the words that its answers must hold, in their order."""
    keys: set[str] = field(default_factory=set)
    told_again: int = 0
    _number: int = 5_000

    async def ask(self, chat: str, number: int) -> None:
        """Ask in a chat ("telegram:7", "slack:C7"); when this ends a replica has taken it."""
        name = word(number)
        platform, _, where = chat.partition(":")
        self._number += 1
        if platform == "telegram":
            told = message(f"/who {name}", chat=int(where), user=int(where), number=self._number)
            path, body, headers = "/telegram", json.dumps(told), {HEADER: webhook_secret(WEB_SECRET, TOKEN)}
        else:
            told = event("app_mention", channel=where, text=f"<@{ME}> who {name}", event_id=f"Ev{self._number}")
            path = "/slack/events"
            body, headers = signed(told)
        self.asked.setdefault(chat, []).append(name)
        self.keys.add(f"{platform} {told.get('update_id') or told['event_id']}")
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            while not await self._told(http, path, body, headers):
                self.told_again += 1
                await asyncio.sleep(self.rng.uniform(0.1, 0.5))

    async def _told(self, http: httpx.AsyncClient, path: str, body: str, headers: dict[str, str]) -> bool:
        port = self.rng.choice(self.replicas).port
        try:
            answer = await http.post(f"http://127.0.0.1:{port}{path}", content=body, headers=headers)
        except httpx.TransportError:
            return False
        return answer.status_code == 200
