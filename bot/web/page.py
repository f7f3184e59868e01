"""Pages: Jinja2 templates that escape by themselves, one style sheet, and headers that let nothing else in.

What would surprise a reader: these templates are ordinary HTML with autoescape, unlike those of the chats.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.render import days, templates_dir
from bot.render.markup import is_web
from bot.render.plain import shown

FOLDER = templates_dir() / "web"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""No scripts, no pictures, no fonts, no frames, nobody else's style sheets."""
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",  # the address is the key: it is told to no site that a page links to
    b"x-robots-tag": b"noindex, nofollow",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}


class Pages:
    """Draws pages. ``base``: the public address, whose path stands before that of the style sheet."""

    def __init__(self, base_path: str) -> None:
        self._environment = _environment()
        self._shared = {"style": f"{base_path}/style.css"}

    def page(self, name: str, data: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
        """The page of a template (``evidence`` for ``web/evidence.html``); kept by no cache in between."""
        text = self._environment.get_template(f"{name}.html").render({**data, **self._shared})
        return HTMLResponse(text, status_code=status, headers={"Cache-Control": "private, no-store"})

    def told(self, title: str, lines: list[str], *, status: int) -> HTMLResponse:
        """A page that only says something."""
        return self.page("told", {"title": title, "lines": lines}, status=status)


@lru_cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_seen,
    )
    made.filters.update(day=days.day, weekday=days.weekday)
    made.tests["web"] = is_web
    return made


def _seen(value: object) -> object:
    """What articles say, without what steers a terminal or is no character of HTML; markup of our own as it is."""
    return shown(value) if type(value) is str else "" if value is None else value


class Guarded:
    """Puts ``HEADERS`` on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                more = [(name, value) for name, value in HEADERS.items() if name not in given]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


__all__ = ["FOLDER", "HEADERS", "POLICY", "Guarded", "Pages"]
