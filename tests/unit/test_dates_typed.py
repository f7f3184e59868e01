"""Periods as typed in a chat become days and the stretch of the text they used."""

from datetime import date

import pytest

from digests.text.dates import parse_period

TODAY = date(2020, 2, 15)  # a Saturday


@pytest.mark.parametrize(
    ("typed", "ahead", "first", "last", "used"),
    [
        ("next week", True, date(2020, 2, 17), date(2020, 2, 23), "next week"),
        ("this week", True, date(2020, 2, 10), date(2020, 2, 16), "this week"),
        ("today", True, TODAY, TODAY, "today"),
        ("Tomorrow", True, date(2020, 2, 16), date(2020, 2, 16), "Tomorrow"),
        ("yesterday", False, date(2020, 2, 14), date(2020, 2, 14), "yesterday"),
        ("this month", True, date(2020, 2, 1), date(2020, 2, 29), "this month"),
        ("Turkey next month", True, date(2020, 3, 1), date(2020, 3, 31), "next month"),
        ("Feb 2020", False, date(2020, 2, 1), date(2020, 2, 29), "Feb 2020"),
        ("feb", False, date(2020, 2, 1), date(2020, 2, 29), "feb"),
        ("2020-02-15", False, TODAY, TODAY, "2020-02-15"),
        ("15.02.2020", False, TODAY, TODAY, "15.02.2020"),
        ("on friday", True, date(2020, 2, 21), date(2020, 2, 21), "on friday"),
        ("friday", False, date(2020, 2, 14), date(2020, 2, 14), "friday"),
        ("mon", True, date(2020, 2, 17), date(2020, 2, 17), "mon"),
        ("before Friday", True, None, date(2020, 2, 20), "before Friday"),
        ("until 1 march", True, None, date(2020, 3, 1), "until 1 march"),
        ("by the end of March", True, None, date(2020, 3, 31), "by the end of March"),
        ("since 10 Feb", False, date(2020, 2, 10), None, "since 10 Feb"),
        ("since monday", True, date(2020, 2, 10), None, "since monday"),
        ("after 10 Feb", False, date(2020, 2, 11), None, "after 10 Feb"),
        ("between 10 and 15 Feb", False, date(2020, 2, 10), TODAY, "between 10 and 15 Feb"),
        ("between 10 Feb and 15 Feb", False, date(2020, 2, 10), TODAY, "between 10 Feb and 15 Feb"),
        ("from 3 feb to 10 feb", False, date(2020, 2, 3), date(2020, 2, 10), "from 3 feb to 10 feb"),
        ("from monday to wednesday", True, date(2020, 2, 17), date(2020, 2, 19), "from monday to wednesday"),
        ("Oktay 10-15 feb", False, date(2020, 2, 10), TODAY, "10-15 feb"),
        ("last 3 days", False, date(2020, 2, 13), TODAY, "last 3 days"),
        ("in the past two weeks", False, date(2020, 2, 2), TODAY, "in the past two weeks"),
        ("last 2 months", False, date(2019, 12, 15), TODAY, "last 2 months"),
        ("next 2 weeks", True, TODAY, date(2020, 2, 29), "next 2 weeks"),
        ("7d", True, TODAY, date(2020, 2, 22), "7d"),
        ("7 days", False, date(2020, 2, 9), TODAY, "7 days"),
        ("Cavusoglu about Idlib since 10 Feb", False, date(2020, 2, 10), None, "since 10 Feb"),
        ("Cavusoglu in may", True, date(2020, 5, 1), date(2020, 5, 31), "in may"),
        ("2019", False, date(2019, 1, 1), date(2019, 12, 31), "2019"),
        ("q1 2020", False, date(2020, 1, 1), date(2020, 3, 31), "q1 2020"),
        ("this weekend", True, date(2020, 2, 15), date(2020, 2, 16), "this weekend"),
        ("13/02/2020", False, date(2020, 2, 13), date(2020, 2, 13), "13/02/2020"),
    ],
)
def test_a_typed_period_is_understood(
    typed: str, ahead: bool, first: date | None, last: date | None, used: str
) -> None:
    period = parse_period(typed, today=TODAY, ahead=ahead)
    assert period is not None
    assert (period.first, period.last, typed[period.start : period.end]) == (first, last, used)


@pytest.mark.parametrize(
    "typed", ["", "Idlib", "Theresa May", "may", "Erdogan said", "every day", "99999 days", "march on Moscow"]
)
def test_what_is_no_period_is_left_alone(typed: str) -> None:
    assert parse_period(typed, today=TODAY, ahead=True) is None
