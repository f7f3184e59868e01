"""``serve`` and ``worker`` processes that are killed, stopped, let go on and started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

ROOT = Path(__file__).resolve().parents[2]
REAL = "import sys; sys.path.insert(0, {folder!r}); import nursery; nursery.begin({run!r}, ahead={ahead!r})"
BEGINNING = 20.0
"""Seconds after its start in which a process may end because it finds no database: docs/operating.md says so."""


class Starts(Protocol):
    async def start(self, one: One) -> int:
        """The number of its process."""
        ...


@dataclass
class One:
    """A process with all that it is started with; ``ahead``: the seconds by which its clock is wrong."""

    name: str
    run: str
    env: Mapping[str, str]
    ahead: float = 0.0
    port: int = 0
    pid: int = 0
    stopped: bool = False
    begun_at: float = 0.0


class Nursery:
    """Starts forks of a program that has loaded everything."""

    def __init__(self, program: asyncio.subprocess.Process, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._begun: dict[str, asyncio.Future[int]] = {}
        self.ended: list[int] = []

    async def start(self, one: One) -> int:
        assert self._program.stdin is not None
        begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._begun[one.name] = begun
        told = {"name": one.name, "run": one.run, "env": dict(one.env), "ahead": one.ahead}
        line = json.dumps({**told, "log": str(self._folder / f"{one.name}.log")})
        self._program.stdin.write(f"{line}\n".encode())
        return await asyncio.wait_for(begun, 30)

    async def listen(self) -> None:
        assert self._program.stdout is not None
        while line := await self._program.stdout.readline():
            said = json.loads(line)
            if "pid" in said:
                self._begun.pop(said["name"]).set_result(said["pid"])
            elif "ended" in said:
                self.ended.append(said["ended"])


@asynccontextmanager
async def nursery(folder: Path) -> AsyncIterator[Nursery]:
    """Ready to fork; all that it forked ends with the block."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("nursery.py")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
        cwd=folder,
    )
    assert program.stdout is not None
    made = Nursery(program, folder)
    await asyncio.wait_for(program.stdout.readline(), 120)
    listening = asyncio.create_task(made.listen())
    try:
        yield made
    finally:
        assert program.stdin is not None
        program.stdin.close()
        await asyncio.wait_for(program.wait(), 30)
        await listening


class Spawned:
    """Starts each as a program of its own, with processes of its own that read articles."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: set[asyncio.Task[None]] = set()
        self.ended: list[int] = []

    async def start(self, one: One) -> int:
        program = REAL.format(folder=str(Path(__file__).parent), run=one.run, ahead=one.ahead)
        with (self._folder / f"{one.name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", program), env=dict(one.env), cwd=self._folder, stdout=log, stderr=log
            )
        waiting = asyncio.create_task(self._until_ended(process))
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)
        return process.pid

    async def _until_ended(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        self.ended.append(process.pid)


class Herd:
    """All of them. What was done to each is counted in ``done``."""

    def __init__(self, starts: Nursery | Spawned) -> None:
        self._starts = starts
        self.all: list[One] = []
        self.done: dict[str, int] = {"killed": 0, "stopped": 0, "stopped for long": 0}
        self._killed: set[int] = set()
        self._again: set[int] = set()
        self._in_vain: set[int] = set()

    async def start(self, one: One) -> None:
        await self._started(one)
        self.all.append(one)

    def ended_by_themselves(self) -> list[int]:
        """Processes that nobody killed and that are gone. (Those that only began, without a database, may.)"""
        return [pid for pid in self._starts.ended if pid not in self._killed and pid not in self._in_vain]

    async def keep_up(self) -> None:
        """Start those again that ended by themselves, as deploy/ has systemd do it; until cancelled."""
        while True:
            await asyncio.sleep(2.0)
            for one in self.all:
                if one.pid in self.ended_by_themselves() and one.pid not in self._again:
                    self._again.add(one.pid)
                    if monotonic() - one.begun_at < BEGINNING:
                        self._in_vain.add(one.pid)
                    await self._started(one)

    async def _started(self, one: One) -> None:
        one.begun_at = monotonic()
        one.pid = await self._starts.start(one)

    async def kill(self, one: One, *, away: float) -> None:
        """``kill -9``, and start it again after so many seconds."""
        self.done["killed"] += 1
        self._end(one)
        await asyncio.sleep(away)
        await self._started(one)

    async def stop(self, one: One, *, seconds: float, silent: float) -> None:
        """Let it stand still for so long; more than ``silent`` seconds, and others take it for dead."""
        self.done["stopped for long" if seconds > silent / 2 else "stopped"] += 1
        one.stopped = True
        with suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGCONT)
            one.stopped = False

    def end(self) -> None:
        """Kill all."""
        for one in self.all:
            self._end(one)

    def _end(self, one: One) -> None:
        self._killed.add(one.pid)
        with suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGKILL)


@asynccontextmanager
async def herd(starts: Nursery | Spawned) -> AsyncIterator[Herd]:
    """Whatever is started in it is killed with the block."""
    made = Herd(starts)
    try:
        yield made
    finally:
        made.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
