"""Deadlines (someone must, promises or threatens by then) and events (scheduled; a state's end or start).

What is denied, missed, merely possible or forecast is neither. Weekdays are read as a reader does: "will meet on
Saturday" in Saturday's paper is a week later.
"""

from __future__ import annotations

import re
from datetime import date

from spacy.tokens import Token

from digests.extract import clauses
from digests.extract.clauses import Offsets, one_line
from digests.extract.deadlines.clause import sentence
from digests.extract.deadlines.due import due_days
from digests.extract.deadlines.frames import frame_of
from digests.extract.deadlines.lead import Lead, joins_range
from digests.extract.deadlines.looks import Frame, Look, finite
from digests.extract.deadlines.parties import action_of, actor_of
from digests.extract.deadlines.told import is_entry
from digests.extract.reading import Reading
from digests.extract.times import expressions, governing, unwrapped
from digests.model import Actor, Boundary, Deadline, Event, Fact, Span, TimeExpression
from digests.text import dates

_PERMITTING = re.compile(r"\w+ permitting\b", re.IGNORECASE)
_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "you", "some", "those", "others", "both", "one"})
_PROSE = ("headline", "heading", "body")


def find(reading: Reading) -> list[Fact]:
    """Deadline and Event facts in text order; none without a day of publication."""
    today = reading.article.published_day
    if today is None:
        return []
    text = unwrapped(reading)
    offsets = Offsets(reading.doc)
    times = _ranges(text, expressions(reading, reader=True), today)
    facts = [fact for time in times if (fact := _fact(reading, text, time, offsets, today))]
    return _once(facts)


def _once(facts: list[Deadline | Event]) -> list[Fact]:
    """Each only once: a clock time told in four zones, a sentence printed twice, a list's line that repeats."""
    kept: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        what = fact.action.start if fact.action else fact.start
        same = [
            (fact.due_from, fact.due_to, fact.boundary, what),
            (fact.summary,),
        ]
        if not any(key in kept for key in same):
            kept.update(dict.fromkeys(same, fact))
    return list(dict.fromkeys(kept.values()))


def _ranges(text: str, times: list[TimeExpression], today: date) -> list[TimeExpression]:
    """ "June 1 to June 3" as one expression."""
    joined: list[TimeExpression] = []
    for time in times:
        before = joined[-1] if joined else None
        if before and joins_range(text, before, time) and (both := _joined(text, before, time, today)):
            joined[-1] = both
        else:
            joined.append(time)
    return joined


def _joined(text: str, first: TimeExpression, last: TimeExpression, today: date) -> TimeExpression | None:
    start, end = dates.day_range(first.value, today=today), dates.day_range(last.value, today=today)
    moved = text[max(0, first.start - 40) : first.start].lower()
    if (
        start is None
        or end is None
        or start[0] >= end[0]
        or "postpon" in moved
        or "moved" in moved
        or "delayed" in moved
    ):
        return None
    value = f"{first.value}/{last.value}"
    return TimeExpression(start=first.start, end=last.end, text=text[first.start : last.end], type="DATE", value=value)


def _fact(reading: Reading, text: str, time: TimeExpression, offsets: Offsets, today: date) -> Deadline | Event | None:
    tokens = offsets.tokens(time.start, time.end)
    if not tokens or not any(
        part.kind in _PROSE and part.start <= time.start < part.end for part in reading.article.parts
    ):
        return None
    verb = finite(governing(tokens))
    look = Look(time=time, lead=Lead(text, time), tokens=tokens, verb=verb, today=today)
    frame = frame_of(look, entry=is_entry(reading.article.parts, reading.article.text, time.start))
    if frame is None:
        return None
    due = due_days(time, class_=frame.class_, boundary=frame.boundary, said_on=today)
    return _build(reading, look, frame, due) if due and due[1] >= today else None


def _build(reading: Reading, look: Look, frame: Frame, due: tuple[date, date]) -> Deadline | Event:
    actor = actor_of(reading, frame)
    action = action_of(reading, look, frame, with_subject=actor is None)
    time = reading.span(look.time.start, look.time.end)
    condition = _condition(reading, frame)
    doer = clauses.subject(frame.verb)
    said = reading.span(doer.idx, doer.idx + len(doer)) if doer is not None else None
    if action is not None and action.text.lower() in ("a", "an", "the"):
        action = None
    verb = reading.span(frame.verb.idx, frame.verb.idx + len(frame.verb)) if action is None else None
    spans = [span for span in (actor, said, action, time, condition, verb) if span is not None]
    low, high = _edges(frame.verb)
    inside = [span for span in spans if low <= span.start and span.end <= high] or [time]
    start, end = min(span.start for span in inside), max(span.end for span in inside)
    kind = Deadline if frame.class_ == "D" else Event
    return kind(
        evidence=(reading.evidence(start, end),),
        summary=_summary(actor, action or reading.span(start, end), frame.boundary, due),
        said_by=_said_by(reading, frame, time),
        due_from=due[0],
        due_to=due[1],
        boundary=frame.boundary,
        class_="D" if frame.class_ == "D" else "E" if frame.class_ == "E" else "S",
        actor=actor,
        action=action,
        condition=condition,
        time=time,
    )


def _edges(verb: Token) -> tuple[int, int]:
    """Offsets of the sentence around a verb."""
    low, high = sentence(verb)
    return verb.doc[low].idx, verb.doc[high - 1].idx + len(verb.doc[high - 1])


def _said_by(reading: Reading, frame: Frame, time: Span) -> Actor | None:
    """Who says so: the speaker around the date, else around the verb (a content may end before a trailing date)."""
    verb = frame.verb
    return reading.said_by(time.start, time.end) or reading.said_by(verb.idx, verb.idx + len(verb))


def _condition(reading: Reading, frame: Frame) -> Span | None:
    if frame.condition is None:
        return _permitting(reading, frame)
    words = list(frame.condition.subtree)
    low, high = reading.doc[words[0].i], reading.doc[words[-1].i]
    text = reading.article.text[low.idx : high.idx + len(high)]
    cut = text.strip(" ,.;\n")
    start = low.idx + text.index(cut)
    return reading.span(start, start + len(cut))


def _permitting(reading: Reading, frame: Frame) -> Span | None:
    """ "weather permitting" anywhere in the sentence."""
    found = _PERMITTING.search(reading.article.text, *_edges(frame.verb))
    return reading.span(found.start(), found.end()) if found else None


def _summary(actor: Actor | None, action: Span, boundary: Boundary, due: tuple[date, date]) -> str:
    """ "Syrian forces: withdraw, by 29 Feb 2020"; ``action``: the words of the fact where it names no action."""
    what = one_line(action.text)
    who = f"{actor.name}: " if actor and actor.name.casefold() not in _PRONOUNS else ""
    first, last = (f"{day.day} {day:%b %Y}" for day in due)
    when = last if due[0] == due[1] else f"{first} to {last}"
    return f"{who}{what}, {boundary} {when}"
