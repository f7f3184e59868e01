"""``onrecord demo``: the demo archive into a new database, then a conversation, or a tour where nobody can type."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from bot.app.importing import importing
from bot.app.services import opened
from bot.chat import console
from bot.cli.adding import blamed
from bot.cli.conversation import asking, clock_at, talk
from bot.cli.progress import bar
from bot.commands.spec import Services
from bot.config import Settings
from bot.render import Renderer
from digests.archive import demo_paths
from digests.errors import UserError
from digests.ingest.add import Failed
from digests.ingest.service import Ingest

TOUR = (
    "/latest Idlib",
    "/story Idlib",
    "/who Oktay",
    "/said Cavusoglu about Idlib since 10 Feb",
    "/evidence N",
    "/deadlines",
    "/deadlines Turkey",
    "/numbers Idlib",
    "/sides Idlib",
    "/timeline Javid",
    "/ask when must Syrian forces withdraw?",
    "how many refugees does Turkey host?",
    "/ask who won the World Cup?",
    "/compare Lavrov and Cavusoglu on Idlib",
    "/digest 2020-02-15",
    "/why 4",
    "/woh Varadkar",
    "/status",
    "/help",
)
WIDTH_IN_A_PIPE = 100


async def demonstrate(database: Path | None, *, now: str | None) -> None:
    """Builds, says where, and talks. Raises UserError when the file is there already: nothing is overwritten."""
    path = database or Path(tempfile.mkdtemp(prefix="onrecord-demo-")) / "demo.db"
    if path.exists():
        raise UserError(f"{path} is there already: name a new file, or ask it with DATABASE_URL=sqlite:///{path}")
    async with opened(replace(Settings(), database_url=f"sqlite:///{path.resolve()}")) as services:
        async with importing(services.store, processes=1) as ingest:
            await build(ingest, demo_paths())
        click.echo(f"The demo archive is in {path} (an SQLite file, also for Datasette).\n")
        clock = clock_at(now or await last_day(services))
        if sys.stdin.isatty():
            click.echo(f"The clock stands at {clock():%d %B %Y}. Try /who Oktay or /deadlines; Ctrl-D ends the chat.\n")
            await talk(services, clock=clock)
        else:
            screen = (
                Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=WIDTH_IN_A_PIPE)
            )
            await console.play(asking(services, clock=clock), TOUR, renderer=Renderer(), screen=screen)


async def build(ingest: Ingest, paths: Sequence[Path]) -> None:
    """Puts the articles on the record. Raises UserError at the first that cannot be added: a demo is whole."""
    with bar(unit="article") as progress:
        async for outcome in ingest.add_many(paths, progress=progress):
            if isinstance(outcome, Failed):
                raise UserError(blamed(outcome))


async def last_day(services: Services) -> str:
    """The archive's newest day: what is ahead of it is ahead."""
    newest = (await services.store.counts()).newest_day
    return newest.isoformat() if newest else datetime.now(UTC).date().isoformat()
