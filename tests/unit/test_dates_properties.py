"""Whatever the text and the day: offsets slice, nothing overlaps, the same twice, no exception."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.text.dates import after, day_range, find, parse_period

VOCABULARY = """
the last next this past end of first half quarter year week weekend month day Monday Friday Feb. May March 12 31 2020
2020-02-30 5 p.m. noon midnight two 2 1/2 years ago later before from now every Easter Thanksgiving Christmas winter
spring 1980s '60s 20th century 10-15 13/13/2020 24:00 UTC today tonight yesterday until by since a an third-quarter Q3
year-earlier period decade decades hundred nineteen ninety-four . , ( 😀 İ ß 0000-00-00 99:99 32nd
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join))
DAYS = st.dates()


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, today=DAYS, reader=st.booleans())
def test_expressions_slice_their_text_in_order(text: str, today: date, reader: bool) -> None:
    found = find(text, today=today, reader=reader)
    assert found == find(text, today=today, reader=reader)
    last = 0
    for time in found:
        assert last <= time.start < time.end
        assert text[time.start : time.end] == time.text
        assert time.value
        last = time.end
        days = day_range(time.value, today=today)
        assert days is None or days[0] <= days[1]
        after(today, time.value)


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, today=DAYS, ahead=st.booleans())
def test_a_typed_period_is_ordered_and_inside_the_text(text: str, today: date, ahead: bool) -> None:
    period = parse_period(text, today=today, ahead=ahead)
    if period is not None:
        assert 0 <= period.start < period.end <= len(text)
        assert period.first is None or period.last is None or period.first <= period.last


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_a_text_without_a_day_is_read_too(text: str) -> None:
    for time in find(text, today=None):
        assert text[time.start : time.end] == time.text
