"""TIMEX3 values cover the days they say; months, weeks and durations are added as people count them."""

from datetime import date

import pytest

from digests.text.dates import Direction, after, day_range
from digests.text.dates.values import add_days, add_months, nearest_day, nearest_month, quarter_value

DAY = date(2020, 2, 15)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2020-02-15", date(2020, 2, 15), date(2020, 2, 15)),
        ("2020-02-15T24:00", date(2020, 2, 15), date(2020, 2, 15)),
        ("2020-02-15TNI", date(2020, 2, 15), date(2020, 2, 15)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("FY2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-W07", date(2020, 2, 10), date(2020, 2, 16)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2020-W07-WE", date(2020, 2, 15), date(2020, 2, 16)),
        ("2020-W07-3", date(2020, 2, 12), date(2020, 2, 12)),
        ("2020-Q1", date(2020, 1, 1), date(2020, 3, 31)),
        ("2020-H2", date(2020, 7, 1), date(2020, 12, 31)),
        ("2020-WI", date(2020, 12, 1), date(2021, 2, 28)),
        ("199", date(1990, 1, 1), date(1999, 12, 31)),
        ("19XX", date(1900, 1, 1), date(1999, 12, 31)),
        ("2020-03-06/2020-03-10", date(2020, 3, 6), date(2020, 3, 10)),
    ],
)
def test_a_value_covers_its_days(value: str, first: date, last: date) -> None:
    assert day_range(value, today=DAY) == (first, last)


@pytest.mark.parametrize(
    "value",
    [
        "P2W",
        "XXXX-WXX-1",
        "PAST_REF",
        "XXXX-XX-XX",
        "",
        "2020-02-30",
        "2021-W53",
        "2020-13",
        "0000",
        "2020-03-10/2020-03-06",
        "2020/P2W",
    ],
)
def test_what_names_no_day_covers_none(value: str) -> None:
    assert day_range(value, today=DAY) is None


@pytest.mark.parametrize(
    ("duration", "day"),
    [
        ("P10D", date(2020, 2, 25)),
        ("P2W", date(2020, 2, 29)),
        ("P1M", date(2020, 3, 15)),
        ("P1Y6M", date(2021, 8, 15)),
        ("PT72H", date(2020, 2, 18)),
        ("PT5H", date(2020, 2, 15)),
        ("PXD", None),
        ("P", None),
        ("2020", None),
        ("P99999Y", date.max),
        ("P9999999999D", date.max),
    ],
)
def test_a_duration_ends_on_its_day(duration: str, day: date | None) -> None:
    assert after(DAY, duration) == day


def test_months_are_cut_to_the_last_day_and_stay_within_the_calendar() -> None:
    assert add_months(date(2020, 1, 31), 1) == date(2020, 2, 29)
    assert add_months(date(2020, 1, 31), -12 * 3000).year == 1
    assert add_days(date(2020, 1, 1), 10**9) == date.max
    assert quarter_value(2020, 5) == "2021-Q1"


@pytest.mark.parametrize(
    ("month", "today", "direction", "year"),
    [
        (2, date(2020, 2, 15), "ahead", 2020),
        (1, date(2020, 12, 20), "unknown", 2021),
        (1, date(2020, 12, 20), "ahead", 2021),
        (12, date(2020, 1, 5), "back", 2019),
        (1, date(2020, 2, 15), "back", 2020),
        (3, date(2020, 2, 15), "back", 2020),
        (12, date(2020, 3, 1), "ahead", 2020),
        (12, date(2020, 3, 1), "back", 2019),
    ],
)
def test_a_bare_month_is_the_nearest_the_verb_allows(month: int, today: date, direction: Direction, year: int) -> None:
    assert nearest_month(month, today=today, direction=direction) == year


@pytest.mark.parametrize(
    ("month", "day", "direction", "expected"),
    [
        (1, 12, "unknown", date(2020, 1, 12)),
        (1, 12, "back", date(2020, 1, 12)),
        (6, 24, "ahead", date(2020, 6, 24)),
        (11, 3, "back", date(2019, 11, 3)),
        (2, 15, "ahead", date(2020, 2, 15)),
        (2, 29, "ahead", date(2020, 2, 29)),
        (2, 30, "ahead", None),
    ],
)
def test_a_bare_day_is_the_nearest_the_verb_allows(
    month: int, day: int, direction: Direction, expected: date | None
) -> None:
    assert nearest_day(month, day, today=DAY, direction=direction) == expected


def test_a_leap_day_far_from_one_is_still_found() -> None:
    assert nearest_day(2, 29, today=date(2022, 6, 1), direction="back") == date(2020, 2, 29)
