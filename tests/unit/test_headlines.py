"""Title case in headlines, undone where the article knows the words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.extract.headlines import recased


@pytest.mark.parametrize(
    ("headline", "body", "expected"),
    [
        (
            "Norway Says It Will Close Border Crossing",
            "The crossing on the border shuts in June, Norway said.",
            "Norway says it will Close border crossing",
        ),
        (
            "Minister May Says Trade Will Grow, Report Finds",
            "We asked May about trade.",
            "Minister May says trade will Grow, Report finds",
        ),
        ("Norway says it will close the crossing", "It will close.", "Norway says it will close the crossing"),
        ("Border Is Shut", "The border is shut.", "Border Is Shut"),
        ("Trade Will Grow in U.S. Markets, Lindt Says.", "all markets", "Trade will Grow in U.S. markets, Lindt says."),
        ("", "", ""),
    ],
)
def test_common_words_lose_their_capital_and_names_keep_it(headline: str, body: str, expected: str) -> None:
    assert recased(headline, body=body) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_headline_keeps_its_length_and_letters(headline: str, body: str) -> None:
    again = recased(headline, body=body)
    assert len(again) == len(headline)
    assert again.casefold() == headline.casefold()
