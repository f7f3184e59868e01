"""``onrecord jobs``: what workers have to do, what they gave up and why; and what an admin can do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.ending import ended
from bot.cli.outbox import NUMBER

if TYPE_CHECKING:
    from bot.books.jobs import Backlog, Jobs, Parked
    from bot.config import Settings

MOST = 50
NONE_HERE = (
    "there are no jobs on SQLite: `onrecord serve` does everything itself, and `onrecord outbox` shows its queue"
)


@click.command()
@click.option("--retry", "again", type=NUMBER, multiple=True, metavar="ID", help="Do what was given up once more.")
@click.option("--drop", type=NUMBER, multiple=True, metavar="ID", help="Tell of it no more; it stays given up.")
def jobs(again: tuple[int, ...], drop: tuple[int, ...]) -> None:
    """What workers have to do, since when it waits, what they gave up and why."""
    from bot.config import load

    ended(asyncio.run(_jobs(load(), again, drop)))


async def _jobs(settings: Settings, again: Sequence[int], drop: Sequence[int]) -> int:
    """How many of the numbers were none that was given up."""
    from bot.app.services import opened
    from bot.cli.noting import noting

    async with opened(settings) as services:
        if services.jobs is None:
            click.echo(NONE_HERE)
            return 0
        if not again and not drop:
            await _show(services.jobs)
            return 0
        async with noting(services.members):
            missing = 0
            for number in again:
                missing += _said(number, await services.jobs.retry(number), "is done once more")
            for number in drop:
                missing += _said(number, await services.jobs.drop(number), "is told of no more")
            return missing


async def _show(desk: Jobs) -> None:
    now = datetime.now(UTC)
    for each in await desk.backlog():
        click.echo(backlog_line(each, now=now))
    given_up = await desk.parked(limit=MOST)
    for parked in given_up:
        click.echo(parked_line(parked))
    more = await desk.parked_count() - len(given_up)
    if more > 0:
        click.echo(f"... and {more} more that were given up before")


def _said(number: int, done: bool, told: str) -> int:
    click.echo(f"{number} {told if done else 'is nothing that was given up'}", err=not done)
    return int(not done)


def backlog_line(each: Backlog, *, now: datetime) -> str:
    """One kind of work."""
    line = f"{each.kind}: {each.waiting} waiting, {each.running} at work"
    if each.oldest_at is None:
        return line
    return f"{line}; the oldest waits for {max(0, int((now - each.oldest_at).total_seconds()))} s"


def parked_line(each: Parked) -> str:
    """One job that was given up."""
    from bot.render.plain import shown

    at = f"{each.at:%Y-%m-%d %H:%M} UTC" if each.at else ""
    return f"given up {each.id}  {at}  {each.kind} {shown(each.what)} after {each.attempts}: {shown(each.reason)}"
