"""``onrecord sources ...``: what is watched for news."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from bot.cli.ending import ended

NUMBERS = click.argument("numbers", nargs=-1, type=click.IntRange(1), required=True, metavar="NUMBER...")


@click.group()
def sources() -> None:
    """What is watched for news: feeds and folders."""


@sources.command("list")
def list_() -> None:
    """All of them, those in trouble first: number, state, title, address, what went wrong, when it is tried next."""
    from bot.cli.watching import list_sources
    from bot.config import load

    asyncio.run(list_sources(load()))


@sources.command()
@click.argument("places", nargs=-1, required=True, metavar="URL|FOLDER...")
def add(places: tuple[str, ...]) -> None:
    """Watch feeds (also by a page of their site) and folders."""
    from bot.cli.watching import add_sources
    from bot.config import load

    ended(asyncio.run(add_sources(places, settings=load())))


@sources.command()
@NUMBERS
def remove(numbers: tuple[int, ...]) -> None:
    """Watch no longer; the articles that came from there stay."""
    from bot.cli.watching import remove_sources
    from bot.config import load

    ended(asyncio.run(remove_sources(numbers, settings=load())))


@sources.command()
@NUMBERS
def pause(numbers: tuple[int, ...]) -> None:
    """Leave sources alone until they are resumed."""
    from bot.cli.watching import pause_sources
    from bot.config import load

    ended(asyncio.run(pause_sources(numbers, settings=load(), paused=True)))


@sources.command()
@NUMBERS
def resume(numbers: tuple[int, ...]) -> None:
    """Look at sources again, at once."""
    from bot.cli.watching import pause_sources
    from bot.config import load

    ended(asyncio.run(pause_sources(numbers, settings=load(), paused=False)))


@sources.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def import_(files: tuple[str, ...]) -> None:
    """Watch every feed of OPML lists, as feed readers export them; - for standard input."""
    from bot.cli.watching import import_sources
    from bot.config import load

    ended(asyncio.run(import_sources(files, settings=load())))


@sources.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def export(file: Path | None) -> None:
    """Write the feeds as an OPML list, to FILE or to standard output."""
    from bot.cli.watching import exported
    from bot.config import load

    text = asyncio.run(exported(load()))
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8")
