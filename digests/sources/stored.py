"""What lies stored somewhere -> articles to be read, one at a time: folders, JSON lines and web archives, also gzipped.

Nothing is held but the article at hand, however large the archive. A broken file ends itself, not the run.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from digests.errors import UndatedArticle, UnreadableArticle
from digests.model import Article
from digests.sources.decoding import MAX_BYTES, MOST_FILE_BYTES
from digests.sources.file import article_from, read_bytes
from digests.sources.folder import SUFFIXES

LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
ARCHIVES = (".warc", ".warc.gz")
_PACKED = tuple(f"{suffix}.gz" for suffix in sorted(SUFFIXES))
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One article as it lies there. ``name``: what to call it in a message; ``line``: ``data`` is a JSON line."""

    name: str
    data: bytes
    url: str = ""
    charset: str = ""
    line: bool = False

    @property
    def key(self) -> str:
        """The same for the same input, wherever it lies."""
        head = f"{self.url}\n{self.charset}\n{int(self.line)}\n".encode("utf-8", errors="replace")
        return hashlib.sha256(head + self.data).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What could not even be opened, and why."""

    name: str
    reason: str


def is_store(path: Path) -> bool:
    """Whether many articles are to be expected in it."""
    return path.is_dir() or path.name.lower().endswith(LINES + ARCHIVES)


def count(paths: Iterable[Path]) -> int:
    """About how many articles there are: every file is one, in an archive of many only the lines are counted."""
    return sum(_count(file) for path in paths for file in _files(path))


def stored(paths: Iterable[Path]) -> Iterator[Stored | Unreadable]:
    """Every article in files and folders, in the order of their names."""
    for path in paths:
        for file in _files(path):
            yield from _articles(file)


def read_stored(given: Stored, published: str | None = None) -> Article:
    """The article in it; raises what ``read_bytes`` raises."""
    if given.line:
        return _article_of_line(given, published)
    return read_bytes(given.data, name=given.name, published=published, url=given.url, charset=given.charset)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            lower = name.lower()
            wanted = lower.endswith((*LINES, *ARCHIVES, *_PACKED)) or Path(lower).suffix in SUFFIXES
            if wanted and not name.startswith("."):
                yield Path(folder) / name


def _articles(file: Path) -> Iterator[Stored | Unreadable]:
    name = file.name.lower()
    try:
        with file.open("rb") as opened:
            if name.endswith(LINES):
                yield from _lines(file, _unpacked(opened, name))
            elif name.endswith(ARCHIVES):
                yield from _pages(file, opened)
            else:
                shown = str(file).removesuffix(".gz") if name.endswith(_PACKED) else str(file)
                yield Stored(name=shown, data=_unpacked(opened, name).read(MOST_FILE_BYTES + 1))
    except (OSError, EOFError, zlib.error) as error:
        yield Unreadable(name=str(file), reason=f"{file} cannot be read: {getattr(error, 'strerror', '') or error}")


def _lines(file: Path, opened: BinaryIO) -> Iterator[Stored | Unreadable]:
    number = 0
    while line := opened.readline(MAX_BYTES + 1):
        number += 1
        name = f"{file}:{number}"
        if len(line) > MAX_BYTES:
            yield Unreadable(name=name, reason=f"{name} is longer than {MAX_BYTES // 1_000_000} MB")
            while len(line) > MAX_BYTES and not line.endswith(b"\n"):
                line = opened.readline(MAX_BYTES + 1)
        elif line.strip():
            yield Stored(name=name, data=line, line=True)


def _pages(file: Path, opened: BinaryIO) -> Iterator[Stored | Unreadable]:
    """The pages that were answered with in full; whatever else stands in a web archive is passed over."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    any_page = False
    try:
        for record in ArchiveIterator(opened):
            page = _page(file, record) if record.rec_type in ("response", "resource") else None
            if page is not None:
                any_page = True
                yield page
    except ArchiveLoadFailed as error:
        yield Unreadable(name=str(file), reason=f"{file} is a damaged web archive: {' '.join(str(error).split())}")
        return
    if not any_page:
        yield Unreadable(name=str(file), reason=f"{file} holds no page that was answered in full")


def _page(file: Path, record: Any) -> Stored | None:
    head = record.http_headers or record.rec_headers
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    media, _, rest = (head.get_header("Content-Type") or "").partition(";")
    if status != "200" or media.strip().lower() not in _PAGES:
        return None
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    _, mark, charset = rest.partition("charset=")
    data = record.content_stream().read(MAX_BYTES + 1)
    return Stored(
        name=f"{file}: {url}" + ".html" * (media.strip().lower() != "text/plain"),
        data=data,
        url=url if url.startswith(("http://", "https://")) else "",
        charset=charset.split(";")[0].strip(" \"'") if mark else "",
    )


def _article_of_line(given: Stored, published: str | None) -> Article:
    """A line as ``onrecord extract --jsonl`` takes it; ``html`` may stand in for ``text``."""
    try:
        row = json.loads(given.data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableArticle(f"{given.name} is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise UnreadableArticle(f"{given.name} is no JSON object")
    known = {key: row[key] for key in ("title", "published", "url") if isinstance(row.get(key), str)}
    day = known.get("published") or published
    if isinstance(row.get("html"), str):
        html = row["html"].encode("utf-8", errors="replace")
        name = f"{given.name}.html"
        return read_bytes(html, name=name, published=day, url=known.get("url", ""), charset="utf-8")
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        raise UnreadableArticle(f'{given.name} has no "text"')
    article = article_from(row["text"], title=known.get("title", ""), published=day, url=known.get("url", ""))
    if article.published_day is None:
        raise UndatedArticle(f'no date found in {given.name}: give the line a "published", or say --published DAY')
    return article


def _unpacked(opened: BinaryIO, name: str) -> BinaryIO:
    return cast(BinaryIO, BufferedReader(gzip.GzipFile(fileobj=opened))) if name.endswith(".gz") else opened


def _count(file: Path) -> int:
    name = file.name.lower()
    if not name.endswith(LINES):
        return 1
    try:
        with file.open("rb") as opened:
            unpacked = _unpacked(opened, name)
            return sum(piece.count(b"\n") for piece in iter(lambda: unpacked.read(1 << 20), b""))
    except (OSError, EOFError, zlib.error):
        return 1
