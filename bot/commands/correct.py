"""/correct FACT FIELD=VALUE | WHY: an editor puts right what was derived from an article's words, never the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands.edits import changes_between
from bot.commands.lines import line
from bot.commands.people import person_named
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply
from digests.edition.correcting import PEOPLE, Correction, corrected, field_named, names_somebody, passage
from digests.errors import UserError
from digests.model import Article, Fact, Found, Person

SPEC = Spec(
    name="correct",
    summary="Put a fact right: who, when, how much, or the line",
    usage="/correct FACT FIELD=VALUE[; FIELD=VALUE] | WHY",
    examples=(
        "/correct 12 due=31 March | the ministry moved it",
        "/correct 12 speaker=Fuat Oktay | the byline was read as the speaker",
        "/correct 12 Turkey must leave by the end of March | clearer",
    ),
    aliases=("fix",),
    role="editor",
)
LONGEST_WHY = 300
_NUMBER = re.compile(r"(?:fact\s+)?#?(\d{1,18})(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"(?:^|;)\s*([a-z][a-z_ ]{0,20}?)\s*=\s*", re.IGNORECASE)

_BETWEEN = re.compile(r"^(?:to|is|as|on)\s+", re.IGNORECASE)
"""What people write where "=" belongs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed: fields by the names typed, or else ``words``; ``why`` comes after the last bar."""

    fact_id: int
    fields: tuple[tuple[str, str], ...] = ()
    words: str = ""
    why: str = ""


async def handle(command: Command, services: Services) -> Reply:
    typed = read(command.text)
    if typed is None or not (typed.fields or typed.words):
        return usage(SPEC, typed=command.text)
    found = await standing(typed.fact_id, services)
    if isinstance(found, Reply):
        return found
    article = await services.store.article(found.source.article_id, version=found.fact.evidence[0].version)
    if article is None:
        return Reply(template="no_evidence", data={"id": typed.fact_id})
    given = fields_of(typed, found.fact, article)
    why = reason(typed.why, again=f"/correct {command.text.split('|')[0].strip()} | ")
    people: dict[str, Person] = {}
    for name in sorted(PEOPLE & given.keys()):
        person = await _person(given[name], command, services)
        if person is not None:
            people[name] = person
    after = corrected(found.fact, article, Correction(fields=given, people=people))
    await services.store.correct(found.fact, after, by=command.origin.user, why=why, at=command.asked_at)
    strangers = [given[name] for name in sorted(PEOPLE & given.keys() - people.keys()) if names_somebody(given[name])]
    return shown(found, after, why=why, strangers=strangers)


def read(text: str) -> Typed | None:
    """An argument taken apart; ``None`` without a fact's number.

    >>> read("12 due=31 March; actor=Ankara | moved").fields
    (('due', '31 March'), ('actor', 'Ankara'))
    """
    called = _NUMBER.fullmatch(text.strip())
    if called is None:
        return None
    rest, _, why = (called[2] or "").rpartition("|") if "|" in (called[2] or "") else (called[2] or "", "", "")
    marks = list(_FIELD.finditer(rest))
    if not marks or rest[: marks[0].start()].strip():
        return Typed(fact_id=int(called[1]), words=rest.strip(), why=why.strip())
    ends = [*(mark.start() for mark in marks[1:]), len(rest)]
    fields = tuple((mark[1].strip(), rest[mark.end() : end].strip(" ;")) for mark, end in zip(marks, ends, strict=True))
    return Typed(fact_id=int(called[1]), fields=fields, why=why.strip())


def fields_of(typed: Typed, fact: Fact, article: Article) -> dict[str, str]:
    """The corrections by field. Words alone are another passage where the article says them, else another line.

    Raises ``UserError`` where they begin with a field's name: whoever forgot the "=" meant no line.
    """
    if typed.fields:
        return {field_named(name, kind=fact.kind): value for name, value in typed.fields}
    quoted = passage(article, typed.words, near=fact.start)
    if quoted is None:
        _refuse_named(typed, kind=fact.kind)
    return {"quote" if quoted is not None else "summary": typed.words}


def _refuse_named(typed: Typed, *, kind: str) -> None:
    words = typed.words.split()
    for count in (2, 1):
        name = " ".join(words[:count]).rstrip(":")
        try:
            field_named(name, kind=kind)
        except UserError:
            continue
        value = _BETWEEN.sub("", " ".join(words[count:]), count=1) or "VALUE"
        why = typed.why or "your reason"
        raise UserError(
            f"Put = after the field: /correct {typed.fact_id} {name}={value} | {why}"
            f" (for a new line: /correct {typed.fact_id} line={typed.words} | {why})"
        )


async def standing(fact_id: int, services: Services) -> Found | Reply:
    """The fact to be edited, or the reply that says why it cannot be."""
    found = await services.store.fact(fact_id)
    if found is None:
        return Reply(template="no_evidence", data={"id": fact_id})
    if found.fact.status == "standing":
        return found
    gone = {"retracted": "was retracted", "corrected": "is said no more by its article's newest version"}
    raise UserError(f"Fact {fact_id} {gone[found.fact.status]}: see /evidence {fact_id}.")


def reason(why: str, *, again: str) -> str:
    """Why, on one line. Raises ``UserError`` when none is given: it is kept for good, beside who and when."""
    line = " ".join(why.split())
    if not line:
        raise UserError(f"Say why, for the record: {again}your reason")
    if len(line) > LONGEST_WHY:
        raise UserError(f"The reason is {len(line)} characters long; up to {LONGEST_WHY} are kept.")
    return line


async def _person(name: str, command: Command, services: Services) -> Person | None:
    """Whom a name means. Raises ``UserError`` when it could be several; somebody nobody knows is kept by name alone."""
    person = await person_named(name.strip(), "", command=command, services=services)
    if isinstance(person, Person):
        return person
    if person.template != "which":
        return None
    several = ", ".join(f"{each['name']} (#{each['id']})" for each in person.data["people"])
    raise UserError(f"{name} could be several: {several}. Name one by its number, as speaker=#12.")


def shown(found: Found, after: Fact, *, why: str, strangers: Sequence[str] = ()) -> Reply:
    """What was done, before -> after. ``strangers``: names of whom the archive knows nobody."""
    data: dict[str, Any] = {
        **line(Found(fact=after, source=found.source)),
        "edit": "correct",
        "why": why,
        "before_after": changes_between(found.fact, after),
        "also": [],
        "strangers": list(strangers),
    }
    press = f"/evidence {after.id}"
    return Reply(template="edited", data=data, buttons=((Button(label="Evidence", command=press),),))
