"""What a start of ``onrecord serve`` costs: CPU seconds and memory until it listens, and that spaCy stays away.

The first start makes the database, too, with the help of a library that no later start loads.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from rich.console import Console

from bench.scoring import ROOT

OWED_SECONDS, OWED_MB = 1.5, 120.0
SERVE = "from bot.cli import main; main()"


def run(console: Console) -> bool:
    """Print the cost; False where it is more than owed."""
    with tempfile.TemporaryDirectory(prefix="onrecord-start-") as folder:
        starts = {name: asyncio.run(cost(folder)) for name in ("the first", "a later one")}
    good = True
    for name, (seconds, megabytes, spacy) in starts.items():
        kept = seconds <= OWED_SECONDS and megabytes < OWED_MB and not spacy
        console.print(
            f"Start of `onrecord serve` (Telegram), {name}: {seconds:.2f} s CPU, {megabytes:.0f} MB,"
            f" spaCy {'IMPORTED' if spacy else 'not imported'}"
            f" [{'green' if kept else 'red'}](owed {OWED_SECONDS} s, below {OWED_MB:g} MB)"
        )
        good = good and kept
    return good


async def cost(folder: str) -> tuple[float, float, bool]:
    """CPU seconds, resident megabytes and whether spaCy is loaded, when the first poll has come in."""
    sys.path.insert(0, str(ROOT / "tests" / "fakes"))
    fakes = import_module("telegram_server")
    async with fakes.fake_telegram() as telegram:
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{folder}/start.db",
            "TELEGRAM_BOT_TOKEN": fakes.TOKEN,
            "TELEGRAM_API_BASE": telegram.url,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVE, "serve", env=environment, cwd=folder, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await telegram.until(lambda: telegram.called("getUpdates"), seconds=60)
            return seen(process.pid)
        finally:
            process.terminate()
            await process.wait()


def seen(pid: int) -> tuple[float, float, bool]:
    """From /proc: user and system time, resident memory, and whether a spaCy library is mapped."""
    proc = Path("/proc") / str(pid)
    fields = (proc / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    resident = next(line for line in (proc / "status").read_text().splitlines() if line.startswith("VmRSS"))
    return ticks / os.sysconf("SC_CLK_TCK"), int(resident.split()[1]) / 1024, "/spacy/" in (proc / "maps").read_text()
