"""``onrecord export``: facts by kind, words and days, all of them, as CSV or JSON; or the feeds as OPML."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.config import Settings
    from digests.jsonl.exported import Form
    from digests.model import FactQuery

FORMS = ("csv", "json", "opml")
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=True), default="-")
@click.option("--format", "form", type=click.Choice(FORMS), default="csv", show_default=True)
@click.option("--kind", "kinds", multiple=True, help="statement, role, deadline, event, commitment, figure, happening.")
@click.option("--about", default="", metavar="WORDS", help="Words that must all occur.")
@click.option("--story", type=click.IntRange(1), metavar="NUMBER", help="Facts of one story.")
@click.option("--since", type=DAY, help="From that day on.")
@click.option("--until", type=DAY, help="Up to that day.")
def export(
    file: IO[str],
    form: str,
    kinds: tuple[str, ...],
    about: str,
    story: int | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Write all facts that fit to FILE or standard output, each with its words and where they stand; or the feeds."""
    from bot.config import load
    from digests.model import FACT_CLASSES, FactQuery

    known = [each.kind for each in FACT_CLASSES]
    unknown = [kind for kind in kinds if kind not in known]
    if unknown:
        raise click.UsageError(f"no kind {unknown[0]!r}: there are {', '.join(known)}")
    query = FactQuery(kinds=kinds, about=about, story_id=story, since=_day(since), until=_day(until))
    with closing(file):
        count = asyncio.run(_export(file, form, query, load()))
    click.echo(f"{count:,} {'feeds' if form == 'opml' else 'facts'}", err=True)


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


async def _export(file: IO[str], form: str, query: FactQuery, settings: Settings) -> int:
    from bot.app.services import opened
    from digests.jsonl.exported import every, head, line, tail
    from digests.sources.opml import write_opml

    async with opened(settings) as services:
        if form == "opml":
            feeds = [each for each in await services.store.sources() if each.kind == "feed"]
            file.write(write_opml(sorted(feeds, key=lambda feed: feed.id), now=datetime.now(UTC)))
            return len(feeds)
        count = 0
        wanted: Form = "json" if form == "json" else "csv"
        file.write(head(wanted))
        async for each in every(services.store, query):
            file.write(line(wanted, each, first=not count))
            count += 1
        file.write(tail(wanted))
        return count
