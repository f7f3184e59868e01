"""``onrecord migrate``: everything from one database into another one, SQLite or PostgreSQL, either way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from bot.cli.progress import bar

if TYPE_CHECKING:
    from digests.store.moving.base import End, Target
    from digests.store.moving.sums import Compared

SHOWN_DIGITS = 12


@click.command()
@click.option("--from", "source", required=True, metavar="URL", help="What to copy; nothing may write to it meanwhile.")
@click.option("--to", "target", required=True, metavar="URL", help="An empty database, or one a copy was begun into.")
def migrate(source: str, target: str) -> None:
    """Copy everything into another database: sqlite:///onrecord.db, postgresql://user@host/name, either way.

    Stopped or killed, the same command goes on where it was. At the end both sides are read and compared.
    """
    from digests.errors import StoreError, UserError
    from digests.store.moving.move import move

    if source == target:
        raise UserError("--from and --to name the same database")
    with ExitStack() as opened:
        told = opened.enter_context(bar(unit="row"))
        with _named("--from"):
            here = opened.enter_context(open_source(source))
        with _named("--to"):
            there = opened.enter_context(open_target(target))
        compared = move(here, there, told=told)
        places = here.place, there.place
    for line in lines(compared):
        click.echo(line)
    wrong = [each.table for each in compared if not each.same]
    if wrong:
        raise StoreError(
            f"{places[1]} is not the same as {places[0]} in {', '.join(wrong)}: it cannot be used;"
            " remove it and begin again with an empty one"
        )
    click.echo(f"{places[1]} holds all that {places[0]} does: name it in DATABASE_URL from now on")


def lines(compared: Sequence[Compared]) -> list[str]:
    """A line for each table that holds anything: rows and checksum, of both sides where they differ."""
    shown = [each for each in compared if each.source.rows or each.target.rows]
    wide = max((len(each.table) for each in shown), default=0)
    return [
        f"{each.table:{wide}}  {each.source.rows:>12,}  {each.source.digits[:SHOWN_DIGITS]}  "
        + ("same" if each.same else f"but {each.target.rows:,} rows, {each.target.digits[:SHOWN_DIGITS]}")
        for each in shown
    ]


@contextmanager
def open_source(url: str) -> Iterator[End]:
    """The database to copy from, which nobody writes meanwhile."""
    from bot.books.sql import MIGRATIONS
    from digests.store.migrations import FACTS
    from digests.store.sqlite.database import path_of

    if _is_postgres(url):
        from digests.store.moving import postgres_end

        _prepare(url)
        with postgres_end.source(url) as end:
            yield end
        return
    from digests.store.moving import sqlite_end

    with sqlite_end.source(path_of(url), [FACTS, MIGRATIONS]) as file:
        yield file


@contextmanager
def open_target(url: str) -> Iterator[Target]:
    """The database to copy to, with all tables."""
    from bot.books.sql import MIGRATIONS
    from digests.store.migrations import FACTS
    from digests.store.sqlite.database import path_of

    if _is_postgres(url):
        from digests.store.moving import postgres_end

        if not postgres_end.begun(url):
            _prepare(url)
        with postgres_end.target(url) as end:
            yield end
        return
    from digests.store.moving import sqlite_end

    with sqlite_end.target(path_of(url), [FACTS, MIGRATIONS]) as file:
        yield file


@contextmanager
def _named(option: str) -> Iterator[None]:
    """What is wrong with an address is said of the option that gave it: no setting was read."""
    from digests.errors import SettingsError, StoreError

    try:
        yield
    except (SettingsError, StoreError) as error:
        raise type(error)(str(error).replace("DATABASE_URL", option)) from error


def _is_postgres(url: str) -> bool:
    """Raises ``UserError`` for what is neither; the address is not shown, there may be a password in it."""
    from bot.app.databases import is_shared
    from digests.errors import UserError

    if not is_shared(url) and not url.startswith("sqlite:"):
        raise UserError("name databases as sqlite:///onrecord.db or postgresql://user@host/name")
    return is_shared(url)


def _prepare(url: str) -> None:
    """All tables, as opening it for any other command makes them."""
    from bot.app.databases import open_shared

    async def opened() -> None:
        await (await open_shared(url)).close()

    asyncio.run(opened())
