"""Who is who, roles and named speakers in the form of the people benchmark, through the whole pipeline.

``predict``: mentions with run-wide entities; ``predict_roles``: roles of ten stories; ``predict_speakers`` and
``predict_pronouns``: the name behind each pronoun or role noun of a gold file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.labels import article_of
from digests.extract.linking import Directory
from digests.extract.pipeline import extract_many
from digests.model import Extraction, Mention, Role

_KEYS = {"person": "people", "organisation": "orgs"}
DOCUMENTS = "people_dev.jsonl"
"""Beside each gold file: the texts of its documents."""


def predict(gold_path: Path, out_path: Path) -> None:
    """Write ``{doc_id, people, orgs}`` a line; equal names are one entity over all lines, in file order."""
    directory = Directory()
    _write(out_path, (_people(row, directory.take_in(read)) for row, read in _read(_rows(gold_path))))


def predict_roles(gold_path: Path, out_path: Path) -> None:
    """Write ``{doc_id, roles}`` a line for every document of the roles gold."""
    wanted = {row["doc_id"] for row in _rows(gold_path)}
    texts = [row for row in _rows(Path(gold_path).parent / DOCUMENTS) if row["doc_id"] in wanted]
    _write(out_path, ({"doc_id": row["doc_id"], "roles": _roles(read)} for row, read in _read(texts)))


def predict_speakers(gold_path: Path, out_path: Path) -> None:
    """Write ``{id, name}`` a line: whom a speaker or pronoun of the gold file names, or null."""
    wanted: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(gold_path):
        wanted.setdefault(row["doc_id"], []).append(row)
    texts = [row for row in _rows(Path(gold_path).parent / DOCUMENTS) if row["doc_id"] in wanted]
    _write(
        out_path,
        (
            {"id": item["id"], "name": named(read.people, item["start"], item["end"])}
            for row, read in _read(texts)
            for item in wanted[row["doc_id"]]
        ),
    )


predict_pronouns = predict_speakers


def named(mentions: Iterable[Mention], start: int, end: int) -> str | None:
    """The name behind a stretch: the mention that is it, else the first person or organisation in it."""
    inside = [m for m in mentions if m.start < end and start < m.end]
    whole = [m for m in inside if m.end == end and m.kind != "name"]
    return next((m.name for m in whole or []), None)


def _people(row: dict[str, Any], extraction: Extraction) -> dict[str, Any]:
    found: dict[str, Any] = {"doc_id": row["doc_id"], "people": [], "orgs": []}
    for mention in extraction.people:
        if mention.kind == "name" and mention.type in _KEYS:
            found[_KEYS[mention.type]].append({"start": mention.start, "end": mention.end, "name": str(mention.entity)})
    return found


def _roles(extraction: Extraction) -> list[dict[str, Any]]:
    return [
        {"name": fact.name, "title": fact.title, "of": fact.of} for fact in extraction.facts if isinstance(fact, Role)
    ]


def _read(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Extraction]]:
    articles = [article_of(row["text"], published=row.get("published")) for row in rows]
    yield from zip(rows, extract_many(articles), strict=True)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with Path(path).open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
