"""``onrecord outbox``: what waits to be sent, what failed and why; and what an admin can do about it."""

from __future__ import annotations

import asyncio

import click

from bot.cli.ending import ended

NUMBER = click.IntRange(1)


@click.command()
@click.option("--retry", "again", type=NUMBER, multiple=True, metavar="ID", help="Send a failed message once more.")
@click.option("--drop", type=NUMBER, multiple=True, metavar="ID", help="Give a message up that waits or failed.")
def outbox(again: tuple[int, ...], drop: tuple[int, ...]) -> None:
    """What waits to be sent, how fast it goes, what failed and why, which chats nothing reaches."""
    from bot.cli.queue import change_queue, show_queue
    from bot.config import load

    if again or drop:
        ended(asyncio.run(change_queue(load(), again=again, drop=drop)))
    else:
        asyncio.run(show_queue(load()))
