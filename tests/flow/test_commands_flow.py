"""What a person types and what they read: the router, adding, settings and help, over facts in memory."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes.desk import ADMIN, SOMEBODY, Desk, Ingest, MemoryBooks, commands_of
from fakes.known import EMPTY, desk
from fakes.memory_store import MemoryStore

from bot.model import ChatSettings, Trouble
from bot.router import LONGEST_ARGUMENT
from digests.errors import StoreError, UserError
from digests.model import Article, Counts
from digests.watch import NewsSource


class BrokenStore(MemoryStore):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def counts(self) -> Counts:
        raise self.error

    async def article(self, article_id: int, *, version: int | None = None) -> Article | None:
        raise self.error


# Articles


async def test_the_latest_articles_lead_to_their_facts() -> None:
    read = await desk().read("/latest")
    assert read.index("Idlib: <b>more</b>\nVolga Post · 18 Feb 2020 · /facts 2") < read.index("Report 1")
    assert "statement · Fuat Oktay · /evidence 1" in await desk().read("/facts 1")
    assert commands_of(await desk().ask("/facts #1")) == ["/facts 1 page 2"]


@pytest.mark.parametrize(
    ("typed", "template"),
    [("/facts", "usage"), ("/facts x", "usage"), ("/facts 9", "no_facts"), ("/facts 1 page 9", "no_facts")],
)
async def test_facts_need_an_article_that_has_some(typed: str, template: str) -> None:
    assert (await desk().ask(typed)).template == template


# Adding


async def test_admins_add_an_article_by_pasting_it() -> None:
    at = desk()
    read = await at.read("/add published 2020-02-15 Troops moved.\n\nMore text.", origin=ADMIN)
    assert at.ingest.given == [("Troops moved.\n\nMore text.", "2020-02-15")]
    assert "Saved as article 3." in read
    assert "Read: 2 statements, 1 figure · /facts 3" in read


async def test_an_article_longer_than_any_question_can_be_added() -> None:
    at = desk()
    await at.ask("/add " + "February 15, 2020. Troops moved. " * 300, origin=ADMIN)
    assert len(at.ingest.given[0][0]) > 4000


@pytest.mark.parametrize(
    ("ingest", "read"),
    [
        (Ingest(outcome="known", kinds=()), "in the archive already, as number 3"),
        (Ingest(outcome="changed"), "Saved as a new version of article 3"),
        (Ingest(kinds=()), "No facts could be read from it"),
        (Ingest(kinds=(), language="de"), "facts are read from English only"),
    ],
)
async def test_adding_says_what_became_of_it(ingest: Ingest, read: str) -> None:
    assert read in await desk(ingest=ingest).read("/add 15 February 2020 some text", origin=ADMIN)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/add /etc/passwd", "I read no files"),
        ("/add ../secret.md", "I read no files"),
        ("/add notes.txt", "I read no files"),
        ("/add Troops moved yesterday.", "/add published 2020-02-15 TEXT"),
        ("/add", "For editors and admins only."),
    ],
)
async def test_only_text_with_a_date_is_added(typed: str, read: str) -> None:
    at = desk()
    assert read in await at.read(typed, origin=ADMIN)
    assert all(text == "Troops moved yesterday." for text, _ in at.ingest.given)


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("/add https://wire.example/2020/a?b=1", "https://wire.example/2020/a?b=1"),
        ("/add www.wire.example/2020", "https://www.wire.example/2020"),
        ("/add <https://wire.example/2020|wire>", "https://wire.example/2020"),
        ("/add published 2020-02-15 https://wire.example/a", "https://wire.example/a"),
    ],
)
async def test_admins_add_an_article_by_its_link(typed: str, link: str) -> None:
    at = desk()
    assert "Saved as article 3." in await at.read(typed, origin=ADMIN)
    assert at.ingest.given[0][0] == link


async def test_a_link_that_cannot_be_fetched_is_answered_in_words() -> None:
    read = await desk().read("/add https://closed.example/a", origin=ADMIN)
    assert read == "closed.example does not let programs in (403)"


async def test_a_page_without_a_date_is_asked_for_one_with_its_link() -> None:
    read = await desk().read("/add https://wire.example/a", origin=ADMIN)
    assert "/add published 2020-02-15 https://wire.example/a" in read


async def test_others_may_not_add() -> None:
    at = desk()
    assert "for editors and admins only" in await at.read("/add published 2020-02-15 Text here")
    assert at.ingest.given == []


# Settings, status, help, start


async def test_settings_are_kept_for_the_chat() -> None:
    at = desk()
    assert "Time zone: UTC" in await at.read("/settings")
    assert "Language of dates: German" in await at.read("/settings zone Berlin language German")
    assert at.books.chosen["telegram:1"] == ChatSettings(zone="Europe/Berlin", language="de")
    assert "seen 15 Feb. 2020" in await at.read("/who Oktay")


async def test_an_unknown_place_is_answered_with_near_ones() -> None:
    assert "/settings zone Europe/Istanbul" in commands_of(await desk().ask("/settings zone Istambul"))
    assert "Name a large city" in await desk().read("/settings zone qqqqqq")


async def test_status_counts_and_tells_what_waits() -> None:
    read = await desk(books=MemoryBooks({"pending": 2, "sending": 1, "failed": 4})).read("/status")
    assert "2 articles from 15 Feb 2020 to 18 Feb 2020" in read
    assert "Waiting to be sent: 3, failed: 4" in read
    assert "The archive is empty" in await EMPTY.read("/status")


SEEN = datetime(2020, 2, 15, 12, tzinfo=UTC)


async def test_status_tells_what_is_still_to_be_read_and_which_sources_are_in_trouble() -> None:
    at = desk()
    assert "watched" not in await at.read("/status")
    long_ago = SEEN - timedelta(days=40)
    failing = NewsSource(
        id=1,
        url="https://volga.example/rss",
        title="Volga <b>Post</b>",
        failures=9,
        failing_since=long_ago,
        last_error="volga.example is out of order (503)",
        last_try_at=SEEN,
        next_try_at=SEEN + timedelta(days=2_000),
    )
    silent = NewsSource(id=2, url="https://b.example/rss", title="Bay News", added_at=long_ago, last_try_at=SEEN)
    many = [replace(silent, id=number) for number in range(3, 9)]
    at.store = MemoryStore(watched=[failing, silent, *many], unread=12)
    reply = await at.ask("/status")
    assert "/feeds" in commands_of(reply)
    read = await at.read("/status")
    assert "8 sources watched; 12 articles still to be read" in read
    assert "1 · Volga <b>Post</b> · failing since 6 Jan 2020: volga.example is out of order (503) · tried again" in read
    assert "2 · Bay News · silent: nothing has come from it" in read
    assert "... and 3 more in trouble: /feeds" in read


async def test_status_tells_admins_which_chats_nothing_reaches_and_what_was_given_up() -> None:
    blocked = Trouble(what="telegram:201", reason="Forbidden: bot was blocked by the user", count=2, last_at=SEEN)
    given_up = Trouble(what="slack update Ev1", reason="KeyError: 'x'", count=1, last_at=SEEN)
    at = desk(books=MemoryBooks({"failed": 2, "parked": 1}, troubles=[blocked, given_up]))
    read = await at.read("/status", origin=ADMIN)
    assert "telegram:201: Forbidden: bot was blocked by the user, 2 times, last on 15 Feb 2020" in read
    assert "slack update Ev1: KeyError: 'x', last on 15 Feb 2020" in read
    everybody = await at.read("/status")
    assert "failed: 2, questions given up: 1" in everybody
    assert "201" not in everybody


async def test_a_picture_without_words_is_told_what_is_read() -> None:
    assert "There was no text in that" in await desk().read("")


async def test_start_says_what_to_try() -> None:
    assert "/who NAME" in await desk().read("/start")
    assert "The archive is empty" in await EMPTY.read("/start")


async def test_help_lists_commands_and_shows_how_one_is_used() -> None:
    assert "/add" not in await desk().read("/help")
    assert "/add" in await desk().read("/help", origin=ADMIN)
    assert commands_of(await desk().ask("/help /deadlines"))[1] == "/deadlines next week"
    assert "For editors and admins only." in await desk().read("/help add")
    assert "no command “xyzzy”" in await desk().read("/help xyzzy")


# What is no question


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("/deadlnes next week", "/deadlines next week"), ("/whoo Oktay", "/who Oktay"), ("deadlinse", "/deadlines")],
)
async def test_a_typo_suggests_the_right_command(typed: str, meant: str) -> None:
    assert commands_of(await desk().ask(typed)) == [meant]


@pytest.mark.parametrize(
    ("typed", "template"),
    [
        ("", "unknown"),
        ("/", "unknown"),
        ("   ", "unknown"),
        ("/xyzzy", "unknown"),
        ("/who@another_bot Oktay", "unknown"),
        ("Idlib ceasefire", "ask"),
        ("What will happen to all the people who live in these towns when the winter comes again?", "ask"),
        ("What will happen? " * 30, "unknown"),
        ("who is Turkey's defence minister?", "ask"),
        ("who Nobody", "nobody"),
        ("<b>x</b>", "ask"),
        ("😀", "plain_text"),
    ],
)
async def test_what_is_no_command_gets_a_helpful_answer(typed: str, template: str) -> None:
    assert (await desk().ask(typed)).template == template


@pytest.mark.parametrize("name", ["who", "said", "about", "numbers", "sides", "timeline", "evidence", "facts"])
async def test_an_empty_argument_is_answered_with_how_it_is_used(name: str) -> None:
    for argument in ("", "   ", "*** <>"):
        assert "For example:" in await desk().read(f"/{name} {argument}")


COMMANDS = [
    *("start", "help", "who", "said", "about", "deadlines", "numbers", "sides", "timeline", "latest"),
    *("evidence", "facts", "add", "status", "settings"),
]
ODD = [
    "<!channel> <@U1>",
    "<b>x</b> & *y*",
    "😀" * 20,
    "a\x00b\x10Bc",
    "\u202eevil",
    "page 2",
    "{{ 7 * 7 }}",
    "since until",
    "'; DROP",
]


@pytest.mark.parametrize("name", COMMANDS)
async def test_odd_arguments_get_an_answer_that_is_no_apology(name: str) -> None:
    for argument in ODD:
        for origin in (SOMEBODY, ADMIN):
            at = desk()
            assert (await at.ask(f"/{name} {argument}", origin=origin)).template != "apology"
            assert await at.read(f"/{name} {argument}", origin=origin)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "add"])
async def test_four_thousand_characters_are_answered_with_how_to_ask(name: str) -> None:
    reply = await desk().ask(f"/{name} {'long ' * 800}")
    assert reply.template == "too_long"
    assert str(LONGEST_ARGUMENT) in await desk().read(f"/{name} {'long ' * 800}")


# When something fails


async def test_what_a_person_can_fix_is_said_as_it_is() -> None:
    reply = await Desk(store=BrokenStore(UserError("Give it another name."))).ask("/start")
    assert (reply.template, reply.data["text"]) == ("error", "Give it another name.")


async def test_anything_else_is_logged_under_an_id_that_the_apology_names(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        read = await Desk(store=BrokenStore(ZeroDivisionError("secret path"))).read("/start")
    assert "secret" not in read
    assert caplog.records[0].getMessage().split("id ")[1].split(",")[0] in read


async def test_only_admins_read_what_the_database_says() -> None:
    broken = Desk(store=BrokenStore(StoreError("disk full: make room")))
    assert "disk full" not in await broken.read("/start")
    assert "disk full: make room" in await broken.read("/start", origin=ADMIN)


async def test_an_unknown_zone_in_the_books_counts_as_utc() -> None:
    books = MemoryBooks()
    books.chosen["telegram:1"] = ChatSettings(zone="Nowhere/Land")
    assert "Today is Sat 15 Feb 2020" in await desk(books=books).read("/deadlines")
