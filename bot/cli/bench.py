"""``onrecord bench``: the benchmarks and the error browser; both live in a checkout, not in the wheel."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from digests.errors import UserError


@click.group()
def bench() -> None:
    """Quality, speed and latency beside others; what is still read wrongly. Needs a checkout."""


@bench.command()
@click.argument("parts", nargs=-1, metavar="[quality|pages|speed|ingest|stories|latency|start]...")
def run(parts: tuple[str, ...]) -> None:
    """Run the benchmarks, all of them where none is named."""
    sys.exit(in_checkout("bench.__main__").main(list(parts)))


@bench.command()
@click.argument("name", type=click.Choice(["quotes", "gum", "times", "labels"]))
@click.option("--only", default="", help="One sort only: missed, spurious, boundary, speaker ...")
@click.option("--limit", default=0, type=click.IntRange(0), help="At most so many; 0 for all.")
def errors(name: str, only: str, limit: int) -> None:
    """Show what was missed, made up or cut wrongly, in colour, in its sentence."""
    from rich.console import Console

    in_checkout("bench.errors").show(name, Console(highlight=False), only=only, limit=limit)


def in_checkout(module: str) -> Any:
    """A module of ``bench/``. Raises UserError where there is none, as in an installed wheel."""
    try:
        return import_module(module)
    except ModuleNotFoundError as cause:
        if (cause.name or "").split(".")[0] != "bench":
            raise
        raise UserError("the benchmarks live in a checkout of Onrecord: clone it and run `make bench` there") from cause
