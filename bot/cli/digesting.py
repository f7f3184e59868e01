"""``onrecord digest``: what a digest says, on the terminal, as plain text or as HTML to be sent by e-mail."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, date, datetime, timedelta

import click
from rich.console import Console

from bot.app.services import opened
from bot.commands.digest import reply_of, trouble_lines
from bot.commands.wishes import read_words
from bot.config import Settings, load
from bot.model import Reply
from bot.render import Canvas, Renderer
from digests.edition.digest import compose_days
from digests.edition.model import Length
from digests.errors import UserError


def show(*, day: str | None, days: int, words: str, length: Length, canvas: Canvas | None) -> None:
    """Print a digest. ``canvas`` None: styled on a terminal, plain in a pipe. Raises ``UserError``."""
    settings = load()
    reply = asyncio.run(_reply(settings, last=_day(day), days=days, words=words, length=length))
    drawn = canvas or ("terminal" if sys.stdout.isatty() else "plain")
    for message in Renderer().render(reply, drawn):
        if message.rich is not None:
            Console(highlight=False).print(message.rich)
        else:
            click.echo(message.text)


async def _reply(settings: Settings, *, last: date | None, days: int, words: str, length: Length) -> Reply:
    now = datetime.now(UTC)
    async with opened(settings) as services:
        newest = (await services.store.counts()).newest_day
        day = last or newest or now.date()
        first = day - timedelta(days=days - 1)
        made = await compose_days(services.store, read_words(words, all_of=False), first=first, last=day, length=length)
        ill = await trouble_lines(services.store, now=now) if last is None else []
        return reply_of(made, troubled=ill, topic=words, newest=None if made.articles else newest, length=length)


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as cause:
        raise UserError(f"--day {given!r} is no day: write it as 2020-02-15") from cause
