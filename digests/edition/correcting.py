"""An editor's correction of a fact. Pure.

What was derived from the words (names, days, values, the one line) may be put otherwise; what is quoted must stand in
the article, word for word: no line without the words it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, get_args

from digests.errors import UserError
from digests.model import (
    Actor,
    Article,
    Boundary,
    CommitmentType,
    Deadline,
    Event,
    Evidence,
    Fact,
    Person,
    Qualifier,
    Span,
    Statement,
)
from digests.text.dates import parse_period
from digests.text.numbers import numbers

LONGEST_LINE = 300
_NOBODY = frozenset({"", "-", "nobody", "none", "no one", "nothing", "unknown"})
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_ALIASES = {
    "who": "speaker",
    "by": "speaker",
    "said by": "speaker",
    "said on": "said_on",
    "day": "said_on",
    "said to": "said_to",
    "to": "said_to",
    "place": "where",
    "due day": "due",
    "due to": "due",
    "office": "title",
    "line": "summary",
    "evidence": "quote",
    "words": "quote",
    "passage": "quote",
    "bound": "boundary",
}
_DUE = ("due", "boundary", "actor", "action", "condition")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "statement": ("content", "said_on", "said_to", "where", "via"),
    "role": ("name", "title", "of", "former"),
    "deadline": _DUE,
    "event": _DUE,
    "commitment": ("type", "actor", "target", "action", "condition"),
    "figure": ("number", "value", "low", "high", "qualifier", "unit"),
    "happening": ("agent", "patient", "where", "when", "negated", "reported"),
}
SHARED = ("speaker", "summary", "quote")
PEOPLE = frozenset({"speaker", "actor", "target", "agent", "patient", "name"})
_VERBATIM = frozenset({"content", "action", "condition", "number"})
_NEEDED = {"content": "statement", "action": "commitment", "number": "figure", "actor": "commitment"}
"""Fields that a fact of that kind cannot be without."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "boundary": get_args(Boundary),
    "type": get_args(CommitmentType),
    "qualifier": get_args(Qualifier),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an editor typed, by field; ``people``: whom the names of it mean, where the archive knows one."""

    fields: Mapping[str, str]
    people: Mapping[str, Person] = field(default_factory=dict)


def field_named(typed: str, *, kind: str) -> str:
    """The field of that name. Raises ``UserError`` naming those there are."""
    name = " ".join(typed.casefold().replace("_", " ").split())
    name = _ALIASES.get(name, name).replace(" ", "_")
    known = (*FIELDS.get(kind, ()), *SHARED)
    if name not in known:
        raise UserError(f"{_a(kind)} has no {typed!r} to correct. It has: {', '.join(known)}.")
    return name


def names_somebody(value: str) -> bool:
    """Whether a value names somebody, or says that there is nobody."""
    return value.strip().casefold() not in _NOBODY


def corrected(fact: Fact, article: Article, correction: Correction) -> Fact:
    """The fact as the editor has it, marked as an editor's.

    Raises ``UserError`` saying what to do: words that are not in the article, a day that is none, nothing changed.
    """
    given = correction.fields
    made = replace(fact, origin="editor", confidence=1.0)
    if "quote" in given:
        made = _on_passage(made, article, given["quote"])
    for name, value in given.items():
        if name not in SHARED or name == "speaker":
            made = _set(made, name, value.strip(), correction, article)
    line = _line(given["summary"]) if "summary" in given else put_otherwise(made.summary, fact, made, article)
    made = replace(made, summary=line)
    if replace(made, origin=fact.origin, confidence=fact.confidence) == fact:
        raise UserError(f"Fact {fact.id} says so already; nothing was changed.")
    return made


def passage(article: Article, words: str, *, near: int) -> Evidence | None:
    """Where an article says these words: blanks, line breaks, dashes and quotation marks may be of another form."""
    parts = [_loosely(word) for word in words.split()]
    if not parts:
        return None
    found = [match.span() for match in re.finditer(r"\s+".join(parts), article.text)]
    best = min(found, key=lambda span: abs(span[0] - near), default=None)
    return None if best is None else Evidence(start=best[0], end=best[1], quote=article.text[slice(*best)])


_SAME = ('"“”„«»', "'’‘‛`", "-–—‐‑")


def _loosely(word: str) -> str:
    def either(character: str) -> str:
        group = next((each for each in _SAME if character in each), "")
        return f"[{re.escape(group)}]" if group else re.escape(character)

    return "".join(map(either, word))


def _on_passage(fact: Fact, article: Article, words: str) -> Fact:
    found = passage(article, words, near=fact.start)
    if found is None:
        raise UserError(
            f"Those words do not stand in article {article.id}, word for word, so nothing can rest on them."
            " Copy the passage from the article."
        )
    return replace(fact, evidence=(found,))


def _set(fact: Fact, name: str, value: str, correction: Correction, article: Article) -> Fact:
    """The fact with one field changed."""
    setter = _SETTERS.get(name)
    if name in PEOPLE and name != "name":
        actor = _actor(fact, name, value, correction.people.get(name), article)
        changes: dict[str, Any] = {name: actor}
        if name == "speaker":
            changes = {"said_by": actor} | ({"speaker": actor} if isinstance(fact, Statement) else {})
    elif name in _VERBATIM:
        changes = {name: _words(fact, name, value)} | ({"content_spans": ()} if name == "content" else {})
    elif name in _CHOICES:
        changes = {name: _choice(name, value)}
    elif setter is not None:
        changes = setter(fact, name, value, article)
    else:
        changes = {name: None if value.casefold() in _NOBODY else _line(value)}
    if name == "name":
        person = correction.people.get(name)
        changes |= {"name": _line(value), "entity": person.id if person else None}
    return replace(fact, **changes)


def _actor(fact: Fact, name: str, value: str, person: Person | None, article: Article) -> Actor | None:
    """An actor under another name; the mention in the article stays what it is."""
    if value.casefold() in _NOBODY:
        if _NEEDED.get(name) == fact.kind:
            raise UserError(f"{_a(fact.kind)} needs somebody as its {name}.")
        return None
    called = person.name if person else _line(value)
    held: Actor | None = fact.said_by if name == "speaker" else getattr(fact, name)
    if held is None:
        found = passage(article, called, near=fact.start)
        inside = found is not None and fact.start <= found.start and found.end <= fact.end
        mention = found if found is not None and inside else Evidence(start=fact.start, end=fact.start, quote="")
        held = Actor(start=mention.start, end=mention.end, text=mention.quote, name=called)
    return replace(held, name=called, entity=person.id if person else None, stands_for=None)


def _words(fact: Fact, name: str, value: str) -> Span | None:
    """Words of the fact's own passage."""
    if value.casefold() in _NOBODY:
        if _NEEDED.get(name) == fact.kind:
            raise UserError(f"{_a(fact.kind)} needs its {name}.")
        return None
    for each in fact.evidence:
        own = Article(text=each.quote, parts=(), content_hash="")
        found = passage(own, value, near=0)
        if found is not None:
            return Span(start=each.start + found.start, end=each.start + found.end, text=found.quote)
    raise UserError(
        f"{value!r} does not stand in the words that fact {fact.id} rests on, and its {name} must, word for word."
        " Choose a passage that holds it as well, with quote=…"
    )


def _choice(name: str, value: str) -> str:
    wanted = value.casefold().replace(" ", "_")
    if wanted not in _CHOICES[name]:
        raise UserError(f"{name} is one of: {', '.join(_CHOICES[name])}.")
    return wanted


def _due(fact: Fact, _name: str, value: str, article: Article) -> dict[str, Any]:
    first, last = _days(value, article, ahead=True)
    if fact.kind == "deadline" and isinstance(fact, Deadline) and fact.due_from == fact.due_to:
        first = last
    return {"due_from": first, "due_to": last}


def _said_on(_fact: Fact, _name: str, value: str, article: Article) -> dict[str, Any]:
    if value.casefold() in _NOBODY:
        return {"said_on": None}
    first, last = _days(value, article, ahead=False)
    if first != last:
        raise UserError(f"{value!r} is more than one day.")
    return {"said_on": first}


def _when(_fact: Fact, _name: str, value: str, article: Article) -> dict[str, Any]:
    if value.casefold() in _NOBODY:
        return {"when": None}
    first, last = _days(value, article, ahead=False)
    if first != last:
        raise UserError(f"{value!r} is more than one day.")
    return {"when": first.isoformat()}


def _days(value: str, article: Article, *, ahead: bool) -> tuple[date, date]:
    """The days meant, seen from the article's own day. Raises ``UserError``."""
    period = parse_period(value, today=article.published_day or date.today(), ahead=ahead)
    if period is None or period.start > 0 or period.end < len(value.rstrip(" .")):
        raise UserError(f"{value!r} is no day I can read. Write it as 29 Feb 2020 or 2020-02-29.")
    first, last = period.first or period.last, period.last or period.first
    assert first is not None, "a period has at least one side"
    assert last is not None, "a period has at least one side"
    return first, last


def _number(_fact: Fact, name: str, value: str, _article: Article) -> dict[str, Any]:
    number = _read_number(value)
    if name == "value":
        return {"value": number, "low": None, "high": None}
    return {"value": None, name: number, "qualifier": "range"}


def _read_number(value: str) -> float:
    try:
        return float(value.replace(",", "").replace(" ", ""))
    except ValueError:
        found = numbers(value)
    if len(found) != 1 or found[0].value is None:
        raise UserError(f"{value!r} is no number I can read. Write it as 3600000 or 3.6 million.")
    return found[0].value


def _truth(_fact: Fact, name: str, value: str, _article: Article) -> dict[str, Any]:
    if value.casefold() not in _YES:
        raise UserError(f"{name} is yes or no.")
    return {name: _YES[value.casefold()]}


def _required(_fact: Fact, name: str, value: str, _article: Article) -> dict[str, Any]:
    return {name: _line(value)}


_SETTERS: Mapping[str, Callable[[Any, str, str, Article], dict[str, Any]]] = {
    "due": _due,
    "said_on": _said_on,
    "when": _when,
    "value": _number,
    "low": _number,
    "high": _number,
    "former": _truth,
    "negated": _truth,
    "reported": _truth,
    "title": _required,
    "unit": _required,
    "name": _required,
}


def _line(value: str) -> str:
    line = " ".join(value.split())
    if not line:
        raise UserError("A line cannot be empty. To take a fact back, use /retract.")
    if len(line) > LONGEST_LINE:
        raise UserError(f"That is {len(line)} characters; a line takes up to {LONGEST_LINE}.")
    return line


def put_otherwise(line: str, before: Fact, after: Fact, article: Article) -> str:
    """The one line with what was corrected put in the place of what it said; what it does not say stays unsaid."""
    for old, new in _names(before, after):
        if old and new:
            line = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new.replace("\\", r"\\"), line)
    if isinstance(before, Deadline | Event) and isinstance(after, Deadline | Event):
        line = _with_day(line, before, after, article)
    return line


_TOLD = ("said_by", "actor", "target", "agent", "patient", "name", "title", "of", "content", "action", "number")
"""What a line repeats to the letter."""


def _names(before: Fact, after: Fact) -> list[tuple[str, str]]:
    pairs = []
    for name in _TOLD:
        old, new = (_text(getattr(each, name, None)) for each in (before, after))
        if old != new:
            pairs.append((old, new))
    return pairs


def _text(value: object) -> str:
    if isinstance(value, Actor):
        return value.name
    return value.text if isinstance(value, Span) else value if isinstance(value, str) else ""


def _with_day(line: str, before: Deadline | Event, after: Deadline | Event, article: Article) -> str:
    """The line with its date replaced, where it names the old day."""
    period = parse_period(line, today=article.published_day or before.due_to, ahead=True)
    moved = (before.due_from, before.due_to) != (after.due_from, after.due_to)
    if not moved or period is None or before.due_to not in (period.first, period.last):
        return line
    lead = re.match(r"[A-Za-z]+(?=\s)", line[period.start : period.end])
    word = lead[0] if lead else ""
    bound = after.boundary if word.casefold() in _CHOICES["boundary"] else word
    return " ".join(f"{line[: period.start]}{bound} {_spelt(after.due_to)}{line[period.end :]}".split())


def _spelt(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _a(kind: str) -> str:
    return f"An {kind}" if kind.startswith("e") else f"A {kind}"
