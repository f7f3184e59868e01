"""An ingest that does everything at once in this process: reads for real, extracts nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from digests.ingest.service import Ingest
from digests.model import Article, Extraction, NameKeys, Person
from digests.sources.feed import Feed, read_feed
from digests.sources.file import read_bytes


class Direct:
    """Stands in for worker and parser."""

    processes = 2

    async def read_article(self, data: bytes, **given: Any) -> Article:
        return read_bytes(data, **given)

    async def read_feed(self, data: bytes, url: str, today: date, charset: str = "") -> Feed:
        return read_feed(data, url, today, charset)

    async def run(self, work: Callable[..., Any], *args: Any, shown: str = "") -> Any:
        return work(*args)

    async def extract_keyed(self, articles: Sequence[Article]) -> list[tuple[Extraction, dict[int, NameKeys]]]:
        return [(Extraction(), {}) for _ in articles]

    def link(self, extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> dict[int, int]:
        return {}


def ingest(store: Any) -> Ingest:
    direct: Any = Direct()
    return Ingest(store, direct, direct)
