"""Which articles tell one story: predictions in the form of the stories benchmark, and the time an article takes."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console

from digests.ingest.grouping import ArticleGrouping
from digests.jsonl.grouping import story_lines
from digests.model import Article, Extraction
from digests.sources.file import article_from
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.stories.background import english
from digests.stories.shelf import Shelf
from digests.stories.words import Words

OPEN = 10_000
TIMED = 500
OWED = 3.0
_WORDS, _NAMES = 100, 12
_KNOWN_NAMES = 30_000


def predict(gold_path: Path, out_path: Path) -> None:
    """Write ``{id, story}`` a line for every article of a gold JSONL file, in its order, each decided at arrival."""
    with Path(gold_path).open("rb") as given, Path(out_path).open("w", encoding="utf-8") as out:
        for answer in story_lines(given):
            out.write(answer.text + "\n")


def run(console: Console) -> bool:
    """Print what one article costs in CPU milliseconds while ``OPEN`` stories are open; False when more than owed."""
    memory = in_memory(OPEN, TIMED)
    stored = asyncio.run(in_store(OPEN, TIMED))
    console.print(
        f"Stories: {memory:.2f} CPU ms an article with {OPEN:,} open stories; placed by the store, its rows written:"
        f" {stored:.2f} ms (owed {OWED:g} each)"
    )
    return max(memory, stored) <= OWED


def in_memory(stories: int, timed: int) -> float:
    """CPU milliseconds to place one of ``timed`` articles once so many stories are open."""
    shelf, articles = Shelf(), made_up()
    opened = 0
    while opened < stories:
        opened = max(opened, shelf.take_in(next(articles)))
    waiting = [next(articles) for _ in range(timed)]
    begun = time.process_time()
    for words in waiting:
        shelf.take_in(words)
    return 1e3 * (time.process_time() - begun) / timed


async def in_store(stories: int, timed: int) -> float:
    """The same through a store, less what saving the same articles without placing them takes."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        store = SqlStore(await SqliteDatabase.open(Path(folder) / "facts.db", [FACTS]))
        articles = made_up()
        opened = number = 0
        while opened < stories:
            number += 1
            opened = max(opened, await _saved(store, number, next(articles)))
        begun = time.process_time()
        for each in range(timed):
            await _saved(store, number + 1 + each, next(articles))
        placed = time.process_time()
        for each in range(timed):
            await _saved(store, number + 1 + timed + each, None)
        alone = time.process_time()
        await store.close()
    return 1e3 * ((placed - begun) - (alone - placed)) / timed


def made_up() -> Iterator[Words]:
    """Articles of words as often as English has them, and names of which few are often in the news."""
    rng = random.Random(7)
    known = list(english().items())
    words, shares = [word for word, _ in known], [share for _, share in known]
    while True:
        names = [f"name{int(rng.paretovariate(1.1)) % _KNOWN_NAMES}" for _ in range(_NAMES)]
        counts = Counter(rng.choices(words, shares, k=_WORDS) + names)
        yield Words(counts=counts, names=frozenset(names), length=_WORDS + _NAMES)


async def _saved(store: SqlStore, number: int, words: Words | None) -> int:
    article = _article(number)
    grouping = ArticleGrouping(article=article, read=words) if words else None
    return (await store.save(article, Extraction(), links={}, grouping=grouping)).story_id


def _article(number: int) -> Article:
    day = date(2020, 2, 1) + timedelta(days=number % 7)
    return replace(article_from(f"Report number {number}.", published=day.isoformat()), publisher=f"paper{number % 9}")
