"""Every family of rules, by example: amounts, periods, days and clock times, vague words and holidays."""

from datetime import date

import pytest

from digests.text.dates import Direction, find
from digests.text.dates.words import duration, number, year_in_words

SATURDAY = date(2020, 2, 15)


def values(text: str, *, direction: Direction | None = None) -> list[tuple[str, str]]:
    found = find(text, today=SATURDAY, direction=direction)
    return [(time.text, time.value) for time in found]


AMOUNTS = [
    ("a couple of days", [("a couple of days", "P2D")]),
    ("a dozen years", [("a dozen years", "P12Y")]),
    ("several weeks", [("several weeks", "PXW")]),
    ("a year and a half", [("a year and a half", "P1Y6M")]),
    ("three and a half hours", [("three and a half hours", "PT3H30M")]),
    ("half a day", [("half a day", "PT12H")]),
    ("24 hours", [("24 hours", "P1D")]),
    ("four to eight hours", [("four to eight hours", "PT4H")]),
    ("the past decade", [("the past decade", "P10Y")]),
    ("the past century", [("the past century", "P100Y")]),
    ("in recent years", [("recent years", "PAST_REF")]),
    ("in recent weeks", [("recent weeks", "PXW")]),
    ("the next few days", [("the next few days", "PXD")]),
    ("the next couple of years", [("the next couple of years", "P2Y")]),
    ("the first nine months", [("the first nine months", "P9M")]),
    ("the past two quarters", [("the past two quarters", "P6M")]),
    ("two centuries", [("two centuries", "P200Y")]),
    ("a fortnight's rest for a fortnight", [("a fortnight", "P2W")]),
    ("a decade ago", [("a decade ago", "201")]),
    ("two months ago", [("two months ago", "2019-12")]),
    ("a week ago", [("a week ago", "2020-02-08")]),
    ("two weeks ago", [("two weeks ago", "2020-W05")]),
    ("three days ago", [("three days ago", "2020-02-12")]),
    ("two quarters ago", [("two quarters ago", "2019-Q3")]),
    ("years ago", [("years ago", "PXY")]),
    ("several years ago", [("several years ago", "PAST_REF")]),
    ("several years later", [("several years later", "FUTURE_REF")]),
    ("five hours ago", [("five hours ago", "2020-02-14")]),
    ("9999 years ago", [("9999 years", "P9999Y")]),
    (
        "On Feb. 3 he left; three days later he was back.",
        [("Feb. 3", "2020-02-03"), ("three days later", "2020-02-06")],
    ),
    (
        "It will lift off at 05:05 on Tuesday and land 17 hours later.",
        [("05:05 on Tuesday", "2020-02-18T05:05"), ("17 hours later", "2020-02-18")],
    ),
    ("every day", [("every day", "P1D")]),
    ("every other week", [("every other week", "P2W")]),
    ("every two years", [("every two years", "P2Y")]),
    ("each July", [("each July", "XXXX-07")]),
    ("every summer", [("every summer", "XXXX-SU")]),
    ("on Mondays", [("Mondays", "XXXX-WXX-1")]),
    ("a daily paper", [("daily", "P1D")]),
    ("It is paid annually.", [("annually", "P1Y")]),
    ("15 a year", [("a year", "P1Y")]),
    ("24 hours a day", []),
    ("a day-long siege", [("day-long", "P1D")]),
    ("for years", [("years", "PXY")]),
    ("weeks before", [("weeks before", "PXW")]),
    ("less than an hour", [("an hour", "PT1H")]),
    ("a quarter of voters", []),
    ("one second", []),
    ("at least 30 days", [("30 days", "P30D")]),
    ("nearly 30 days", [("nearly 30 days", "P30D")]),
    ("the year-earlier period", [("the year-earlier period", "2019")]),
    ("the same month a year ago", [("the same month a year ago", "2019-02")]),
    ("in 2012, up from the year previous", [("2012", "2012"), ("the year previous", "2011")]),
]
PERIODS = [
    ("this week", [("this week", "2020-W07")]),
    ("next month", [("next month", "2020-03")]),
    ("early next year", [("early next year", "2021")]),
    ("the first half of next year", [("the first half of next year", "2021-H1")]),
    ("the second half of 2021", [("the second half of 2021", "2021-H2")]),
    ("last quarter", [("last quarter", "2019-Q4")]),
    ("the latest quarter", [("the latest quarter", "2019-Q4")]),
    ("this decade", [("this decade", "202")]),
    ("this century", [("this century", "20XX")]),
    ("this weekend", [("this weekend", "2020-W07-WE")]),
    ("last weekend", [("last weekend", "2020-W06-WE")]),
    ("the end of the week", [("the end of the week", "2020-W07")]),
    ("the end of the decade", [("the end of the decade", "202")]),
    ("the middle of the day", [("the middle of the day", "2020-02-15")]),
    ("the year ended March 31", [("the year", "P1Y"), ("March 31", "2020-03-31")]),
    ("in 1998; later that year it", [("1998", "1998"), ("later that year", "1998")]),
    ("in 1998; the following year it", [("1998", "1998"), ("the following year", "1999")]),
    ("last May", [("last May", "2019-05")]),
    ("next January", [("next January", "2021-01")]),
    ("this September", [("this September", "2020-09")]),
    ("June last year", [("June last year", "2019-06")]),
    ("mid-March", [("mid-March", "2020-03")]),
    ("March 2019", [("March 2019", "2019-03")]),
    ("the beginning of October 2019", [("the beginning of October 2019", "2019-10")]),
    ("in fiscal 2021", [("fiscal 2021", "2021")]),
    ("2018-19", [("2018-19", "2018/2019")]),
    ("2018-17", []),
    ("nineteen ninety-four", [("nineteen ninety-four", "1994")]),
    ("two thousand", [("two thousand", "2000")]),
    ("the 1980s", [("the 1980s", "198")]),
    ("the early nineties", [("the early nineties", "199")]),
    ("in his 60s", []),
    ("the '60s", [("60s", "196")]),
    ("the 20th century", [("the 20th century", "19XX")]),
    ("the third quarter of 2019", [("the third quarter of 2019", "2019-Q3")]),
    ("the second quarter", [("the second quarter", "2019-Q2")]),
    ("a fourth-quarter loss", [("a fourth-quarter", "2019-Q4")]),
    ("the third quarter of last year", [("the third quarter of last year", "2019-Q3")]),
    ("last year's third quarter", [("last year's third quarter", "2019-Q3")]),
    ("the final quarter of 2021", [("the final quarter of 2021", "2021-Q4")]),
    ("in the third quarter, up from a year earlier", [("the third quarter", "2019-Q3"), ("a year earlier", "2018-Q3")]),
    (
        "in the third quarter, and in the 2017 period",
        [("the third quarter", "2019-Q3"), ("the 2017 period", "2017-Q3")],
    ),
    ("last year's period", [("last year's period", "2019")]),
    ("in Q3", [("Q3", "2019-Q3")]),
    ("H2 2021", [("H2 2021", "2021-H2")]),
    ("this summer", [("this summer", "2020-SU")]),
    ("last summer", [("last summer", "2019-SU")]),
    ("next spring", [("next spring", "2020-SP")]),
    ("in the autumn of 2018", [("the autumn of 2018", "2018-FA")]),
    ("winter last year", [("winter last year", "2019-WI")]),
    ("Prices fall.", []),
    ("Summer Olympics", []),
    ("the first quarter final", []),
]
DAYS = [
    ("tonight", [("tonight", "2020-02-15TNI")]),
    ("last night", [("last night", "2020-02-14TNI")]),
    ("tomorrow morning", [("tomorrow morning", "2020-02-16TMO")]),
    ("this afternoon", [("this afternoon", "2020-02-15TAF")]),
    ("the day after tomorrow", [("the day after tomorrow", "2020-02-17")]),
    ("last Friday", [("last Friday", "2020-02-14")]),
    ("next Friday", [("next Friday", "2020-02-21")]),
    ("this Friday", [("this Friday", "2020-02-21")]),
    ("this coming Sunday, March eighth", [("this coming Sunday, March eighth", "2020-03-08")]),
    ("last Oct. 23", [("last Oct. 23", "2019-10-23")]),
    ("next March 3", [("next March 3", "2020-03-03")]),
    ("March twenty-first", [("March twenty-first", "2020-03-21")]),
    ("the 3rd of March", [("the 3rd of March", "2020-03-03")]),
    ("3 March 2021", [("3 March 2021", "2021-03-03")]),
    ("April 31, 2020", [("April", "2020-04"), ("2020", "2020")]),
    ("Monday week", [("Monday week", "2020-02-24")]),
    ("Friday last week", [("Friday last week", "2020-02-07")]),
    ("On Feb. 12 they met; the previous Friday", [("Feb. 12", "2020-02-12"), ("the previous Friday", "2020-02-07")]),
    ("On Feb. 12 they met; the following Friday", [("Feb. 12", "2020-02-12"), ("the following Friday", "2020-02-14")]),
    ("earlier Sunday", [("earlier Sunday", "2020-02-09")]),
    ("late on Thursday", [("late on Thursday", "2020-02-13")]),
    ("at 16:08 UTC", [("16:08 UTC", "2020-02-15T16:08Z")]),
    ("at 0800 GMT", [("0800 GMT", "2020-02-15T08:00")]),
    ("at 12 a.m.", [("12 a.m.", "2020-02-15T00:00")]),
    ("at noon", [("noon", "2020-02-15T12:00")]),
    ("at 9.30 a.m. EST Tuesday", [("9.30 a.m. EST Tuesday", "2020-02-11T09:30")]),
    ("12/31/2019", [("12/31/2019", "2019-12-31")]),
    ("31.12.19", [("31.12.19", "2019-12-31")]),
    ("11/02/89", [("11/02/89", "1989-11-02")]),
    ("45/45/2019", []),
    ("2020-02-15T10:30:00Z", [("2020-02-15T10:30:00Z", "2020-02-15T10:30")]),
    ("2020-02-31", []),
    ("10-15 February 2020", [("10-15 February 2020", "2020-02-10/2020-02-15")]),
    ("March 6-10", [("March 6-10", "2020-03-06/2020-03-10")]),
    ("April 28 to 31, 2020", [("April 28", "2020-04-28"), ("2020", "2020")]),
    ("the week of March 6", [("the week of March 6", "2020-W10")]),
    ("two days before Monday", [("two days before Monday", "2020-02-08")]),
    ("for two days from Tuesday", [("two days", "P2D"), ("Tuesday", "2020-02-11")]),
    ("today's youth", []),
    ("a score of 21:15", []),
]
VAGUE = [
    ("Now it is over.", [("Now", "PRESENT_REF")]),
    ("It was recently sold.", [("recently", "PAST_REF")]),
    ("It will open soon.", [("soon", "FUTURE_REF")]),
    ("as soon as it opens", []),
    ("the current system", [("current", "PRESENT_REF")]),
    ("the recent attack", [("recent", "PAST_REF")]),
    ("in the near future", [("the near future", "FUTURE_REF")]),
    ("overnight", [("overnight", "2020-02-15TNI")]),
    ("in the morning", [("the morning", "2020-02-15TMO")]),
    ("On Feb. 12 he spoke. That day", [("Feb. 12", "2020-02-12"), ("That day", "2020-02-12")]),
    ("On Feb. 12 he spoke. The next day", [("Feb. 12", "2020-02-12"), ("The next day", "2020-02-13")]),
    ("On Feb. 12 he spoke. The previous day", [("Feb. 12", "2020-02-12"), ("The previous day", "2020-02-11")]),
    ("late in the day", [("late in the day", "2020-02-15")]),
    ("at year-end", [("year-end", "2020")]),
    ("the latest period", [("the latest period", "2019-Q4")]),
    ("Thanksgiving 2019", [("Thanksgiving 2019", "2019-11-28")]),
    ("last Christmas", [("last Christmas", "2019-12-25")]),
    ("next Easter", [("next Easter", "2020-04-12")]),
    ("Good Friday", [("Good Friday", "2020-04-10")]),
    ("Memorial Day 2021", [("Memorial Day 2021", "2021-05-31")]),
    ("Labor Day 2021", [("Labor Day 2021", "2021-09-06")]),
]


@pytest.mark.parametrize(("text", "expected"), [*AMOUNTS, *PERIODS, *DAYS, *VAGUE])
def test_a_rule_reads_its_example(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        ("the weekend", "ahead", "2020-W07-WE"),
        ("the quarter", "ahead", "2020-Q1"),
        ("the quarter", "back", "2019-Q4"),
        ("the third quarter", "ahead", "2020-Q3"),
        ("the fourth quarter", "ahead", "2019-Q4"),
        ("Q1", "ahead", "2020-Q1"),
        ("Q1", "back", "2020-Q1"),
        ("in autumn", "ahead", "2020-FA"),
        ("the winter", "back", "2019-WI"),
        ("Christmas", "ahead", "2020-12-25"),
        ("Christmas", "back", "2019-12-25"),
    ],
)
def test_what_names_no_year_follows_the_direction(text: str, direction: Direction, expected: str) -> None:
    assert [value for _, value in values(text, direction=direction)] == [expected]


def test_a_quarter_of_the_year_it_is_in_is_this_years_in_autumn() -> None:
    assert find("the fourth quarter", today=date(2020, 11, 3))[0].value == "2020-Q4"


@pytest.mark.parametrize(
    ("words", "value"),
    [("a", 1), ("twenty-four", 24), ("2 1/2", 2.5), ("two hundred", 200), ("few", None), ("two and a half", 2.5)],
)
def test_numbers_in_words(words: str, value: float | None) -> None:
    assert number(words) == value


@pytest.mark.parametrize(
    ("words", "year"), [("two thousand and eight", 2008), ("nineteen hundreds", None), ("six", None)]
)
def test_years_in_words(words: str, year: int | None) -> None:
    assert year_in_words(words) == year


@pytest.mark.parametrize(
    ("amount", "unit", "value"),
    [
        (2.5, "minute", "PT2M30S"),
        (1.5, "day", "P1DT12H"),
        (2.5, "week", "P2.5W"),
        (0.5, "year", "P6M"),
        (None, "hour", "PTXH"),
    ],
)
def test_durations_keep_their_fractions(amount: float | None, unit: str, value: str) -> None:
    assert duration(amount, unit) == value


@pytest.mark.parametrize(
    "text", ["It rose 2000%.", "It grew by 9.15 on the day", "the fifth quarter", "aged 9 years", "Boeing 1977"]
)
def test_numbers_that_only_look_like_times_are_left_alone(text: str) -> None:
    assert not any(value[:1].isdigit() for _, value in values(text) if value != "2020-02-15")


def test_the_year_earlier_quarter_goes_back_from_the_one_named() -> None:
    text = "In the third quarter of 2018 it lost money; in the year-earlier third quarter it did not."
    assert [value for _, value in values(text)] == ["2018-Q3", "2017-Q3"]


def test_since_looks_back_and_if_looks_ahead() -> None:
    assert values("It has been shut since Monday.")[0][1] == "2020-02-10"
    assert values("They will strike if it is not paid by Monday.")[0][1] == "2020-02-17"
    assert values("By Monday, they had left.")[0][1] == "2020-02-10"
