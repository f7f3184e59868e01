"""One made-up article with a fact of every kind, for the store: offsets are looked up in the text, never counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from digests.model import (
    Actor,
    Article,
    Commitment,
    Deadline,
    Event,
    Evidence,
    Extraction,
    Fact,
    Figure,
    Happening,
    Mention,
    NameKeys,
    Predicate,
    Role,
    Span,
    Statement,
)
from digests.sources.file import article_from

S = TypeVar("S", bound=Span)
TEXT = """# Ferry Talks Stall in Port Ardal

By [Harbour Wire](#)

February 15, 2020

Maritime Minister Ilse Brandão said on Saturday that "the ferries will sail". The Dockers' Union must answer by \
February 29. Talks resume on March 2. Brandão promised the union 40 new cranes if it calls off the strike.

Police detained 12 pickets in Port Ardal. Brandão heads the ministry of Vesland.

Original url:

<https://harbour.example/2020/ferries?utm_source=x>
"""
MINISTER, UNION, POLICE = 1, 2, 3
DAY = date(2020, 2, 15)


def telling(text: str = TEXT, **given: Any) -> Article:
    """The article as a reader of files makes it."""
    return replace(article_from(text), **given)


def there(words: str, shape: type[S], /, *, text: str = TEXT, **more: Any) -> S:
    start = text.index(words)
    return shape(start=start, end=start + len(words), text=words, **more)


def span(words: str, *, text: str = TEXT) -> Span:
    return there(words, Span, text=text)


def evidence(*quotes: str, text: str = TEXT) -> tuple[Evidence, ...]:
    starts = [(text.index(quote), quote) for quote in quotes]
    return tuple(Evidence(start=start, end=start + len(quote), quote=quote) for start, quote in starts)


def facts() -> tuple[Fact, ...]:
    """One of each kind, in the order of the text."""
    minister = there("Ilse Brandão", Actor, name="Ilse Brandão", entity=MINISTER)
    union = there("The Dockers' Union", Actor, name="Dockers' Union", entity=UNION)
    police = there("Police", Actor, name="Police", entity=POLICE, stands_for="Vesland")
    return (
        Statement(
            evidence=evidence('Maritime Minister Ilse Brandão said on Saturday that "the ferries will sail".'),
            summary="Ilse Brandão: the ferries will sail",
            speaker=minister,
            said_by=minister,
            cue=span("said"),
            content=span('"the ferries will sail"'),
            content_spans=(span('"the ferries'), span('will sail"')),
            style="direct",
            said_on=date(2020, 2, 14),
            said_to="reporters",
            via="a statement",
        ),
        Role(
            evidence=evidence("Maritime Minister Ilse Brandão", "the ministry of Vesland"),
            summary="Ilse Brandão is Maritime Minister of Vesland",
            name="Ilse Brandão",
            title="Maritime Minister",
            of="Vesland",
            mention=span("Maritime Minister Ilse Brandão"),
            entity=MINISTER,
        ),
        Deadline(
            evidence=evidence("The Dockers' Union must answer by February 29."),
            summary="Dockers' Union must answer by 29 February",
            said_by=minister,
            due_from=date(2020, 2, 29),
            due_to=date(2020, 2, 29),
            boundary="by",
            actor=union,
            action=span("answer"),
            time=span("February 29"),
            confidence=0.75,
        ),
        Event(
            evidence=evidence("Talks resume on March 2."),
            summary="Talks resume on 2 March",
            due_from=date(2020, 3, 2),
            due_to=date(2020, 3, 4),
            boundary="on",
            action=span("Talks resume"),
            time=span("March 2"),
        ),
        Commitment(
            evidence=evidence("Brandão promised the union 40 new cranes if it calls off the strike."),
            summary="Ilse Brandão promised 40 new cranes",
            type="promise",
            actor=minister,
            target=union,
            action=span("40 new cranes"),
            condition=span("if it calls off the strike"),
        ),
        Figure(
            evidence=evidence("Police detained 12 pickets"),
            summary="12 pickets detained",
            said_by=None,
            number=span("12"),
            value=12.0,
            qualifier="exact",
            unit="pickets",
        ),
        Happening(
            evidence=evidence("Police detained 12 pickets in Port Ardal."),
            summary="Police detained 12 pickets",
            predicate=there("detained", Predicate, lemma="detain"),
            agent=police,
            patient=there("12 pickets", Actor, name="12 pickets"),
            where="Port Ardal",
            when="2020-02-15",
            negated=False,
            reported=True,
        ),
    )


def people() -> tuple[Mention, ...]:
    def named(words: str, name: str, kind: Any, entity: int) -> Mention:
        return there(words, Mention, kind="name", type=kind, name=name, entity=entity)

    return (
        named("Ilse Brandão", "Ilse Brandão", "person", MINISTER),
        named("Dockers' Union", "Dockers' Union", "organisation", UNION),
        there("Police", Mention, kind="nominal", type="organisation", name="Police", entity=POLICE),
        named("Brandão", "Ilse Brandão", "person", MINISTER),
    )


def extraction() -> Extraction:
    return Extraction(people=people(), facts=facts())


KEYS = {
    MINISTER: NameKeys(type="person", keys=("brandao", "ilse")),
    UNION: NameKeys(type="organisation", keys=("dockers union",)),
}


def said(name: str, words: str, *, day: date, number: int = 0, url: str = "") -> tuple[Article, Extraction]:
    """A one-line article in which somebody says something, for archives of many."""
    line = f"{name} said {words} in report {number}."
    article = article_from(line, title=f"Report {number}", published=day.isoformat(), url=url)
    speaker = there(name, Actor, text=line, name=name, entity=1)
    fact = Statement(
        evidence=evidence(line, text=line),
        summary=f"{name}: {words}",
        speaker=speaker,
        said_by=speaker,
        cue=span("said", text=line),
        content=span(words, text=line),
        style="indirect",
    )
    mention = there(name, Mention, text=line, kind="name", type="person", name=name, entity=1)
    return article, Extraction(people=(mention,), facts=(fact,))


def due(
    action: str, *, on: date, day: date, until: date | None = None, kind: type[Deadline] = Deadline
) -> tuple[Article, Extraction]:
    """A one-line article with a deadline (or event) that nobody is named in."""
    line = f"They must {action} by {on.isoformat()}, it was said on {day.isoformat()}."
    fact = kind(
        evidence=evidence(line, text=line),
        summary=f"They must {action}",
        due_from=on,
        due_to=until or on,
        boundary="by",
        action=span(action, text=line),
        time=span(on.isoformat(), text=line),
    )
    return article_from(line, published=day.isoformat()), Extraction(facts=(fact,))
