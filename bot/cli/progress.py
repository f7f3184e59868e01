"""A progress bar on stderr, and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
"""Told (done, all) after each thing done."""


@contextmanager
def bar(*, unit: str) -> Iterator[Progress | None]:
    """Something to tell of progress, or None where nobody is looking at stderr."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit=unit, file=sys.stderr, leave=False, dynamic_ncols=True) as shown:

        def told(done: int, total: int) -> None:
            shown.total = total
            shown.n = done
            shown.refresh()

        yield told
