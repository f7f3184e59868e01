"""What a person asks in plain words and what they read: the fact, a sentence, or that the archive does not hold it."""

from __future__ import annotations

from datetime import date

import pytest
from fakes.desk import Desk
from fakes.memory_store import MemoryStore

from digests.model import Article, Person, SeenRole, Source
from digests.sources.file import article_from

HARBOUR = """Ferries sail again

Orsola Brandt, the mayor of Tessen, said on Friday that the ferries would sail again. The harbour was closed because a
crane fell into it. About 212 people were stranded on Marn island.

## More cranes

The strike ended near Velm village on Thursday.
"""


def article(text: str = HARBOUR) -> Article:
    return article_from(text, title="Ferries sail again", published="2020-02-14", url="https://harbour.example/1")


def desk(text: str = HARBOUR) -> Desk:
    source = Source(
        article_id=1,
        title="Ferries sail again",
        publisher="Harbour Wire",
        byline="",
        url="https://harbour.example/1",
        published_day=date(2020, 2, 14),
    )
    role = SeenRole(title="mayor", of="Tessen", former=False, day=date(2020, 2, 14), fact_id=9)
    mayor = Person(id=1, name="Orsola Brandt", aliases=("Brandt",), roles=(role,))
    return Desk(store=MemoryStore(articles={1: article(text)}, sources=[source], people=[mayor]))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/ask why was the harbour closed?", "because a crane fell into it"),
        ("why was the harbour closed?", "because a crane fell into it"),
        ("Which village did the strike end near?", "Velm"),
    ],
)
async def test_a_question_is_answered_by_the_sentence_that_says_so(typed: str, read: str) -> None:
    shown = await desk().read(typed)
    assert read in shown
    assert "Harbour Wire" in shown
    assert "14 Feb 2020" in shown
    assert "does not hold" not in shown


@pytest.mark.parametrize(
    "typed",
    [
        "/ask who is the mayor of Lisbon?",
        "why was the Hamburg harbour closed?",
        "How many people live in Tessen?",
        "zeppelin?",
    ],
)
async def test_what_the_archive_does_not_hold_is_said_to_be_missing(typed: str) -> None:
    assert "The archive does not hold an answer" in await desk().read(typed)


async def test_headings_are_no_answers() -> None:
    assert "More cranes" not in await desk().read("/ask more cranes")


async def test_nothing_new_is_said_with_its_day() -> None:
    shown = await desk().read("did anything change on the ferries since 14 Feb?")
    assert "holds nothing new on this since 14 Feb 2020" in shown


async def test_what_comes_nearest_is_shown_as_such() -> None:
    shown = await desk().read("/ask why was the Hamburg harbour closed?")
    assert "What comes nearest" in shown
    assert "crane fell" in shown


async def test_a_few_words_offer_other_ways_to_look() -> None:
    reply = await desk().ask("zeppelin strike")
    assert [button.command for row in reply.buttons for button in row] == [
        "/who zeppelin strike",
        "/about zeppelin strike",
    ]


@pytest.mark.parametrize("typed", ["/ask", "/ask ???", "/ask  "])
async def test_an_empty_question_is_answered_with_how_to_ask(typed: str) -> None:
    assert (await desk().ask(typed)).template == "usage"


async def test_an_empty_archive_holds_nothing() -> None:
    shown = await Desk(store=MemoryStore()).read("/ask who is the mayor?")
    assert "does not hold" in shown
    assert "As of" not in shown
