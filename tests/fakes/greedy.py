"""Work that takes more than it may: what a page built to harm a parser does to it."""

from __future__ import annotations

import os
import signal
import time

from digests.errors import UnreadableArticle


def double(number: int) -> int:
    return 2 * number


def pid() -> int:
    return os.getpid()


def compute(seconds: float) -> str:
    """Keep the processor busy for so much CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"


def hoard(megabytes: int) -> int:
    """Hold so much memory, touched."""
    return len(b"x" * megabytes * 1024 * 1024)


def hang() -> None:
    """Wait for what never comes, without computing."""
    signal.pause()


def crash() -> None:
    os.abort()


def refuse() -> None:
    raise UnreadableArticle("no article in it")


def stumble() -> None:
    raise KeyError("a parser's own mistake")
