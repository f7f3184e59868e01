"""Deadlines and events of fresh sentences in the syntax of newspapers: floors that only rise."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from digests.extract.pipeline import extract_many
from digests.model import Article, Deadline, Event
from digests.text.parts import parts_of

FLOORS = {"surfaced": 0.98, "class": 0.98, "due": 0.98, "boundary": 0.98, "actor": 0.96, "action": 0.98}


def article_of(row: dict[str, Any]) -> Article:
    text = row["text"]
    return Article(
        text=text, parts=parts_of(text), content_hash=row["id"], published_day=date.fromisoformat(row["published"])
    )


@pytest.fixture(scope="module")
def read() -> list[tuple[dict[str, Any], list[Deadline | Event]]]:
    lines = (Path(__file__).parent / "dates.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = extract_many([article_of(row) for row in rows])
    return [
        (row, [fact for fact in one.facts if isinstance(fact, Deadline | Event)])
        for row, one in zip(rows, found, strict=True)
    ]


def due_of(fact: Deadline | Event) -> str:
    first, last = fact.due_from.isoformat(), fact.due_to.isoformat()
    return first if first == last else f"{first}/{last}"


def fits(said: str | None, gold: str | None) -> bool:
    """Nobody against nobody, or words shared."""
    if not gold:
        return said is None
    return said is not None and bool(set(re.findall(r"\w+", gold.lower())) & set(re.findall(r"\w+", said.lower())))


def test_dates_are_surfaced_resolved_and_given_to_who_must_act(
    read: list[tuple[dict[str, Any], list[Deadline | Event]]],
) -> None:
    counts = dict.fromkeys(("gold", "found", "right", "class", "due", "boundary", "actor", "action"), 0)
    wrong: list[str] = []
    for row, facts in read:
        counts["gold"] += len(row["dates"])
        counts["found"] += len(facts)
        for gold in row["dates"]:
            near = [fact for fact in facts if fact.time.text in gold["text"] or gold["text"] in fact.time.text]
            if not near:
                wrong.append(f"{row['id']} missed {gold['text']}: {row['text']}")
                continue
            fact = near[0]
            counts["right"] += 1
            checks = {
                "class": fact.class_ == gold["class"],
                "due": due_of(fact) == gold["due"],
                "boundary": fact.boundary == gold["boundary"],
                "actor": fits(fact.actor.text if fact.actor else None, gold["actor"]),
                "action": gold["action"] is None or fits(fact.action.text if fact.action else None, gold["action"]),
            }
            for name, good in checks.items():
                counts[name] += good
            bad = [name for name, good in checks.items() if not good]
            if bad:
                wrong.append(f"{row['id']} {bad} {fact.class_} {fact.summary}: {row['text']}")
        times = [gold["text"] for gold in row["dates"]]
        wrong += [
            f"{row['id']} spurious {fact.class_} {fact.time.text}: {row['text']}"
            for fact in facts
            if not any(fact.time.text in text or text in fact.time.text for text in times)
        ]
    precision, recall = counts["right"] / counts["found"], counts["right"] / counts["gold"]
    scores = {"surfaced": 2 * precision * recall / (precision + recall)}
    scores |= {name: counts[name] / counts["gold"] for name in ("class", "due", "boundary", "actor", "action")}
    short = {name: round(score, 3) for name, score in scores.items() if score < FLOORS[name]}
    assert not short, "\n".join([str(scores), *wrong])


def test_every_fact_shows_its_own_words(read: list[tuple[dict[str, Any], list[Deadline | Event]]]) -> None:
    for row, facts in read:
        for fact in facts:
            assert row["text"][fact.start : fact.end] == fact.quote
            assert row["text"][fact.time.start : fact.time.end] == fact.time.text
            assert fact.start <= fact.time.start < fact.time.end <= fact.end
            assert fact.due_from <= fact.due_to
            assert fact.summary
