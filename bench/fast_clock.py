"""An event loop whose waiting costs nothing: its clock is the CPU time that was used plus the time that was skipped.

So an hour of sending takes as long as the work in it, and the work counts at its full price: what makes the loop late
here makes it late in life. Work in threads (the database) is waited for in earnest.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Skipping(selectors.DefaultSelector):
    """Skips the time that nobody works in."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0
        self.working = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.working or timeout is None:
            return super().select(None if self.working and (timeout is None or timeout > 0) else timeout)
        events = super().select(0)
        if not events and timeout > 0:
            self.skipped += timeout
        return events


class FastLoop(asyncio.SelectorEventLoop):
    """Give it to ``run``."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return time.process_time() + self._skipping.skipped

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future[Any]:
        self._skipping.working += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _: asyncio.Future[Any]) -> None:
        self._skipping.working -= 1


def run(work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` gives, run on a clock of its own."""
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(work)
