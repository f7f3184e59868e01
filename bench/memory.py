"""Memory of all processes of an import of many articles, alone: what of ``bench.ingest`` takes longest."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console

from bench.ingest import memory


def run(console: Console) -> bool:
    """Print what they hold after a quarter and at the end; False where they have grown more than owed."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        return asyncio.run(memory(console, Path(folder)))
