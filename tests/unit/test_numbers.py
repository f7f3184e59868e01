"""The grammar of numbers: what is read, what is left out."""

from itertools import pairwise

import pytest

from digests.text.currencies import code_of_sign, code_of_words
from digests.text.number_words import value_of_words
from digests.text.numbers import Number, numbers


def only(text: str) -> Number:
    found = numbers(text)
    assert len(found) == 1, [text[n.start : n.end] for n in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "span", "value", "qualifier", "unit"),
    [
        ("It cost $4 million.", "$4 million", 4e6, "exact", "USD"),
        ("It cost US$ 40 billion.", "US$ 40 billion", 4e10, "exact", "USD"),
        ("It raised £3.5bn for it.", "£3.5bn", 3.5e9, "exact", "GBP"),
        ("They paid 4m euros for it.", "4m euros", 4e6, "exact", "EUR"),
        ("It lost at least €1.2-billion.", "at least €1.2-billion", 1.2e9, "at_least", "EUR"),
        ("Miners got 7 million pesos in Chile.", "7 million pesos", 7e6, "exact", "CLP"),
        ("It took 50 Canadian dollars.", "50 Canadian dollars", 50, "exact", "CAD"),
        ("It took EUR 20 from each.", "EUR 20", 20, "exact", "EUR"),
        ("It grew 3.2 crore rupees.", "3.2 crore rupees", 3.2e7, "exact", "INR"),
        ("Prices rose 3.5%.", "3.5%", 3.5, "exact", "percent"),
        ("Prices rose one percent.", "one percent", 1, "exact", "percent"),
        ("Prices rose nearly 4 per cent.", "nearly 4 per cent", 4, "about", "percent"),
        ("They cut it by 25 basis points.", "25", 25, "exact", "basis points"),
        ("Turnout rose 0.5 percentage points.", "0.5", 0.5, "exact", "percentage points"),
        ("more than half a million people", "more than half a million", 5e5, "more_than", ""),
        ("three-quarters of a million homes", "three-quarters of a million", 7.5e5, "exact", ""),
        ("two hundred and five chairs", "two hundred and five", 205, "exact", ""),
        ("two and a half tonnes", "two and a half", 2.5, "exact", ""),
        ("3½ miles of road", "3½", 3.5, "exact", ""),
        ("½ mile", "½", 0.5, "exact", "fraction"),
        ("2 1/2 tons of coal", "2 1/2", 2.5, "exact", ""),
        ("1,200 or more boats", "1,200 or more", 1200, "at_least", ""),
        ("1,000-plus boats", "1,000-plus", 1000, "at_least", ""),
        ("50 or so boats", "50 or so", 50, "about", ""),
        ("50 or fewer boats", "50 or fewer", 50, "at_most", ""),
        ("as many as 500,000 boats", "as many as 500,000", 5e5, "at_most", ""),
        ("No fewer than six boats", "No fewer than six", 6, "at_least", ""),
        ("just under 600 boats", "just under 600", 600, "less_than", ""),
        ("an estimated 600 boats", "an estimated 600", 600, "about", ""),
        ("half a dozen boats", "half a dozen", 6, "exact", ""),
        ("a hundred boats", "a hundred", 100, "exact", ""),
        ("two-thirds of them", "two-thirds", 2 / 3, "exact", "fraction"),
        ("a third of the shops", "a third", 1 / 3, "exact", "fraction"),
        ("about half of the shops", "about half", 0.5, "about", "fraction"),
        ("One in five voters stayed at home", "One in five", 0.2, "exact", "fraction"),
        ("They spoke twice.", "twice", 2, "exact", "times"),
        ("It cost double the sum.", "double", 2, "exact", "times"),
        ("a tenfold rise", "tenfold", 10, "exact", "times"),
        ("5km away", "5", 5, "exact", "km"),
        ("They marched 30 kilometres.", "30", 30, "exact", ""),
    ],
)
def test_a_number_has_its_span_value_qualifier_and_unit(
    text: str, span: str, value: float, qualifier: str, unit: str
) -> None:
    number = only(text)
    assert (text[number.start : number.end], number.qualifier, number.unit) == (span, qualifier, unit)
    assert number.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "span", "low", "high", "unit"),
    [
        ("dozens of boats", "dozens", 24, 99, ""),
        ("scores of boats", "scores", 40, 99, ""),
        ("several hundred boats", "several hundred", 200, 999, ""),
        ("thousands of boats", "thousands", 2000, 9999, ""),
        ("tens of thousands of boats", "tens of thousands", 20000, 99999, ""),
        ("hundreds of thousands fled", "hundreds of thousands", 200000, 999999, ""),
        ("hundreds of millions of dollars", "hundreds of millions of dollars", 2e8, 999999999, "USD"),
        ("2 to 2.5 billion euros", "2 to 2.5 billion euros", 2e9, 2.5e9, "EUR"),
        ("$40-$45 million", "$40-$45 million", 40e6, 45e6, "USD"),
        ("£5m to 6m", "£5m to 6m", 5e6, 6e6, "GBP"),
        ("$900,000 to $1.2 million", "$900,000 to $1.2 million", 9e5, 1.2e6, "USD"),
        ("between 20 and 30 percent", "between 20 and 30 percent", 20, 30, "percent"),
        ("from 300 to 400 boats", "from 300 to 400", 300, 400, ""),
        ("10-15 boats came", "10-15", 10, 15, ""),
        ("two or three boats", "two or three", 2, 3, ""),
    ],
)
def test_a_range_or_a_vague_plural_has_two_ends(text: str, span: str, low: float, high: float, unit: str) -> None:
    number = only(text)
    assert text[number.start : number.end] == span
    assert (number.value, number.low, number.high) == (None, low, high)
    assert (number.qualifier, number.unit) == ("range", unit)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Sales rose from 5% to 7%.", [5, 7]),
        ("Sales rose to 60 million euros from about 50 million, it said.", [6e7, 5e7]),
        ("Deputies voted 52 to 48 for it.", [52, 48]),
        ("a 5-4 ruling", [5, 4]),
        ("Judges voted 7-2.", [7, 2]),
        ("between 5 and none", [5]),
        ("10 and 15 percent", [10, 15]),
        ("14 of 16 economists", [14, 16]),
        ("10 boats and 15 planes", [10, 15]),
        ("hundreds to 900 boats", [None, 900]),
        ("5% or $3", [5, 3]),
    ],
)
def test_two_numbers_that_are_no_range_stay_two(text: str, values: list[float]) -> None:
    assert [number.value for number in numbers(text)] == values


def test_a_currency_stated_once_holds_for_both() -> None:
    first, second = numbers("Sales rose to 60 million euros from about 50 million, it said.")
    assert (first.unit, second.unit, second.qualifier) == ("EUR", "EUR", "about")


@pytest.mark.parametrize(
    "text",
    [
        "the Group of Seven", "Flight 370 left", "at No. 10", "an F-16 jet", "the G20", "open 24/7", "at 05:05 GMT",
        "in the 1990s", "the 3rd man", "a 44-year-old man", "Ana Soto, 44, said", "aged 44", "for three weeks",
        "ten working days", "on May 3", "3 May", "a third term", "the first half of the match", "they won 2-1",
        "one of them", "at 5 p.m.", "a Category 4 storm", "10 Downing Street", "stage 3", "aged between 20 and 30",
        "one in one", "x86 and 12abc",
    ],
)  # fmt: skip
def test_times_ages_ordinals_scores_and_labels_are_no_figures(text: str) -> None:
    assert [number for number in numbers(text) if not number.bare_year] == []


def test_a_bare_year_is_marked_for_the_parser_to_judge() -> None:
    assert only("since 2011").bare_year
    assert not only("2,011 boats").bare_year


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("$1,000 a week", "a week"),
        ("$1,000 annually", "a year"),
        ("5% hourly", "an hour"),
        ("$1,000 per head", "per head"),
        ("$1,000 a year ago", ""),
    ],
)
def test_a_rate_is_kept_beside_the_number(text: str, rate: str) -> None:
    assert only(text).rate == rate


@pytest.mark.parametrize(
    ("words", "around", "code"),
    [
        ("Zimbabwe dollars", "", "ZWL"),
        ("Swiss francs", "", "CHF"),
        ("crowns", "Sweden said", "SEK"),
        ("pesos", "", "MXN"),
        ("kronor", "", "SEK"),
        ("RMB", "", "CNY"),
        ("€", "", "EUR"),
        ("dollars", "Canada said", "USD"),
    ],
)
def test_a_currency_word_is_given_its_code(words: str, around: str, code: str) -> None:
    assert code_of_words(words, around=around) == code


def test_a_sign_is_given_its_code() -> None:
    assert [code_of_sign(sign) for sign in ("R$", "USD ", "Rs")] == ["BRL", "USD", "INR"]


@pytest.mark.parametrize(
    ("words", "value"),
    [("a dozen", 12), ("two million three hundred thousand", 2_300_000), ("forty-two", 42), ("boats", 0), ("a", 0)],
)
def test_number_words_are_worth_what_they_say(words: str, value: float) -> None:
    assert value_of_words(words) == value


def test_numbers_are_found_in_linear_time_without_overlap() -> None:
    text = "between 3 and 4 percent or $5m to 6m, " * 3000
    found = numbers(text)
    assert len(found) == 6000
    assert all(a.end <= b.start for a, b in pairwise(found))
