"""A fact <-> its row: what people look for has a column of its own, the rest is JSON in ``detail``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from digests.model import FACT_CLASSES, Actor, Evidence, Fact, Predicate, Span

if TYPE_CHECKING:
    from digests.store.connection import Row

Values = dict[str, Any]
_CLASSES = {each.kind: each for each in FACT_CLASSES}
_SHARED = frozenset(each.name for each in fields(Fact))
_COLUMNS = {"due_from": "due_from", "due_to": "due_to", "value": "value", "low": "low", "high": "high", "unit": "unit"}
_OFFICE = {"title": "title", "of": "office_of"}
FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind)) for kind in (*FACT_CLASSES, Span, Actor, Predicate)
}
"""The names of the fields of what facts are made of, looked up once."""


def _columns_of(kind: type[Fact]) -> Mapping[str, str]:
    wanted = _COLUMNS | _OFFICE if kind.kind == "role" else _COLUMNS
    return {name: wanted[name] for name in FIELDS[kind] if name in wanted}


def _absent_of(kind: type[Fact]) -> Values:
    """What a field of this kind's own holds when its row has nothing for it."""
    own = [each for each in fields(kind) if each.name not in _SHARED]
    return {each.name: () if each.name == "content_spans" else False if each.type == "bool" else None for each in own}


_COLUMNS_OF: dict[type, Mapping[str, str]] = {kind: _columns_of(kind) for kind in FACT_CLASSES}
_ABSENT_OF: dict[type, Values] = {kind: _absent_of(kind) for kind in FACT_CLASSES}


def fact_values(fact: Fact, *, day: date) -> Values:
    """The columns of a fact's row but for those that the store gives (ids, article, version, people)."""
    columns = _COLUMNS_OF[type(fact)]
    own = [name for name in FIELDS[type(fact)] if name not in _SHARED]
    detail = {name: _plain(getattr(fact, name)) for name in own if name not in columns}
    values: Values = {column: _plain(getattr(fact, name)) for name, column in columns.items()}
    detail |= _shared_detail(fact)
    actor = acting(fact)
    return values | {
        "kind": fact.kind,
        "summary": fact.summary,
        "quote": fact.quote,
        "speaker": fact.said_by.name if fact.said_by else None,
        "actor": getattr(fact, "name", None) or (actor.name if actor else None),
        "day": (getattr(fact, "said_on", None) or day).isoformat(),
        "status": fact.status,
        "origin": fact.origin,
        "confidence": fact.confidence,
        "quote_start": fact.start,
        "quote_end": fact.end,
        "detail": json.dumps({key: value for key, value in detail.items() if value is not None}, ensure_ascii=False),
    }


def fact_from(row: Row | Mapping[str, Any]) -> Fact:
    """The fact of a row of the table ``facts``."""
    detail: Values = json.loads(row["detail"])
    kind = _CLASSES[row["kind"]]
    columns = _COLUMNS_OF[kind]
    where = {"article_id": row["article_id"], "version": row["version"]}
    first = Evidence(start=row["quote_start"], end=row["quote_end"], quote=row["quote"], **where)
    more = (Evidence(start=start, end=end, quote=quote, **where) for start, end, quote in detail.pop("evidence", ()))
    said_by = detail.pop("said_by", None)
    speaker_says = detail.pop("speaker_says", False)
    values = _ABSENT_OF[kind].copy()
    for name, held in detail.items():
        if name in values and held is not None:
            values[name] = _MADE[name](held) if name in _MADE else held
    for name, column in columns.items():
        held = row[column]
        values[name] = _MADE[name](held) if held is not None and name in _MADE else held
    return kind(
        **values,
        evidence=(first, *more),
        summary=row["summary"],
        said_by=values["speaker"] if speaker_says else Actor(**said_by) if said_by else None,
        status=row["status"],
        origin=row["origin"],
        confidence=row["confidence"],
        id=row["id"],
    )


def acting(fact: Fact) -> Actor | None:
    """Who acts in a fact: the actor of a deadline, event or commitment, the agent of a happening."""
    actor: Actor | None = getattr(fact, "actor", None) or getattr(fact, "agent", None)
    return actor


def _shared_detail(fact: Fact) -> Values:
    detail: Values = {}
    speaker = getattr(fact, "speaker", None)
    if fact.said_by is not None and fact.said_by == speaker:
        detail["speaker_says"] = True
    else:
        detail["said_by"] = _plain(fact.said_by)
    if len(fact.evidence) > 1:
        detail["evidence"] = [[each.start, each.end, each.quote] for each in fact.evidence[1:]]
    return detail


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return {name: held for name in FIELDS[type(value)] if (held := getattr(value, name)) is not None}
    if isinstance(value, tuple):
        return [_plain(each) for each in value] or None
    if isinstance(value, date):
        return value.isoformat()
    return None if value is False else value


def _made(kind: type) -> Callable[[Values], Any]:
    return lambda held: kind(**held)


_MADE: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("said_on", "due_from", "due_to"), date.fromisoformat),
    **dict.fromkeys(("speaker", "said_by", "actor", "target", "agent", "patient"), _made(Actor)),
    **dict.fromkeys(("cue", "content", "action", "condition", "mention", "time", "number"), _made(Span)),
    "predicate": _made(Predicate),
    "content_spans": lambda held: tuple(Span(**each) for each in held),
}
"""What becomes of a field's plain value."""
