"""A conversation in the terminal over the configured database: what the prompt, the pipe and the tour share."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from rich.console import Console

from bot import router
from bot.app.services import opened
from bot.chat import console
from bot.commands.spec import Services
from bot.config import Settings
from bot.model import Reply
from bot.render import Renderer
from digests.errors import UserError

MIDDAY = time(12, tzinfo=UTC)
"""On a day given without a time it is noon, so that nearly every zone has the same date."""


async def converse(settings: Settings, *, now: str | None) -> None:
    """The prompt on a terminal, one plain answer a line in a pipe."""
    async with opened(settings) as services:
        await talk(services, clock=clock_at(now))


async def talk(services: Services, *, clock: Callable[[], datetime]) -> None:
    """Asks ``services`` what is typed or piped in."""
    ask, renderer = asking(services, clock=clock), Renderer()
    if not sys.stdin.isatty():
        lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
        await console.answer_lines(ask, lines, renderer=renderer, out=sys.stdout)
        return

    async def names_like(begun: str) -> Sequence[str]:
        return [person.name for person in await services.store.similar_names(begun)]

    await console.converse(
        ask, renderer=renderer, screen=Console(highlight=False), names_like=names_like, history=history_file()
    )


def asking(services: Services, *, clock: Callable[[], datetime]) -> console.Ask:
    """The router, asked from the terminal."""

    async def ask(text: str) -> Reply:
        return await router.answer(text, console.ORIGIN, services=services, now=clock())

    return ask


def clock_at(now: str | None) -> Callable[[], datetime]:
    """A clock that stands at ``now``, or the real one. Raises UserError."""
    if now is None:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(now)
    except ValueError as cause:
        raise UserError(f"--now {now!r} is no day: write it as 2020-02-15 or 2020-02-15T18:00") from cause
    if len(now) <= len("2020-02-15"):
        moment = datetime.combine(moment.date(), MIDDAY)
    fixed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return lambda: fixed


def history_file() -> Path:
    """Where typed lines are kept (XDG Base Directory Specification: state that outlives a restart)."""
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "onrecord" / "history"
