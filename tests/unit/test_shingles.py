"""Copies share their runs of words, and the few numbers that stand for these runs."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from digests.text.folding import tokens
from digests.text.shingles import BANDS, FEWEST, bands, runs, share

WORDS = [f"word{number}" for number in range(3000)]


def text(seed: int, length: int) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def changed(words: list[str], every: int) -> list[str]:
    return [f"other{at}" if at % every == every - 1 else word for at, word in enumerate(words)]


def met(one: list[str], other: list[str]) -> bool:
    return bool(set(bands(runs(one))) & set(bands(runs(other))))


def test_runs_are_of_four_words_whatever_their_case_and_marks() -> None:
    assert runs(tokens("The ferries stop, again")) == runs(tokens("the FERRIES' stop again!"))
    assert len(runs(tokens("one two three four five"))) == 2
    assert runs(tokens("one two three")) == frozenset()


def test_the_share_is_of_the_first_text() -> None:
    short, long = runs(text(1, 104)), runs(text(1, 104) + text(2, 300))
    assert share(short, long) == 1.0
    assert share(long, short) == pytest.approx(101 / len(long))
    assert share(frozenset(), long) == 0.0


def test_short_texts_have_no_bands() -> None:
    assert bands(runs(text(1, FEWEST))) == ()
    assert len(set(bands(runs(text(1, FEWEST + 3))))) == BANDS
    assert all(0 <= key < 2**53 for key in bands(runs(text(1, 40))))


@pytest.mark.parametrize("length", [40, 150, 800])
def test_copies_meet_and_strangers_do_not(length: int) -> None:
    originals = [text(seed, length) for seed in range(60)]
    assert all(met(words, [*words[3:], "end"]) for words in originals)  # nearly verbatim
    half = sum(met(words, changed(words, 12)) for words in originals)  # two of three runs stay
    assert half >= 54
    assert not any(met(words, other) for words, other in pairwise(originals))


def test_the_numbers_never_change_because_a_database_keeps_them() -> None:
    found = bands(runs([f"w{number}" for number in range(60)]))
    assert found[:3] == (93972311220, 70134598531, 75221468192)
