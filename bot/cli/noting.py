"""What is changed in the shell goes into the audit log like what is changed in a chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import click

from bot.books.members import Members

BY = "console"


@asynccontextmanager
async def noting(members: Members) -> AsyncIterator[None]:
    """The command that runs is written down before it does anything, and how it ended after."""
    number = await members.note(typed(), who=BY, chat=BY, at=datetime.now(UTC))
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        await members.noted(number, outcome)


def typed() -> str:
    """The command that runs, with what it was given."""
    context = click.get_current_context(silent=True)
    if context is None:
        return "onrecord"
    words = ["onrecord", *context.command_path.split()[1:]]
    for name, value in context.params.items():
        if isinstance(value, tuple):
            words += [str(each) for each in value]
        elif value not in (None, False, ""):
            words.append(f"--{name}" if value is True else f"--{name} {value}")
    return " ".join(words)
