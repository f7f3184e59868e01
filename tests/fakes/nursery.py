"""A program that has loaded what ``serve`` and ``worker`` need, and forks one whenever it is told to.

So a test can kill many: a start costs a hundredth of a real one. What is forked reads articles in itself, with the
model that is loaded here, and is a process like any other else: its own signals, loops, connections and end.

A line of JSON on stdin: ``name``, ``run`` ("serve" or the kinds of work), ``env``, ``log``, ``ahead`` (seconds by which
its clock is wrong). On stdout one for each start and end: ``name`` and ``pid``, or ``ended`` and ``status``.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, tzinfo
from typing import Any

from bot.app import serving, working
from bot.config import load
from digests.extract import worker
from digests.sources import fetch, parsing
from digests.sources.child import Answer, Limits, load_parsers

PAUSE_AT_HOSTS = 0.2
"""Instead of a second: there are few hosts, and they are ours."""


class Here(ThreadPoolExecutor):
    """In place of processes that read."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__(1)
        self._processes: dict[int, Any] = {}


class Inline:
    """In place of a child that parses."""

    alive = True
    tasks = 0

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def ask(self, work: Callable[..., object], args: tuple[object, ...]) -> Answer:
        try:
            return Answer(outcome="done", value=work(*args))
        except Exception as error:
            return Answer(outcome="raised", value=error)

    def close(self) -> None:
        """There is nothing to end."""

    kill = close


def main() -> None:
    """Fork what is asked for until stdin ends; those that still run are killed then."""
    from digests.extract import nlp, pipeline

    load_parsers()
    assert pipeline.extract_many
    nlp.load()
    print(json.dumps({"ready": True}), flush=True)
    running: set[int] = set()
    heard = b""
    while True:
        if select.select([0], [], [], 0.05)[0]:
            more = os.read(0, 65_536)
            if not more:
                break
            *lines, heard = (heard + more).split(b"\n")
            running.update(started(json.loads(line)) for line in lines)
        while running and (found := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            running.discard(found[0])
            print(json.dumps({"ended": found[0], "status": found[1]}), flush=True)
    for pid in running:
        os.kill(pid, 9)


def started(told: dict[str, Any]) -> int:
    """The number of the new process."""
    pid = os.fork()
    if pid:
        print(json.dumps({"name": told["name"], "pid": pid}), flush=True)
        return pid
    status = 1
    try:
        log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.clear()
        os.environ.update(told["env"])
        worker.ProcessPoolExecutor, parsing.Child = Here, Inline
        begin(told["run"], ahead=told["ahead"])
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def begin(run: str, *, ahead: float) -> None:
    """``onrecord serve`` or ``onrecord worker`` with the settings of the environment, by a clock that is wrong."""
    (fetch.Fetcher.__init__.__kwdefaults__ or {})["pause"] = PAUSE_AT_HOSTS
    if ahead:
        shift(timedelta(seconds=ahead))
    settings = load(env_file=None)
    asyncio.run(serving.serve(settings) if run == "serve" else working.work(settings, run.split()))


def shift(ahead: timedelta) -> None:
    """Let all of ours that asks this machine for the time be told another one."""
    real, seconds = datetime, time.time

    class Kind(type):
        def __instancecheck__(cls, given: object) -> bool:
            return isinstance(given, real)

    class Wrong(datetime, metaclass=Kind):
        def __new__(cls, *args: Any, **given: Any) -> datetime:
            return real(*args, **given)

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return real.now(tz) + ahead

        @classmethod
        def fromisoformat(cls, text: str) -> datetime:
            return real.fromisoformat(text)

    for name, module in list(sys.modules.items()):
        if name.startswith(("bot", "digests", "procrastinate")) and getattr(module, "datetime", None) is real:
            module.datetime = Wrong
    time.time = lambda: seconds() + ahead.total_seconds()


if __name__ == "__main__":
    main()
