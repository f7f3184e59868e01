"""Extractions in the form of the labelled passages: dates, commitments, figures and roles."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from digests.extract.pipeline import extract_many
from digests.model import Article, Commitment, Deadline, Event, Extraction, Figure, Role, Span
from digests.text.parts import parts_of


def article_of(text: str, *, published: str | None, title: str = "") -> Article:
    """An article as the benchmarks give it: plain text, a day, perhaps a title that is not in the text."""
    day = date.fromisoformat(published[:10]) if published else None
    digest = sha256(text.encode()).hexdigest()
    return Article(text=text, parts=parts_of(text), content_hash=digest, title=title, published_day=day)


def predict(passages_path: Path, out_path: Path) -> None:
    """Write one labels-shaped prediction a line for every passage of a JSONL file."""
    rows = [json.loads(line) for line in Path(passages_path).read_text(encoding="utf-8").splitlines() if line.strip()]
    articles = [article_of(row["text"], published=row["published"], title=row.get("title", "")) for row in rows]
    with Path(out_path).open("w", encoding="utf-8") as out:
        for row, extraction in zip(rows, extract_many(articles), strict=True):
            out.write(json.dumps({"id": row["id"], **labels(extraction)}, ensure_ascii=False) + "\n")


def labels(extraction: Extraction) -> dict[str, list[dict[str, Any]]]:
    """One extraction in the labels' shape."""
    facts = extraction.facts
    values = {(time.start, time.end): time.value for time in extraction.times}
    return {
        "dates": [_date(fact, values) for fact in facts if isinstance(fact, Deadline | Event)],
        "commitments": [_commitment(fact) for fact in facts if isinstance(fact, Commitment)],
        "figures": [_figure(fact) for fact in facts if isinstance(fact, Figure)],
        "roles": [_role(fact) for fact in facts if isinstance(fact, Role)],
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    return {"start": span.start, "end": span.end, "text": span.text} if span else None


def _date(fact: Deadline | Event, values: dict[tuple[int, int], str]) -> dict[str, Any]:
    first, last = fact.due_from.isoformat(), fact.due_to.isoformat()
    return {
        **(_span(fact.time) or {}),
        "value": values.get((fact.time.start, fact.time.end)),
        "class": fact.class_,
        "due": first if first == last else f"{first}/{last}",
        "boundary": fact.boundary,
        "actor": _span(fact.actor),
        "action": _span(fact.action),
        "conditional": int(fact.condition is not None),
    }


def _commitment(fact: Commitment) -> dict[str, Any]:
    return {
        "type": fact.type,
        "actor": {**(_span(fact.actor) or {}), "name": fact.actor.name},
        "target": _span(fact.target),
        "action": _span(fact.action),
        "condition": _span(fact.condition),
    }


def _figure(fact: Figure) -> dict[str, Any]:
    value: float | list[float | None] | None = fact.value if fact.value is not None else [fact.low, fact.high]
    return {**(_span(fact.number) or {}), "value": value, "qualifier": fact.qualifier, "unit": fact.unit}


def _role(fact: Role) -> dict[str, Any]:
    return {"name": fact.name, **(_span(fact.mention) or {}), "title": fact.title, "of": fact.of}
