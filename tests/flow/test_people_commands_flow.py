"""What a person types about somebody and what they read: over facts in memory."""

import pytest
from fakes.desk import Desk, commands_of
from fakes.known import desk
from fakes.memory_store import MemoryStore
from fakes.records import found, statement

from digests.model import Person

# Who is who


@pytest.mark.parametrize(
    "typed", ["/who Oktay", "/who oktaý", "who Fuat Oktay", "/WHO oktay?", "/who@Onrecord_bot Oktay"]
)
async def test_somebody_is_found_however_the_name_is_written(typed: str) -> None:
    read = await desk().read(typed)
    assert "Vice President, Turkey · seen 15 Feb 2020 · Levant Wire · /evidence 9" in read
    assert "Also written: Oktay, Oktaý" in read
    assert "> We will not leave post 1 in Idlib" in read


@pytest.mark.parametrize(
    ("typed", "template"),
    [
        ("/who vice president Oktay", "who"),
        ("/who turkey's Oktay", "who"),
        ("/who Jim Oktay", "nobody"),
        ("/who foreign minister Oktay", "nobody"),
    ],
)
async def test_an_office_in_front_of_a_name_helps_to_find_it(typed: str, template: str) -> None:
    assert (await desk().ask(typed)).template == template


async def test_two_people_of_one_name_are_asked_for_with_buttons() -> None:
    reply = await desk().ask("/who erdogan")
    assert reply.template == "which"
    assert commands_of(reply) == ["/who Recep Tayyip Erdogan", "/who Emine Erdogan"]
    assert "Recep Tayyip Erdogan" in await desk().read(commands_of(reply)[0])


async def test_namesakes_are_told_apart_by_number_and_office() -> None:
    reply = await desk().ask("/said Ali Demir about Idlib")
    assert commands_of(reply) == ["/said #4 about Idlib", "/said #5 about Idlib"]
    assert reply.buttons[0][0].label == "Ali Demir (Vice President, Turkey)"
    assert "No statements by Ali Demir" in await desk().read("/said #4 about Idlib")


async def test_a_choice_keeps_the_days_that_stand_before_the_name() -> None:
    reply = await desk().ask("/said since 10 Feb Ali Demir about Idlib")
    assert commands_of(reply)[0] == "/said #4 since 10 Feb about Idlib"


async def test_a_choice_of_many_shows_the_first_and_asks_for_more() -> None:
    crowd = MemoryStore(people=[Person(id=number, name=f"P{number} Smith") for number in range(1, 12)])
    read = await Desk(store=crowd).read("/who Smith")
    assert "And 3 more: add a first name." in read


async def test_a_name_nobody_has_is_answered_with_the_nearest() -> None:
    reply = await desk().ask("/who Oktai")
    assert commands_of(reply) == ["/who Fuat Oktay"]
    assert "Nobody named “Oktai”" in await desk().read("/who Oktai")


async def test_a_name_near_nobody_leads_to_a_search() -> None:
    assert commands_of(await desk().ask("/who Zzyzx")) == ["/about Zzyzx"]
    assert (await desk().ask("/who #99")).template == "nobody"


async def test_somebody_without_office_or_words_is_still_somebody() -> None:
    read = await desk().read("/who Emine Erdogan")
    assert "No office is given" in read
    assert "No words of Emine Erdogan" in read


# What was said


async def test_words_are_paged_with_buttons_and_nothing_is_shown_twice() -> None:
    first = await desk().ask("/said Oktay about Idlib since 10 Feb")
    assert commands_of(first) == ["/said Oktay about Idlib since 10 Feb page 2"]
    second = await desk().ask(commands_of(first)[0])
    ids = [line["id"] for reply in (first, second) for line in reply.data["lines"]]
    assert ids == [1, 2, 3, 4, 5, 6, 7]
    assert commands_of(second) == ["/said Oktay about Idlib since 10 Feb"]


@pytest.mark.parametrize(
    ("typed", "read", "offers"),
    [
        ("/said Oktay about moon", "No statements by Fuat Oktay about “moon”", ["/said Fuat Oktay", "/about moon"]),
        ("/said Oktay since 16 Feb", "since 16 Feb 2020", ["/said Fuat Oktay"]),
        ("/said Oktay page 9", "No statements by Fuat Oktay, page 9", ["/said Oktay"]),
        ("/about moon", "No statements about “moon”", ["/latest moon"]),
        ("/about moon last week", "from 3 Feb 2020 to 9 Feb 2020", ["/about moon"]),
        ("/deadlines moon", "No deadlines about “moon”", ["/about moon"]),
        ("/deadlines in 2031", "No deadlines from 1 Jan 2031", ["/deadlines"]),
        ("/deadlines ***", "No deadlines about “***”", ["/deadlines"]),
        ("/numbers moon", "No figures about “moon”", ["/about moon"]),
        ("/sides moon", "No claims about “moon”", ["/about moon"]),
        ("/timeline moon", "No dated facts about “moon”", ["/about moon"]),
        ("/latest moon", "No articles about “moon”", ["/about moon"]),
        ("/latest !!", "No articles about “!!”", ["/latest"]),
    ],
)
async def test_an_empty_answer_says_so_and_what_to_try(typed: str, read: str, offers: list[str]) -> None:
    assert commands_of(await desk().ask(typed)) == offers
    assert "in the archive" in await desk().read(typed)
    assert read in await desk().read(typed)


@pytest.mark.parametrize("name", ["May", "April"])
async def test_a_month_may_be_a_name(name: str) -> None:
    reply = await desk().ask(f"/said {name}")
    assert (reply.template, reply.data["name"]) == ("nobody", name)


async def test_about_somebody_leaves_out_their_own_words() -> None:
    reply = await desk().ask("/about Idlib")
    assert {line["who"] for line in reply.data["lines"]} == {"Fuat Oktay"}
    by_kremlin = MemoryStore(
        found=[found(statement(1, "The Kremlin is calm", who="Kremlin")), found(statement(2, "Kremlin", who=None))]
    )
    reply = await Desk(store=by_kremlin).ask("/about Kremlin")
    assert [line["id"] for line in reply.data["lines"]] == [2]
