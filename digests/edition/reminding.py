"""When somebody is reminded of a deadline, and what becomes of a reminder when the deadline changes. Pure.

So many days before: at nine in the morning of that day. So many hours before: counted from the midnight at which the
due day begins, so that a reminder is never too late. A deadline counts from the last of its days, an event from the
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests.edition.same import due_key
from digests.model import Deadline, Event, Fact, Found
from digests.text.folding import fold

MORNING = time(9)
_DAY = timedelta(days=1)
_ALIKE = 0.5


def due_day(fact: Deadline | Event) -> date:
    """The day that a reminder counts from."""
    return fact.due_to if isinstance(fact, Deadline) else fact.due_from


def reminder_key(fact: Deadline | Event, hours: int) -> str:
    """What is reminded of, its day first, and how long before: a place is reminded once of each."""
    return f"{due_day(fact).isoformat()}:{due_key(fact)}:{hours}"


def moment(day: date, hours: int, zone: str) -> datetime:
    """When to remind (in UTC) of what is due on ``day``, so many hours before, on the clock of ``zone``.

    >>> moment(date(2020, 2, 29), 48, "Europe/Istanbul").isoformat()
    '2020-02-27T06:00:00+00:00'
    """
    here = ZoneInfo(zone)
    if hours % 24 == 0:
        return datetime.combine(day - timedelta(days=hours // 24), MORNING, here).astimezone(UTC)
    return datetime.combine(day, time(), here).astimezone(UTC) - timedelta(hours=hours)


def days_reached(hours: int, zone: str, *, after: datetime, upto: datetime) -> list[date]:
    """The due days of which one is reminded later than ``after`` and not later than ``upto``."""
    lead = timedelta(hours=hours)
    day = (after + lead).date() - 2 * _DAY
    last = (upto + lead).date() + 2 * _DAY
    found = []
    while day <= last:
        if after < moment(day, hours, zone) <= upto:
            found.append(day)
        day += _DAY
    return found


def successor(gone: Deadline | Event, others: Iterable[Found]) -> Found | None:
    """The deadline of the same article that took the place of one that stands no more: the same task, or like words."""
    rated = [(_likeness(gone, each.fact), each) for each in others if isinstance(each.fact, Deadline | Event)]
    rated = [each for each in rated if each[0] >= _ALIKE]
    return max(rated, key=lambda each: (each[0], -each[1].fact.id))[1] if rated else None


def _likeness(one: Deadline | Event, other: Fact) -> float:
    """Of the words (days and numbers left out) of two facts, how many stand in both, 0 to 1."""
    mine, yours = (_words(each.quote) for each in (one, other))
    return len(mine & yours) / len(mine | yours) if mine | yours else 0.0


def _words(text: str) -> set[str]:
    return {word for word in fold(text).split() if not any(map(str.isdigit, word))}


def soonest(founds: Sequence[Found]) -> list[Found]:
    """Deadlines and events in the order of their days."""
    dues = [(due_day(each.fact), each) for each in founds if isinstance(each.fact, Deadline | Event)]
    return [each for _, each in sorted(dues, key=lambda pair: (pair[0], pair[1].fact.id))]
