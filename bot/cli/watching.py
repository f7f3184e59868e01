"""What ``onrecord sources ...`` does, one line said for each source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.app.importing import importing
from bot.app.services import opened
from bot.cli.adding import is_link
from bot.cli.noting import noting
from bot.cli.reading import STDIN, contents
from bot.commands.feeds import state
from bot.config import Settings
from digests.errors import UserError
from digests.watch import NewsSource


async def list_sources(settings: Settings) -> None:
    """A line for each source."""
    async with opened(settings) as services:
        found = await services.store.sources()
    now = datetime.now(UTC)
    for source in found:
        click.echo(line(source, now=now))
    if not found:
        click.echo("Nothing is watched yet: add a feed with `onrecord sources add https://example.org`", err=True)


async def add_sources(places: Sequence[str], *, settings: Settings) -> int:
    """How many of the places could not be watched."""
    from digests.ingest.subscribing import subscribe, watch_folder
    from digests.sources.fetch import Fetcher

    failures = 0
    async with (
        opened(settings) as services,
        noting(services.members),
        importing(services.store, processes=1) as ingest,
        Fetcher(loopback=settings.onrecord_allow_loopback) as fetcher,
    ):
        for place in places:
            now = datetime.now(UTC)
            try:
                if is_link(place):
                    done = await subscribe(place, ingest=ingest, fetcher=fetcher, now=now)
                else:
                    done = await watch_folder(Path(place), ingest=ingest, now=now)
            except UserError as cause:
                click.echo(f"Error: {place}: {cause}", err=True)
                failures += 1
            else:
                how = f"{done.entries} entries now" if done.new and done.entries else "watched now"
                click.echo(f"{named(done.source)}: {how if done.new else 'watched already'}")
    return failures


async def remove_sources(numbers: Sequence[int], *, settings: Settings) -> int:
    """How many of the numbers name no source."""
    failures = 0
    async with opened(settings) as services, noting(services.members):
        for number in numbers:
            found = await services.store.source(number)
            if found is None or not await services.store.remove_source(number):
                failures += _unknown(number)
            else:
                click.echo(f"{named(found)}: watched no longer")
    return failures


async def pause_sources(numbers: Sequence[int], *, settings: Settings, paused: bool) -> int:
    """How many of the numbers name no source."""
    failures = 0
    async with opened(settings) as services, noting(services.members):
        for number in numbers:
            if not await services.store.pause_source(number, paused):
                failures += _unknown(number)
                continue
            found = await services.store.source(number)
            if found is not None:
                click.echo(f"{named(found)}: {'paused' if paused else 'watched again'}")
    return failures


async def import_sources(files: Sequence[str], *, settings: Settings) -> int:
    """How many of the lists could not be read, or of their addresses not be watched."""
    from digests.ingest.lists import import_list

    failures = 0
    async with opened(settings) as services, noting(services.members):
        for name in files:
            try:
                done = await import_list(
                    contents(name), store=services.store, now=datetime.now(UTC), name="" if name == STDIN else name
                )
            except UserError as cause:
                click.echo(f"Error: {cause}", err=True)
                failures += 1
                continue
            for url, reason in done.refused:
                click.echo(f"Error: {url}: {reason}", err=True)
            failures += len(done.refused)
            click.echo(f"{done.new} sources new, {done.known} watched already")
    return failures


async def exported(settings: Settings) -> str:
    """The feeds as an OPML list."""
    from digests.sources.opml import write_opml

    async with opened(settings) as services:
        return write_opml(await services.store.sources(), now=datetime.now(UTC))


def line(source: NewsSource, *, now: datetime) -> str:
    """One line on a source: how it does, and what went wrong."""
    parts = [str(source.id), state(source, now=now), source.title or "(no title)", source.url]
    if source.last_error:
        parts.append(source.last_error)
    if source.last_success_at:
        parts.append(f"read {_at(source.last_success_at)}")
    if source.next_try_at and not source.paused:
        parts.append(f"next {_at(source.next_try_at)}")
    return "  ".join(parts)


def named(source: NewsSource) -> str:
    return f"{source.id}  {source.title or '(no title)'}  {source.url}"


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _unknown(number: int) -> int:
    click.echo(f"Error: no source has the number {number}: `onrecord sources list` shows them", err=True)
    return 1
