"""Which process holds a name, such as the turn to send on a platform: a lock that the kernel takes back when it dies.

So a second ``serve`` on the same database waits instead of stealing or exceeding the platform's limits, and after a
kill the next one knows at once, without waiting for a lease, that what is marked as being sent is nobody's. The lock
files lie beside the database and are never removed (removing one would let two processes lock two files).
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Held:
    """The names that this process holds for a database."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._taken: dict[str, int] = {}

    def hold(self, name: str) -> bool:
        """Hold a name; ``False`` while another process does. Raises ``OSError``."""
        if name in self._taken:
            return True
        path = self._database.with_name(f"{self._database.name}-{name}")
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._taken[name] = handle
        return True

    def let_go(self, name: str) -> None:
        """Let another process have it."""
        handle = self._taken.pop(name, None)
        if handle is not None:
            os.close(handle)

    def close(self) -> None:
        """Let all go."""
        for name in list(self._taken):
            self.let_go(name)
