"""Questions about a week of news: predictions in the form of the ask benchmark, and what a question costs."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console

from bench.scoring import shared
from digests.jsonl.asking import Given, articles_in, ask_lines

OWED = 20.0
"""CPU milliseconds a question, over a week of news."""


def predict(gold_path: Path, out_path: Path) -> None:
    """Write ``{id, answer, passages}`` a line for every question; its week's articles lie beside the gold."""
    articles = articles_in(Path(gold_path).with_name("articles.jsonl.gz"))
    with Path(gold_path).open("rb") as given, Path(out_path).open("w", encoding="utf-8") as out:
        for answer in ask_lines(given, articles):
            out.write(answer.text + "\n")


def run(console: Console) -> bool:
    """Print the CPU milliseconds a question takes once its week's articles are on the shelf; False above ``OWED``."""
    folder = shared()
    if folder is None:
        console.print("Asking: no shared yardsticks; skipped.")
        return True
    articles = articles_in(folder / "bench" / "ask" / "articles.jsonl.gz")
    lines = (folder / "bench" / "ask" / "questions.jsonl").read_bytes().splitlines()
    filling = _cpu(lines, articles)
    both = _cpu([each for line in lines for each in (line, line)], articles)
    each = 1e3 * (both - filling) / len(lines)
    console.print(f"Asking: {each:.1f} CPU ms a question over a week of news (owed at most {OWED:g})")
    return each <= OWED


def _cpu(lines: list[bytes], articles: list[Given]) -> float:
    begun = time.process_time()
    for _ in ask_lines(lines, articles):
        pass
    return time.process_time() - begun
