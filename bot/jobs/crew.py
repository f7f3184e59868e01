"""The workers of one process: procrastinate hands out whose turn it is, a handler for each kind of job does it.

Nothing ends it but ``stop``: a database that is away is waited for. A job whose worker died goes to another as soon as
that one's heartbeat has been missing for ``silent`` seconds; one that fails again and again is parked, with the reason.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job as Waiting
from psycopg_pool import PoolTimeout

from bot.books.jobs import Parked, park
from bot.jobs.base import Handler, Job
from bot.jobs.decide import PATIENCE, kind_of
from bot.jobs.owned import OwnedJobs
from digests.errors import StoreError
from digests.store.connection import Connection
from digests.store.database import Database
from digests.tracing import about

log = logging.getLogger(__name__)

TASK = "onrecord"
DUE_EVERY = 0.5
MISSING_EVERY = 60.0
SURVEY_EVERY = 1.0
POLL = 2.0
"""A job that was put back for a retry is found that late; a new one at once, for PostgreSQL tells of it."""
LONGEST_PAUSE = 30.0
SUSPECT = 2
"""What was there at two failures or deaths is done by itself in a process, to see which of them it was."""
_MISSING = "SELECT onrecord_wake_missing(), onrecord_wake_given(), onrecord_forget_paces(), onrecord_forget_hosts()"
AWAY = (ProcrastinateException, PoolTimeout, OSError)
"""What the database being away looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One kind of work. ``at_once``: so many jobs of it at a time in this process."""

    queues: tuple[str, ...]
    handler: Handler
    at_once: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Seconds. ``silent``: a worker not heard of for so long is dead; ``grace``: for what runs when it is to stop."""

    silent: float = 30.0
    grace: float = 20.0


class Crew:
    """``run`` it as a task until ``stop``. Posts by the kind of job."""

    def __init__(self, url: str, database: Database, posts: Mapping[str, Post], *, terms: Terms | None = None) -> None:
        self._database = database
        self._posts = posts
        self._terms = terms or Terms()
        self._stopping = asyncio.Event()
        self._suspects = asyncio.Lock()
        connector = PsycopgConnector(
            conninfo=url, min_size=1, max_size=2 + 2 * len(posts), timeout=10.0, kwargs={"connect_timeout": 10}
        )
        self._connector = connector
        self._app = App(connector=connector)
        self._app.job_manager = OwnedJobs(connector)
        self._app.task(name=TASK, pass_context=True, retry=BackOff())(self._work)

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped, then give what runs its time; what is cut off goes to others."""
        while not self._stopping.is_set() and not await self._opened():
            await self._rest(1.0)
        loop = asyncio.get_running_loop()
        before = loop.get_exception_handler()
        loop.set_exception_handler(_unfinished)
        upkeep = [asyncio.create_task(each) for each in self._upkeep()]
        try:
            await asyncio.gather(self._stopping.wait(), *(self._keep(post) for post in self._posts.values()))
        finally:
            loop.set_exception_handler(before)
            for task in upkeep:
                task.cancel()
            await asyncio.gather(*upkeep, return_exceptions=True)
            with suppress(*AWAY):
                await self._app.close_async()

    async def _opened(self) -> bool:
        try:
            await self._app.open_async()
        except AWAY as error:
            log.error("worker: %s", error.__cause__ or error)
            return False
        return True

    async def _keep(self, post: Post) -> None:
        """A worker of procrastinate's, begun again whenever it ends by itself: the database was away."""
        pause, clock = 1.0, asyncio.get_running_loop().time
        while not self._stopping.is_set():
            began = clock()
            working = asyncio.create_task(self._working(post))
            told = asyncio.create_task(self._stopping.wait())
            await asyncio.wait([working, told], return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                working.cancel()  # for procrastinate: finish what runs, begin nothing
            (ended,) = await asyncio.gather(working, return_exceptions=True)
            told.cancel()
            if self._stopping.is_set():
                return
            log.error("worker: %s: the database failed: %s", " ".join(post.queues), _why(ended))
            pause = 1.0 if clock() - began > LONGEST_PAUSE else min(LONGEST_PAUSE, pause * 2)
            await self._rest(pause)

    async def _working(self, post: Post) -> None:
        await self._app.run_worker_async(
            queues=list(post.queues),  # a tuple is no array to psycopg
            concurrency=post.at_once,
            fetch_job_polling_interval=POLL,
            update_heartbeat_interval=self._terms.silent / 3,
            stalled_worker_timeout=self._terms.silent,
            shutdown_graceful_timeout=self._terms.grace,
            delete_jobs="successful",
            install_signal_handlers=False,
        )

    async def _work(self, context: JobContext, /, key: str, **_begun: int) -> None:
        """A job, as procrastinate gives it. What is raised it is tried again for (``BackOff``).

        ``_begun``: what is left of an attempt to do it by itself.
        """
        given = context.job
        job = Job(
            id=given.id or 0,
            kind=kind_of(given.queue),
            key=key,
            worker=given.worker_id or 0,
            attempts=given.attempts,
        )
        with about(request=f"job-{job.id}", job=f"{job.kind} {key}"):
            await self._done(job)

    async def _done(self, job: Job) -> None:
        """Do a job, or give it up when it was tried often enough."""
        handler, most = self._posts[job.kind].handler, PATIENCE[job.kind].most
        if job.attempts >= most:
            await _patiently(partial(self._park, handler, job, "whoever worked on it died, or was stopped, each time"))
            return
        try:
            if job.attempts < SUSPECT:
                await _patiently(partial(handler.do, job))
            else:
                await self._by_itself(handler, job)
        except Exception as error:
            log.exception("worker: %s %s failed", job.kind, job.key)
            if job.attempts + 1 < most:
                raise
            await _patiently(partial(self._park, handler, job, f"{type(error).__name__}: {error}"))

    async def _by_itself(self, handler: Handler, job: Job) -> None:
        """Do what others failed or died at. From when it is begun it is blamed for a death, not while it waits."""
        async with self._suspects:
            await handler.prepare()
            await _patiently(partial(self._database.write, partial(_mark, job_id=job.id), subject="rows"))
            await _patiently(partial(handler.do, job))

    async def _park(self, handler: Handler, job: Job, reason: str) -> None:
        """Give a job up where people see it."""
        about, what = await handler.give_up(job, reason)
        log.error("worker: %s is given up: %s", about, reason)
        parked = Parked(kind=job.kind, about=about, what=what, reason=reason, attempts=job.attempts + 1)
        await self._database.write(partial(park, given_up=parked))

    def _upkeep(self) -> list[Coroutine[object, object, None]]:
        silent = self._terms.silent
        return [
            self._every(DUE_EVERY, "SELECT onrecord_wake_due()"),
            self._every(MISSING_EVERY, _MISSING),
            self._every(SURVEY_EVERY, "SELECT onrecord_survey()"),
            self._every(silent / 3, "SELECT * FROM onrecord_recover(%(silent)s)", silent=silent),
        ]

    async def _every(self, seconds: float, statement: str, **values: float) -> None:
        """Do so again and again; what a recovery finds is told."""
        while True:
            try:
                found = await self._connector.execute_query_all_async(statement, **values)
                for each in found if values else ():
                    log.warning("worker: %s %s goes on: its worker died", each["queue"], each["key"])
            except AWAY as error:
                log.debug("worker: %s: %s", statement, error)
            await asyncio.sleep(seconds)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


class BackOff(BaseRetryStrategy):
    """A job that failed waits as its kind's rule says; one that a stop cut off goes to another worker at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Waiting) -> RetryDecision:
        kind = kind_of(job.queue)
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=datetime.now(UTC))
        pause = timedelta(seconds=PATIENCE[kind].pause(job.attempts + 1))
        # while it waits it must not hold up what else goes to that host; at a chat it must
        lock = None if kind == "deliver" else f"{job.queue} {job.task_kwargs['key']}"
        return RetryDecision(retry_at=datetime.now(UTC) + pause, lock=lock)


def _mark(connection: Connection, *, job_id: int) -> None:
    """Write on a job that it is done by itself now."""
    connection.execute("UPDATE procrastinate_jobs SET args = args || '{\"begun\": 1}' WHERE id = ?", (job_id,))


async def _patiently(work: Callable[[], Awaitable[None]]) -> None:
    """Do it however long the database fails."""
    pause = 1.0
    while True:
        try:
            return await work()
        except StoreError as error:
            log.error("worker: the database failed: %s", error)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def _unfinished(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job that cannot be ticked off is another worker's by now, or goes to one: nobody has to do anything."""
    if isinstance(context.get("exception"), ProcrastinateException):
        log.info("worker: a job was ended by somebody else: %s", context["exception"].__cause__)
    else:
        loop.default_exception_handler(context)


def _why(ended: object) -> object:
    return getattr(ended, "__cause__", None) or ended or "a connection was lost"
