"""What a person types and what they read: the router and every command, over facts in memory."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes.desk import ADMIN, SOMEBODY, Desk, Ingest, MemoryBooks, commands_of
from fakes.memory_store import MemoryStore
from fakes.records import SATURDAY, article, deadline, figure, found, happening, role, source, statement

from bot.model import ChatSettings, Trouble
from bot.router import LONGEST_ARGUMENT
from digests.errors import StoreError, UserError
from digests.model import Article, Counts, Found, Person, SeenRole
from digests.watch import NewsSource

TEXT = 'Fuat Oktay spoke in Ankara. "We will not leave post 1 in Idlib," he said. More followed.'
VICE = SeenRole(title="Vice President", of="Turkey", former=False, day=SATURDAY, fact_id=9)
PEOPLE = (
    Person(id=1, name="Fuat Oktay", aliases=("Oktay", "Oktaý"), roles=(VICE,)),
    Person(id=2, name="Recep Tayyip Erdogan", aliases=("Erdogan",)),
    Person(id=3, name="Emine Erdogan"),
    Person(id=4, name="Ali Demir", roles=(VICE,)),
    Person(id=5, name="Ali Demir"),
)


def facts() -> list[Found]:
    said = [found(statement(number, f"We will not leave post {number} in Idlib")) for number in range(1, 8)]
    return [
        *said,
        found(statement(8, "There were no strikes on Idlib", who="Kremlin", cue="denies"), publisher="Volga Post"),
        found(role(9, "Fuat Oktay", "Vice President")),
        found(deadline(10, "withdraw from Idlib", due=date(2020, 2, 29))),
        found(deadline(11, "open the road", due=date(2020, 2, 10))),
        found(deadline(12, "meet in Idlib", due=SATURDAY)),
        found(figure(13, "700,000", "people displaced", value=700_000)),
        found(figure(14, "900,000", "people displaced", value=900_000), publisher="Volga Post", day=date(2020, 2, 18)),
        found(happening(15, "A convoy was hit in Idlib", when="2020-02-10")),
    ]


def desk(**more: object) -> Desk:
    sources = [source(1), source(2, day=date(2020, 2, 18), title="Idlib: <b>more</b>", publisher="Volga Post")]
    store = MemoryStore(
        found=facts(), people=PEOPLE, sources=sources, holders={1: [*range(1, 8), 9]}, articles={1: article(TEXT)}
    )
    return Desk(store=store, **more)


EMPTY = Desk(store=MemoryStore())


class BrokenStore(MemoryStore):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def counts(self) -> Counts:
        raise self.error

    async def article(self, article_id: int, *, version: int | None = None) -> Article | None:
        raise self.error


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
    assert "Older: 900,000 people displaced on 18 Feb 2020, Volga Post." in read
    assert "900,000 people displaced · no speaker named · 18 Feb 2020 · Volga Post · /evidence 14" in read


async def test_numbers_of_a_period_need_no_topic() -> None:
    reply = await desk().ask("/numbers since 16 Feb 2020")
    assert [line["id"] for group in reply.data["groups"] for line in group["lines"]] == [14]


async def test_many_numbers_are_paged_under_their_heads() -> None:
    many = MemoryStore(
        found=[found(figure(number, str(number), "Idlib tents", value=number)) for number in range(1, 71)]
    )
    first = await Desk(store=many).ask("/numbers Idlib")
    assert commands_of(first) == ["/numbers Idlib page 2"]
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
