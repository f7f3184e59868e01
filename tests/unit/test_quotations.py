"""Which stretches stand in quotation marks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.quotations import Quotation, quotations


def marked(text: str) -> tuple[Quotation, ...]:
    return quotations(text, [m.span() for m in re.finditer(r"[^\n]+", text)])


def quoted(text: str) -> list[str]:
    return [text[q.start : q.end] for q in marked(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('The mayor said: "No." Then he left.', ['"No."']),
        ("The mayor said: “No.” Then he left.", ["“No.”"]),
        ("She called it „falsch“ and left", ["„falsch“ and left"]),
        ("Il a dit «non» hier", ["«non»"]),
        ("He wrote ``never again'' twice", ["``never again''"]),
        ("''We lost,'' he said. ''All of us.''", ["''We lost,''", "''All of us.''"]),
        ('"One," she said, "and two."', ['"One,"', '"and two."']),
        ('She said: "He told me “go home” and I went."', ['"He told me “go home” and I went."']),
        ("“He told me “go home” and I went,” she said", ["“He told me “go home” and I went,”"]),
        ("“He told me “go home.” She left", ["“He told me “go home.”"]),
        ('A 6\'2" man and a 12"-wide plank', []),
        ("No marks at all", []),
        ("", []),
    ],
)
def test_quotations_are_found_by_their_marks(text: str, found: list[str]) -> None:
    assert quoted(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mayor calls plan 'a gift to nobody'", ["'a gift to nobody'"]),
        ("Mayor says ‘never’ to plan", ["‘never’"]),
        ("The workers' union didn't say it's over", []),
        ("It was '90s music and rock 'n' roll", []),
        ("The \"boss\" said 'hello there' to her", ['"boss"']),
    ],
)
def test_single_marks_count_only_when_closed_and_without_double_ones(text: str, found: list[str]) -> None:
    assert quoted(text) == found


def test_a_quotation_left_open_runs_to_the_end_of_its_paragraph() -> None:
    first, second = marked('She said: "We will wait.\n"And then we will go," she added.')
    assert (first.closed, first.continues) == (False, False)
    assert (second.closed, second.continues) == (True, True)


def test_a_paragraph_without_an_opening_mark_goes_on_after_an_open_one() -> None:
    text = '"It was long.\nIt was worth it," she said.'
    assert quoted(text) == ['"It was long.', 'It was worth it,"']
    assert marked(text)[1].continues


def test_a_forgotten_mark_does_not_swallow_the_next_paragraph() -> None:
    text = '"It was long, she said.\nThe council meets on Monday. "We are late," he said.'
    assert quoted(text)[1:] == ['"We are late,"']
    assert not marked(text)[1].continues


@given(st.text(alphabet="ab .,\"'“”‘’«»`\n5", max_size=60))
def test_quotations_are_in_order_apart_and_inside_one_paragraph(text: str) -> None:
    at = 0
    for quotation in marked(text):
        assert at <= quotation.start < quotation.end <= len(text)
        assert "\n" not in text[quotation.start : quotation.end]
        at = quotation.end
