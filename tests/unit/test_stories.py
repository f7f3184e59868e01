"""Which articles tell one story: words, weights, placing, merging, and a stream decided article by article."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.model import Article
from digests.sources.file import article_from
from digests.stories.background import english
from digests.stories.place import OPEN_FOR, YOUNG, Candidate, is_open, placed
from digests.stories.profile import MOST, SLACK, Profile, decoded, encoded, merged, profile_of
from digests.stories.shelf import Shelf
from digests.stories.weights import Vector, vector
from digests.stories.words import OPENING, words_of

DAY = date(2020, 2, 15)
FERRY = "Ferry Crews in Port Ardal Strike Over Night Shifts\n\nFerry crews in Port Ardal walked out on Saturday."
FERRY_TOO = "Port Ardal Ferries Stay in Harbour\n\nStriking ferry crews in Port Ardal say night shifts must end."
FERRY_ON = "Port Ardal Strike Goes On\n\nFerry crews in Port Ardal rejected an offer on night shifts."
LOCUSTS = "Locusts Reach Vesland Farms\n\nA swarm of locusts ate maize in northern Vesland, farmers said."
OTHER_FERRY = "Ferry Runs Aground Off Lomma\n\nA ferry ran aground off Lomma on Sunday, the Vesland coast guard said."


def read(text: str) -> Article:
    return article_from(text, published=DAY.isoformat())


def vector_of(text: str) -> Vector:
    return vector(words_of(read(text)), articles=0, seen={})


# words


def test_words_are_stems_of_headline_and_opening_with_names_marked() -> None:
    words = words_of(read(FERRY))
    assert (words.counts["ardal"], words.counts["crew"]) == (2, 2)
    assert {"port", "ardal"} <= words.names
    assert "walk" in words.counts
    assert {"walk", "shift"}.isdisjoint(words.names)


def test_only_the_opening_counts() -> None:
    assert words_of(read("Ferries wait.\n\n" + "Crews wait in port. " * 500)).length <= OPENING + 4


def test_a_title_beside_the_text_is_read_too() -> None:
    article = replace(read("Crews walked out on Saturday. They want shorter shifts."), title="Strike in Lomma")
    assert words_of(article).counts["lomma"] == 1
    assert "lomma" in words_of(replace(read(""), title="Strike in Lomma")).names


def test_an_article_without_words_is_a_story_of_its_own() -> None:
    shelf = Shelf()
    assert [shelf.take_in(words_of(read("!!! ???"))) for _ in range(2)] == [1, 2]


# weights


def test_a_rare_word_tells_more_than_a_common_one_and_a_name_more_still() -> None:
    weights = vector_of("Of the locusts in the port of Ardal").weights
    assert weights["locust"] > weights["port"] > weights["the"]
    assert vector_of("in ardal").weights["ardal"] < vector_of("in Ardal").weights["ardal"]


def test_what_is_common_in_the_archive_comes_to_tell_little() -> None:
    words = words_of(read("Locusts in the port"))
    new, known = (vector(words, articles=2000, seen={"locust": seen}).weights["locust"] for seen in (0, 1800))
    assert new > known


def test_what_every_article_has_tells_nothing() -> None:
    words = words_of(read("Locusts in the port"))
    assert "port" not in vector(words, articles=10**9, seen={"port": 10**9}).weights


def test_english_at_large_is_known() -> None:
    assert english()["the"] > english()["minist"] > 0


# placing


def test_reports_of_one_thing_are_one_story_and_others_are_not() -> None:
    shelf = Shelf()
    told = [shelf.take_in(words_of(read(text)), day=DAY) for text in (FERRY, LOCUSTS, FERRY_TOO, OTHER_FERRY, FERRY_ON)]
    assert told == [1, 2, 1, 3, 1]


@pytest.mark.parametrize(("days", "same"), [(14, True), (15, False), (-14, True), (-15, False)])
def test_a_story_is_open_for_a_while_before_and_after(days: int, same: bool) -> None:
    shelf = Shelf()
    first = shelf.take_in(words_of(read(FERRY)), day=DAY)
    assert (shelf.take_in(words_of(read(FERRY_TOO)), day=DAY + timedelta(days=days)) == first) is same
    assert is_open(first=DAY, last=DAY, day=DAY + timedelta(days=days)) is same


def test_what_has_no_day_fits_any_story() -> None:
    shelf = Shelf()
    first = shelf.take_in(words_of(read(FERRY)))
    assert shelf.take_in(words_of(read(FERRY_TOO)), day=DAY) == first
    assert shelf.take_in(words_of(read(FERRY_ON)), day=DAY + OPEN_FOR) == first


def _halves() -> tuple[Profile, Profile, Vector]:
    """Two stories that are one, and the article that shows it."""
    return profile_of(vector_of(FERRY)), profile_of(vector_of(FERRY_TOO)), vector_of(f"{FERRY} {FERRY_TOO}")


def test_an_article_that_fits_two_young_stories_makes_them_one_under_the_older_number() -> None:
    one, other, both = _halves()
    found = placed(both, near=[Candidate(id=4, profile=one), Candidate(id=7, profile=other)])
    assert {found.story, *found.absorbed} == {4, 7}
    assert found.profile.size == 3


def test_grown_stories_are_never_merged() -> None:
    one, other, both = _halves()
    grown = [merged(*[each] * (YOUNG + 1)) for each in (one, other)]
    found = placed(both, near=[Candidate(id=4, profile=grown[0]), Candidate(id=7, profile=grown[1])])
    assert found.absorbed == ()
    assert found.story in (4, 7)


def test_a_young_story_goes_into_the_larger_one() -> None:
    one, other, both = _halves()
    large = merged(*[other] * 9)
    found = placed(both, near=[Candidate(id=4, profile=one), Candidate(id=7, profile=large)])
    assert (found.story, found.absorbed) == (7, (4,))


def test_a_long_stream_forgets_closed_stories_but_not_for_one_wrong_date() -> None:
    shelf = Shelf()
    old = shelf.take_in(words_of(read(FERRY)), day=DAY)
    for _ in range(600):
        shelf.take_in(words_of(read("Locusts reach Vesland again")), day=DAY + timedelta(days=1))
    shelf.take_in(words_of(read("Moon base opens")), day=date(2099, 1, 1))
    assert shelf.take_in(words_of(read(FERRY_TOO)), day=DAY + timedelta(days=2)) == old
    opened = len(shelf)
    for number in range(1200):
        shelf.take_in(words_of(read(f"Locusts reach field {number}")), day=DAY + timedelta(days=300))
    assert shelf.take_in(words_of(read(FERRY_ON)), day=DAY + timedelta(days=3)) != old
    assert opened >= 3


def test_a_stream_gives_a_merged_storys_number_no_more() -> None:
    shelf = Shelf()
    for text in ("Ardal strike night", "Ardal crews shifts"):
        shelf.take_in(words_of(read(text)))
    last = [shelf.take_in(words_of(read(text))) for text in ("Ardal strike night crews shifts", "Ardal strike crews")]
    assert last[0] == last[1]


# what is remembered


def test_a_profile_comes_back_from_what_a_store_keeps() -> None:
    profile = profile_of(vector_of(FERRY))
    again = decoded(encoded(profile))
    assert again.size == 1
    assert again.weights == pytest.approx(profile.weights, abs=1e-4)
    assert encoded(again) == encoded(profile)


def test_a_story_is_remembered_by_a_bounded_number_of_words() -> None:
    vectors = [vector_of(" ".join(f"word{100 * story + number}" for number in range(100))) for story in range(12)]
    assert len(merged(*(profile_of(each) for each in vectors)).weights) <= MOST + SLACK


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([FERRY, FERRY_TOO, FERRY_ON, LOCUSTS, OTHER_FERRY]), max_size=12))
def test_a_stream_is_always_grouped_alike(texts: list[str]) -> None:
    def run() -> list[int]:
        shelf = Shelf()
        return [shelf.take_in(words_of(read(text)), day=DAY) for text in texts]

    numbers = run()
    assert run() == numbers
    assert all(number <= at for at, number in enumerate(numbers, start=1))
    same = dict(zip(texts, numbers, strict=True))
    assert len(same) == len(set(texts))
