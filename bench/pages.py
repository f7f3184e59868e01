"""Article text from web pages: ours beside bare trafilatura and readability, on the same pages in the same run.

The measure is the one of the scrapinghub article extraction benchmark: shared runs of four words, counted with their
repetitions, each page weighing the same; precision and recall are means over the pages, F1 is of these means.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean

from rich.console import Console

from bench.scoring import shared
from digests.errors import UnreadableArticle
from digests.sources.decoding import decoded
from digests.sources.page import page_from

OWED = 0.955
DRAWS = 1000
Overlap = tuple[float, float, float]
"""Of all runs of two texts: the share found by both, only in ours, only in the truth."""


def run(console: Console) -> bool:
    """Print F1 of each reader; False when ours is below what is owed."""
    folder = shared()
    truth = truths(folder) if folder else {}
    if folder is None or not truth:
        console.print("Pages: no shared pages (../shared or ONRECORD_SHARED); skipped.")
        return True
    pages = {key: page(folder, key) for key in truth}
    console.print(f"Pages: article text of {len(pages)} news pages, runs of 4 words (owed {OWED:.1%} F1)")
    ours = 0.0
    for name, read in readers().items():
        begun = time.process_time()
        found = [overlap(truth[key], read(html)) for key, html in pages.items()]
        spent = (time.process_time() - begun) / len(pages)
        precision, recall, f1 = scores(found)
        low, high = interval(found)
        console.print(
            f"  {name:<12} F1 {f1:.1%} ({low:.1%}-{high:.1%}), precision {precision:.1%}, recall {recall:.1%},"
            f" {1000 * spent:.0f} CPU ms a page"
        )
        ours = ours or f1
    return ours >= OWED


def readers() -> dict[str, Callable[[bytes], str]]:
    """Ours first; a rival that is not installed is left out."""
    import trafilatura

    found: dict[str, Callable[[bytes], str]] = {
        "onrecord": body,
        "trafilatura": lambda html: trafilatura.extract(html, include_comments=False) or "",
    }
    try:
        from readability import Document
    except ImportError:
        return found

    def readable(html: bytes) -> str:
        from lxml.html import fromstring

        return str(fromstring(Document(html.decode("utf-8", errors="replace")).summary()).text_content())

    return found | {"readability": readable}


def body(html: bytes) -> str:
    """The page's text as an article has it, but for its headline; "" for a page that is refused."""
    try:
        read = page_from(decoded(html))
    except UnreadableArticle:
        return ""
    return read.text.removeprefix(f"# {read.title}") if read.title else read.text


def truths(folder: Path) -> dict[str, str]:
    file = folder / "corpora" / "html" / "scrapinghub_ground_truth.json"
    if not file.exists():
        return {}
    return {key: row["articleBody"] for key, row in json.loads(file.read_text(encoding="utf-8")).items()}


def page(folder: Path, key: str) -> bytes:
    return gzip.decompress((folder / "corpora" / "html" / "scrapinghub_news" / f"{key}.html.gz").read_bytes())


def overlap(truth: str, found: str) -> Overlap:
    true, ours = runs(truth), runs(found)
    both, more, less = (sum(each.values()) for each in (true & ours, ours - true, true - ours))
    every = (both + more + less) or 1
    return both / every, more / every, less / every


def runs(text: str, length: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + length]) for at in range(max(1, len(words) - length + 1)) if words)


def scores(found: Sequence[Overlap]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    precision = mean([_share(both, more) for both, more, _ in found if both + more > 0] or [0.0])
    recall = mean([_share(both, less) for both, _, less in found if both + less > 0] or [0.0])
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1.0)


def _share(both: float, other: float) -> float:
    return both / (both + other)


def interval(found: Sequence[Overlap]) -> tuple[float, float]:
    """95 % of the F1s when as many pages are drawn again and again."""
    dice = random.Random(1)
    drawn = sorted(scores(dice.choices(found, k=len(found)))[2] for _ in range(DRAWS))
    return drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS)]


def predicted(truth: Mapping[str, str], pages: Mapping[str, bytes]) -> float:
    """Our F1 on some pages."""
    return scores([overlap(truth[key], body(html)) for key, html in pages.items()])[2]
