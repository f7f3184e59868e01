"""Draws charts in a process of its own, which is killed when it takes too long; then there is no picture, only words.

The process starts with the first chart, stays warm for the next ones, and ends when nobody has asked for a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from digests.edition.charts.model import Chart, Form
from digests.sources.child import Answer, Child, Limits

log = logging.getLogger(__name__)

LIMITS = Limits(cpu_seconds=10.0, wall_seconds=20.0, memory=384 * 1024 * 1024, start_seconds=40.0)
"""Of one drawing: a chart takes a tenth of a second; the first one of a process loads matplotlib before any clock."""
PATIENCE = 45.0
"""Seconds that somebody waits for a picture, those before them in the queue included."""
MOST_WAITING = 16
MOST_KEPT = 32
IDLE_SECONDS = 300.0
Paint = Callable[[Chart, Form], bytes]


class Artist:
    """``draw`` charts; ``close`` it. ``paint`` and ``prepare`` are functions of a module: what the process does."""

    def __init__(
        self,
        *,
        limits: Limits = LIMITS,
        patience: float = PATIENCE,
        idle: float = IDLE_SECONDS,
        paint: Paint | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._limits = limits
        self._patience = patience
        self._idle = idle
        self._paint = paint or paint_chart
        self._prepare = prepare or load_matplotlib
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._child: Child | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._kept: OrderedDict[tuple[Chart, Form], bytes] = OrderedDict()
        self._closed = False

    async def draw(self, chart: Chart, form: Form) -> bytes | None:
        """The picture, ``None`` where none could be had in time: never an error, for the words go without it."""
        known = self._kept.get((chart, form))
        if known is not None:
            self._kept.move_to_end((chart, form))
            return known
        if self._closed or self._waiting >= MOST_WAITING:
            return None
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience), self._turn:
                return self._keep(chart, form, await self._drawn(chart, form))
        except TimeoutError:
            log.warning("charts: none drawn within %.0f s", self._patience)
            return None
        finally:
            self._waiting -= 1

    def _keep(self, chart: Chart, form: Form, picture: bytes | None) -> bytes | None:
        """Many may be sent the same chart, and a page is read again and again."""
        if picture is not None:
            self._kept[chart, form] = picture
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return picture

    async def _drawn(self, chart: Chart, form: Form) -> bytes | None:
        """A picture of the process, started where there is none; one that died of itself gets a second try."""
        for _ in range(2):
            if self._closed:
                return None
            answer = await self._asked(chart, form)
            if answer.outcome == "done":
                assert isinstance(answer.value, bytes)
                return answer.value
            log.error("charts: not drawn: %s %s", answer.outcome, answer.value or "")
            if answer.outcome != "died":
                return None
        return None

    async def _asked(self, chart: Chart, form: Form) -> Answer:
        loop = asyncio.get_running_loop()
        if self._ending is not None:
            self._ending.cancel()
        try:
            return await loop.run_in_executor(self._thread, self._work, chart, form)
        except BaseException:  # cancelled, or out of patience: what it draws nobody waits for
            if self._child is not None:
                self._child.kill()
            raise
        finally:
            if not self._closed:
                self._ending = loop.call_later(self._idle, self._let_go)

    def _work(self, chart: Chart, form: Form) -> Answer:
        """Ask the process, started anew where it does not live any more. In the thread."""
        if self._child is None or not self._child.alive:
            self._child = Child(self._limits, warm=self._prepare)
        return Answer(outcome="died") if self._closed else self._child.ask(self._paint, (chart, form))

    def _let_go(self) -> None:
        """End a process that nobody has asked for a while: it holds some eighty megabytes."""
        child, self._child = self._child, None
        if child is not None:
            self._thread.submit(child.close)

    async def close(self) -> None:
        """End the process; what is under way is dropped."""
        self._closed = True
        if self._ending is not None:
            self._ending.cancel()
        for _ in range(2):  # the second one may just be starting
            if self._child is not None:
                self._child.kill()
            await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    async def __aenter__(self) -> Artist:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def load_matplotlib() -> None:
    """What takes a second: its fonts, too, are read from the disk only once."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it warns of fonts and folders that a machine has not
    import bot.charts.canvas  # noqa: F401 - loaded for whom is called later


def paint_chart(chart: Chart, form: Form) -> bytes:
    """``canvas.painted``, as the process is asked for it."""
    from bot.charts.canvas import painted

    return painted(chart, form)
