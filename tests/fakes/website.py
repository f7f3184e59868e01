"""The site of a newsroom over a real server on loopback, and a browser that follows nothing by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from fakes.newsroom import Newsroom

from bot.access import Still, everywhere
from bot.web.links import SignedLinks
from bot.web.metrics import Meter
from bot.web.server import bound, serve
from bot.web.site import Backing, site

BASE = "https://news.example"
SECRET = "a secret of thirty-two characters or more"
LINKS = SignedLinks(secret=SECRET, base=BASE, days=7)


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
    room.services = replace(room.services, links=LINKS)
    meter = Meter(room.services, now=lambda: room.now)
    opened = bound("127.0.0.1", 0)
    port = opened.getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        made = Website(room=room, http=http, meter=meter)
        backing = Backing(
            services=room.services,
            meter=meter,
            loops=lambda: made.loops,
            links=LINKS,
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
