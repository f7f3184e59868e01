"""``python -m bench [PART ...] [--articles NUMBER]``: all parts where none is named; ``sample`` raises the floors.

Ratios and CPU time: bare times mean little. ``--articles``: so many are imported to see whether memory stays flat.
"""

from __future__ import annotations

import argparse
import os
import sys

from rich.console import Console

PARTS = (
    *("quality", "pages", "speed", "ingest", "stories", "ask", "passages", "latency", "delivery", "alerts", "start"),
    "scale",
)
ASKED_FOR = ("sample", "memory", "shared")


def main(chosen: list[str]) -> int:
    """Runs the parts named, or all; 1 when a figure sank below its floor."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("part", nargs="*", help=", ".join(PARTS + ASKED_FOR))
    asked.add_argument("--articles", type=int, metavar="NUMBER")
    given = asked.parse_args(chosen)
    unknown = [part for part in given.part if part not in PARTS + ASKED_FOR]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS + ASKED_FOR)}", file=sys.stderr)
        return 2
    if given.articles:
        os.environ["BENCH_ARTICLES"] = str(given.articles)
    console = Console(width=None if sys.stdout.isatty() else 140)
    good = [_run(part, console) for part in given.part or PARTS]
    return 0 if all(good) else 1


def _run(part: str, console: Console) -> bool:
    from importlib import import_module

    good: bool = import_module(f"bench.{part}").run(console)
    return good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
