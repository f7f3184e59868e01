"""Facts for other programs: as JSON with every field of a kind; as CSV, one table of all kinds for a spreadsheet.

What would surprise a reader: a spreadsheet takes text that begins with ``=`` for a formula and runs it, and articles
are written by strangers. In CSV such text gets an apostrophe in front
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from digests.jsonl.encoded import Row, fact
from digests.model import (
    Commitment,
    Counts,
    Deadline,
    Event,
    Fact,
    FactQuery,
    Figure,
    Found,
    Happening,
    Role,
    Statement,
)
from digests.store.base import Store

Form = Literal["csv", "json"]
COLUMNS = (
    *("id", "kind", "day", "summary", "quote", "who", "due_from", "due_to", "boundary", "value", "low", "high", "unit"),
    *("qualifier", "title", "office_of", "negated", "origin", "confidence", "article", "version", "start", "end"),
    *("article_title", "publisher", "url", "published"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BATCH = 500
_WINDOW = timedelta(days=7)


async def every(store: Store, query: FactQuery) -> AsyncIterator[Found]:
    """All facts that fit, oldest first, a few at a time: an archive need not fit into memory."""
    for since, until in windows(query, await store.counts()):
        offset = 0
        while True:
            asked = replace(query, since=since, until=until, order="oldest", limit=_BATCH, offset=offset)
            found = await store.facts(asked)
            for each in found:
                yield each
            offset += len(found)
            if len(found) < _BATCH:
                break


def windows(query: FactQuery, counts: Counts) -> Iterator[tuple[date | None, date | None]]:
    """The query's days week by week: pages of one long list would be counted off anew each time.

    Before the first article's day and after the last one's lie what was said earlier and what is dated wrongly.
    """
    first = max(filter(None, (query.since, counts.oldest_day)), default=None)
    last = min(filter(None, (query.until, counts.newest_day)), default=None)
    if first is None or last is None or first > last:
        yield query.since, query.until
        return
    if query.since is None or query.since < first:
        yield query.since, first - timedelta(days=1)
    while first <= last:
        yield first, min(last, first + _WINDOW - timedelta(days=1))
        first += _WINDOW
    if query.until is None or query.until > last:
        yield last + timedelta(days=1), query.until


def as_object(found: Found) -> Row:
    """A fact with all its fields, and the head of its article."""
    source = found.source
    return {
        "id": found.fact.id,
        **fact(found.fact),
        "day": day_of(found).isoformat(),
        "quote": found.fact.quote,
        "origin": found.fact.origin,
        "confidence": round(found.fact.confidence, 3),
        "article": {
            "id": source.article_id,
            "version": source.version,
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "published": source.published_day.isoformat(),
        },
    }


def head(form: Form) -> str:
    """What a file of that form begins with."""
    return _line(COLUMNS) if form == "csv" else "["


def line(form: Form, found: Found, *, first: bool) -> str:
    """One fact in a file of that form: a line of CSV (RFC 4180), or an object of the JSON array."""
    if form == "csv":
        row = as_row(found)
        return _line([safe(row.get(column)) for column in COLUMNS])
    return ("\n" if first else ",\n") + json.dumps(as_object(found))


def tail(form: Form) -> str:
    """What a file of that form ends with."""
    return "" if form == "csv" else "\n]\n"


def whole(form: Form, found: Sequence[Found]) -> str:
    """A file of these facts."""
    lines = (line(form, each, first=number == 0) for number, each in enumerate(found))
    return "".join([head(form), *lines, tail(form)])


def as_row(found: Found) -> Row:
    """A fact as one flat row: what several kinds share stands in one column."""
    source, its = found.source, found.fact
    return {
        "id": its.id,
        "kind": its.kind,
        "day": day_of(found),
        "summary": its.summary,
        "quote": " ".join(its.quote.split()),
        "who": _who(its),
        "origin": its.origin,
        "confidence": round(its.confidence, 3),
        "article": source.article_id,
        "version": source.version,
        "start": its.start,
        "end": its.end,
        "article_title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "published": source.published_day,
        **_own(its),
    }


def day_of(found: Found) -> date:
    """The day a statement was made if known, else the article's."""
    said_on = found.fact.said_on if isinstance(found.fact, Statement) else None
    return said_on or found.source.published_day


def safe(value: Any) -> Any:
    """Text that no spreadsheet takes for a formula; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _who(its: Fact) -> str:
    actor = its.said_by
    if isinstance(its, Role):
        return its.name
    if isinstance(its, Commitment):
        actor = its.actor
    elif isinstance(its, Deadline | Event):
        actor = its.actor or its.said_by
    elif isinstance(its, Happening):
        actor = its.agent
    return actor.name if actor else ""


def _own(its: Fact) -> Row:
    if isinstance(its, Deadline | Event):
        return {"due_from": its.due_from, "due_to": its.due_to, "boundary": its.boundary}
    if isinstance(its, Figure):
        numbers = {"value": _whole(its.value), "low": _whole(its.low), "high": _whole(its.high)}
        return {**numbers, "unit": its.unit, "qualifier": its.qualifier}
    if isinstance(its, Role):
        return {"title": its.title, "office_of": its.of}
    return {"negated": its.negated} if isinstance(its, Happening) else {}


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and number.is_integer() else number


def _line(values: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
