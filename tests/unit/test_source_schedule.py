"""When a source is looked at again, and what is said about one in trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from digests.errors import FetchError, UnreadableFeed
from digests.sources.schedule import (
    ARTICLE_TRIES,
    EVERY,
    LAST_RETRY,
    LONGEST_KEPT,
    LONGEST_WISH,
    SPREAD,
    article_retry,
    failed,
    next_look,
    next_try,
    succeeded,
    trouble,
)
from digests.watch import NewsSource

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = NewsSource(url="https://wire.example/feed", added_at=NOW)


class Middle(Random):
    """Dice that always show the middle."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


MIDDLE = Middle()


@pytest.mark.parametrize(
    ("max_age", "after"),
    [(None, EVERY), (0.0, EVERY), (60.0, EVERY), (3600.0, HOUR), (86_400.0, LONGEST_KEPT), (9e8, LONGEST_KEPT)],
)
def test_a_look_that_went_well_is_followed_by_the_next_when_the_feed_may_have_changed(
    max_age: float | None, after: timedelta
) -> None:
    assert next_look(now=NOW, max_age=max_age, random=MIDDLE) == NOW + after


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 5), (2, 10), (3, 20), (6, 160), (9, 1280), (10, 1440), (10_000, 1440)]
)
def test_a_source_that_fails_is_asked_ever_more_rarely_but_once_a_day(failures: int, minutes: int) -> None:
    assert next_try(now=NOW, failures=failures, after=None, random=MIDDLE) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(("after", "wait"), [(10.0, timedelta(minutes=5)), (7200.0, 2 * HOUR), (9e9, LONGEST_WISH)])
def test_the_wait_a_server_asks_for_is_kept_within_reason(after: float, wait: timedelta) -> None:
    assert next_try(now=NOW, failures=1, after=after, random=MIDDLE) == NOW + wait


def test_sources_that_failed_together_do_not_come_back_together() -> None:
    random = Random(7)
    times = {next_try(now=NOW, failures=4, after=None, random=random) for _ in range(50)}
    assert len(times) == 50
    assert all(abs(at - NOW - timedelta(minutes=40)) <= timedelta(minutes=40) * SPREAD for at in times)


def test_failures_are_counted_from_the_first_and_forgotten_after_a_success() -> None:
    once = failed(FEED, FetchError("out of order\n (503)", status=503), now=NOW, random=MIDDLE)
    twice = failed(once, UnreadableFeed("no feed"), now=NOW + HOUR, random=MIDDLE)
    assert (once.failures, once.failing_since, once.last_error) == (1, NOW, "out of order (503)")
    assert (twice.failures, twice.failing_since, twice.last_try_at) == (2, NOW, NOW + HOUR)
    well = succeeded(twice, now=NOW + 2 * HOUR, max_age=None, random=MIDDLE)
    assert (well.failures, well.failing_since, well.last_error) == (0, None, "")
    assert (well.last_success_at, well.next_try_at) == (NOW + 2 * HOUR, NOW + 2 * HOUR + EVERY)


def test_an_error_without_words_is_named() -> None:
    assert failed(FEED, ValueError(), now=NOW, random=MIDDLE).last_error == "ValueError"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"last_new_at": NOW - timedelta(days=3)}, "silent"),
        ({"last_new_at": NOW - timedelta(days=1)}, ""),
        ({"added_at": NOW - timedelta(days=2)}, "silent"),
        ({"added_at": NOW - timedelta(days=9), "last_new_at": NOW}, ""),
        ({"kind": "folder", "added_at": NOW - timedelta(days=9)}, ""),
        ({"failures": 3, "failing_since": NOW - timedelta(hours=13)}, "failing"),
        ({"failures": 3, "failing_since": NOW - HOUR}, ""),
        ({"failures": 3, "failing_since": NOW - timedelta(days=9), "paused": True}, ""),
        ({"added_at": None}, ""),
    ],
)
def test_trouble_is_what_lasts(changes: dict[str, object], said: str) -> None:
    assert trouble(replace(FEED, **changes), now=NOW) == said


@pytest.mark.parametrize(
    ("error", "tries", "after"),
    [
        (FetchError("out of order"), 1, timedelta(minutes=10)),
        (FetchError("out of order"), 3, timedelta(minutes=40)),
        (FetchError("asked too often", after=7200.0), 1, 2 * HOUR),
        (FetchError("has no such page", again=False), 1, None),
        (FetchError("out of order"), ARTICLE_TRIES, None),
        (UnreadableFeed("is a picture"), 1, None),
    ],
)
def test_an_article_is_tried_again_where_that_may_help(error: Exception, tries: int, after: timedelta | None) -> None:
    at = article_retry(error, tries=tries, now=NOW, random=MIDDLE)
    assert at == (None if after is None else NOW + after)


def test_however_often_something_failed_the_next_try_is_within_a_day() -> None:
    for failures in range(1, 60):
        assert next_try(now=NOW, failures=failures, after=None, random=Random(failures)) <= NOW + LAST_RETRY * 1.2
