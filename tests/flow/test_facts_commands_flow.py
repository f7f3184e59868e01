"""What a person types about a matter and what they read: deadlines, numbers, sides, days, evidence."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fakes.desk import Desk, MemoryBooks, commands_of
from fakes.known import TEXT, desk
from fakes.memory_store import MemoryStore
from fakes.records import article, deadline, figure, found, happening, statement

from bot.model import ChatSettings

# Deadlines


async def test_the_nearest_ahead_come_first_then_the_latest_passed() -> None:
    reply = await desk().ask("/deadlines")
    assert [(due["standing"], due["distance"]) for due in reply.data["dues"]] == [
        ("today", "today"),
        ("ahead", "in 14 days"),
        ("passed", "5 days ago"),
    ]
    read = await desk().read("/deadlines")
    assert (
        "by Mon 10 Feb 2020 · passed, 5 days ago\nTroops: open the road\n"
        "Ankara · 15 Feb 2020 · Levant Wire · /evidence 11" in read
    )


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("/deadlines Idlib", [12, 10]),
        ("/deadlines for Idlib", [12, 10]),
        ("/deadlines today", [12]),
        ("/deadlines last week", []),
        ("/deadlines since 10 Feb until 14 Feb", [11]),
        ("/deadlines in February", [12, 10, 11]),
        ("/deadlines after 20 Feb", [10]),
    ],
)
async def test_deadlines_take_a_topic_and_a_period(typed: str, ids: list[int]) -> None:
    reply = await desk().ask(typed)
    assert [source["id"] for due in reply.data.get("dues", []) for source in due["sources"]] == ids


async def test_pages_run_from_what_is_ahead_into_what_passed_and_back() -> None:
    running = deadline(50, "rest", due=date(2020, 2, 14), until=date(2020, 2, 16))
    dues = [deadline(number, f"task {number}", due=date(2020, 2, number)) for number in range(5, 26) if number != 15]
    store = MemoryStore(found=[found(each) for each in [*dues, running]])
    seen: list[int] = []
    command = "/deadlines"
    while command:
        reply = await Desk(store=store).ask(command)
        seen += [source["id"] for due in reply.data["dues"] for source in due["sources"]]
        command = next((button.command for row in reply.buttons for button in row if button.label == "More"), "")
    assert seen == [50, *range(16, 26), *range(14, 4, -1)] or seen == [16, 50, *range(17, 26), *range(14, 4, -1)]


async def test_today_is_the_chats_own_day() -> None:
    books = MemoryBooks()
    books.chosen["telegram:1"] = ChatSettings(zone="Pacific/Auckland", language="tr")
    late = Desk(store=desk().store, books=books, now=datetime(2020, 2, 15, 12, tzinfo=UTC))
    assert "Today is Paz 16 Şub 2020" in await late.read("/deadlines")


# Numbers, sides, timeline


async def test_numbers_stand_together_and_say_which_is_older() -> None:
    read = await desk().read("/numbers displaced")
    assert "people displaced: the figure has changed" in read
    assert "Older than 900,000 people displaced on 18 Feb 2020, Volga Post." in read
    assert "900,000 people displaced · no speaker named · 18 Feb 2020 · Volga Post · /evidence 14" in read


async def test_numbers_of_a_period_need_no_topic() -> None:
    reply = await desk().ask("/numbers since 16 Feb 2020")
    assert [line["id"] for group in reply.data["groups"] for line in group["lines"]] == [14]


async def test_many_numbers_are_paged_under_their_heads() -> None:
    many = MemoryStore(
        found=[found(figure(number, str(number), "Idlib tents", value=number)) for number in range(1, 71)]
    )
    first = await Desk(store=many).ask("/numbers Idlib")
    assert commands_of(first) == ["/numbers Idlib page 2", "/numbers Idlib chart"]
    assert first.data["clipped"] == 60
    assert "These are from the newest 60" in await Desk(store=many).read("/numbers Idlib page 2")


async def test_sides_stand_side_by_side_and_denials_are_named() -> None:
    read = await desk().read("/sides Idlib")
    assert read.index("Fuat Oktay\n") < read.index("Kremlin\ndenies · Kremlin · 15 Feb 2020 · Volga Post · /evidence 8")
    assert "and 4 more by Fuat Oktay" in read
    assert commands_of(await desk().ask("/sides Idlib")) == ["/said Fuat Oktay about Idlib"]


async def test_a_single_side_is_called_so() -> None:
    alone = MemoryStore(found=[found(statement(1, "Idlib is calm"))])
    assert "Only one side speaks" in await Desk(store=alone).read("/sides Idlib")


async def test_a_timeline_goes_day_by_day() -> None:
    read = await desk().read("/timeline Idlib")
    assert read.index("Mon 10 Feb 2020") < read.index("Sat 15 Feb 2020 · today") < read.index("Sat 29 Feb 2020 · ahead")


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("/timeline Idlib since 12 Feb", [12, 10]),
        ("/timeline Idlib in January", []),
        ("/timeline Idlib until 12 Feb", [15]),
        ("/timeline last week", []),
        ("/timeline since 12 Feb until 20 Feb", [12]),
    ],
)
async def test_a_timeline_keeps_to_the_period_of_the_things_themselves(typed: str, ids: list[int]) -> None:
    assert [line["id"] for line in (await desk().ask(typed)).data.get("lines", [])] == ids


async def test_a_busy_timeline_says_that_it_is_not_all() -> None:
    busy = MemoryStore(
        found=[found(happening(number, f"Shell {number} fell", when="2020-02-10")) for number in range(60)]
    )
    read = await Desk(store=busy).read("/timeline shell")
    assert "These are from the newest 40" in read


async def test_a_timeline_without_events_tells_what_was_said() -> None:
    spoken = MemoryStore(found=[found(statement(1, "Idlib is calm"))])
    assert "Idlib is calm" in await Desk(store=spoken).read("/timeline Idlib")


# Evidence


async def test_evidence_is_the_passage_with_what_stands_around_it() -> None:
    quote = "We will not leave post 1 in Idlib"
    fact = statement(1, quote)
    at = TEXT.index(quote)
    moved = type(fact.evidence[0])(start=at, end=at + len(quote), quote=quote, article_id=1)
    placed = MemoryStore(
        found=[
            found(
                type(fact)(
                    evidence=(moved,), summary="s", speaker=None, cue=None, content=fact.content, style="direct", id=1
                )
            )
        ],
        articles={1: article(TEXT)},
    )
    for typed in ("/evidence 1", "/evidence #1", "/evidence_1", "/start evidence_1", "/proof fact 1"):
        read = await Desk(store=placed).read(typed)
        assert 'Fuat Oktay spoke in Ankara. "\n> We will not leave post 1 in Idlib\n," he said. More followed.' in read
        assert "https://wire.example/1" in read


async def test_evidence_that_does_not_stand_there_is_not_shown() -> None:
    read = await desk().read("/evidence 2")
    assert "cannot show evidence 2" in read
    assert "post 2" not in read


async def test_evidence_without_its_article_is_not_shown() -> None:
    gone = MemoryStore(found=[found(statement(1, "x"))])
    assert (await Desk(store=gone).ask("/evidence 1")).template == "evidence_refused"


@pytest.mark.parametrize(
    ("typed", "template"), [("/evidence 99", "no_evidence"), ("/evidence abc", "usage"), ("/evidence", "usage")]
)
async def test_evidence_needs_a_number_that_exists(typed: str, template: str) -> None:
    assert (await desk().ask(typed)).template == template


@pytest.mark.parametrize(
    ("around", "after"),
    [(". He said more.", "He said more."), (".” He said more.", "He said more."), (", and he left.", ", and he left.")],
)
async def test_what_follows_a_quote_does_not_begin_with_its_full_stop(around: str, after: str) -> None:
    fact = statement(1, "THE QUOTE")
    (evidence,) = fact.evidence
    placed = replace(fact, id=1, evidence=(replace(evidence, start=0, end=9, quote="THE QUOTE", article_id=1),))
    store = MemoryStore(found=[found(placed)], articles={1: article("THE QUOTE" + around)})
    (passage,) = (await Desk(store=store).ask("/evidence 1")).data["passages"]
    assert passage["after"] == after


async def test_long_surroundings_are_cut_at_blanks_and_paragraphs() -> None:
    text = "word " * 100 + "THE QUOTE" + " word" * 100
    fact = statement(1, "THE QUOTE")
    at = text.index("THE QUOTE")
    moved = type(fact.evidence[0])(start=at, end=at + 9, quote="THE QUOTE", article_id=1)
    placed = type(fact)(
        evidence=(moved,), summary="s", speaker=None, cue=None, content=fact.content, style="direct", id=1
    )
    long = MemoryStore(found=[found(placed)], articles={1: article(text)})
    (passage,) = (await Desk(store=long).ask("/evidence 1")).data["passages"]
    assert passage["before"].startswith("… word")
    assert passage["after"].endswith("word …")
    short = MemoryStore(
        found=[found(placed)], articles={1: article(text.replace("word THE", "word\n\nTHE").replace("E word", "E."))}
    )
    assert (await Desk(store=short).ask("/evidence 1")).template == "evidence_refused"
