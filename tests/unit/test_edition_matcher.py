"""What fits a subscription's words: whole folded words, phrases; and no more time than the text is long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.edition.matcher import Phrases, folded_words, matcher
from digests.edition.model import Wanted

TEXT = "Turkey's envoy Oktaý said peace talks in Sochi would go on."


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), True),
        (Wanted(words=("turkey",)), True),
        (Wanted(words=("OKTAY",)), True),
        (Wanted(words=("talk",)), True),  # the plural stands there
        (Wanted(words=("turk",)), False),  # whole words only
        (Wanted(words=("peace talks",)), True),
        (Wanted(words=("talks peace",)), False),
        (Wanted(words=("iran", "sochi")), True),
        (Wanted(must=("turkey", "sochi")), True),
        (Wanted(must=("turkey", "iran")), False),
        (Wanted(without=("iran",)), True),
        (Wanted(without=("sochi",)), False),
        (Wanted(words=("turkey",), without=("peace talks",)), False),
        (Wanted(words=(".*",)), False),  # no letter or digit: found nowhere
        (Wanted(words=("(a+)+$",)), False),
        (Wanted(words=("go", "go on")), True),
    ],
)
def test_words_phrases_must_and_not(wanted: Wanted, fits: bool) -> None:
    assert matcher(wanted).fits([TEXT]) is fits


def test_a_phrase_does_not_go_over_from_one_text_to_the_next() -> None:
    wanted = matcher(Wanted(words=("peace talks",)))
    assert not wanted.fits(["A word of peace", "talks went on"])
    assert matcher(Wanted(must=("word", "talks"))).fits(["A word of peace", "talks went on"])


def test_people_and_sources_are_conditions_of_their_own() -> None:
    wanted = matcher(Wanted(words=("talks",), people=(3, 4), sources=("BBC", "Levant Wire")))
    assert wanted.fits([TEXT], people=[4], source="BBC News")
    assert not wanted.fits([TEXT], people=[5], source="BBC News")
    assert not wanted.fits([TEXT], people=[4], source="ABC News")
    assert not wanted.fits(["nothing"], people=[4], source="Levant Wire")


def test_phrases_that_overlap_or_hold_each_other_are_all_found() -> None:
    phrases = Phrases(["a b a c", "b a", "a", "b a c d", "x", "", "a b a c"])
    assert phrases.found(["a", "b", "a", "b", "a", "c", "d"]) == {0, 1, 2, 3, 6}


_WORDS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(" ".join)


@given(st.lists(_WORDS, max_size=6), st.lists(st.sampled_from("abcd"), max_size=30))
def test_the_automaton_finds_what_looking_at_every_place_finds(phrases: list[str], words: list[str]) -> None:
    wanted = [phrase.split() for phrase in phrases]
    places = range(len(words))
    naive = {i for i, phrase in enumerate(wanted) if any(words[at : at + len(phrase)] == phrase for at in places)}
    assert Phrases(phrases).found(words) == naive


def test_time_grows_with_the_text_whatever_strangers_look_for() -> None:
    evil = matcher(Wanted(words=tuple("a " * length + "b" for length in range(1, 60))))
    short, long = folded_words("a " * 5_000), folded_words("a " * 40_000)
    assert not evil.fits(["a " * 100])
    assert _seconds(evil._phrases, long) < 24 * _seconds(evil._phrases, short) + 0.05


def _seconds(phrases: Phrases, words: list[str]) -> float:
    begin = time.process_time()
    phrases.found(words)
    return time.process_time() - begin
