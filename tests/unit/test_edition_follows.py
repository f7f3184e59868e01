"""Which follows an article is for: by whom, which story, which words; and that this costs little with many follows."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fakes.newsroom import actor, due, report, says

from digests.edition.follows import Arrival, FollowIndex
from digests.edition.model import Follow, Wanted
from digests.edition.same import alike, due_key, keys_of, keys_with
from digests.model import Fact, Found, Source

TODAY = date(2020, 2, 15)
ONE = "Fuat Oktay said on Saturday that the northern road would be opened."
TWO = "Vesland must answer by February 29."
THREE = "A drone was seen over the mill."
ARTICLE = report(ONE, TWO, THREE, title="Roads and Duties")
SOURCE = Source(article_id=1, title="Roads", publisher="Wire", byline="", url="", published_day=TODAY)


def found(fact: Fact, number: int) -> Found:
    return Found(fact=replace(fact, id=number), source=SOURCE)


FACTS = (
    found(says(ARTICLE, ONE, "Fuat Oktay", 7), 1),
    found(due(ARTICLE, TWO, date(2020, 2, 29), "Vesland", 8), 2),
)
ARRIVAL = Arrival(article=ARTICLE, facts=FACTS, stories=(3, 4))


def follow(
    kind: Any, number: int = 1, *, words: tuple[str, ...] = (), must: tuple[str, ...] = (), **more: Any
) -> Follow:
    wanted = Wanted(words=words, must=must, without=more.pop("without", ()))
    return Follow(id=number, chat="telegram:1", kind=kind, label="x", wanted=wanted, **more)


def hits(wished: Follow, arrival: Arrival = ARRIVAL, today: date = TODAY) -> tuple[list[int], str]:
    """The facts that a follow finds, and the sentence."""
    got = FollowIndex([wished]).hits(arrival, today=today)
    if not got:
        return [], ""
    return [each.fact.id for each in got[0].facts], got[0].passage.quote if got[0].passage else ""


@pytest.mark.parametrize(
    ("wished", "facts", "passage"),
    [
        (follow("person", entity=7), [1], ""),
        (follow("person", entity=8), [2], ""),
        (follow("person", entity=9), [], ""),
        (follow("person", entity=9, words=("Fuat Oktay",)), [1], ""),
        (follow("person", entity=9, words=("Burhan Oktay",)), [], ""),
        (follow("story", story=3), [1, 2], ""),
        (follow("story", story=4), [1, 2], ""),
        (follow("story", story=5), [], ""),
        (follow("deadlines"), [2], ""),
        (follow("deadlines", must=("vesland",)), [2], ""),
        (follow("deadlines", must=("duty",)), [2], ""),  # of the headline
        (follow("deadlines", must=("vesland", "drone")), [], ""),
        (follow("deadlines", must=("vesland",), without=("answers",)), [], ""),
        (follow("words", words=("drones", "rockets")), [], THREE),
        (follow("words", words=("northern roads",)), [1], ""),
        (follow("words", words=("northern drone",)), [], ""),
        (follow("words", must=("road", "drone")), [1], ""),
        (follow("words", must=("road", "rocket")), [], ""),
        (follow("words", words=("road",), without=("mill",)), [], ""),
        (follow("words", words=("Oktaý",)), [1], ""),
        (follow("words", words=("?!",)), [], ""),
    ],
)
def test_a_follow_finds_what_it_names(wished: Follow, facts: list[int], passage: str) -> None:
    assert hits(wished) == (facts, passage)


def test_deadlines_that_passed_are_none() -> None:
    assert hits(follow("deadlines"), today=date(2020, 2, 29)) == ([2], "")
    assert hits(follow("deadlines"), today=date(2020, 3, 1)) == ([], "")


def test_of_a_version_only_new_facts_are_looked_at() -> None:
    version = replace(ARRIVAL, facts=FACTS[1:], whole=False)
    assert hits(follow("words", words=("drone",)), version) == ([], "")
    assert hits(follow("words", words=("answer",)), version) == ([2], "")
    assert hits(follow("story", story=3), replace(version, facts=())) == ([], "")


def test_a_fact_of_the_person_comes_before_one_that_names_them() -> None:
    named = found(says(ARTICLE, ONE, "Fuat Oktay", 9), 5)
    got = hits(follow("person", entity=7, words=("Fuat Oktay",)), replace(ARRIVAL, facts=(named, FACTS[0])))
    assert got == ([1, 5], "")


def test_ten_thousand_follows_cost_little_more_than_a_hundred() -> None:
    def some(count: int) -> FollowIndex:
        kinds = [
            follow("person", 0, entity=100, words=("Some Body",)),
            follow("story", 0, story=100),
            follow("words", 0, words=("zither", "far away")),
            follow("deadlines", 0, must=("zither",)),
        ]
        return FollowIndex(
            [
                replace(
                    kinds[n % 4],
                    id=n + 10,
                    entity=100 + n,
                    story=100 + n,
                    wanted=Wanted(words=(f"zither{n}", f"far away {n}", f"said on {n}")),
                )
                for n in range(count)
            ]
            + [follow("person", 1, entity=7), follow("words", 2, words=("drone",))]
        )

    def spent(index: FollowIndex) -> float:
        best = 1.0
        for _ in range(5):
            begun = time.process_time()
            for _ in range(20):
                assert [each.follow.id for each in index.hits(ARRIVAL, today=TODAY)] == [1, 2]
            best = min(best, time.process_time() - begun)
        return best

    assert spent(some(10_000)) < 4 * spent(some(100))


# two facts that are one


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Fuat Oktay said that the road is open.", "Fuat Oktay said the road is open.", True),
        ("Fuat Oktay said that 40 roads are open.", "Fuat Oktay said that 60 roads are open.", False),
        ("Fuat Oktay said that the road is open.", "Fuat Oktay said that the road is not open.", False),
        ("Fuat Oktay said that the road is open.", "Fuat Oktay left for the capital.", False),
    ],
)
def test_two_wordings_are_one_unless_a_number_or_a_denial_differs(one: str, other: str, same: bool) -> None:
    facts = [says(report(each), each, "Fuat Oktay") for each in (one, other)]
    assert alike(*facts) is same
    assert bool(set(keys_of(facts[0])) & set(keys_with(facts[1], facts[:1]))) is same


def test_another_day_or_kind_is_another_fact() -> None:
    article = report(TWO)
    soon, late = (due(article, TWO, day, "Vesland") for day in (date(2020, 2, 29), date(2020, 3, 1)))
    assert not alike(soon, late)
    assert not alike(soon, says(article, TWO, "Vesland"))
    assert due_key(soon) != due_key(late)
    assert due_key(soon) == due_key(replace(soon, summary="otherwise"))
    assert due_key(replace(soon, actor=None, action=None)) != due_key(replace(soon, actor=actor(article, "Vesland", 1)))


def test_the_same_words_quoted_in_another_sentence_are_the_same_fact() -> None:
    first = report("Fuat Oktay said the northern road will open.")
    second = report("Late on Friday, it was that the northern road will open that Fuat Oktay said again.")
    words = "the northern road will open"
    facts = []
    for article in (first, second):
        sentence = article.text.split("\n\n")[1]
        fact = says(article, sentence, "Fuat Oktay")
        start = article.text.index(words)
        facts.append(replace(fact, content=replace(fact.content, start=start, end=start + len(words), text=words)))
    assert set(keys_of(facts[0])) & set(keys_of(facts[1]))
    short = replace(facts[0], content=replace(facts[0].content, text="no comment"))
    assert len(keys_of(short)) == 1
