"""``onrecord chat``, ``serve``, ``check``, ``demo``: where answers are given."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

NOW = click.option(
    "--now", metavar="DAY", help="Answer as on this day, such as 2020-02-15 or 2020-02-15T18:00 (UTC), for replays."
)


@click.command()
@NOW
def chat(now: str | None) -> None:
    """Ask in the terminal; in a pipe every line gets one answer in plain text."""
    from bot.cli.conversation import converse
    from bot.config import load

    asyncio.run(converse(load(), now=now))


@click.command()
def serve() -> None:
    """Answer in all chats that are configured, until stopped."""
    from bot.app import serve as run
    from bot.config import load

    asyncio.run(run(load()))


@click.command()
def check() -> None:
    """Say what is configured, reach each service, name what is wrong."""
    from bot.app import check as run
    from bot.config import load

    sys.exit(0 if asyncio.run(run(load(), say=click.echo)) else 1)


@click.command()
@NOW
@click.option(
    "--database",
    type=click.Path(path_type=Path),
    help="A new file for the demo archive; one in a temporary folder if not given.",
)
def demo(now: str | None, database: Path | None) -> None:
    """Build a new database from the demo archive and ask it; without a terminal, play a tour."""
    from bot.cli.demonstration import demonstrate

    asyncio.run(demonstrate(database, now=now))
