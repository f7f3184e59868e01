"""``python -m bench [PART ...]``: quality, pages, speed, ingest, stories, latency, start; ``sample`` raises the floors.

Ratios and CPU time: bare times mean little.
"""

from __future__ import annotations

import sys

from rich.console import Console

PARTS = ("quality", "pages", "speed", "ingest", "stories", "latency", "start")
ASKED_FOR = ("sample",)


def main(chosen: list[str]) -> int:
    """Runs the parts named, or all; 1 when a figure sank below its floor."""
    unknown = [part for part in chosen if part not in PARTS + ASKED_FOR]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS + ASKED_FOR)}", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else 140)
    good = [_run(part, console) for part in chosen or PARTS]
    return 0 if all(good) else 1


def _run(part: str, console: Console) -> bool:
    from importlib import import_module

    good: bool = import_module(f"bench.{part}").run(console)
    return good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
