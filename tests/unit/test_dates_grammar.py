"""Time expressions are found in text with their extent and TIMEX3 value."""

import time
from datetime import date

import pytest

from digests.text.dates import find

SATURDAY = date(2020, 2, 15)


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("He spoke on Saturday.", "Saturday", "2020-02-15"),
        ("The envoy's remarks on Thursday drew fire.", "Thursday", "2020-02-13"),
        ("She will fly out on Monday.", "Monday", "2020-02-17"),
        ("a Jan. 12 truce", "Jan. 12", "2020-01-12"),
        ("unless they pull out by the end of February", "the end of February", "2020-02"),
        ("killed in the past two weeks", "the past two weeks", "P2W"),
        ("They agreed in 2018 to build it.", "2018", "2018"),
        ("It said last week it was ready.", "last week", "2020-W06"),
        ("He said earlier this week that it was over.", "earlier this week", "2020-W07"),
        ("They would meet later in the day.", "later in the day", "2020-02-15"),
        ("Pay by 5 p.m. on Friday, May 8, it said.", "5 p.m. on Friday, May 8", "2020-05-08T17:00"),
        ("on Saturday, Feb. 13, it", "Saturday, Feb. 13", "2021-02-13"),
        ("within 48 hours from Tuesday, it will", "48 hours from Tuesday", "2020-02-20"),
        ("It will open a week from Tuesday.", "a week from Tuesday", "2020-02-25"),
        ("It will open on Wednesday of next week.", "Wednesday of next week", "2020-02-19"),
        ("Talks run from March 6 to 10.", "March 6 to 10", "2020-03-06/2020-03-10"),
        ("In June last year the harvest failed.", "June last year", "2019-06"),
        ("in the first half of 2023", "the first half of 2023", "2023-H1"),
        ("in the third quarter of 1984", "the third quarter of 1984", "1984-Q3"),
        ("in Q3 2021", "Q3 2021", "2021-Q3"),
        ("after 2 1/2 years", "2 1/2 years", "P2Y6M"),
        ("He was away the day before yesterday.", "the day before yesterday", "2020-02-13"),
        ("It ended at midnight on Friday.", "midnight on Friday", "2020-02-14T24:00"),
        ("every July", "every July", "XXXX-07"),
        ("They meet every Tuesday.", "every Tuesday", "XXXX-WXX-2"),
        ("last fall", "last fall", "2019-FA"),
        ("Wednesday night", "Wednesday night", "2020-02-12TNI"),
        ("two years ago", "two years ago", "2018"),
        ("in the winter of nineteen ninety-four", "the winter of nineteen ninety-four", "1994-WI"),
    ],
)
def test_an_expression_is_found_with_its_value(text: str, words: str, value: str) -> None:
    assert [(found.text, found.value) for found in find(text, today=SATURDAY)] == [(words, value)]


@pytest.mark.parametrize(
    "text",
    [
        "They may march on the capital.",
        "Theresa May resigned.",
        "April Lacroix cleans.",
        "He paid $2000 for it.",
        "Some 2000 troops came.",
        "three-quarters of voters",
        "Prices fall.",
        "the 9-year-old",
        "a score of 2:1",
        "",
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert find(text, today=SATURDAY) == []


def test_later_on_the_day_itself_is_that_day_for_a_reader_too() -> None:
    text = "He was to meet the envoy in Munich later on Saturday."
    assert find(text, today=SATURDAY, reader=True, direction="ahead")[0].value == "2020-02-15"


def test_a_weekday_that_is_today_is_today_or_a_week_ahead_for_a_reader() -> None:
    text = "The two sides will meet on Saturday."
    assert find(text, today=SATURDAY)[0].value == "2020-02-15"
    assert find(text, today=SATURDAY, reader=True)[0].value == "2020-02-22"


def test_the_direction_may_be_one_answer_or_a_function_of_the_stretch() -> None:
    text = "Monday, Tuesday"
    assert [found.value for found in find(text, today=SATURDAY, direction="ahead")] == ["2020-02-17", "2020-02-18"]
    mixed = find(text, today=SATURDAY, direction=lambda start, end: "back" if start == 0 else "ahead")
    assert [found.value for found in mixed] == ["2020-02-10", "2020-02-18"]


def test_without_a_day_of_publication_only_full_dates_have_values() -> None:
    found = find("On Monday, 3 May 1999 and last week, for two days", today=None)
    assert [(time.text, time.value) for time in found] == [
        ("Monday, 3 May 1999", "1999-05-03"),
        ("last week", "XXXX-XX-XX"),
        ("two days", "P2D"),
    ]


@pytest.mark.no_cover  # much to read, no line of its own: counting lines would take most of the time
@pytest.mark.parametrize(
    "piece", ["7", "1 ", "a", "the ", "a year ", "May ", "2020 ", "of the ", "-", "one hundred ", "last "]
)
def test_long_monotonous_text_takes_linear_time(piece: str) -> None:
    def spent(size: int) -> float:
        start = time.process_time()
        find(piece * (size // len(piece)), today=SATURDAY)
        return time.process_time() - start

    spent(1_000)
    assert spent(100_000) < 12 * max(spent(25_000), 0.05)
