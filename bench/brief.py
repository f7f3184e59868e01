"""Summaries in the form of the benchmark: at most three verbatim sentences an article."""

from __future__ import annotations

import json
from pathlib import Path

from bench.labels import article_of
from digests.extract.brief import sentences


def predict(gold_path: Path, out_path: Path) -> None:
    """Write one ``{"id", "sentences"}`` line for every article of a JSONL file."""
    rows = [json.loads(line) for line in Path(gold_path).read_text(encoding="utf-8").splitlines() if line.strip()]
    with Path(out_path).open("w", encoding="utf-8") as out:
        for row in rows:
            found = sentences(article_of(row["text"], published=row.get("published")))
            spans = [{"start": span.start, "end": span.end, "text": span.text} for span in found]
            out.write(json.dumps({"id": row["id"], "sentences": spans}, ensure_ascii=False) + "\n")
