"""Which deadline of an article's new version is one of the old version put off or brought forward. Pure.

Two different deadlines must never become one: a deadline moved only where its sentence is gone and another says of the
same actor, the same task under the same condition, another day; and nothing else in either version says so of any
further day. Where that leaves a doubt the old one is gone and the new one is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from digests.model import Deadline, Event, Fact, Span
from digests.text.folding import fold

Dated = Deadline | Event
Task = tuple[str, str, frozenset[str], frozenset[str]]
"""Kind, actor, and what task and condition say."""

_EMPTY = frozenset(
    (
        *("a", "about", "after", "an", "and", "as", "at", "before", "by", "for", "from", "further", "in", "instead"),
        *("it", "its", "of", "off", "on", "or", "our", "that", "the", "their", "then", "this", "till", "to", "until"),
        *("be", "been", "brought", "delayed", "extended", "given", "has", "have", "is", "moved", "postponed", "put"),
        *("must", "shall", "should", "will", "would", "rescheduled", "with", "within", "ahead", "back", "forward"),
        *("date", "day", "days", "deadline", "due", "end", "ends", "extension", "month", "time", "week", "year"),
        *("earlier", "later", "latest", "more", "new", "next", "now", "originally"),
    )
)
"""What may differ in the telling of one task: when, and that it was moved."""
_REPEATED = re.compile(
    r"\b(?:every|each|weekly|monthly|daily|yearly|annual\w*|regular\w*|again|another|repeated\w*|second|third|last"
    r"|instal?lments?|tranches?|rounds?|sessions?|stages?|phases?)\b",
    re.IGNORECASE,
)
"""What comes more than once is another one on another day."""


def moved(old: Sequence[Fact], new: Sequence[Fact], *, gone: Mapping[int, bool], today: date) -> dict[int, int]:
    """Position of a new fact -> number of the old one that it is, on another day.

    ``old``: the facts that stood; ``gone``: of those, by number, whose words the new text has no more and which no new
    fact repeats. ``today``: the article's day. What was due before it is over, and is not moved any more.
    """
    before, after = _by_task((each.id, each) for each in old), _by_task(enumerate(new))
    found: dict[int, int] = {}
    for task, olds in before.items():
        news = after.get(task, [])
        if not news or not _one_day(olds) or not _one_day(news) or not _may_move(olds[0][1], news[0][1], today=today):
            continue
        if all(gone.get(number, False) for number, _ in olds):
            found |= {at: number for (number, _), (at, _) in zip(olds, news, strict=False)}
    return found


def says(text: str, words: str) -> bool:
    """Whether a text says these very words, and not the beginning of others.

    >>> says("Bids are due by March 20.", "due by March 2"), says("Bids are due by March 2.", "due by March 2")
    (False, True)
    """
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _by_task(facts: Iterable[tuple[int, Fact]]) -> dict[Task, list[tuple[int, Dated]]]:
    made: dict[Task, list[tuple[int, Dated]]] = {}
    for key, fact in facts:
        if isinstance(fact, Deadline | Event) and (task := task_of(fact)) is not None:
            made.setdefault(task, []).append((key, fact))
    return made


def task_of(fact: Dated) -> Task | None:
    """Who must do what; ``None`` where that is not told, or where it may well be told of several days."""
    said = fact.action.text if fact.action else fact.quote
    words = _words(said, fact.time)
    if not words or _REPEATED.search(fact.quote):
        return None
    condition = _words(fact.condition.text, fact.time) if fact.condition else frozenset()
    return fact.kind, fold(fact.actor.name) if fact.actor else "", words, condition


def _words(text: str, time: Span) -> frozenset[str]:
    """What a text says besides the time; a number counts."""
    return frozenset(fold(text.replace(time.text, " ")).split()) - _EMPTY - frozenset(fold(time.text).split())


def _one_day(told: Sequence[tuple[int, Dated]]) -> bool:
    return len({_days(fact) for _, fact in told}) == 1


def _may_move(one: Dated, other: Dated, *, today: date) -> bool:
    return _days(one) != _days(other) and one.due_to >= today


def _days(fact: Dated) -> tuple[date, date]:
    return fact.due_from, fact.due_to
