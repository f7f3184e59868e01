"""An article or a story on one screen: its sentences, who is in it with their offices, its figures, what is due."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digests.edition import calendar
from digests.edition.figures import figure_of, grouped, measure
from digests.edition.naming import speaker_of
from digests.edition.texts import once, texts_of
from digests.model import (
    Article,
    Commitment,
    Deadline,
    Event,
    Evidence,
    Fact,
    FactQuery,
    Found,
    Person,
    Placed,
    Role,
    SeenRole,
    Source,
)
from digests.store.base import Store

PEOPLE = 5
FIGURES = 5
DUES = 4
LOOK = 400
"""So many facts are looked at; a story of more is told by its newest."""
KINDS = ("statement", "role", "commitment", "figure", "deadline", "event")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody in it. ``role``: the office they were last seen in by then, ``given`` by that fact."""

    person: Person
    role: SeenRole | None = None
    given: Found | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """``sentences``: verbatim, of the article told from. ``more_figures``, ``more_dues``: what did not fit."""

    source: Source
    sentences: tuple[Evidence, ...]
    people: tuple[Named, ...]
    figures: tuple[Found, ...]
    dues: tuple[Found, ...]
    more_figures: int = 0
    more_dues: int = 0


async def brief_of(store: Store, source: Source, *, story: int | None, today: date) -> Brief:
    """The brief of an article, or of the story it is the newest of. ``today``: what is due by then comes last."""
    found = await store.facts(
        FactQuery(kinds=KINDS, story_id=story, limit=LOOK)
        if story
        else FactQuery(kinds=KINDS, article_id=source.article_id, order="oldest", limit=LOOK)
    )
    article = await store.article(source.article_id)
    figures = [each for each in found if each.fact.kind == "figure" and _is_number(each)]
    told = told_figures(once(figures, await texts_of(figures, store)).found)
    placed = {each.source.article_id: each for each in await store.placed({each.source.article_id for each in found})}
    dues = in_turn(found, placed, today=today)
    people = await _people(found, store)
    day = max((each.source.published_day for each in found), default=source.published_day)
    return Brief(
        source=source,
        sentences=_sentences(article, source) if article else (),
        people=tuple([await _named_by(person, store, day=day) for person in people[:PEOPLE]]),
        figures=tuple(told[:FIGURES]),
        dues=tuple(dues[:DUES]),
        more_figures=max(0, len(told) - FIGURES),
        more_dues=max(0, len(dues) - DUES),
    )


async def _people(found: Sequence[Found], store: Store) -> list[Person]:
    """People before bodies, the most often named first; places are neither."""
    named = most_named(found)[: 3 * PEOPLE]
    people = await asyncio.gather(*(store.person(number) for number in named))
    known = [each for each in people if each and each.type != "place"]
    return sorted(known, key=lambda each: each.type != "person")


async def _named_by(person: Person, store: Store, *, day: date) -> Named:
    role = role_by(person, day=day)
    return Named(person=person, role=role, given=await store.fact(role.fact_id) if role else None)


def _sentences(article: Article, source: Source) -> tuple[Evidence, ...]:
    from digests.extract.brief import sentences  # numpy: only where a brief is made

    return tuple(
        Evidence(start=span.start, end=span.end, quote=span.text, article_id=source.article_id, version=source.version)
        for span in sentences(article)
    )


def _is_number(found: Found) -> bool:
    """Whether a figure has a value and says what is counted: not "several", nor the 737 of an aircraft."""
    figure = figure_of(found)
    return figure.value is not None and not measure(figure).isdigit()


def told_figures(found: Sequence[Found]) -> list[Found]:
    """The newest figure of each thing: what is counted most often first, numbers in digits before words."""
    groups = sorted(grouped(found), key=lambda group: (-len(group.found), not _in_digits(group.found[0])))
    return [group.found[0] for group in groups]


def _in_digits(found: Found) -> bool:
    return any(map(str.isdigit, figure_of(found).number.text))


def in_turn(found: Sequence[Found], placed: Mapping[int, Placed], *, today: date) -> list[Found]:
    """What is due, each deadline once: what lies ahead, the nearest first; then what passed, the latest first."""
    dues = [each for each in found if isinstance(each.fact, Deadline | Event)]
    return sorted((group[0] for group in calendar.groups(dues, placed)), key=lambda each: _turn(each.fact, today=today))


def _turn(fact: Fact, *, today: date) -> tuple[bool, int, int]:
    assert isinstance(fact, Deadline | Event)
    off = (fact.due_to - today).days
    return off < 0, abs(off), fact.id


def most_named(found: Sequence[Found]) -> list[int]:
    """Who speaks, acts or holds an office, by number of the person; the most often named first."""
    counted: Counter[int] = Counter()
    for each in found:
        counted.update(_named(each.fact))
    return [number for number, _ in counted.most_common()]


def _named(fact: Fact) -> set[int]:
    actors = [speaker_of(fact), fact.actor if isinstance(fact, Commitment | Deadline | Event) else None]
    numbers = {actor.entity for actor in actors if actor is not None}
    if isinstance(fact, Role):
        numbers.add(fact.entity)
    return {number for number in numbers if number is not None}


def role_by(person: Person, *, day: date) -> SeenRole | None:
    """The office somebody was last seen in by that day: present ones first, those that say of what before others."""
    roles = [role for role in person.roles if role.day <= day]
    return max(roles, key=lambda role: (not role.former, bool(role.of), role.day, -role.fact_id), default=None)
