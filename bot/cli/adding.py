"""``onrecord add``: files on the record, one line said for each, failures last."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import click

from bot.app.importing import importing
from bot.app.services import opened
from bot.app.watching import cores
from bot.cli.noting import noting
from bot.cli.progress import bar
from bot.cli.reading import STDIN, contents
from bot.config import Settings
from digests.errors import UserError
from digests.ingest.add import Added, Failed, Skipped
from digests.ingest.service import Ingest
from digests.sources.stored import is_store

FEW = 40
"""So many files are told one by one; of more only a sum."""


def add_files(files: Sequence[str], *, settings: Settings, workers: int, published: str | None, url: str) -> int:
    """How many of the files could not be added. ``workers``: 0 for one on each core where there are many articles."""
    return asyncio.run(_add(files, settings=settings, workers=workers, published=published, url=url))


async def _add(files: Sequence[str], *, settings: Settings, workers: int, published: str | None, url: str) -> int:
    many = len(files) > FEW or any(is_store(Path(name)) for name in files if name != STDIN and not is_link(name))
    processes = workers or (cores() if many else 1)
    tally: Counter[str] = Counter()
    async with (
        opened(settings) as services,
        noting(services.members),
        importing(services.store, processes=processes, proposes=services.proposes) as ingest,
    ):
        loopback = settings.onrecord_allow_loopback
        async for outcome in _outcomes(files, ingest, published=published, url=url, loopback=loopback):
            tally[_kind(outcome)] += 1
            if isinstance(outcome, Failed):
                click.echo(f"Error: {blamed(outcome)}", err=True)
            elif isinstance(outcome, Added) and not many:
                click.echo(said(outcome))
    if many:
        click.echo(summed(tally))
    return tally["failed"]


async def _outcomes(
    files: Sequence[str], ingest: Ingest, *, published: str | None, url: str, loopback: bool
) -> AsyncIterator[Added | Failed | Skipped]:
    links = [name for name in files if is_link(name)]
    if links:
        async for outcome in _fetched(links, ingest, published=published, loopback=loopback):
            yield outcome
        files = [name for name in files if name not in links]
    if STDIN not in files and not url:
        paths = [Path(name) for name in files]
        marked = any(is_store(path) for path in paths)
        with bar(unit="article") as progress:
            async for each in ingest.add_many(paths, published=published, marked=marked, progress=progress):
                yield each
        return
    for name in files:
        shown = "" if name == STDIN else name
        try:
            yield await ingest.add_bytes(contents(name), name=shown, published=published, url=url)
        except UserError as cause:
            yield Failed(name=shown or "standard input", reason=str(cause))


async def _fetched(
    links: Sequence[str], ingest: Ingest, *, published: str | None, loopback: bool
) -> AsyncIterator[Added | Failed]:
    from digests.sources.fetch import Fetcher

    async with Fetcher(loopback=loopback) as fetcher:
        for link in links:
            try:
                yield await ingest.add_link(link, fetcher=fetcher, published=published)
            except UserError as cause:
                yield Failed(name=link, reason=str(cause))


def is_link(name: str) -> bool:
    """Whether what was typed is an address to fetch, not a file."""
    return name.lower().startswith(("http://", "https://"))


def blamed(failed: Failed) -> str:
    """What is wrong with which file, its name once."""
    return failed.reason if failed.name in failed.reason else f"{failed.name}: {failed.reason}"


def _kind(outcome: Added | Failed | Skipped) -> str:
    if isinstance(outcome, Added):
        return outcome.outcome
    return "failed" if isinstance(outcome, Failed) else "skipped"


def summed(tally: Mapping[str, int]) -> str:
    """One line on what became of many."""
    words = {
        "new": "new",
        "changed": "changed",
        "known": "known already",
        "skipped": "imported before",
        "failed": "could not be added",
    }
    shown = [f"{tally[kind]:,} {word}" for kind, word in words.items() if tally.get(kind)]
    return f"{sum(tally.values()):,} articles: {', '.join(shown) or 'nothing was found there'}"


def said(added: Added) -> str:
    """One line on what became of an article."""
    article = added.article
    counts = ", ".join(f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in added.facts_by_kind)
    counts = counts or ("no facts" if article.language == "en" else "no facts, which are read from English only")
    what = {"new": counts, "changed": f"new version, {counts}", "known": "known already"}
    return f"{article.id}  {article.published_day}  {article.title or '(no title)'}: {what[added.outcome]}"
