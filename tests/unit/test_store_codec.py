"""A fact of any kind survives its row, whatever stands in it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digests.model import (
    FACT_CLASSES,
    Actor,
    Boundary,
    Commitment,
    CommitmentType,
    Deadline,
    Event,
    Evidence,
    Extraction,
    Fact,
    FactOrigin,
    Figure,
    Happening,
    Predicate,
    Qualifier,
    Role,
    Span,
    Statement,
    Status,
    Style,
    with_entities,
)
from digests.sources.file import article_from
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

TEXT = "Ædan 😀 said “we’ll go”, or 5,000 of us\nwill — by March 1.\n" * 3
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
numbers = st.floats(allow_nan=False, allow_infinity=False)


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def spans(draw: Callable[[SearchStrategy[Any]], Any], shape: type[Span] = Span, **more: SearchStrategy[Any]) -> Any:
    start = draw(st.integers(0, len(TEXT) - 2))
    end = draw(st.integers(start + 1, len(TEXT) - 1))
    return shape(start=start, end=end, text=TEXT[start:end], **{name: draw(held) for name, held in more.items()})


actors = spans(Actor, name=words, entity=st.none(), stands_for=maybe(words))
evidences = spans().map(lambda span: Evidence(start=span.start, end=span.end, quote=span.text))


def literal(kind: Any) -> SearchStrategy[Any]:
    return st.sampled_from(get_args(kind))


def shared() -> dict[str, SearchStrategy[Any]]:
    return {
        "evidence": st.lists(evidences, min_size=1, max_size=3).map(tuple),
        "summary": words,
        "said_by": maybe(actors),
        "status": literal(Status),
        "origin": literal(FactOrigin),
        "confidence": st.floats(0, 1),
    }


dated = {
    "due_from": days,
    "due_to": days,
    "boundary": literal(Boundary),
    "class_": st.sampled_from("DSE"),
    "actor": maybe(actors),
    "action": maybe(spans()),
    "condition": maybe(spans()),
    "time": spans(),
}
KINDS: dict[type[Fact], dict[str, SearchStrategy[Any]]] = {
    Statement: {
        "speaker": maybe(actors),
        "cue": maybe(spans()),
        "content": spans(),
        "content_spans": st.lists(spans(), max_size=3).map(tuple),
        "style": literal(Style),
        "said_on": maybe(days),
        "said_to": maybe(words),
        "where": maybe(words),
        "via": maybe(words),
    },
    Role: {"name": words, "title": words, "of": maybe(words), "former": st.booleans(), "mention": spans()},
    Deadline: dated,
    Event: dated,
    Commitment: {
        "type": literal(CommitmentType),
        "actor": actors,
        "target": maybe(actors),
        "action": spans(),
        "condition": maybe(spans()),
    },
    Figure: {
        "number": spans(),
        "value": maybe(numbers),
        "low": maybe(numbers),
        "high": maybe(numbers),
        "qualifier": literal(Qualifier),
        "unit": words,
    },
    Happening: {
        "predicate": spans(Predicate, lemma=words),
        "agent": maybe(actors),
        "patient": maybe(actors),
        "where": maybe(words),
        "when": maybe(words),
        "negated": st.booleans(),
        "reported": st.booleans(),
    },
}
any_facts = st.one_of([st.builds(kind, **shared(), **own) for kind, own in KINDS.items()])


def test_every_kind_is_tried() -> None:
    assert set(KINDS) == set(FACT_CLASSES)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_facts, min_size=1, max_size=12))
def test_facts_come_back_as_they_were_saved(facts: list[Fact]) -> None:
    asyncio.run(_there_and_back(facts))


async def _there_and_back(facts: list[Fact]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(await SqliteDatabase.open(Path(folder) / "facts.db", [FACTS]))
        article = article_from(TEXT, published="2020-02-15")
        saved = await store.save(article, Extraction(facts=tuple(facts)), links={})
        for fact_id, fact in zip(saved.fact_ids, with_entities(Extraction(facts=tuple(facts)), {}).facts, strict=True):
            found = await store.fact(fact_id)
            assert found is not None
            placed = tuple(replace(each, article_id=saved.article_id) for each in fact.evidence)
            assert found.fact == replace(fact, id=fact_id, evidence=placed)
        await store.close()
