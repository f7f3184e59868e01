"""Time expressions in the form of the timex benchmark, through the whole pipeline."""

from __future__ import annotations

import json
from pathlib import Path

from bench.labels import article_of
from digests.extract.pipeline import extract_many


def predict(gold_path: Path, out_path: Path) -> None:
    """Write ``{doc_id, timexes}`` a line for every document of a gold JSONL file."""
    rows = [json.loads(line) for line in Path(gold_path).read_text(encoding="utf-8").splitlines() if line.strip()]
    articles = [article_of(row["text"], published=row["dct"]) for row in rows]
    with Path(out_path).open("w", encoding="utf-8") as out:
        for row, extraction in zip(rows, extract_many(articles), strict=True):
            timexes = [
                {"start": time.start, "end": time.end, "type": time.type, "value": time.value, "mod": time.mod}
                for time in extraction.times
            ]
            out.write(json.dumps({"doc_id": row["doc_id"], "timexes": timexes}) + "\n")
