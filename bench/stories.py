"""Which articles tell one story: predictions in the form of the stories benchmark, and the time an article takes."""

from __future__ import annotations

from pathlib import Path

from digests.jsonl.grouping import story_lines


def predict(gold_path: Path, out_path: Path) -> None:
    """Write ``{id, story}`` a line for every article of a gold JSONL file, in its order, each decided at arrival."""
    with Path(gold_path).open("rb") as given, Path(out_path).open("w", encoding="utf-8") as out:
        for answer in story_lines(given):
            out.write(answer.text + "\n")
