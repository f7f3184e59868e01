"""What a question in a chat costs over an archive of passages: looking up, ranking and answering.

``BENCH_PASSAGES=1000000 python -m bench passages`` measures the million that is owed; ``make bench`` takes fewer.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console

from digests.ask.answering import answer
from digests.edition.denials import denies
from digests.store.migrations import FACTS
from digests.store.passages import place_of
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.opening import prepare
from digests.stories.background import english

if TYPE_CHECKING:
    from sqlite3 import Connection

USUAL = 50_000
OWED = 60.0
WORDS, SENTENCE = 90, 18
EACH = 10
"""Passages of an article."""
DAY = date(2020, 2, 15)
NAMES = 20_000
QUESTIONS = 40
BATCH = 5_000


def run(console: Console) -> bool:
    """Print the mean CPU milliseconds of a question; False above ``OWED``."""
    passages = int(os.environ.get("BENCH_PASSAGES", USUAL))
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        path = Path(folder) / "facts.db"
        fill(path, passages)
        taken = asyncio.run(asked(path))
    console.print(
        f"Asking in a chat: {mean(taken):.1f} CPU ms a question, {max(taken):.1f} the slowest, over {passages:,}"
        f" passages (owed at most {OWED:g})"
    )
    return mean(taken) <= OWED


def fill(path: Path, passages: int) -> None:
    """An archive of made-up articles: words as often as English has them, and names of which few are often told of."""
    connection = prepare(path, [FACTS])
    known = list(english().items())
    words = np.array([word for word, _ in known])
    shares = np.array([share for _, share in known])
    rng = np.random.default_rng(7)
    for first in range(0, passages, BATCH):
        picked = words[rng.choice(len(words), size=(BATCH, WORDS), p=shares / shares.sum())]
        names = 1 + (rng.pareto(1.1, size=(BATCH, 3)) * 5).astype(int) % NAMES
        connection.execute("BEGIN")
        for row in range(BATCH):
            _put(connection, first + row, list(picked[row]), [f"name{each}" for each in names[row]])
        connection.execute("COMMIT")
    connection.close()


def _put(connection: Connection, number: int, words: list[str], names: list[str]) -> None:
    words[::30] = names
    text = " ".join(words[:SENTENCE]).capitalize() + ". " + " ".join(words[SENTENCE:]) + "."
    article, at = divmod(number, EACH)
    day = DAY - timedelta(days=article % 1000)
    if at == 0:
        connection.execute(
            "INSERT INTO articles (id, title, publisher, byline, published_day, language, url, canonical_url,"
            " content_hash, version) VALUES (?, ?, 'wire', '', ?, 'en', '', '', ?, 1)",
            (article + 1, f"Report {article}", day.isoformat(), str(article)),
        )
        connection.execute(
            "INSERT INTO article_versions (article_id, version, content_hash, parts, text) VALUES (?, 1, ?, '[]', ?)",
            (article + 1, str(article), text),
        )
    connection.execute(
        "INSERT INTO passage_words VALUES (?, ?, 0, ?, ?)",
        (place_of(day, article + 1, at), article + 1, len(text), " ".join(words)),
    )


async def asked(path: Path) -> list[float]:
    """CPU milliseconds of each of ``QUESTIONS`` questions: a name that is often told of, common and rarer words."""
    store = SqlStore(await SqliteDatabase.open(path, [FACTS]))
    rng = random.Random(7)
    ordered = [word for word, _ in sorted(english().items(), key=lambda each: -each[1])]
    taken = []
    for number in range(QUESTIONS):
        common, rare = rng.sample(ordered[100:1000], 3), rng.sample(ordered[1000:8000], 2)
        question = f"How many {common[0]} did Name{number % 9 + 1} {common[1]} {rare[0]} in the {common[2]} {rare[1]}?"
        begun = time.process_time()
        await answer(question, store=store, today=DAY, denies=denies)
        taken.append(1e3 * (time.process_time() - begun))
    await store.close()
    return taken
