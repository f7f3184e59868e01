"""The day of publication as printed, and never one that is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from digests.text.printed import date_within, given_date, printed_date

DAY = date(2020, 2, 15)


@pytest.mark.parametrize(
    "line",
    [
        "February 15, 2020",
        "Feb. 15, 2020",
        "FEBRUARY 15 2020",
        "15 February 2020",
        "15th of February, 2020",
        "Saturday, 15 Feb 2020",
        "Sat., Feb 15, 2020",
        "2020-02-15",
        "2020/02/15",
        "15.02.2020",
        "Published: 15 February 2020",
        "Updated 3:45 PM ET, Sat February 15, 2020",
        "First published on February 15, 2020",
        "**February 15, 2020**",
        "15-Feb-2020",
        "2020-02-15 10:31",
        "15 February 2020 • 4:15pm",
        "February 15, 2020 / 10:15 AM EST / Updated Feb 16, 2020",
        "15 February 2020 | 3 min read",
        "15/02/2020",
        "02/15/2020",
        "Feb.15, 2020",
        "15. February 2020",
        "Posted on February 15, 2020 by admin",
        "Publication date: 15 February 2020",
        "Berlin, 15 February 2020",
        "New Ardal, Feb. 15, 2020",
        "Updated on: February 15, 2020 / 9:00 AM / AP",
    ],
)
def test_a_line_that_is_a_date_gives_its_day(line: str) -> None:
    found = printed_date(line)
    assert found is not None
    assert found.day == DAY
    assert found.at is None  # no zone stands there


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("15 Feb 2020 10:31 GMT", datetime(2020, 2, 15, 10, 31, tzinfo=UTC)),
        ("February 15, 2020 1:05 p.m. UTC", datetime(2020, 2, 15, 13, 5, tzinfo=UTC)),
        ("February 15, 2020 12:05 a.m. UTC", datetime(2020, 2, 15, 0, 5, tzinfo=UTC)),
        ("2020-02-15T10:31:30+03:00", datetime(2020, 2, 15, 10, 31, 30, tzinfo=timezone(timedelta(hours=3)))),
        (
            "2020-02-15T10:31:30-0330",
            datetime(2020, 2, 15, 10, 31, 30, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
        ),
        ("2020-02-15T10:31:30Z", datetime(2020, 2, 15, 10, 31, 30, tzinfo=UTC)),
        ("2020-02-15 25:61 GMT", None),
    ],
)
def test_a_time_of_day_counts_when_its_zone_is_known(line: str, at: datetime | None) -> None:
    found = printed_date(line)
    assert found is not None
    assert (found.day, found.at) == (DAY, at)


@pytest.mark.parametrize(
    "line",
    [
        "On February 15, 2020 the army withdrew",
        "February 15, 2020 was a Saturday",
        "February 15, 2020 was the day that the harbour was closed by the storm",
        "Talks failed, 15 February 2020 was a bad day",
        "31/31/2020",
        "12/12/2020",
        "02/03/2020",
        "February 30, 2020",
        "February 15",
        "February 2020",
        "2020",
        "Published 4 hours ago",
        "",
        "February 15, 2020 " + "x" * 200,
        "15 February 1066",
    ],
)
def test_a_line_that_says_more_or_less_than_a_date_is_none(line: str) -> None:
    assert printed_date(line) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-02-15", DAY),
        (" 2020-02-15T10:00:00+02:00 ", DAY),
        ("15 February 2020", DAY),
        ("20200215", DAY),
        ("yesterday", None),
        ("2020-02-30", None),
        ("", None),
        ("0001-01-01", None),
    ],
)
def test_a_given_date_is_an_iso_day_or_a_printed_one(text: str, day: date | None) -> None:
    found = given_date(text)
    assert (found.day if found else None) == day


def test_a_given_moment_is_kept_only_with_its_zone() -> None:
    with_zone, without = given_date("2020-02-15T10:00:00Z"), given_date("2020-02-15T10:00:00")
    assert with_zone is not None
    assert with_zone.at == datetime(2020, 2, 15, 10, tzinfo=UTC)
    assert without is not None
    assert without.at is None


def test_a_full_date_inside_a_dateline_is_found() -> None:
    found = date_within("ARDAL, Feb. 15, 2020 (AP) —")
    assert found is not None
    assert found.day == DAY
    assert date_within("ARDAL, Feb. 15 (AP) —") is None
    assert date_within("ARDAL, Feb. 31, 2020 (AP) —") is None
