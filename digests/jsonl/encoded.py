"""What was read -> the plain dictionaries of the JSON commands.

An optional field that is empty is left out; a statement's ``speaker`` and ``cue`` are null then, as the interface asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from digests.model import (
    Actor,
    Commitment,
    Deadline,
    Event,
    Extraction,
    Fact,
    Figure,
    Happening,
    Mention,
    Role,
    Span,
    Statement,
    TimeExpression,
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutLine:
    """A line of output without its newline; ``failed``: it says what was wrong with its input."""

    text: str
    failed: bool = False


def line(row: Mapping[str, Any]) -> str:
    """One line of JSON, readable where UTF-8 can carry it."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate in an id
        return json.dumps(row, separators=(",", ":"))
    return text


def failed(line_id: Any, error: str) -> OutLine:
    """What is answered in the place of a line that cannot be."""
    return OutLine(text=line({"id": line_id, "error": error}), failed=True)


def extraction(read: Extraction) -> Row:
    """``times``, ``people`` and ``facts`` of one article."""
    return {
        "times": [_time(found) for found in read.times],
        "people": [_mention(found) for found in read.people],
        "facts": [fact(found) for found in read.facts],
    }


def fact(found: Fact) -> Row:
    """One fact: what every kind has, then its own fields."""
    row: Row = {"kind": found.kind, "start": found.start, "end": found.end, "summary": found.summary}
    for fields in _FIELDS:
        if isinstance(found, fields):
            row |= _FIELDS[fields](found)
    if found.said_by is not None and not isinstance(found, Statement):
        row["said_by"] = _actor(found.said_by)
    return row


def span(found: Span) -> Row:
    return {"start": found.start, "end": found.end, "text": found.text}


def _actor(found: Actor) -> Row:
    row = span(found) | {"name": found.name}
    if found.entity is not None:
        row["entity"] = found.entity
    return row | _present(stands_for=found.stands_for)


def _mention(found: Mention) -> Row:
    row = span(found) | {"kind": found.kind, "type": found.type, "name": found.name}
    return row | {"entity": found.entity} | _present(stands_for=found.stands_for)


def _time(found: TimeExpression) -> Row:
    return span(found) | {"type": found.type, "value": found.value} | _present(mod=found.mod)


def _statement(found: Statement) -> Row:
    row: Row = {
        "speaker": _actor(found.speaker) if found.speaker else None,
        "cue": span(found.cue) if found.cue else None,
        "content": span(found.content),
        "style": found.style,
    }
    if len(found.content_spans) > 1:
        row["content_spans"] = [span(piece) for piece in found.content_spans]
    said_on = _day(found.said_on) if found.said_on else None
    return row | _present(said_on=said_on, said_to=found.said_to, where=found.where, via=found.via)


def _role(found: Role) -> Row:
    row: Row = {"name": found.name, "title": found.title, "former": found.former, "mention": span(found.mention)}
    if found.entity is not None:
        row["entity"] = found.entity
    return row | _present(of=found.of)


def _dated(found: Deadline | Event) -> Row:
    row: Row = {
        "due": {"from": _day(found.due_from), "to": _day(found.due_to)},
        "boundary": found.boundary,
        "class": found.class_,
        "time": span(found.time),
    }
    return row | _actors(actor=found.actor) | _spans(action=found.action, condition=found.condition)


def _commitment(found: Commitment) -> Row:
    row: Row = {"type": found.type}
    row |= _actors(actor=found.actor, target=found.target)
    return row | _spans(action=found.action, condition=found.condition)


def _figure(found: Figure) -> Row:
    row: Row = {"number": span(found.number), "qualifier": found.qualifier, "unit": found.unit}
    return row | _present(value=_number(found.value), low=_number(found.low), high=_number(found.high))


def _happening(found: Happening) -> Row:
    row: Row = {"predicate": span(found.predicate) | {"lemma": found.predicate.lemma}}
    row |= _actors(agent=found.agent, patient=found.patient) | _present(where=found.where, when=found.when)
    return row | {"negated": found.negated, "reported": found.reported}


_FIELDS: dict[Any, Callable[[Any], Row]] = {
    Statement: _statement,
    Role: _role,
    Deadline: _dated,
    Event: _dated,
    Commitment: _commitment,
    Figure: _figure,
    Happening: _happening,
}


def _actors(**actors: Actor | None) -> Row:
    return {key: _actor(actor) for key, actor in actors.items() if actor is not None}


def _spans(**spans: Span | None) -> Row:
    return {key: span(found) for key, found in spans.items() if found is not None}


def _present(**values: object) -> Row:
    return {key: value for key, value in values.items() if value is not None}


def _number(value: float | None) -> float | int | None:
    """Whole numbers without ``.0``."""
    return int(value) if value is not None and value.is_integer() else value


def _day(day: date) -> str:
    return day.isoformat()
