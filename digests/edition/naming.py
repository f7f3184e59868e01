"""How a fact is told in a line: who says so, on which day, in which source, and how far off a day is. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

from digests.model import Actor, Deadline, Event, Fact, Found, Source, Statement
from digests.text.folding import fold
from digests.text.wordlist import words

_PRONOUNS = words("i he she it they we you one who which that this these those others both some his her its their")

_WEEK = timedelta(days=7)
_SAID_WHICH = words("next week later coming following after")
_DATED = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d(?:st|nd|rd|th)\b|\d{4}|\d/\d", re.IGNORECASE
)
_WHOSE = re.compile(r"^(?:[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)\s+(?:[a-z][\w-]*\s+)+(?=[A-Z])")
_SAID_OF = re.compile(r",?\s+(?:who|which|whose)\b")


def source_name(source: Source) -> str:
    """The publisher, else who wrote it, else where it stood."""
    return source.publisher or source.byline or urlsplit(source.url).hostname or f"article {source.article_id}"


def is_own(origin: str, outlet: str) -> bool:
    """Whether a text's origin is the outlet itself, also where one is a name and the other a host."""
    return fold(outlet).replace(" ", "").startswith(fold(origin).replace(" ", ""))


def day_of(found: Found) -> date:
    """The day a statement was made if known, else the article's."""
    fact = found.fact
    said_on = fact.said_on if isinstance(fact, Statement) else None
    return said_on or found.source.published_day


def speaker_of(fact: Fact) -> Actor | None:
    return fact.speaker if isinstance(fact, Statement) else fact.said_by


def speaker_name(fact: Fact) -> str:
    """Who says so, with whom a place stands for (``Kremlin (Russia)``); "" when nobody is named."""
    speaker = speaker_of(fact)
    return actor_name(speaker) if speaker and is_named(speaker) else ""


def is_named(actor: Actor) -> bool:
    """Whether an actor's name names somebody: a pronoun nobody could resolve does not."""
    return actor.name.casefold() not in _PRONOUNS and any(map(str.isalnum, actor.name))


def actor_name(actor: Actor) -> str:
    """An actor's name; what is only said of it ("his rival", ", who leads the party") is left out."""
    name = _SAID_OF.split(_WHOSE.sub("", actor.name), maxsplit=1)[0] or actor.name
    if actor.stands_for and actor.stands_for != actor.name:
        return f"{name} ({actor.stands_for})"
    return name


def doubtful_day(found: Found) -> date | None:
    """The article's own day, where a date may be that as well as the one a week later: in Monday's paper "on Monday".

    Print means the week after, the web today; only the words around could tell, and mostly do not.
    """
    fact, day = found.fact, found.source.published_day
    if not isinstance(fact, Deadline | Event) or fact.time is None or fact.due_to - day != _WEEK:
        return None
    return day if f"{day:%A}".casefold() in _weekdays(fact.time.text) else None


def _weekdays(text: str) -> list[str]:
    """The words of a time, where it is a weekday with no word that says which."""
    said = fold(text).split()
    return said if _SAID_WHICH.isdisjoint(said) and not _DATED.search(text) else []


def standing(first: date, last: date, *, today: date) -> str:
    """``ahead``, ``today`` (also: under way) or ``passed``."""
    if last < today:
        return "passed"
    return "ahead" if first > today else "today"


def distance(first: date, last: date, *, today: date) -> str:
    """How far off, in words: "in 14 days", "tomorrow", "today", "under way", "yesterday", "3 days ago"."""
    if first <= today <= last:
        return "today" if last == today else "under way"
    days = (first - today).days if first > today else (last - today).days
    if abs(days) == 1:
        return "tomorrow" if days == 1 else "yesterday"
    return f"in {days:,} days" if days > 0 else f"{-days:,} days ago"
