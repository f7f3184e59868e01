"""/compare: two people, countries or outlets side by side, and an honest word where one has nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.desk import commands_of
from fakes.newsroom import Newsroom, drawn, evidence, newsroom, report, says, there

from bot.commands.compare import splits
from digests.model import Article, Fact, Figure

OPENS = "Orsola Brandt said that 212 sailors waited at the harbour."
SHUT = "Veli Kaya denied that the harbour was ready."
COUNTED = "Veli Kaya said that 90 sailors waited at the harbour."
FERRY = "Orsola Brandt said that ferries would sail."
ANKARA = "Ankara said that the harbour was safe."
NAMESAKE = "Piet Brandt said that the trams would run."
ELSEWHERE = "Piet Brandt said that the trams would not run."


def counts(article: Article, sentence: str, words: str, value: float, speaker: str, entity: int) -> Figure:
    return Figure(
        evidence=evidence(article, sentence),
        summary=sentence,
        said_by=says(article, sentence, speaker, entity).speaker,
        number=there(article, words),
        value=value,
        qualifier="exact",
        unit="sailors",
    )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as made:
        wire = report(OPENS, FERRY, SHUT, ANKARA, title="Tessen", publisher="Levant Wire", url="https://l.example/1")
        ankara = says(wire, ANKARA, "Ankara", None)
        assert ankara.speaker is not None
        turkey = replace(ankara.speaker, stands_for="Turkey")
        facts: tuple[Fact, ...] = (
            says(wire, OPENS, "Orsola Brandt", 1),
            says(wire, FERRY, "Orsola Brandt", 1),
            replace(says(wire, SHUT, "Veli Kaya", 2), cue=there(wire, "denied")),
            replace(ankara, speaker=turkey, said_by=turkey),
            counts(wire, OPENS, "212", 212.0, "Orsola Brandt", 1),
        )
        await made.arrive(wire, facts)
        post = report(COUNTED, title="The quay", publisher="harbour-post.example", url="https://h.example/1")
        (kaya,) = await made.store.people(["Veli Kaya"])
        later = (
            says(post, COUNTED, "Veli Kaya", 2),
            counts(post, COUNTED, "90", 90.0, "Veli Kaya", 2),
        )
        await made.arrive(post, later, links={2: kaya.id})
        yield made


async def test_two_people_stand_side_by_side_on_a_topic(desk: Newsroom) -> None:
    reply = await desk.ask("/compare Brandt and Kaya on harbour")
    shown = drawn(reply)
    assert shown.index("Orsola Brandt and Veli Kaya about “harbour”") < shown.index(OPENS) < shown.index(SHUT)
    assert "/evidence 1" in shown
    assert "denies" in shown
    assert FERRY not in shown
    assert commands_of(reply) == ["/said #1 about harbour", "/said #2 about harbour", "/sides harbour"]
    for each in commands_of(reply):
        assert (await desk.ask(each)).template in ("said", "sides")


async def test_figures_that_the_other_gives_otherwise_are_marked(desk: Newsroom) -> None:
    shown = await desk.read("/compare Brandt vs Kaya about harbour")
    assert "212 sailors" in shown
    assert "90 sailors" in shown
    assert "Contradicts 90 sailors" in shown


async def test_two_outlets_stand_side_by_side(desk: Newsroom) -> None:
    shown = await desk.read("/compare levant wire, harbour post on harbour")
    assert "Levant Wire and harbour-post.example about “harbour”" in shown
    assert shown.index(SHUT) < shown.rindex("harbour-post.example") < shown.rindex(COUNTED)


async def test_a_country_speaks_through_its_capital(desk: Newsroom) -> None:
    shown = await desk.read("/compare Turkey and Brandt on harbour")
    assert ANKARA in shown
    assert OPENS in shown


async def test_a_side_that_has_nothing_is_told_as_such(desk: Newsroom) -> None:
    shown = await desk.read("/compare Brandt and Kaya on ferries")
    assert FERRY in shown
    assert "The archive holds no words and no figures of Veli Kaya about “ferries”." in shown
    outlets = await desk.read("/compare levant wire and harbour post on ferries")
    assert "Nothing harbour-post.example printed about “ferries” is in the archive" in outlets
    russia = await desk.read("/compare Russia and Turkey on harbour")
    assert "no figures of Russia about “harbour”" in russia


async def test_days_narrow_both_sides(desk: Newsroom) -> None:
    shown = await desk.read("/compare Brandt and Kaya on harbour since 16 Feb")
    assert OPENS not in shown
    assert shown.count("The archive holds no words") == 2
    assert "since 16 Feb 2020" in shown


async def test_who_is_not_known_or_not_clear_is_asked_for_in_the_same_question(desk: Newsroom) -> None:
    missing = await desk.ask("/compare Brant and Kaya on harbour")
    assert missing.template == "nobody"
    assert "/compare Orsola Brandt and Kaya on harbour" in commands_of(missing)
    second = await desk.ask("/compare Kaya and Brant on harbour")
    assert "/compare Kaya and Orsola Brandt on harbour" in commands_of(second)
    other = report(NAMESAKE, ELSEWHERE, title="Trams", url="https://l.example/2")
    await desk.arrive(other, (says(other, NAMESAKE, "Piet Brandt", 7),))
    reply = await desk.ask("/compare Kaya and Brandt on harbour")
    assert reply.template == "which"
    chosen = next(each for each in commands_of(reply) if "Orsola" in each)
    assert OPENS in await desk.read(chosen)


@pytest.mark.parametrize(
    ("typed", "template"),
    [
        ("/compare", "usage"),
        ("/compare Brandt", "usage"),
        ("/compare on harbour", "usage"),
        ("/compare a and b and c", "usage"),
        ("/compare Brandt and Orsola Brandt", "error"),
        ("/compare #1 and #2", "compare"),
        ("/compare #1 and #99", "nobody"),
        ("/compare Orsola Brandt Veli Kaya", "compare"),
        ("/compare Zzyzx Qqwwx", "nobody"),
    ],
)
async def test_two_have_to_be_named(desk: Newsroom, typed: str, template: str) -> None:
    assert (await desk.ask(typed)).template == template


async def test_a_conversation_goes_on_from_it(desk: Newsroom) -> None:
    await desk.ask("/compare Brandt and Kaya on harbour")
    reply = await desk.ask("/ask what did he say about ferries?")
    assert FERRY in drawn(reply)
    assert reply.buttons[-1][0].label == "Veli Kaya instead"


@pytest.mark.parametrize(
    ("words", "pairs"),
    [
        ("Oktay and Lavrov", [("Oktay", "Lavrov")]),
        ("Oktay, Lavrov?", [("Oktay", "Lavrov")]),
        ("Oktay vs. Lavrov", [("Oktay", "Lavrov")]),
        ('"Orsola Brandt" "Veli Kaya"', [("Orsola Brandt", "Veli Kaya")]),
        ("Orsola Brandt Kaya", [("Orsola", "Brandt Kaya"), ("Orsola Brandt", "Kaya")]),
        ("Oktay", []),
        ("", []),
        ("a b c d e f g", []),
    ],
)
def test_names_are_parted_where_people_part_them(words: str, pairs: list[tuple[str, str]]) -> None:
    assert splits(words) == pairs
