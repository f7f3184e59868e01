"""Reading whatever it is: what happens to each file of the corpora of broken and hostile input."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

from digests.errors import UserError
from digests.sources.feed import read_feed
from digests.sources.file import read_bytes
from digests.sources.parsing import Parser
from digests.sources.sniff import sniff

TODAY = date(2026, 1, 1)


def read_anything(data: bytes, name: str) -> str:
    if sniff(data, name=name).kind == "feed":
        feed = read_feed(data, "https://feeds.example/feed", TODAY)
        return f"feed of {len(feed.entries)} entries"
    article = read_bytes(data, name=name, published=TODAY.isoformat())
    return f"article of {len(article.text)} characters"


def contents(path: Path) -> bytes:
    """The file's bytes; pages are stored packed, which is not how they arrive."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.name.endswith(".html.gz") else data


async def outcome(parser: Parser, path: Path) -> str:
    """What became of a file, in words; it is read or refused with a reason."""
    try:
        return "read: " + await parser.run(read_anything, contents(path), path.name, shown=path.name)
    except UserError as error:
        return f"refused: {error}"
