"""/timeline TOPIC: what happened and what is due, by the day of the thing itself, not of the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.commands.asked import read, search_words
from bot.commands.lines import day_of, distance, line, pager, standing
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.model import Deadline, Event, Fact, FactQuery, Found, Happening
from digests.text.dates import day_range
from digests.text.folding import fold
from digests.text.wordlist import words

SPEC = Spec(
    name="timeline",
    summary="What happened and what is due, day by day",
    usage="/timeline TOPIC [PERIOD]",
    examples=("/timeline Idlib", "/timeline Boeing since January"),
    aliases=("chronology",),
)
KINDS = ("happening", "event", "deadline")
_SPEAKING = words("say tell add ask call describe note speak talk comment argue insist warn deny claim believe think")
LOOK = 100
"""The newest facts that are put in order."""
SIZE = 8


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today)
    topic = search_words(asked.words or ("" if asked.dated else asked.question))
    if not topic and not asked.dated:
        return usage(SPEC, typed=command.text)
    kinds: tuple[str, ...] = KINDS
    query = FactQuery(kinds=kinds, about=topic, since=asked.since, until=asked.until, limit=LOOK)
    found = await services.store.facts(query) or await services.store.facts(
        FactQuery(kinds=("statement",), about=topic, since=asked.since, until=asked.until, limit=LOOK)
    )
    ordered = in_order(found, today=command.today)
    first = (asked.page - 1) * SIZE
    shown = ordered[first : first + SIZE]
    if not shown:
        return nothing(command, asked, what="dated facts", topic=topic)
    data = {
        "today": command.today.isoformat(),
        "lines": shown,
        "clipped": LOOK if len(found) == LOOK else 0,
        **scope(asked, topic=topic),
    }
    more = len(ordered) > first + SIZE
    return Reply(
        template="timeline", data=data, buttons=pager(f"/timeline {asked.question}", page=asked.page, more=more)
    )


def in_order(found: Sequence[Found], *, today: date) -> list[dict[str, Any]]:
    """Lines by their day, oldest first, each once; what did not happen, and mere speaking, is left out.

    What has no day of its own ("shells fell on the town") is shown only where nothing else is.
    """
    told = [each for each in found if _belongs(each.fact)]
    dated = [(days_of(each), each) for each in told if _has_day(each.fact)]
    dated = dated or [(days_of(each), each) for each in told]
    dated.sort(key=lambda pair: (pair[0], pair[1].fact.id))
    once = {(days, fold(each.fact.summary)): (days, each) for days, each in reversed(dated)}
    return [
        {
            **line(each),
            "from": days[0].isoformat(),
            "to": days[1].isoformat(),
            "standing": standing(*days, today=today),
            "distance": distance(*days, today=today),
            "told": each.source.published_day.isoformat(),
        }
        for days, each in reversed(once.values())
    ]


def days_of(found: Found) -> tuple[date, date]:
    """The days a fact is about; a happening without a day of its own counts on the day it was told."""
    fact = found.fact
    if isinstance(fact, Deadline | Event):
        return fact.due_from, fact.due_to
    if isinstance(fact, Happening) and fact.when:
        days = day_range(fact.when, today=found.source.published_day)
        if days:
            return days
    day = day_of(found)
    return day, day


def _has_day(fact: Fact) -> bool:
    return isinstance(fact, Deadline | Event) or (isinstance(fact, Happening) and bool(fact.when))


def _belongs(fact: Fact) -> bool:
    return not isinstance(fact, Happening) or not (fact.negated or fact.predicate.lemma in _SPEAKING)
