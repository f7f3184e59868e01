"""Who said what in the form of the quotes benchmark, through the whole pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.labels import article_of
from digests.extract.pipeline import extract_many
from digests.model import Statement


def predict(gold_path: Path, out_path: Path) -> None:
    """Write ``{doc_id, quotes}`` a line for every document of a gold JSONL file."""
    rows = [json.loads(line) for line in Path(gold_path).read_text(encoding="utf-8").splitlines() if line.strip()]
    articles = [article_of(row["text"], published=None) for row in rows]
    with Path(out_path).open("w", encoding="utf-8") as out:
        for row, extraction in zip(rows, extract_many(articles), strict=True):
            quotes = [quote_of(fact) for fact in extraction.facts if isinstance(fact, Statement)]
            out.write(json.dumps({"doc_id": row["doc_id"], "quotes": quotes}) + "\n")


def quote_of(fact: Statement) -> dict[str, Any]:
    """A statement as the scorer wants it."""
    return {
        "content": [fact.content.start, fact.content.end],
        "content_spans": [[span.start, span.end] for span in fact.content_spans],
        "cue": [fact.cue.start, fact.cue.end] if fact.cue else None,
        "speaker": [fact.speaker.start, fact.speaker.end] if fact.speaker else None,
        "speaker_name": fact.speaker.name if fact.speaker else None,
        "confidence": fact.confidence,
    }
