"""When to look at a source again, and when to try an article again: pure, with ``now`` and the dice passed in.

A source is never switched off in silence: one that fails is asked ever more rarely, but at least once a day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from digests.errors import FetchError
from digests.watch import NewsSource

EVERY = timedelta(minutes=15)
EVERY_FOLDER = timedelta(minutes=1)
LONGEST_KEPT = timedelta(hours=2)
"""However long a server lets its feed be kept, news is looked for that often."""
FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(hours=24)
LONGEST_WISH = timedelta(days=2)
"""A Retry-After beyond this is cut to it: otherwise one wrong header would silence a source for good."""
SPREAD = 0.15
SILENT_AFTER = timedelta(days=2)
FAILING_AFTER = timedelta(hours=12)
ARTICLE_TRIES = 6
FIRST_ARTICLE_RETRY = timedelta(minutes=10)
LAST_ARTICLE_RETRY = timedelta(hours=12)

Trouble = Literal["", "failing", "silent"]


def next_look(*, now: datetime, max_age: float | None, random: Random, every: timedelta = EVERY) -> datetime:
    """After a success: in a quarter of an hour, or later where the server says its feed stays as it is."""
    wish = timedelta(seconds=max_age or 0.0)
    return now + _spread(max(every, min(wish, LONGEST_KEPT)), random)


def next_try(*, now: datetime, failures: int, after: float | None, random: Random) -> datetime:
    """After the ``failures``-th failure in a row: twice as late each time; not before the server's own ``after``."""
    pause = _doubled(FIRST_RETRY, failures - 1, most=LAST_RETRY)
    wish = min(timedelta(seconds=after or 0.0), LONGEST_WISH)
    return now + max(_spread(pause, random), wish)


def succeeded(
    source: NewsSource, *, now: datetime, max_age: float | None, random: Random, every: timedelta = EVERY
) -> NewsSource:
    """The source after a look that went well."""
    return replace(
        source,
        failures=0,
        failing_since=None,
        last_error="",
        last_try_at=now,
        last_success_at=now,
        next_try_at=next_look(now=now, max_age=max_age, random=random, every=every),
    )


def failed(source: NewsSource, error: Exception, *, now: datetime, random: Random) -> NewsSource:
    """The source after a look that failed."""
    failures = source.failures + 1
    after = error.after if isinstance(error, FetchError) else None
    return replace(
        source,
        failures=failures,
        failing_since=source.failing_since or now,
        last_error=" ".join(str(error).split())[:300] or type(error).__name__,
        last_try_at=now,
        next_try_at=next_try(now=now, failures=failures, after=after, random=random),
    )


def article_retry(error: Exception, *, tries: int, now: datetime, random: Random) -> datetime | None:
    """When to try an entry's article again after ``tries`` failures; ``None``: never."""
    if tries >= ARTICLE_TRIES or not (isinstance(error, FetchError) and error.again):
        return None
    pause = _spread(_doubled(FIRST_ARTICLE_RETRY, tries - 1, most=LAST_ARTICLE_RETRY), random)
    return now + max(pause, min(timedelta(seconds=error.after or 0.0), LONGEST_WISH))


def trouble(source: NewsSource, *, now: datetime) -> Trouble:
    """What the people who rely on a source must be told: it fails for long, or has been silent for two days."""
    if source.paused:
        return ""
    if source.failing_since is not None and now - source.failing_since >= FAILING_AFTER:
        return "failing"
    heard = source.last_new_at or source.added_at
    if source.kind == "feed" and heard is not None and now - heard >= SILENT_AFTER:
        return "silent"
    return ""


def _doubled(first: timedelta, times: int, *, most: timedelta) -> timedelta:
    factor: int = 1 << min(max(times, 0), 16)
    return min(most, first * factor)


def _spread(pause: timedelta, random: Random) -> timedelta:
    """Give or take a little, so that a thousand sources that failed together do not come back together."""
    return timedelta(seconds=pause.total_seconds() * random.uniform(1 - SPREAD, 1 + SPREAD))
