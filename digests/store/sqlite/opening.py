"""Opening one connection to a SQLite file: the checks that come first, the pragmas, the migrations.

Three processes may do this at the same moment; whoever is second waits and finds the work done.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pysqlite3 import dbapi2 as sqlite3

from digests.errors import SettingsError
from digests.store.sqlite.migrating import MigrationSet, migrate
from digests.store.sqlite.trouble import explained

if TYPE_CHECKING:
    from sqlite3 import Connection

BUSY_SECONDS = 10.0
_NETWORK = frozenset(
    ["nfs", "nfs4", "cifs", "smbfs", "smb2", "smb3", "afs", "ceph", "glusterfs", "lustre", "davfs", "ncpfs", "gpfs"]
    + [f"fuse.{name}" for name in ("sshfs", "glusterfs", "davfs2", "s3fs", "rclone", "gcsfuse", "ceph", "curlftpfs")]
)


def connect(path: Path, *, readonly: bool = False) -> Connection:
    """A connection in autocommit mode: transactions are begun by hand. Usable from the thread that it is handed to."""
    with explained(path):
        connection: Connection = sqlite3.connect(
            str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        connection.row_factory = sqlite3.Row
        for pragma in ("foreign_keys=ON", "mmap_size=0", "temp_store=MEMORY", "cache_size=-8000"):
            connection.execute(f"PRAGMA {pragma}")
        # FULL: what was acknowledged survives a power cut, not only a kill
        connection.execute("PRAGMA query_only=ON" if readonly else "PRAGMA synchronous=FULL")
    return connection


def prepare(path: Path, migrations: Sequence[MigrationSet]) -> Connection:
    """The writing connection of a checked, migrated database in WAL mode.

    Raises ``SettingsError`` (cannot be used at all) or ``StoreError`` (failed, or written by a newer version).
    """
    check_version(sqlite3.sqlite_version_info)
    check_place(path)
    connection = connect(path)
    try:
        with explained(path):
            _use_wal(connection)
            connection.execute("PRAGMA journal_size_limit=67108864")
            migrate(connection, migrations, path=path)
    except BaseException:
        connection.close()
        raise
    return connection


def check_version(version: tuple[int, ...]) -> None:
    """Refuse a SQLite whose WAL mode can corrupt a file (fixed in 3.51.3, 3.50.7 and 3.44.6: sqlite.org/wal.html)."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    if not fixed:
        shown = ".".join(map(str, version))
        raise SettingsError(f"SQLite {shown} can corrupt a database in WAL mode: install pysqlite3 0.6.1 or newer")


def check_place(path: Path, *, mounts: str | None = None) -> None:
    """Refuse folders that are not there, files that cannot be written, and network file systems (no shared memory)."""
    folder = path.parent.resolve()
    if not folder.is_dir():
        raise SettingsError(f"the database's folder {folder} does not exist: create it, or change DATABASE_URL")
    if path.is_dir():
        raise SettingsError(f"the database {path} is a folder: name a file in it in DATABASE_URL")
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise SettingsError(f"the database {path} cannot be written: make it and its folder writable for this user")
    kind = _file_system(folder, _mounts() if mounts is None else mounts)
    if kind in _NETWORK:
        raise SettingsError(
            f"the database {path} lies on a network file system ({kind}), where SQLite can be damaged: use a local disk"
        )


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # not Linux: nothing to ask


def _file_system(folder: Path, mounts: str) -> str:
    """The type of the file system that ``folder`` lies on, from lines as in /proc/mounts; "" when unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = str(folder) == point or str(folder).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _use_wal(connection: Connection) -> None:
    """Switching to WAL does not wait for other processes by itself: try until the busy time is over."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return
