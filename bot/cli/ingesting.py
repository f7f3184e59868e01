"""``onrecord ingest``: every source that is due looked at once, what waits read, and one line on it all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.progress import bar
from digests.watch import NewsSource, SourceCounts

if TYPE_CHECKING:
    from digests.ingest.loop import Tally


@click.command()
@click.option("--workers", default=0, type=click.IntRange(0, 64), help="Processes to read in; 0: one for each core.")
def ingest(workers: int) -> None:
    """Look at all sources that are due and read what they bring; `onrecord serve` does so by itself."""
    asyncio.run(_ingest(workers))


async def _ingest(workers: int) -> None:
    from bot.app.services import opened
    from bot.app.watching import cores, looping, reaching
    from bot.config import load

    settings = load()
    async with opened(settings) as services:
        store = services.store
        with bar(unit="article") as progress:

            def told(tally: Tally) -> None:
                if progress is not None:
                    progress(tally.read, tally.read + tally.waiting)

            async with (
                reaching(settings) as reach,
                looping(store, reach, processes=workers or cores(), told=told, proposes=services.proposes) as loop,
            ):
                tally = await loop.once()
        click.echo(said(tally, await store.source_counts()))
        for source in await store.sources():
            if source.failures and not source.paused:
                click.echo(blamed(source), err=True)


def said(tally: Tally, counts: SourceCounts) -> str:
    """What a run did and what it leaves, in one line."""
    if not counts.sources:
        return "Nothing is watched: add a feed with `onrecord sources add URL`."
    parts = [f"{tally.looked} of {counts.sources} sources looked at", f"{tally.new} new articles"]
    parts += [f"{tally.changed} changed"] * bool(tally.changed)
    parts += [f"{tally.known} known already"] * bool(tally.known)
    parts += [f"{tally.failed} could not be read"] * bool(tally.failed)
    parts += [f"{counts.waiting} wait to be tried again"] * bool(counts.waiting)
    return ", ".join(parts)


def blamed(source: NewsSource) -> str:
    """Why a source gave nothing, and when it is asked again."""
    again = f"; next try {source.next_try_at:%Y-%m-%d %H:%M} UTC" if source.next_try_at else ""
    return f"Source {source.id} ({source.title or source.url}): {source.last_error}{again}"
