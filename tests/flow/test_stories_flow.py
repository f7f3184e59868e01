"""What a person types about stories and what they read, over articles in memory."""

from dataclasses import replace
from datetime import date

import pytest
from fakes.desk import Desk, commands_of
from fakes.memory_store import MemoryStore
from fakes.records import actor, figure, found, happening, source, statement

from digests.model import CopyOf, Found

OUTLETS = ("Volga Post", "Levant Monitor", "Harbour Daily", "Nordic Ledger", "Strait Courier")


def copies(count: int = 5) -> Desk:
    """A story that outlets copy from one agency, beside an article of its own."""
    sources = [
        source(number, publisher=OUTLETS[number % 5], day=date(2020, 2, 10 + number), title=f"Ferries stay {number}")
        for number in range(1, count + 1)
    ]
    alone = source(90, title="Locusts <near>", day=date(2020, 2, 28))
    return Desk(
        store=MemoryStore(
            sources=[*sources, alone],
            told=dict.fromkeys(range(1, count + 1), 7),
            origins=dict.fromkeys(range(1, count + 1), "Reuters"),
        )
    )


async def test_copies_of_one_text_are_one_story_with_one_origin() -> None:
    read = await copies().read("/latest")
    assert "Ferries stay 5\nVolga Post · 15 Feb 2020 · 5 articles, 5 outlets, 1 origin: Reuters · /story 7" in read
    assert read.index("Locusts <near>\nLevant Wire · 28 Feb 2020 · /facts 90") < read.index("Ferries stay 5")
    assert "Ferries stay 4" not in read


@pytest.mark.parametrize("typed", ["/story 7", "/story #7", "/story ferries", "story ferries stay"])
async def test_a_story_shows_who_tells_it_and_whose_text_it_is(typed: str) -> None:
    desk = copies()
    read = await desk.read(typed)
    assert "Ferries stay 5\n11 Feb 2020 to 15 Feb 2020 · 5 articles, 5 outlets, 1 origin: Reuters" in read
    assert "Ferries stay 1\nLevant Monitor, text of Reuters · 11 Feb 2020 · /facts 1" in read
    assert commands_of(await desk.ask(typed)) == [
        *("/timeline story 7", "/numbers story 7", "/sides story 7", "/follow story 7")
    ]


async def test_a_long_story_goes_on_on_the_next_page() -> None:
    desk = copies(12)
    assert commands_of(await desk.ask("/story 7"))[-1] == "/story 7 page 2"
    read = await desk.read("/story 7 page 2")
    assert "Ferries stay 1\n" in read
    assert "Ferries stay 12\n" in read.split("page 2")[0]


@pytest.mark.parametrize(
    ("typed", "template"),
    [
        ("/story", "usage"),
        ("/story 8", "no_such_story"),
        ("/story moon", "nothing"),
        ("/story 7 page 9", "nothing"),
        ("/story !!", "nothing"),
    ],
)
async def test_a_story_that_is_not_there_is_said_so(typed: str, template: str) -> None:
    assert (await copies().ask(typed)).template == template


def told_apart() -> Desk:
    """One story in two articles, and another story that says the same things of somewhere else."""
    facts = [
        found(figure(1, "700,000", "people displaced", value=700_000), article_id=1, day=date(2020, 2, 11)),
        found(figure(2, "900,000", "people displaced", value=900_000), article_id=2, day=date(2020, 2, 17)),
        found(figure(3, "5", "people displaced", value=5), article_id=3),
        found(statement(4, "The crews left at night", who="Fuat Oktay"), article_id=1),
        found(statement(5, "No crew left", who="Kremlin", cue="denied"), article_id=2),
        found(statement(6, "Elsewhere all is well", who="Ilse Brand"), article_id=3),
        found(happening(7, "Shells fell on the port", when="2020-02-09"), article_id=2),
        found(happening(8, "Locusts came", when="2020-02-08"), article_id=3),
    ]
    sources = [source(number) for number in (1, 2, 3)]
    return Desk(store=MemoryStore(found=facts, sources=sources, told={1: 7, 2: 7, 3: 8}))


async def test_figures_of_a_story_are_those_of_all_its_articles_and_of_no_other() -> None:
    read = await told_apart().read("/numbers story 7")
    assert "Figures in story 7:" in read
    assert "people displaced: the figure has changed" in read
    assert "Older than 900,000 people displaced on 17 Feb 2020, Levant Wire." in read
    assert "/evidence 3" not in read


async def test_sides_of_a_story_are_those_of_all_its_articles() -> None:
    reply = await told_apart().ask("/sides in story 7")
    assert {side["name"]: side["denies"] for side in reply.data["sides"]} == {"Fuat Oktay": False, "Kremlin": True}


async def test_sides_show_the_figures_that_they_give_otherwise_and_why() -> None:
    def counted(number: int, value: int, who: str, day: int) -> Found:
        fact = replace(figure(number, f"{value}", "people displaced", value=value), said_by=actor(who))
        return found(fact, article_id=number, day=date(2020, 2, day), publisher=f"Paper {number}")

    claim = found(statement(9, "The crews left at night", who="Kremlin"), article_id=1)
    figures = [counted(1, 900, "Kremlin", 17), counted(2, 700, "UN", 17), counted(3, 500, "UN", 11)]
    desk = Desk(store=MemoryStore(found=[claim, *figures], sources=[source(1)], told={1: 7, 2: 7, 3: 7}))
    reply = await desk.ask("/sides story 7")
    assert [(each["id"], each["note"]["kind"]) for each in reply.data["disputes"]] == [
        (2, "contradiction"),
        (3, "older"),
    ]
    read = await desk.read("/sides story 7")
    assert "Contradicts 900 people displaced (Paper 1, 17 Feb 2020)." in read
    assert "Older than " in read


async def test_a_copys_misprint_is_no_contradiction_between_outlets() -> None:
    def printed(number: int, value: int) -> Found:
        quote = f"{value:,} people have been displaced since December, the UN says."
        fact = replace(figure(number, f"{value:,}", "people displaced", value=value, quote=quote), said_by=actor("UN"))
        return found(fact, article_id=number, publisher=f"Paper {number}")

    sources = [source(number, publisher=f"Paper {number}") for number in (1, 2, 3)]
    copy = CopyOf(source=sources[0], share=0.95)
    figures = [printed(1, 800_000), printed(2, 700_000), printed(3, 800_000)]
    desk = Desk(store=MemoryStore(found=figures, sources=sources, copied={2: copy, 3: copy}))
    read = await desk.read("/numbers displaced")
    assert "people displaced: a copy prints another number" in read
    assert "Another number than in the text it copies: 800,000 people displaced (Paper 1, 15 Feb 2020)." in read
    assert "also in 1 copy of this text" in read
    assert "/evidence 3" not in read
    assert "ontradict" not in read


async def test_a_storys_timeline_goes_by_the_day_things_happened() -> None:
    read = await told_apart().read("/timeline story #7")
    assert "Day by day in story 7." in read
    assert "Sun 9 Feb 2020" in read
    assert "Locusts" not in read


async def test_what_happened_in_a_whole_year_has_no_day_to_show() -> None:
    facts = [
        found(happening(1, "Both signed in Sochi", when="2018"), article_id=1),
        found(happening(2, "Shells fell", when="2020-02-09"), article_id=1),
    ]
    desk = Desk(store=MemoryStore(found=facts, sources=[source(1)], told={1: 7}))
    reply = await desk.ask("/timeline story 7")
    assert [line["id"] for line in reply.data["lines"]] == [2]


async def test_an_outlet_named_like_its_host_prints_its_own_text() -> None:
    sources = [source(1, publisher="harbour-wire.example"), source(2, publisher="daily.example")]
    desk = Desk(store=MemoryStore(sources=sources, told={1: 7, 2: 7}, origins={1: "Harbour Wire", 2: "Harbour Wire"}))
    reply = await desk.ask("/story 7")
    assert [line["origin"] for line in reply.data["lines"]] == ["", "Harbour Wire"]


@pytest.mark.parametrize("typed", ["/numbers story 9", "/sides story 9", "/timeline story 9"])
async def test_a_story_without_such_facts_is_said_so(typed: str) -> None:
    assert (await told_apart().ask(typed)).template == "nothing"
