"""Files -> articles for commands that store nothing: parsed in a child that is ended when it takes too much."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from digests.model import Article
from digests.sources.parsing import Parser


class Parse(Protocol):
    def __call__(self, data: bytes, *, name: str, published: str | None, url: str = "") -> Article:
        """Raises what ``digests.sources.file.read_bytes`` raises."""
        ...


@contextmanager
def parsing() -> Iterator[Parse]:
    """One child for all that is read within the block."""
    with asyncio.Runner() as runner:
        parser = Parser()

        def parse(data: bytes, *, name: str, published: str | None, url: str = "") -> Article:
            return runner.run(parser.read_article(data, name=name, published=published, url=url))

        try:
            yield parse
        finally:
            runner.run(parser.close())
