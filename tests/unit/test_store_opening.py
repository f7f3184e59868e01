"""What is looked at before a database is opened: its place, its SQLite, its address, and how a failure is said."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite3

from digests.errors import SettingsError, StoreError
from digests.store.migrations import FACTS
from digests.store.sqlite.database import SqliteDatabase, path_of
from digests.store.sqlite.opening import check_place, check_version, prepare
from digests.store.sqlite.trouble import advice

ROOT = Path(__file__).resolve().parents[2]


def one_line(error: Exception) -> str:
    assert "\n" not in str(error)
    return str(error)


@pytest.mark.parametrize(("name", "said"), [("no/such/folder/facts.db", "does not exist"), (".", "is a folder")])
async def test_a_place_that_cannot_hold_a_database_is_named(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        await SqliteDatabase.open(tmp_path / name, [FACTS])
    assert "DATABASE_URL" in one_line(refused.value)


READONLY = """
import os, sys
from pathlib import Path
from digests.errors import OnrecordError
from digests.store.sqlite.opening import check_place
if os.getuid() == 0:
    os.setuid(65534)
try:
    check_place(Path(sys.argv[1]))
except OnrecordError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o777), (0o666, 0o555)])
def test_a_file_or_folder_without_write_permission_is_named(file: int, folder: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "facts.db"
        path.touch()
        path.chmod(file)
        Path(name).chmod(folder)
        done = subprocess.run(
            [sys.executable, "-c", READONLY, str(path)],
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            timeout=60,
        )
        Path(name).chmod(0o755)
    assert done.stdout.startswith("SettingsError the database"), done.stdout + done.stderr
    assert "cannot be written" in done.stdout


def test_a_network_file_system_is_refused(tmp_path: Path) -> None:
    mounts = f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\nshort line\n"
    with pytest.raises(SettingsError, match=r"network file system \(nfs4\)"):
        check_place(tmp_path / "facts.db", mounts=mounts)
    check_place(tmp_path / "facts.db", mounts="/dev/sda / ext4 rw 0 0\n")
    check_place(tmp_path / "facts.db", mounts="")


def test_a_file_that_another_process_is_about_to_write_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(str(tmp_path / "facts.db"), isolation_level=None)
    other.execute("CREATE TABLE held (x)")
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as threads:
        opening = threads.submit(prepare, tmp_path / "facts.db", [FACTS])
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.2)
        other.execute("COMMIT")
        other.close()
        connection = opening.result(timeout=60)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    connection.close()


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_a_sqlite_that_can_corrupt_a_file_is_refused(version: tuple[int, ...], good: bool) -> None:
    if good:
        check_version(version)
    else:
        with pytest.raises(SettingsError, match="install pysqlite3"):
            check_version(version)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///onrecord.db", Path("onrecord.db")),
        ("sqlite:////var/lib/onrecord.db", Path("/var/lib/onrecord.db")),
        ("sqlite:///a%20b.db", Path("a b.db")),
    ],
)
def test_a_database_url_names_a_file(url: str, path: Path) -> None:
    assert path_of(url) == path


@pytest.mark.parametrize(
    "url", ["", "onrecord.db", "mysql:///x", "sqlite:///", "sqlite:///:memory:", "sqlite:///folder/"]
)
def test_a_database_url_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"sqlite:///onrecord\.db"):
        path_of(url)


@pytest.mark.parametrize(
    ("said", "kind", "shown"),
    [
        ("unable to open database file", SettingsError, "cannot be opened"),
        ("attempt to write a readonly database", SettingsError, "read-only"),
        ("database disk image is malformed", StoreError, "damaged"),
        ("disk I/O error", StoreError, "disk I/O error"),
        ("database is busy", StoreError, "busy"),
        ("something new", StoreError, "something new"),
    ],
)
def test_every_failure_of_the_database_becomes_one_line(said: str, kind: type[Exception], shown: str) -> None:
    error = advice(sqlite3.OperationalError(said), "facts.db")
    assert type(error) is kind
    assert shown in one_line(error)
