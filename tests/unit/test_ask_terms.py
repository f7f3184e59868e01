"""Words of a question and of an article meet in the same terms; passages are whole sentences."""

from itertools import pairwise

import pytest

from digests.text.passages import MOST_WORDS, windows
from digests.text.terms import country_term, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("British", "the UK's"),
        ("withdraw", "withdrew"),
        ("refugees", "refugee"),
        ("talks", "negotiations"),
        ("seven", "7"),
        ("third", "3rd"),
        ("Türkiye", "Turkish"),
        ("expires", "expiration"),
    ],
)
def test_words_for_the_same_thing_are_one_term(one: str, other: str) -> None:
    assert terms(one)[0] in terms(other)


@pytest.mark.parametrize(
    ("one", "other"), [("bus", "bu"), ("Austria", "Australia"), ("billion", "bill"), ("ring", "r")]
)
def test_words_for_different_things_are_not(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_a_country_has_one_term_by_all_its_names() -> None:
    assert set(terms("Syria Syrian Syrians")) == {country_term("Syria")}


def test_passages_overlap_and_hold_whole_sentences_of_at_most_120_words() -> None:
    text = " ".join(f"Sentence number {number} has these eight words here." for number in range(40))
    found = windows(text)
    assert len(found) > 3
    for one in found:
        assert len(text[one.start : one.end].split()) <= MOST_WORDS
        assert text[one.start : one.end].startswith("Sentence")
        assert text[one.end - 1] == "."
    assert all(after.start < before.end for before, after in pairwise(found))
    assert found[-1].end == len(text)


def test_a_sentence_longer_than_a_passage_is_cut() -> None:
    text = "word " * 300
    found = windows(text)
    assert [len(text[one.start : one.end].split()) for one in found] == [120, 120, 60]


@pytest.mark.parametrize("text", ["", "  \n "])
def test_no_words_no_passages(text: str) -> None:
    assert windows(text) == []
