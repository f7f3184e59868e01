"""What commands read: files named or standard input, whole or line by line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from digests.errors import UnreadableArticle, UserError
from digests.sources.decoding import MOST_FILE_BYTES

STDIN = "-"


def contents(name: str) -> bytes:
    """A file's bytes or those of standard input, one more than may be read at most. Raises UnreadableArticle."""
    if name == STDIN:
        return sys.stdin.buffer.read(MOST_FILE_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MOST_FILE_BYTES + 1)
    except OSError as cause:
        raise UnreadableArticle(f"{name} cannot be read: {cause.strerror or cause}") from cause


def lines(files: Sequence[str]) -> Iterator[bytes]:
    """The lines of the files one after another; of standard input where none is named."""
    for name in files or (STDIN,):
        if name == STDIN:
            yield from _standard_input()
            continue
        try:
            with Path(name).open("rb") as source:
                yield from source
        except OSError as cause:
            raise UserError(f"{name} cannot be read: {cause.strerror or cause}") from cause


def _standard_input() -> Iterator[bytes]:
    """Through a handle of our own: a thread may still wait for a line when the program ends, and the interpreter, which
    then closes ``sys.stdin``, would die on the lock that the thread holds."""
    try:
        descriptor = os.dup(sys.stdin.fileno())
    except OSError:  # standard input that is no file
        yield from sys.stdin.buffer
        return
    with open(descriptor, "rb") as source:
        yield from source


def required(files: Sequence[str]) -> Sequence[str]:
    """The files; with none named, standard input if something is piped into it, else a usage error."""
    if files:
        return files
    if sys.stdin.isatty():
        raise click.UsageError("name a file, or - for standard input")
    return (STDIN,)
