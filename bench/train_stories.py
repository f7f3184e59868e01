"""Counts how common words are in English news: ``python -m bench.train_stories`` writes digests/stories/english.txt.

Reads the training texts of the quotes benchmark and the articles of the questions benchmark; keeps counts of stems
only, never a passage, and no stem that stands fewer than ``LEAST`` times.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.scoring import ROOT, shared
from digests.stories.words import stem
from digests.text.folding import tokens

OUT = ROOT / "digests" / "stories" / "english.txt"
LEAST = 4
STEPS = 4
"""Shares are kept to a quarter of a power of two: nobody needs them closer, and the file stays small."""
WIDTH = 110


def main() -> None:
    folder = shared()
    if folder is None:
        raise SystemExit("no shared yardsticks (../shared or ONRECORD_SHARED)")
    counts = Counter(stem(token) for text in texts(folder / "bench") for token in tokens(text))
    OUT.write_text("\n".join(lines(counts)) + "\n", encoding="ascii")
    print(f"{OUT}: {sum(count >= LEAST for count in counts.values()):,} stems of {counts.total():,} words")


def texts(bench: Path) -> Iterator[str]:
    with (bench / "quotes" / "polnear_train.jsonl").open(encoding="utf-8") as rows:
        yield from (json.loads(row)["text"] for row in rows)
    with gzip.open(bench / "ask" / "articles.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            yield f"{row.get('title', '')} {row['text']}"


def lines(counts: Counter[str]) -> Iterator[str]:
    """``<times in a million words> stem stem ...``, the most common first."""
    total = counts.total()
    steps: dict[int, list[str]] = {}
    for word, count in counts.items():
        if count >= LEAST:
            steps.setdefault(round(STEPS * math.log2(count / total * 1e6)), []).append(word)
    for step in sorted(steps, reverse=True):
        share = f"{2 ** (step / STEPS):.4g}"
        line = share
        for word in sorted(steps[step]):
            if len(line) + len(word) >= WIDTH:
                yield line
                line = share
            line += f" {word}"
        yield line


if __name__ == "__main__":
    main()
