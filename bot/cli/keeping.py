"""``onrecord backup``, ``restore``, ``forget``: copies of the database, and what is erased from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from bot.cli.progress import bar

NAME = re.compile(r"telegram:-?\d+|slack:[A-Z0-9]+")
YES = click.option("--yes", is_flag=True, help="Do it without asking.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to a new FILE (or into a folder) while everything runs; the copy is checked."""
    from digests.store.sqlite.copying import back_up

    path = _file("backup", instead='pg_dump --format=custom --file=FILE "$DATABASE_URL"')
    target = file / f"onrecord-{datetime.now(UTC):%Y%m%d-%H%M%S}.db" if file.is_dir() else file
    with bar(unit="page") as progress:
        made = back_up(path, target, told=progress)
    click.echo(
        f"{made.path}: {made.megabytes:.1f} MB, {made.articles:,} articles, {made.facts:,} facts; checked, whole"
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@YES
def restore(file: Path, yes: bool) -> None:
    """Put a copy in the database's place; the database that was there is kept beside it."""
    from bot.books.sql import MIGRATIONS
    from digests.errors import UserError
    from digests.store.migrations import FACTS
    from digests.store.sqlite.copying import hindrance, look_at, put_back

    path = _file("restore", instead='pg_restore --exit-on-error --dbname="$DATABASE_URL" FILE')
    copy = look_at(file)
    against = hindrance(path, copy)
    if against and not yes:
        reasons = ["another program has it open (stop `onrecord serve` first)"] * against.in_use
        reasons += [f"{against.articles:,} articles in it are newer than the copy"] * bool(against.articles)
        raise UserError(f"{path} was not replaced: {' and '.join(reasons)}; --yes replaces it all the same")
    aside = put_back(file, path, [FACTS, MIGRATIONS], now=datetime.now(UTC))
    click.echo(f"{path}: {copy.articles:,} articles, {copy.facts:,} facts, from {file}")
    if aside is not None:
        click.echo(f"What was there before is {aside}")
    if against.in_use:
        click.echo("Restart whatever had it open: until then it writes into the old one.", err=True)


@click.command()
@click.argument("chats", nargs=-1, required=True, metavar="CHAT...")
@YES
def forget(chats: tuple[str, ...], yes: bool) -> None:
    """Erase all that is kept of chats or people (telegram:123, slack:C1): settings, orders, messages, their names.

    Articles and facts stay, also those they added. An SQLite file is written anew, so that nothing is left in it.
    """
    from bot.app.databases import is_shared
    from bot.config import load
    from digests.errors import UserError

    for chat in chats:
        if not NAME.fullmatch(chat):
            raise UserError(f"{chat!r} is no name of a chat or person: such as telegram:-100123, slack:C012AB3CD")
    settings = load()
    shared = is_shared(settings.database_url)
    if not shared and not settings.database_path.is_file():
        raise UserError(f"there is no database at {settings.database_path}")
    if not yes:
        click.confirm(f"Erase all that is kept of {', '.join(chats)}? It cannot be undone.", abort=True)
    if shared:
        _erase_there(settings.database_url, chats)
    else:
        _erase_here(settings.database_path, chats)


def _erase_here(path: Path, chats: Sequence[str]) -> None:
    from bot.books.forgetting import erase
    from bot.books.sql import MIGRATIONS
    from digests.store.migrations import FACTS

    for chat in chats:
        gone, emptied = erase(path, chat, [FACTS, MIGRATIONS], now=datetime.now(UTC))
        _tell(chat, gone)
        if not emptied:
            click.echo("The journal is still read by another program; it is emptied when that one stops.", err=True)


def _erase_there(url: str, chats: Sequence[str]) -> None:
    import asyncio

    from bot.app.databases import open_shared
    from bot.books.forgetting import POSTGRES_TEXTS, forget

    async def erase() -> None:
        now = datetime.now(UTC)
        async with await open_shared(url) as database:
            for chat in chats:
                _tell(chat, await database.write(partial(forget, chat=chat, at=now, texts=POSTGRES_TEXTS)))
            await database.vacuum()

    asyncio.run(erase())
    click.echo(
        "Dumps and the server's archived journal (WAL) from before still hold it: remove them in time.", err=True
    )


def _tell(chat: str, gone: Mapping[str, int]) -> None:
    told = ", ".join(f"{count:,} in {table}" for table, count in sorted(gone.items()))
    click.echo(f"{chat}: erased {told}" if gone else f"{chat}: nothing was kept")


def _file(command: str, *, instead: str) -> Path:
    """The SQLite file of the settings. Raises ``UserError`` where they name a PostgreSQL, which has its own tools."""
    from bot.app.databases import is_shared
    from bot.config import load
    from digests.errors import UserError

    settings = load()
    if is_shared(settings.database_url):
        raise UserError(f"`onrecord {command}` is for an SQLite file; with PostgreSQL: {instead} (docs/operating.md)")
    return settings.database_path
