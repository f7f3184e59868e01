"""Lines in, answers out, in order: what has arrived together is worked on together.

A program that writes one line and waits for its answer gets it at once; a file is worked on in full batches, by several
processes if asked.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from queue import Queue
from threading import Thread
from typing import TypeVar

from digests.errors import OnrecordError

LINES = 32
"""At most so many lines a batch ..."""
BYTES = 400_000
"""... and about so many bytes, so that a few books do not fill the memory."""

Answer = TypeVar("Answer")
Work = Callable[[list[bytes]], list[Answer]]


def batches(
    lines: Iterable[bytes], *, most: int = LINES, size: int = BYTES, patient: bool = False
) -> Iterator[list[bytes]]:
    """Lines that are there already, together; waits for more once it has one only if it is ``patient``."""
    arrived: Queue[bytes | None] = Queue(maxsize=2 * most)
    failures: list[Exception] = []
    Thread(target=_feed, args=(lines, arrived, failures), daemon=True).start()
    line = arrived.get()
    while line is not None:
        batch, held = [line], len(line)
        while len(batch) < most and held < size and (patient or not arrived.empty()):
            line = arrived.get()
            if line is None:
                break
            batch.append(line)
            held += len(line)
        yield batch
        line = arrived.get() if line is not None else None
    if failures:
        raise failures[0]


def answered(lines: Iterable[bytes], work: Work[Answer], *, workers: int = 1) -> Iterator[Answer]:
    """``work``'s answers to all lines, in order. ``work`` must be importable where ``workers`` is more than one."""
    if workers <= 1:
        for batch in batches(lines):
            yield from work(batch)
        return
    yield from _by_processes(lines, work, workers)


def _by_processes(lines: Iterable[bytes], work: Work[Answer], workers: int) -> Iterator[Answer]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        under_way: deque[tuple[list[bytes], Future[list[Answer]]]] = deque()
        for batch in batches(lines, patient=True):
            under_way.append((batch, _submitted(pool, work, batch)))
            if len(under_way) > 2 * workers:
                yield from _result(*under_way.popleft(), work)
        while under_way:
            yield from _result(*under_way.popleft(), work)


def _submitted(pool: ProcessPoolExecutor, work: Work[Answer], batch: list[bytes]) -> Future[list[Answer]]:
    try:
        return pool.submit(work, batch)
    except BrokenProcessPool as failure:
        lost: Future[list[Answer]] = Future()
        lost.set_exception(failure)
        return lost


def _result(batch: list[bytes], future: Future[list[Answer]], work: Work[Answer]) -> list[Answer]:
    """A batch whose process was killed is done here, so that nothing is lost."""
    try:
        return future.result()
    except BrokenProcessPool:
        return work(batch)


def _feed(lines: Iterable[bytes], arrived: Queue[bytes | None], failures: list[Exception]) -> None:
    try:
        for line in lines:
            if line.strip():
                arrived.put(line)
    except (OSError, ValueError, OnrecordError) as failure:
        failures.append(failure)
    finally:
        arrived.put(None)
