"""A process that reads what strangers wrote, and can be killed: within so much CPU time, memory and time at all.

It is spawned, never forked, stays warm between tasks and ends when its pipe closes, so also when its parent is killed.
The system ends it when its CPU time is up, even inside C code; memory beyond its limit is simply not given to it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

Outcome = Literal["done", "raised", "cpu", "memory", "late", "died"]
START_SECONDS = 120.0
"""A busy machine may take long to start a process; one that takes longer never will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one task may take. ``memory`` is of the whole process, in bytes; ``start_seconds``: until it is warm."""

    cpu_seconds: float = 2.0
    wall_seconds: float = 30.0
    memory: int = 256 * 1024 * 1024
    start_seconds: float = START_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``value``: the result when it is done, the exception when it raised one."""

    outcome: Outcome
    value: object = None


class Child:
    """One process. Its methods block: call them from a thread. ``alive`` is false once it must be replaced.

    ``warm``: what it does before any clock runs, a function of a module; parsers are loaded unless it is given.
    """

    def __init__(self, limits: Limits, *, warm: Callable[[], None] | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self._limits = limits
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, limits, warm or load_parsers), daemon=True)
        self._process.start()
        theirs.close()
        self.tasks = 0
        self.alive = True

    def ask(self, work: Callable[..., object], args: tuple[object, ...]) -> Answer:
        """What became of ``work(*args)``: a function of a module, with values that can be pickled."""
        try:
            if (
                self.tasks == 0 and self._answer(self._limits.start_seconds).outcome != "done"
            ):  # it says when it is warm
                self.kill()
                return Answer(outcome="late")
            self.tasks += 1
            self._pipe.send((work, args))
            answer = self._answer(self._limits.wall_seconds)
        except (EOFError, OSError):
            self._process.join(5)
            spent = self._process.exitcode == -signal.SIGPROF
            answer = Answer(outcome="cpu" if spent else "died")
        if answer.outcome not in ("done", "raised"):
            self.kill()
        return answer

    def _answer(self, seconds: float) -> Answer:
        if not self._pipe.poll(seconds):
            return Answer(outcome="late")
        answer: Answer = self._pipe.recv()
        return answer

    def close(self) -> None:
        """Let it end by itself; one that is busy is killed."""
        self._pipe.close()
        self._process.join(2)
        self.kill()

    def kill(self) -> None:
        """End it at once; whoever waits for its answer hears that it died."""
        self.alive = False
        self._process.kill()
        self._process.join(5)


def serve(pipe: Connection, limits: Limits, warm: Callable[[], None]) -> None:
    """What the process does: one task after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    warm()
    limit_memory(limits.memory)
    try:
        pipe.send(Answer(outcome="done"))
        while True:
            work, args = pipe.recv()
            pipe.send_bytes(answered(work, args, cpu_seconds=limits.cpu_seconds))
    except (EOFError, OSError):
        return


def answered(work: Callable[..., object], args: tuple[object, ...], *, cpu_seconds: float) -> bytes:
    """The pickled answer; when the time is up the system ends the whole process instead."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return pickle.dumps(Answer(outcome="done", value=work(*args)))
    except MemoryError:
        return pickle.dumps(Answer(outcome="memory"))
    except Exception as error:  # whatever a parser throws at one input, the next one is read
        return pickle.dumps(Answer(outcome="raised", value=_plain(error)))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _plain(error: Exception) -> Exception:
    """The error as it can be sent: without its cause, and a foreign one as its words."""
    from digests.errors import OnrecordError

    if isinstance(error, OnrecordError):
        return error
    return ValueError(f"{type(error).__name__}: {error}"[:300])


def limit_memory(most: int) -> None:
    """Let this process grow to ``most`` bytes in memory: what it has mapped but not touched does not count."""
    import resource

    used = _pages()
    if used is not None:
        mapped, resident = used
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (mapped + max(0, most - resident), hard))


def _pages() -> tuple[int, int] | None:
    """Bytes mapped and resident; ``None`` where the system does not say (macOS, which has no such limit either)."""
    try:
        words = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except OSError:
        return None
    size = os.sysconf("SC_PAGE_SIZE")
    return int(words[0]) * size, int(words[1]) * size


def load_parsers() -> None:
    """Load what reads feeds, pages and files."""
    import feedparser  # noqa: F401 - loaded for whom is called later
    import trafilatura  # noqa: F401 - the same

    import digests.sources.feed
    import digests.sources.file  # noqa: F401 - the same
