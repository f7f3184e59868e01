"""Worker processes on a PostgreSQL, as ``onrecord worker`` starts them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = "import sys; from bot.cli import main; sys.argv[1:1] = ['worker']; main()"


@asynccontextmanager
async def worker(
    url: str, *kinds: str, folder: Path, program: str = WORK, **given: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker on the database of that URL, with those settings; killed at the end if it still runs."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", ""),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": url,
        "ACCESS": "open",
        "WORKER_SILENT": "3",
        "WORKER_GRACE": "5",
        **given,
    }
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, *kinds), env=environment, cwd=folder, stderr=log, stdout=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(so: Callable[[], Awaitable[bool]], *, seconds: float = 30.0, every: float = 0.05) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(seconds):
        while True:
            if await so():
                return
            await asyncio.sleep(every)


def log_of(folder: Path) -> str:
    """What the workers said."""
    return (folder / "log").read_text(encoding="utf-8")
