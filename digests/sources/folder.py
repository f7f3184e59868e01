"""A watched folder: every article file that lies in it or below is an entry, and a changed file a changed one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from digests.errors import FetchError
from digests.watch import Entry

SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf"})
SETTLED_SECONDS = 2.0
"""A file touched that recently may still be written; the next look takes it."""
MOST_FILES = 20_000


def entries_of(folder: str, *, now: datetime) -> tuple[Entry, ...]:
    """What lies in ``folder`` now; hidden files and links are left out. Raises ``FetchError`` when it is not there."""
    root = Path(folder)
    if not root.is_dir():
        raise FetchError(f"the folder {folder} is not there, or may not be read")
    return tuple(sorted(_entries(root, now.timestamp()), key=lambda entry: entry.key))


def _entries(root: Path, now: float) -> Iterator[Entry]:
    left = MOST_FILES
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES or path.is_symlink():
                continue
            entry = _entry(path, root, now)
            if entry is not None:
                yield entry
                left -= 1
            if left == 0:
                return


def _entry(path: Path, root: Path, now: float) -> Entry | None:
    try:
        found = path.stat()
    except OSError:
        return None  # gone since it was listed
    if now - found.st_mtime < SETTLED_SECONDS:
        return None
    key = str(path.relative_to(root))
    fingerprint = hashlib.sha256(f"{key}\n{found.st_size}\n{found.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    return Entry(key=key, fingerprint=fingerprint.hexdigest()[:32], url=str(path), title=path.name)
