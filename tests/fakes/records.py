"""Facts built by hand for tests: an article's sentence becomes a stored fact with its evidence in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from digests.model import (
    Actor,
    Article,
    Deadline,
    Evidence,
    Fact,
    Figure,
    Found,
    Happening,
    Part,
    Predicate,
    Qualifier,
    Role,
    Source,
    Span,
    Statement,
)

SATURDAY = date(2020, 2, 15)


def source(article_id: int = 1, *, publisher: str = "Levant Wire", day: date = SATURDAY, **more: Any) -> Source:
    head = Source(
        article_id=article_id,
        title=f"Report {article_id}",
        publisher=publisher,
        byline="",
        url=f"https://wire.example/{article_id}",
        published_day=day,
    )
    return replace(head, **more)


def article(text: str, *, article_id: int = 1) -> Article:
    part = Part(kind="body", start=0, end=len(text))
    return Article(text=text, parts=(part,), content_hash="0", id=article_id, published_day=SATURDAY)


def span(text: str, *, start: int = 0) -> Span:
    return Span(start=start, end=start + len(text), text=text)


def actor(name: str, *, stands_for: str | None = None) -> Actor:
    return Actor(start=0, end=len(name), text=name, name=name, stands_for=stands_for)


def _base(fact_id: int, quote: str, who: str | None, summary: str) -> dict[str, Any]:
    return {
        "id": fact_id,
        "evidence": (Evidence(start=0, end=len(quote), quote=quote, article_id=1),),
        "summary": summary or quote,
        "said_by": actor(who) if who else None,
    }


def statement(
    fact_id: int, quote: str, *, who: str | None = "Fuat Oktay", cue: str = "said", summary: str = ""
) -> Statement:
    base = _base(fact_id, quote, who, summary)
    return Statement(**base, speaker=base["said_by"], cue=span(cue), content=span(quote), style="direct")


def deadline(
    fact_id: int, action: str, *, due: date, who: str | None = "Ankara", until: date | None = None
) -> Deadline:
    return Deadline(
        **_base(fact_id, f"Troops must {action} by then", who, f"Troops must {action}"),
        due_from=due,
        due_to=until or due,
        boundary="by",
        actor=actor("Troops"),
        action=span(action),
        time=span("then"),
    )


def figure(
    fact_id: int, number: str, unit: str, *, value: float, qualifier: Qualifier = "exact", quote: str = ""
) -> Figure:
    return Figure(
        **_base(fact_id, quote or f"There were {number} {unit}.", None, ""),
        number=span(number),
        value=value,
        qualifier=qualifier,
        unit=unit,
    )


def happening(fact_id: int, quote: str, *, when: str | None = None, negated: bool = False) -> Happening:
    return Happening(
        **_base(fact_id, quote, None, ""),
        predicate=Predicate(start=0, end=3, text="hit", lemma="hit"),
        when=when,
        negated=negated,
    )


def role(fact_id: int, name: str, title: str) -> Role:
    return Role(**_base(fact_id, f"{title} {name}", None, ""), name=name, title=title, mention=span(f"{title} {name}"))


def found(fact: Fact, **head: Any) -> Found:
    return Found(fact=fact, source=source(**head))
