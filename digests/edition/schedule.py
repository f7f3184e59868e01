"""When digests are due: slots on the wall clock of a zone, quiet hours, and what is too old to be sent.

A slot is keyed by its local day (of ``hourly`` by day and hour), so that a time which the clock shows twice is one
slot, and one which it skips is sent as much later as the clock jumped. A day or hour that a zone never had has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, dropwhile, takewhile
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digests.edition.model import Frequency, Schedule, Subscription

FRESH: Mapping[Frequency, timedelta] = {
    "hourly": timedelta(minutes=30),
    "daily": timedelta(hours=12),
    "weekdays": timedelta(hours=12),
    "weekly": timedelta(hours=48),
}
"""So late a digest is still worth sending; after that the next one is nearer."""
LOOK_BACK = timedelta(days=8)
"""Slots before that are forgotten: a week's digest lies within, and a long sleep does not count thousands of hours."""
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """``key``: "2020-02-15", of ``hourly`` "2020-02-15T08"; ``at``: the moment, in UTC."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What becomes of a subscription's open slots. ``slot``: to be sent now, ``None`` when none is fresh.

    ``dropped``: too old to be sent, to be told with the next digest. ``settled_at``: no slot up to it is open any more.
    ``next_at``: when to look again.
    """

    subscription: Subscription
    slot: Slot | None
    dropped: tuple[Slot, ...]
    settled_at: datetime
    next_at: datetime


class QuietHours(Protocol):
    """What ``quiet`` needs of a chat's settings."""

    @property
    def zone(self) -> str: ...
    @property
    def quiet_from(self) -> time | None: ...
    @property
    def quiet_to(self) -> time | None: ...


def quiet(settings: QuietHours, now: datetime) -> datetime | None:
    """When the quiet hours end (UTC) in which ``now`` lies; ``None`` when it lies in none.

    From 22:00 to 07:00 goes over midnight; 22:00 itself is quiet, 07:00 is not.
    """
    begin, end = settings.quiet_from, settings.quiet_to
    if begin is None or end is None or begin == end:
        return None
    zone = _zone(settings.zone)
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        until = _moment(day if begin < end else day + _DAY, end, zone)
        if _moment(day, begin, zone) <= now < until:
            return until
    return None


def due(
    subscriptions: Iterable[Subscription], now: datetime, *, quiet_hours: Mapping[str, QuietHours] | None = None
) -> list[Due]:
    """What is to be sent or dropped at ``now``, for those of the subscriptions that have an open slot.

    ``quiet_hours``: settings by chat. What falls into quiet hours waits for their end; of several slots that wait for
    one end only the newest is sent, and that is no loss to speak of.
    """
    hours = quiet_hours or {}
    found = (decide(each, now, hours.get(each.chat)) for each in subscriptions)
    return [each for each in found if each.slot or each.dropped]


def decide(subscription: Subscription, now: datetime, hours: QuietHours | None = None) -> Due:
    """What becomes of one subscription's open slots; of one that has none only when to look again."""
    settled = subscription.settled_at or subscription.created_at or now
    own = _Hours(hours.zone, hours.quiet_from, hours.quiet_to) if hours is not None and hours.quiet_from else None
    slot, dropped, upto, look_at = _decided(subscription.schedule, settled, subscription.paused_until, own, now)
    return Due(subscription=subscription, slot=slot, dropped=dropped, settled_at=upto, next_at=look_at)


class _Hours(NamedTuple):
    zone: str
    quiet_from: time | None
    quiet_to: time | None


@lru_cache(maxsize=8192)
def _decided(
    schedule: Schedule, settled: datetime, paused_until: datetime | None, hours: _Hours | None, now: datetime
) -> tuple[Slot | None, tuple[Slot, ...], datetime, datetime]:
    """A ``Due`` without its subscription: many have the same slots and were settled at the same moment."""
    begin = max(settled, now - LOOK_BACK)
    if paused_until is not None:
        begin = max(begin, paused_until - _TICK)
    opened = [(slot, _effective(slot.at, hours)) for slot in slots(schedule, after=begin, upto=now)]
    reached = [(slot, at) for slot, at in opened if at <= now]
    if not reached:
        look_at = opened[0][1] if opened else _next_at(schedule, paused_until, after=max(begin, now), hours=hours)
        return None, (), settled, look_at
    newest, at = reached[-1]
    fresh = now - at <= FRESH[schedule.frequency]
    dropped = tuple(slot for slot, since in reached if not fresh or since != at)
    look_at = _next_at(schedule, paused_until, after=newest.at, hours=hours)
    return newest if fresh else None, dropped, newest.at, look_at


def next_slot(schedule: Schedule, *, after: datetime) -> Slot:
    """The first slot later than ``after``."""
    return _next_slot(schedule, after)


def next_at(subscription: Subscription, *, after: datetime, quiet_hours: QuietHours | None = None) -> datetime:
    """When a subscription is to be looked at next, if its slots up to ``after`` are settled."""
    return _next_at(subscription.schedule, subscription.paused_until, after=after, hours=quiet_hours)


def _next_at(
    schedule: Schedule, paused_until: datetime | None, *, after: datetime, hours: QuietHours | None
) -> datetime:
    at = next_slot(schedule, after=max(after, paused_until - _TICK) if paused_until else after).at
    return _effective(at, hours)


def slots(schedule: Schedule, *, after: datetime, upto: datetime) -> tuple[Slot, ...]:
    """The slots later than ``after`` and not later than ``upto``, oldest first."""
    return _slots(schedule, after, upto)


def local(slot_at: datetime, schedule: Schedule) -> datetime:
    """A moment on the clock of the schedule's zone."""
    return slot_at.astimezone(_zone(schedule.zone))


def _effective(at: datetime, hours: QuietHours | None) -> datetime:
    """When a slot may go out: its moment, or the end of the quiet hours it lies in."""
    return (quiet(hours, at) if hours is not None else None) or at


@lru_cache(maxsize=8192)
def _next_slot(schedule: Schedule, after: datetime) -> Slot:
    return next(slot for slot in _from(schedule, after) if slot.at > after)


@lru_cache(maxsize=8192)
def _slots(schedule: Schedule, after: datetime, upto: datetime) -> tuple[Slot, ...]:
    ahead = dropwhile(lambda slot: slot.at <= after, _from(schedule, after))
    return tuple(takewhile(lambda slot: slot.at <= upto, ahead))


def _from(schedule: Schedule, after: datetime) -> Iterator[Slot]:
    """A schedule's slots from somewhat before ``after`` on, without end."""
    zone = _zone(schedule.zone)
    yesterday = after.astimezone(zone).date() - _DAY
    for day in (yesterday + _DAY * days for days in count()):
        if schedule.frequency == "hourly":
            yield from _hours(day, schedule.at.minute, zone)
        elif _wanted(day, schedule) and _exists(day, zone):
            yield Slot(key=day.isoformat(), at=_moment(day, schedule.at, zone))


def _wanted(day: date, schedule: Schedule) -> bool:
    match schedule.frequency:
        case "weekdays":
            return day.weekday() < 5
        case "weekly":
            return day.weekday() == schedule.weekday
    return True


def _exists(day: date, zone: ZoneInfo) -> bool:
    """Whether a zone had that day: Samoa went from 29 to 31 December 2011."""
    return _moment(day, time(), zone) < _moment(day + _DAY, time(), zone)


def _hours(day: date, minute: int, zone: ZoneInfo) -> Iterator[Slot]:
    for hour in range(24):
        at = _moment(day, time(hour, minute), zone)
        shown = at.astimezone(zone)
        if (shown.date(), shown.hour) == (day, hour):  # an hour that the clock skips has no digest of its own
            yield Slot(key=f"{day.isoformat()}T{hour:02}", at=at)


def _zone(name: str) -> ZoneInfo:
    """The zone of that name; one that this machine's tables do not know (any more) counts as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time as a moment: the first of two; one that is skipped as much later as the clock jumps (PEP 495)."""
    return datetime.combine(day, at, zone).astimezone(UTC)
