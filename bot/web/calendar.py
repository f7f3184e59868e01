"""A chat's calendar of deadlines (RFC 5545): a moved deadline moves, one that stands no longer is cancelled.

What a calendar has shown is remembered, for only what somebody's program may have stored has to be cancelled there, and
only what changed since may count its ``SEQUENCE`` up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from bot.books.secrets import Entry, Held, Secrets
from bot.commands.asked import search_words
from bot.commands.deadlines import KINDS
from bot.commands.lines import Line, due_line
from bot.render.days import day
from bot.render.markup import is_web, seen
from digests.model import FactQuery, Found
from digests.store.base import Store
from digests.text.folding import fold

BACK = timedelta(days=31)
"""What passed longer ago is shown no more."""
MOST = 500
MOST_TOLD = 3
PRODUCT = "-//Onrecord//Onrecord//EN"
GONE = "No longer on the record"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What is due: all that an entry of the calendar says of it. ``last`` is the last day, not the one after."""

    fact_id: int
    first: date
    last: date
    title: str
    told: str
    url: str

    @property
    def print(self) -> str:
        """Changes with anything that is said."""
        return sha256(repr(astuple(self)).encode("utf-8", "replace")).hexdigest()[:32]


async def calendar(held: Held, *, store: Store, secrets: Secrets, host: str, now: datetime) -> bytes:
    """The chat's calendar as it is now; what it shows is written down before it is given out."""
    oldest = now.date() - BACK
    query = FactQuery(kinds=KINDS, about=search_words(held.about), due_since=oldest, order="due", limit=MOST)
    dues = dated(await store.facts(query))
    shown = await secrets.entries(held.chat)
    entries = settled(shown, dues, stands=await _standing(shown, dues, store), at=now, oldest=oldest)
    changed = {number: entry for number, entry in entries.items() if shown.get(number) != entry}
    dropped = shown.keys() - entries.keys()
    if changed or dropped:
        await secrets.keep_entries(held.chat, changed, drop=dropped)
    return drawn(held, dues, entries, host=host)


def dated(found: Sequence[Found]) -> list[Dated]:
    """Deadlines and events by their days; what several sources say alike is one, under its lowest number."""
    groups: dict[tuple[str, ...], list[Found]] = {}
    for each in sorted(found, key=lambda one: one.fact.id):
        told = due_line(each, today=each.source.published_day)
        task = fold(f"{told['actor']} {told['action'] or told['summary']}")
        groups.setdefault((told["due_from"], told["due_to"], told["boundary"], task), []).append(each)
    return [_dated(group) for group in groups.values()]


def _dated(group: Sequence[Found]) -> Dated:
    first = due_line(group[0], today=group[0].source.published_day)
    task = first["action"] or first["summary"]
    title = f"{first['actor']}: {task}" if first["actor"] and first["action"] else task
    told = [due_line(each, today=each.source.published_day) for each in group[:MOST_TOLD]]
    lines = [f"“{_line(each['quote'])}”\n{_where(each)}" for each in told]
    more = [f"and {len(group) - MOST_TOLD} more"] if len(group) > MOST_TOLD else []
    return Dated(
        fact_id=group[0].fact.id,
        first=date.fromisoformat(first["due_from"]),
        last=date.fromisoformat(first["due_to"]),
        title=_line(f"{'Due: ' if first['kind'] == 'deadline' else ''}{title}"),
        told="\n\n".join([*lines, *more]),
        url=first["url"] if is_web(first["url"]) else "",
    )


def _where(told: Line) -> str:
    """Source, day, the command for the evidence, and whether a model read it."""
    read_by = " · read by a language model" if told["proposed"] else ""
    return f"{_line(told['source'])}, {day(told['day'])}{read_by} · {told['press']}"


def _line(text: str) -> str:
    """Text on one line, without characters that nobody can see."""
    return " ".join(seen(text).split())


async def _standing(shown: Mapping[int, Entry], dues: Sequence[Dated], store: Store) -> set[int]:
    """Of what was shown and is not among what is due: what stands all the same (on other days, about other things)."""
    missing = shown.keys() - {each.fact_id for each in dues}
    found = [await store.fact(number) for number in missing if not shown[number].cancelled]
    return {each.fact.id for each in found if each is not None and each.fact.status == "standing"}


def settled(
    shown: Mapping[int, Entry], dues: Sequence[Dated], *, stands: set[int], at: datetime, oldest: date
) -> dict[int, Entry]:
    """What the calendar shows now, by fact: as it was, changed (counted up), new, or cancelled."""
    entries: dict[int, Entry] = {}
    for due in dues:
        old = shown.get(due.fact_id)
        if old is not None and old.print == due.print and not old.cancelled:
            entries[due.fact_id] = old
        else:
            sequence = old.sequence + 1 if old is not None else 0
            entries[due.fact_id] = Entry(
                print=due.print, first=due.first, last=due.last, changed_at=at, sequence=sequence
            )
    for number, old in shown.items():
        if number in entries or number in stands or old.last < oldest:
            continue
        cancelled = replace(old, cancelled=True, sequence=old.sequence + 1, changed_at=at)
        entries[number] = old if old.cancelled else cancelled
    return entries


def drawn(held: Held, dues: Sequence[Dated], entries: Mapping[int, Entry], *, host: str) -> bytes:
    """The file, the same to the byte for the same entries."""
    made = Calendar()
    name = f"On the record: {held.about}" if held.about else "On the record"
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", _line(name))
    made.add("name", _line(name))
    made.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    by_number = {each.fact_id: each for each in dues}
    for number, entry in sorted(entries.items(), key=lambda each: (each[1].first, each[0])):
        made.add_component(_event(number, entry, by_number.get(number), host=host))
    return bytes(made.to_ical())


def _event(number: int, entry: Entry, due: Dated | None, *, host: str) -> Event:
    """Whole days, in no zone. What is cancelled says nothing of what it was."""
    made = Event()
    made.add("uid", f"fact-{number}@{host}")
    made.add("dtstamp", entry.changed_at)
    made.add("last-modified", entry.changed_at)
    made.add("sequence", entry.sequence)
    made.add("dtstart", entry.first)
    if entry.last < date.max:
        made.add("dtend", entry.last + _DAY)
    made.add("transp", "TRANSPARENT")
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("summary", due.title if due is not None else GONE)
    if due is not None:
        made.add("description", due.told)
        if due.url:
            made.add("url", due.url)
    return made
