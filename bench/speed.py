"""Words per CPU second of whole extraction, beside spaCy's full pipe on the same text in the same run, on one core."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

import spacy
from rich.console import Console

from bench.scoring import ROOT, rows, shared
from digests.extract import nlp
from digests.extract.pipeline import extract, extract_many
from digests.model import Article
from digests.sources.file import article_from

OWED, AIM = 1.0, 1.5
ROUNDS = 3
WORDS = 40_000


def run(console: Console) -> bool:
    """Print both speeds and their ratio; the rounds alternate, so that a busy machine slows both."""
    articles = sample()
    words = sum(len(article.text.split()) for article in articles)
    full = spacy.load(nlp.MODEL)
    list(full.pipe([articles[0].text]))
    list(extract_many(articles[:1]))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(cpu_seconds(lambda: list(extract_many(articles))))
        theirs.append(cpu_seconds(lambda: list(full.pipe([article.text for article in articles]))))
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    console.print(
        f"Speed: whole extraction {words / median(ours):,.0f} words per CPU second, full {nlp.MODEL}"
        f" {words / median(theirs):,.0f}: {median(ratios):.2f}x ({min(ratios):.2f}-{max(ratios):.2f};"
        f" owed {OWED:g}x, aim {AIM:g}x) on {len(articles)} articles, {words:,} words"
    )
    for length, seconds in doubling():
        console.print(f"  one text of {length:>7,} words: {1e6 * seconds / length:,.0f} CPU microseconds a word")
    return True


def cpu_seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def sample() -> list[Article]:
    """About ``WORDS`` words of news: of the yardsticks where there are any, else the demo archive again and again."""
    found: list[Article] = []
    words = 0
    for text, day in _texts():
        if words > WORDS:
            break
        found.append(article_from(text, published=day))
        words += len(text.split())
    return found


def _texts() -> Iterator[tuple[str, str]]:
    folder = shared()
    if folder is not None:
        for row in rows(folder / "bench" / "quotes" / "polnear_dev.jsonl"):
            yield row["text"], "2016-10-01"
    archive = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "digests" / "archive").glob("*.md"))]
    while True:
        yield from ((text, "2020-02-21") for text in archive)


def doubling() -> Iterator[tuple[int, float]]:
    """Time for one text that doubles in length: the cost of a word must not grow with it."""
    text = next(_texts())[0]
    paragraph = len(text.split())
    for words in (5_000, 10_000, 20_000, 40_000):
        article = article_from("\n\n".join([text] * (words // paragraph + 1)), published="2016-10-01")
        yield len(article.text.split()), cpu_seconds(partial(extract, article))
