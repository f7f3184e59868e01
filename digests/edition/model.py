"""Who wants what, and when: frozen data. Where it goes is opaque here (``chat``, ``thread`` and ``user`` are names)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

Frequency = Literal["hourly", "daily", "weekdays", "weekly"]
Length = Literal["short", "full"]
WhenEmpty = Literal["line", "silence"]
FollowKind = Literal["person", "story", "deadlines", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest is due, on the wall clock of ``zone`` (IANA name).

    ``at``: local time of day; of ``hourly`` only its minute counts. ``weekday``: of ``weekly``, 0 is Monday.
    """

    frequency: Frequency = "daily"
    at: time = time(8, 0)
    weekday: int = 0
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted; all conditions given must hold, an empty one lets everything through.

    ``words``: any of these (a word or a phrase); ``must``: all; ``without``: none. ``people``: entity ids, any of them.
    ``sources``: publishers' names, any of them.
    """

    words: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A digest that somebody ordered for a place. ``id`` 0: not stored yet.

    ``user``: who ordered it. ``language``: of dates. ``when_empty``: one honest line, or nothing at all.
    ``paused_until``: aware; nothing is due before it.
    """

    id: int = 0
    chat: str
    thread: str = ""
    user: str = ""
    schedule: Schedule
    wanted: Wanted = Wanted()
    length: Length = "short"
    language: str = "en"
    when_empty: WhenEmpty = "line"
    paused_until: datetime | None = None
    created_at: datetime | None = None
    settled_at: datetime | None = None
    """Every slot up to it has been sent or dropped; ``None``: up to ``created_at``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """What somebody wants to hear of at once. ``id`` 0: not stored yet.

    ``entity``: of ``person``; ``story``: its id; ``wanted``: of ``words``, and what ``deadlines`` must be about.
    ``label``: what is followed, as shown. ``urgent``: also in quiet hours. ``remind_hours``: before a deadline, 0 for
    none. ``muted_until``: aware; nothing is told before it.
    """

    id: int = 0
    chat: str
    thread: str = ""
    user: str = ""
    kind: FollowKind
    label: str
    entity: int | None = None
    story: int | None = None
    wanted: Wanted = Wanted()
    urgent: bool = False
    remind_hours: int = 0
    muted_until: datetime | None = None
    created_at: datetime | None = None
