"""/timeline TOPIC: what happened and what is due, by the day of the thing itself, not of the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.commands.asked import Asked, read, search_words
from bot.commands.charts import asks_for_chart, from_chart, to_chart
from bot.commands.lines import Line, line, pager
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.edition.charts.timeline import FEWEST, MOST, shape_of
from digests.edition.naming import day_of, distance, doubtful_day, is_named, standing
from digests.model import Deadline, Event, Fact, FactQuery, Found, Happening
from digests.store.base import Store
from digests.text.dates import day_range
from digests.text.folding import fold
from digests.text.wordlist import words

SPEC = Spec(
    name="timeline",
    summary="What happened and what is due, day by day",
    usage="/timeline TOPIC or STORY [PERIOD] [chart]",
    examples=("/timeline Idlib", "/timeline Boeing since January", "/timeline story 3", "/timeline Idlib chart"),
    aliases=("chronology",),
)
_SPEAKING = words("say tell add ask call describe note speak talk comment argue insist warn deny claim believe think")
LOOK = {("event", "deadline"): 30, ("happening",): 40, ("statement",): 40}
"""How many of the newest facts of which kinds are put in order."""
TOLD_LATER = timedelta(days=14)
"""What happened by a day may be told up to so much later."""
SIZE = 8
LONGEST = timedelta(days=31)
"""What happened "in 2018" has no day that a timeline could show."""
Days = tuple[date, date]


async def handle(command: Command, services: Services) -> Reply:
    question, charted = asks_for_chart(command.text)
    asked = read(question, today=command.today, with_story=True)
    topic = search_words(asked.words or ("" if asked.dated or asked.story else asked.question))
    if not topic and not asked.dated and asked.story is None:
        return usage(SPEC, typed=command.text)
    found, clipped = await _found(services.store, topic, asked)
    ordered = [(days, each) for days, each in in_order(found) if _within(days, asked)]
    drawable = [(days, each) for days, each in ordered if _is_drawable(each)]
    if charted and len(drawable) >= FEWEST:
        return _chart(drawable, command, asked, topic=topic, clipped=len(found) if clipped else 0)
    first = (asked.page - 1) * SIZE
    shown = ordered[first : first + SIZE]
    if not shown:
        return nothing(command, asked, what="dated facts", topic=topic)
    data = {
        "today": command.today.isoformat(),
        "lines": [_line(days, each, today=command.today) for days, each in shown],
        "clipped": len(found) if clipped else 0,
        "few": len(drawable) if charted else None,
        **scope(asked, topic=topic),
    }
    buttons = pager(f"/timeline {asked.question}", page=asked.page, more=len(ordered) > first + SIZE)
    if len(drawable) >= FEWEST:
        buttons += to_chart(f"/timeline {asked.question}")
    return Reply(template="timeline", data=data, buttons=buttons)


def _chart(
    drawable: Sequence[tuple[Days, Found]], command: Command, asked: Asked, *, topic: str, clipped: int
) -> Reply:
    """The same days as a chart, a page of them, each line with what it is drawn from."""
    first = (asked.page - 1) * MOST
    shown = drawable[first : first + MOST]
    if not shown:
        return nothing(command, asked, what="dated facts", topic=topic)
    lines = [
        {**_line(days, each, today=command.today), **_mark(each), "number": first + place}
        for place, (days, each) in enumerate(shown, start=1)
    ]
    data = {
        "chart": "timeline",
        "today": command.today.isoformat(),
        "lines": lines,
        "clipped": clipped,
        **scope(asked, topic=topic),
    }
    more = len(drawable) > first + MOST
    buttons = from_chart(f"/timeline {asked.question}", page=asked.page, more=more)
    return Reply(template="timeline_chart", data=data, buttons=buttons)


def _is_drawable(found: Found) -> bool:
    return found.fact.status == "standing" and shape_of(found.fact) is not None


def _mark(found: Found) -> Line:
    doubt = doubtful_day(found)
    return {"shape": shape_of(found.fact), "doubt": doubt.isoformat() if doubt else ""}


async def _found(store: Store, topic: str, asked: Asked) -> tuple[list[Found], bool]:
    """What is due, what happened, or else what was said; and whether there is more than was looked at."""
    found: list[Found] = []
    clipped = False
    for kinds, limit in LOOK.items():
        if kinds == ("statement",) and found:
            break
        some = await store.facts(_query(kinds, topic, asked, limit=limit))
        clipped = clipped or len(some) == limit
        found += some
    return found, clipped


def _query(kinds: tuple[str, ...], topic: str, asked: Asked, *, limit: int) -> FactQuery:
    if "event" in kinds:
        return FactQuery(
            kinds=kinds,
            about=topic,
            story_id=asked.story,
            due_since=asked.since,
            due_until=asked.until,
            limit=limit,
        )
    until = asked.until + TOLD_LATER if asked.until else None
    return FactQuery(kinds=kinds, about=topic, story_id=asked.story, since=asked.since, until=until, limit=limit)


def _is_nobodys(fact: Fact) -> bool:
    """Whether a date is that of a pronoun nobody could resolve."""
    return isinstance(fact, Deadline | Event) and fact.actor is not None and not is_named(fact.actor)


def _within(days: Days, asked: Asked) -> bool:
    """Whether the days of a fact overlap the period asked for."""
    return (asked.since is None or days[1] >= asked.since) and (asked.until is None or days[0] <= asked.until)


def in_order(found: Sequence[Found]) -> list[tuple[Days, Found]]:
    """Facts by their days, oldest first, each once; what did not happen, and mere speaking, is left out.

    What has no day of its own ("shells fell on the town") is shown only where nothing else is, and what "he" will do
    only where the article says of nobody else that they do something on that day.
    """
    told = [each for each in found if _belongs(each.fact)]
    dated = [(days_of(each), each) for each in told if _has_day(each.fact)]
    dated = dated or [(days_of(each), each) for each in told]
    named = {(days, each.source.article_id) for days, each in dated if not _is_nobodys(each.fact)}
    dated = [
        (days, each)
        for days, each in dated
        if not _is_nobodys(each.fact) or (days, each.source.article_id) not in named
    ]
    dated.sort(key=lambda pair: (pair[0], pair[1].fact.id))
    once = {(days, fold(each.fact.summary)): (days, each) for days, each in reversed(dated)}
    return list(reversed(once.values()))


def _line(days: Days, found: Found, *, today: date) -> Line:
    return {
        **line(found),
        "from": days[0].isoformat(),
        "to": days[1].isoformat(),
        "standing": standing(*days, today=today),
        "distance": distance(*days, today=today),
        "told": found.source.published_day.isoformat(),
    }


def days_of(found: Found) -> Days:
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
    if not isinstance(fact, Happening) or not fact.when:
        return isinstance(fact, Deadline | Event)
    days = day_range(fact.when)
    return days is None or days[1] - days[0] <= LONGEST


def _belongs(fact: Fact) -> bool:
    return not isinstance(fact, Happening) or not (fact.negated or fact.predicate.lemma in _SPEAKING)
