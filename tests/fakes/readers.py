"""Processes that read articles, kept from test to test: loading spaCy takes longer than most of what is tested with it.

What starts, replaces and ends such processes is tested with real ones (tests of the worker, the parser, the server).
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Lock
from typing import Any

from digests.extract.worker import begin
from digests.sources.child import Child, Limits

MOST_TASKS = 200


class Readers:
    """Warm processes of one test process; ``close`` ends them.

    ``pool`` and ``child`` are made in place of ``ProcessPoolExecutor`` in the worker and of ``Child`` in the parser.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._pools: dict[str, ProcessPoolExecutor] = {}
        self._children: list[Kept] = []

    def pool(self, *_: object, **__: object) -> Pool:
        """One process for whoever asks with the same model in the environment, however many are asked for."""
        return Pool(self, os.environ.get("SPACY_MODEL", ""))

    def child(self, limits: Limits) -> Kept:
        """A child that is warm already, if there is one with these limits."""
        with self._lock:
            for number, each in enumerate(self._children):
                if each.limits == limits:
                    return self._children.pop(number)
        return Kept(self, limits)

    def take_back(self, child: Kept) -> None:
        with self._lock:
            self._children.append(child)

    def running(self, model: str) -> ProcessPoolExecutor:
        with self._lock:
            if model not in self._pools:
                spawn = multiprocessing.get_context("spawn")
                self._pools[model] = ProcessPoolExecutor(1, mp_context=spawn, initializer=begin)
            return self._pools[model]

    def forget(self, pool: ProcessPoolExecutor) -> None:
        """Its process died: the next one who asks gets another."""
        with self._lock:
            self._pools = {model: each for model, each in self._pools.items() if each is not pool}

    def close(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)
        for child in self._children:
            child.end()


class Pool:
    """What the worker takes for a pool of its own."""

    def __init__(self, readers: Readers, model: str) -> None:
        self._readers, self._model = readers, model
        self._processes: dict[int, Any] = {}  # those the worker would end when it closes: none

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        pool = self._readers.running(self._model)

        def done(future: Future[Any]) -> None:
            if not future.cancelled() and isinstance(future.exception(), BrokenProcessPool):
                self._readers.forget(pool)

        future = pool.submit(work, *args)
        future.add_done_callback(done)
        return future

    def shutdown(self, **_: object) -> None:
        """The next test goes on with it."""


class Kept(Child):
    """A child that waits for the next parser when its own one closes it."""

    def __init__(self, readers: Readers, limits: Limits) -> None:
        super().__init__(limits)
        self._readers, self.limits = readers, limits

    def close(self) -> None:
        if self.alive and self.tasks < MOST_TASKS:
            self._readers.take_back(self)
        else:
            self.end()

    def end(self) -> None:
        super().close()
