"""Requests in the log: one line for each, under an id that the answer tells, too (``X-Request-ID``).

An address is never logged, for it may be a key: the line says which kind of address it was. Whoever stands in front of
us may give the id; what is no plain id is answered with one of our own.
"""

from __future__ import annotations

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digests.tracing import about, given

log = logging.getLogger(__name__)

HEADER = b"x-request-id"
QUIET = frozenset({"/healthz", "/readyz", "/metrics", "/style.css", "/robots.txt"})
"""Asked for all day by machines, or beside every page: logged at DEBUG."""


class Traced:
    """Gives each request its id, and tells how it was answered. A fault of ours ends here, with its traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = given(next((value.decode("latin-1") for name, value in scope["headers"] if name == HEADER), ""))
        began, status = perf_counter(), 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request.encode())]
            await send(message)

        with about(request=request):
            try:
                await self._app(scope, receive, told)
            except Exception:
                log.exception("web: %s %s failed", scope["method"], _kind(scope))
                if not status:
                    raise
            kind = _kind(scope)
            level = logging.DEBUG if kind in QUIET else logging.INFO
            log.log(level, "web: %s %s: %d after %.3f s", scope["method"], kind, status, perf_counter() - began)


def _kind(scope: Scope) -> str:
    """The pattern of the address, such as ``/c/{secret}.ics``."""
    return str(getattr(scope.get("route"), "path", "an address that there is not"))
