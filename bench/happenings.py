"""Happenings in the form of the event benchmark: predicate, A0 and A1, polarity, place in time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.labels import article_of
from digests.extract.pipeline import extract_many
from digests.model import Actor, Extraction, Happening


def predict(gold_path: Path, out_path: Path) -> None:
    """Write one ``{"doc_id", "events"}`` line for every story of a JSONL file."""
    rows = [json.loads(line) for line in Path(gold_path).read_text(encoding="utf-8").splitlines() if line.strip()]
    articles = [article_of(row["text"], published=row.get("published")) for row in rows]
    with Path(out_path).open("w", encoding="utf-8") as out:
        for row, extraction in zip(rows, extract_many(articles), strict=True):
            out.write(json.dumps({"doc_id": row["doc_id"], "events": events(extraction)}, ensure_ascii=False) + "\n")


def events(extraction: Extraction) -> list[dict[str, Any]]:
    """The happenings of one extraction."""
    return [_event(fact) for fact in extraction.facts if isinstance(fact, Happening)]


def _event(fact: Happening) -> dict[str, Any]:
    return {
        "start": fact.predicate.start,
        "end": fact.predicate.end,
        "args": [_argument("A0", fact.agent)] * bool(fact.agent) + [_argument("A1", fact.patient)] * bool(fact.patient),
        "polarity": "NEG" if fact.negated else "POS",
        "value": fact.when,
    }


def _argument(role: str, actor: Actor | None) -> dict[str, Any]:
    return {} if actor is None else {"role": role, "start": actor.start, "end": actor.end}
