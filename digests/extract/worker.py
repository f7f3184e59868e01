"""Reading and extraction in processes of their own, so that the chat's process never imports spaCy nor waits for it.

The processes are spawned, never forked (threads and database connections do not survive a fork), load the model once
and end with the process that started them, even when that one is killed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TypeVar

from digests.errors import UnreadableArticle
from digests.model import Article, Extraction, NameKeys, Person

T = TypeVar("T")
Keyed = tuple[Extraction, dict[int, NameKeys]]
"""What was read, and under which keys the store finds whoever may be meant, by local entity id."""
CPU_SECONDS = 900
"""More than a book takes; what needs longer was built to keep a parser busy."""


class Worker:
    """``processes`` warm processes; one for a chat, one a core for bulk.

    ``niceness``: how far they give way to others, so that what waits in a chat goes before what is read in bulk.
    """

    def __init__(self, *, processes: int = 1, cpu_seconds: int = CPU_SECONDS, niceness: int = 0) -> None:
        self.processes = processes
        self._niceness = niceness
        self._cpu_seconds = cpu_seconds
        self._pool: ProcessPoolExecutor | None = None

    async def extract_keyed(self, articles: Sequence[Article]) -> list[Keyed]:
        """All that can be read from articles, in their order; a batch is faster than one after the other.

        Raises ``SettingsError`` when the model package is missing.
        """
        return await self.run(extract_keyed_in_process, list(articles))

    def link(self, extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> dict[int, int]:
        """Local entity id -> id of the person meant; who is not in it is new. Quick: it needs no process."""
        return linked(extraction, candidates)

    async def warm(self) -> None:
        """Load the model, so that the first article does not wait for it."""
        await self.run(extract_in_process, [])

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """``work(*args)`` in one of the processes: a function of a module, with values that can be pickled.

        A process that dies is replaced and the work tried once more; then it is the work that kills it, and
        ``UnreadableArticle`` says so.
        """
        try:
            return await self._run(work, *args)
        except BrokenProcessPool:
            pass
        try:
            return await self._run(work, *args)
        except BrokenProcessPool as error:
            raise UnreadableArticle(
                "the process that reads articles died on this one twice (too long, or too little memory):"
                " give a shorter text; nothing was saved"
            ) from error

    async def _run(self, work: Callable[..., T], *args: object) -> T:
        pool = self._started()
        try:
            return await asyncio.wrap_future(pool.submit(limited, self._cpu_seconds, work, args))
        except BrokenProcessPool:
            if self._pool is pool:  # several tasks see one process die: the first makes room for a new one
                self._pool = None
                pool.shutdown(wait=False, cancel_futures=True)
            raise

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=begin,
                initargs=(self._niceness,),
            )
        return self._pool

    async def close(self) -> None:
        """End the processes; what is under way is dropped."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        children = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.terminate()
        await asyncio.to_thread(_joined, children)

    async def __aenter__(self) -> Worker:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _joined(children: Sequence[multiprocessing.process.BaseProcess]) -> None:
    for child in children:
        child.join(2)
        if child.is_alive():
            child.kill()
            child.join(2)


def begin(niceness: int = 0) -> None:
    """In a new process: leave Ctrl-C to the parent, one thread for arithmetic, and die when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(niceness)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def limited(seconds: int, work: Callable[..., T], args: tuple[object, ...]) -> T:
    """``work(*args)`` with so much CPU time at most; the system ends the process that takes more."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))
    return work(*args)


def extract_in_process(articles: list[Article]) -> list[Extraction]:
    """What a process does with a batch: facts are read from English only; an empty batch loads the model."""
    from digests.extract.nlp import load
    from digests.extract.pipeline import extract_many

    load()
    english = iter(list(extract_many([article for article in articles if article.language == "en"])))
    return [next(english) if article.language == "en" else Extraction() for article in articles]


def extract_keyed_in_process(articles: list[Article]) -> list[Keyed]:
    return [(extraction, keys_of(extraction)) for extraction in extract_in_process(articles)]


def keys_of(extraction: Extraction) -> dict[int, NameKeys]:
    """``lookup_keys`` of everybody whom an article names."""
    from digests.extract import linking

    return {
        cluster.entity: NameKeys(
            type=cluster.type, keys=tuple(sorted(linking.lookup_keys(cluster.type, (cluster.name, *cluster.aliases))))
        )
        for cluster in linking.clusters(extraction)
    }


def linked(extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> dict[int, int]:
    """Whom of the candidates each cluster means."""
    from digests.extract import linking

    found = {
        cluster.entity: linking.link(cluster, candidates.get(cluster.entity, ()))
        for cluster in linking.clusters(extraction)
    }
    return {entity: person.id for entity, person in found.items() if person is not None}
