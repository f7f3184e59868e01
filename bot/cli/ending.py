"""How a command that works on many things ends: each on its own, and status 1 says that something failed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from bot.cli.reading import STDIN, contents
from digests.errors import UserError

if TYPE_CHECKING:
    from digests.jsonl.encoded import OutLine


def written(out: Iterable[OutLine]) -> int:
    """Writes lines as they come; how many of them say that their input was bad."""
    failures = 0
    for line in out:
        sys.stdout.buffer.write(line.text.encode() + b"\n")
        sys.stdout.buffer.flush()
        failures += line.failed
    return failures


def each(files: Sequence[str], act: Callable[[str, bytes], None]) -> int:
    """``act`` done with each file's name (empty for standard input) and bytes; how many failed, each said on stderr."""
    failures = 0
    for name in files:
        try:
            act("" if name == STDIN else name, contents(name))
        except UserError as cause:
            click.echo(f"Error: {cause}", err=True)
            failures += 1
    return failures


def ended(failures: int) -> None:
    """Exit status 1 if anything failed."""
    if failures:
        sys.exit(1)
