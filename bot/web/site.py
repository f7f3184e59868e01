"""The site: which address leads where, and what strangers read who have no business there."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.access import Still, everywhere
from bot.books.secrets import Held, SecretKind
from bot.commands.spec import Services
from bot.hooks import MOST_BYTES, Hook
from bot.render import Renderer
from bot.web.atom import feed
from bot.web.digest import digest_page
from bot.web.evidence import fact_page
from bot.web.health import Loops, readiness
from bot.web.links import SignedLinks
from bot.web.metrics import CONTENT_TYPE, Meter, may_read
from bot.web.page import FOLDER, Guarded, Pages
from bot.web.traced import Traced
from digests.edition.charts.model import DrawsCharts
from digests.errors import StoreError

log = logging.getLogger(__name__)

SECONDS_TO_CALL = 10.0
"""In which a platform says what it calls for; Slack would not wait for the answer any longer than three."""
UNKEPT = {"Cache-Control": "no-store"}
_EVIDENCE = re.compile("/evidence ([0-9]{1,18})")
_NUMBER = re.compile("[0-9]{1,18}")
ROBOTS = "User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What the site stands on. ``base``: the public address; ``still``: which chats may still be told anything.

    ``draws``: who draws the charts; without it there are none.
    """

    services: Services
    meter: Meter
    loops: Loops
    base: str
    links: SignedLinks
    renderer: Renderer
    metrics_token: str = ""
    still: Still = everywhere
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    hooks: Sequence[Hook] = ()
    draws: DrawsCharts | None = None


def site(backing: Backing) -> ASGIApp:
    """The site as an ASGI application."""
    return _Site(backing).app()


class _Site:
    def __init__(self, backing: Backing) -> None:
        self._backing = backing
        self._pages = Pages(urlsplit(backing.base).path)
        self._host = urlsplit(backing.base).hostname or "localhost"

    def app(self) -> ASGIApp:
        routes = [
            Route("/e/{key}", self._evidence),
            Route("/d/{key}", self._digest),
            Route("/c/{secret}.ics", self._calendar),
            Route("/f/{secret}.atom", self._feed),
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._metrics),
            Route("/style.css", self._style),
            Route("/robots.txt", self._robots),
            *(Route(hook.path, partial(self._called, hook), methods=["POST"]) for hook in self._backing.hooks),
        ]
        refusals: dict[Any, Any] = {HTTPException: self._refused, StoreError: self._failed, Exception: self._broken}
        made = Starlette(routes=routes, exception_handlers=refusals)
        made.router.redirect_slashes = False  # it would lead to whatever host a request names
        return Traced(Guarded(made))

    async def _evidence(self, request: Request) -> Response:
        """A fact's page, for who has a link to it that still works."""
        key = str(request.path_params["key"])
        if (refused := await self._unsigned("e", key, request)) is not None:
            return refused
        if not _NUMBER.fullmatch(key):
            raise HTTPException(404)
        services = self._backing.services
        return await fact_page(int(key), services=services, pages=self._pages, today=self._backing.now().date())

    async def _digest(self, request: Request) -> Response:
        """A digest's page; the facts in it can be opened for as long as it can."""
        key, until = str(request.path_params["key"]), request.query_params.get("until", "")
        if (refused := await self._unsigned("d", key, request)) is not None:
            return refused

        def link(command: str) -> str:
            asked = _EVIDENCE.fullmatch(command)
            return self._backing.links.until("e", asked[1], until) if asked else ""

        kept = await self._backing.links.kept(key)
        backing = self._backing
        return await digest_page(
            kept,
            store=backing.services.store,
            renderer=backing.renderer,
            pages=self._pages,
            link=link,
            draws=backing.draws,
        )

    async def _calendar(self, request: Request) -> Response:
        from bot.web.calendar import calendar  # icalendar comes with its zones: only for who has a calendar

        held = await self._held("calendar", request)
        services = self._backing.services
        body = await calendar(
            held, store=services.store, secrets=services.secrets, host=self._host, now=self._backing.now()
        )
        return _file(request, body, media_type="text/calendar; charset=utf-8", name="onrecord.ics")

    async def _feed(self, request: Request) -> Response:
        held = await self._held("feed", request)
        address = self._backing.links.feed(str(request.path_params["secret"]))
        body = await feed(held, store=self._backing.services.store, host=self._host, address=address)
        return _file(request, body, media_type="application/atom+xml; charset=utf-8", name="onrecord.atom")

    async def _held(self, kind: SecretKind, request: Request) -> Held:
        """Whose address it is. One that has ended, or is of a chat let in no longer, looks as if it never was."""
        held = await self._backing.services.secrets.held_by(str(request.path_params["secret"]), kind)
        if held is None or not await self._backing.still({(held.chat, held.user)}):
            raise HTTPException(404)
        return held

    async def _unsigned(self, kind: str, key: str, request: Request) -> Response | None:
        """What to say to who has no link that works; nothing is looked up for them."""
        until, sign = request.query_params.get("until", ""), request.query_params.get("sign", "")
        verdict = self._backing.links.verdict(kind, key, until=until, sign=sign, at=self._backing.now())
        ended = verdict == "good" and await self._backing.links.is_ended(kind, key, until=until)
        if verdict == "good" and not ended:
            return None
        ask = f"/evidence {key}" if kind == "e" and _NUMBER.fullmatch(key) else "/digest"
        return self._pages.page("no_entry", {"expired": ended or verdict == "expired", "ask": ask}, status=403)

    async def _healthz(self, _: Request) -> Response:
        return PlainTextResponse("ok\n", headers=UNKEPT)

    async def _readyz(self, _: Request) -> Response:
        found = await readiness(self._backing.services.store, self._backing.loops)
        told = {name: "ok" if well else "failed" for name, well in found.items()}
        return JSONResponse(told, status_code=200 if all(found.values()) else 503, headers=UNKEPT)

    async def _metrics(self, request: Request) -> Response:
        if not may_read(request.headers.get("authorization", ""), self._backing.metrics_token):
            return PlainTextResponse("a token is needed\n", 401, {"WWW-Authenticate": "Bearer", **UNKEPT})
        return Response(await self._backing.meter.exposition(), media_type=CONTENT_TYPE, headers=UNKEPT)

    async def _called(self, hook: Hook, request: Request) -> Response:
        """A platform calls; who it is, its hook finds out."""
        try:
            async with asyncio.timeout(SECONDS_TO_CALL):
                body = await _body(request)
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        except ClientDisconnect:  # whoever breaks off learns nothing, and is no fault of ours
            raise HTTPException(400) from None
        said = await hook.answer(request.headers, body)
        self._backing.meter.called(hook.name, status=said.status)
        return Response(said.body, said.status, {**said.headers, **UNKEPT})

    async def _style(self, _: Request) -> Response:
        return FileResponse(FOLDER / "style.css", headers={"Cache-Control": "public, max-age=3600"})

    async def _robots(self, _: Request) -> Response:
        return PlainTextResponse(ROBOTS)

    async def _refused(self, _: Request, error: Exception) -> Response:
        """There is no such page, or it is asked for in a way it does not answer."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return self._pages.told("Nothing here", ["There is no page at this address."], status=404)
        return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)

    async def _failed(self, _: Request, error: Exception) -> Response:
        """The database failed. The address is not logged, for it may be a secret."""
        log.error("web: a page failed: %s", error)
        return self._broken(_, error, status=503)

    def _broken(self, _: Request, __: Exception, *, status: int = 500) -> Response:
        """(`Traced` logs what it was.)"""
        return self._pages.told("Something went wrong", ["Please try again in a minute."], status=status)


async def _body(request: Request) -> bytes:
    """What somebody sends whom we do not know yet. Raises ``HTTPException`` when it is too long."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    return bytes(body)


def _file(request: Request, body: bytes, *, media_type: str, name: str) -> Response:
    """A file that programs ask for again and again: told by its ETag whether it is another one."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(body, headers=headers, media_type=media_type)
