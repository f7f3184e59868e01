"""The site of a newsroom over a real server on loopback, and a browser that follows nothing by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import httpx
from fakes.newsroom import RENDERER, Newsroom

from bot.access import Still, everywhere
from bot.books.pages import SqlPages
from bot.model import Reply
from bot.web.links import SignedLinks
from bot.web.metrics import Meter
from bot.web.server import bound, serve
from bot.web.site import Backing, site
from digests.edition.charts.model import Chart, Form

BASE = "https://news.example"
SECRET = "a secret of thirty-two characters or more"


class MemoryPages:
    """``Pages`` in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Reply] = {}

    async def keep_page(self, reply: Reply, *, at: datetime) -> str:
        key = f"page{len(self.kept)}"
        self.kept[key] = reply
        return key

    async def page(self, key: str) -> Reply | None:
        return self.kept.get(key)

    async def end_links(self, page: str, *, until: int) -> None:
        raise AssertionError("nothing is ended here")

    async def links_ended(self, page: str) -> int:
        return 0


LINKS = SignedLinks(secret=SECRET, base=BASE, days=7, pages=MemoryPages())
"""Signs as the site does; keeps nothing there."""


class Hand:
    """Draws charts as the process of their own does, here."""

    async def draw(self, chart: Chart, form: Form) -> bytes | None:
        from bot.charts.canvas import painted  # takes a second: only for who draws

        return painted(chart, form)


@dataclass
class Website:
    """``get`` an address, public or not; ``loops`` are what ``/readyz`` hears."""

    room: Newsroom
    http: httpx.AsyncClient
    meter: Meter
    loops: dict[str, bool] = field(default_factory=lambda: {"outbox": True})

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return await self.http.get(url.removeprefix(BASE), headers=dict(headers or {}))


@asynccontextmanager
async def website(room: Newsroom, *, still: Still = everywhere, **more: Any) -> AsyncIterator[Website]:
    """Served for as long as the block."""
    links = SignedLinks(secret=SECRET, base=BASE, days=7, pages=SqlPages(room.database))
    room.services = replace(room.services, links=links)
    meter = Meter(room.services, now=lambda: room.now)
    opened = bound("127.0.0.1", 0)
    port = opened.getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        made = Website(room=room, http=http, meter=meter)
        backing = Backing(
            services=room.services,
            meter=meter,
            loops=lambda: made.loops,
            links=links,
            renderer=RENDERER,
            still=still,
            now=lambda: room.now,
            **{"base": BASE, **more},
        )
        task = asyncio.create_task(serve(site(backing), opened))
        try:
            yield made
        finally:
            await http.aclose()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
