"""``onrecord worker``: one machine's share of the work."""

from __future__ import annotations

import asyncio

import click

KINDS = ("fetch", "extract", "deliver")


@click.command()
@click.argument("kinds", nargs=-1, type=click.Choice(KINDS), metavar="[fetch] [extract] [deliver]")
def worker(kinds: tuple[str, ...]) -> None:
    """Fetch sources, extract facts, deliver messages, until stopped: all of it, or only what is named.

    Any number of machines may do so on one PostgreSQL; on SQLite `onrecord serve` does it all by itself.
    """
    from bot.app.working import work
    from bot.config import load

    asyncio.run(work(load(), tuple(dict.fromkeys(kinds)) or KINDS))
