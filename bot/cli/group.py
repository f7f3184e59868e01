"""The command ``onrecord`` itself: its sub-commands, and how an error ends."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any

import click

from bot.cli.articles import add, brief, extract, match
from bot.cli.asking import ask
from bot.cli.bench import bench
from bot.cli.chats import chat, check, demo, serve
from bot.cli.digests import digest
from bot.cli.exporting import export
from bot.cli.faults import uncaught, warned
from bot.cli.ingesting import ingest
from bot.cli.jobs import jobs
from bot.cli.keeping import backup, forget, restore
from bot.cli.members import audit, invite
from bot.cli.moving import migrate
from bot.cli.outbox import outbox
from bot.cli.sources import sources
from bot.cli.stories import stories
from bot.cli.worker import worker
from digests.errors import OnrecordError
from digests.tracing import about, fresh

SERVING = frozenset({"serve", "worker"})
"""What these do belongs to many requests, and they say themselves how it is logged."""


class Failure(click.ClickException):
    """One line on stderr that says what is wrong and what to do; exit status 1."""

    def __init__(self, cause: OnrecordError) -> None:
        from bot.logs.redaction import redacting

        super().__init__(redacting()("; ".join(line.strip() for line in str(cause).splitlines() if line.strip())))


class Onrecord(click.Group):
    """Shows errors raised on purpose as one line; every other one is a fault of the program and keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OnrecordError as cause:
            raise Failure(cause) from cause


@click.group(cls=Onrecord, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("onrecord"), prog_name="onrecord")
@click.pass_context
def cli(context: click.Context) -> None:
    """Facts on the record: articles in, answers out, no line without the words it rests on."""
    if context.invoked_subcommand not in SERVING:
        context.with_resource(warned())
        context.with_resource(about(request=fresh("cli")))


for command in (
    add,
    extract,
    brief,
    match,
    stories,
    ask,
    ingest,
    outbox,
    jobs,
    digest,
    chat,
    serve,
    worker,
    check,
    demo,
    invite,
    audit,
    sources,
    export,
    backup,
    restore,
    forget,
    migrate,
    bench,
):
    cli.add_command(command)


def main() -> None:
    """The console script."""
    sys.excepthook = uncaught
    cli(prog_name="onrecord")
