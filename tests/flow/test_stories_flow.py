"""What a person types about stories and what they read, over articles in memory."""

from datetime import date

import pytest
from fakes.desk import Desk, commands_of
from fakes.memory_store import MemoryStore
from fakes.records import source

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
    assert commands_of(await desk.ask(typed)) == ["/timeline story 7", "/numbers story 7", "/sides story 7"]


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
        ("/story 8", "nothing"),
        ("/story moon", "nothing"),
        ("/story 7 page 9", "nothing"),
        ("/story !!", "nothing"),
    ],
)
async def test_a_story_that_is_not_there_is_said_so(typed: str, template: str) -> None:
    assert (await copies().ask(typed)).template == template
