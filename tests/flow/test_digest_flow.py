"""What a digest says of articles in a real store, and what a person reads who asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fakes.copydesk import Copy
from fakes.desk import RENDERER, Desk, commands_of

from bot.commands.digest import digest_reply, reply_of
from digests.edition.digest import compose
from digests.edition.items import Digest, Section
from digests.edition.model import Wanted
from digests.model import FactQuery, Figure
from digests.store.base import Placement, StoryKept
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.watch import NewsSource

FRIDAY, SATURDAY = date(2020, 2, 14), date(2020, 2, 15)
NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
TALKS = Copy(
    title="Ferry talks stall",
    text=(
        "# Ferry talks stall\n\nMaritime Minister Ilse Brandao said on Saturday that no ferry would sail before the"
        " union signs.\n\nThe Dockers' Union must answer by February 20. Dockers in Port Ardal number 40.\n\n"
        "Union leader Jo Vant denied that the dockers had broken the contract."
    ),
    day=SATURDAY,
    url="https://harbour.example/talks",
)
MINISTER, VANT = 1, 2


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore(await SqliteDatabase.open(tmp_path / "facts.db", [FACTS]))
    yield opened
    await opened.close()


@dataclass
class Together:
    """Puts every article into one story."""

    words: Sequence[str] = ("ferry",)
    open_for: timedelta = timedelta(days=14)
    most: int = 3

    def keys(self, *, articles: int, seen: Mapping[str, int]) -> Mapping[str, float]:
        return {"ferry": 1.0}

    def place(self, near: Sequence[StoryKept], *, articles: int, seen: Mapping[str, int]) -> Placement:
        return Placement(story=near[0].id if near else None, profile="ferry", keys={"ferry": 1.0})


async def telling(store: SqlStore, copy: Copy = TALKS) -> None:
    minister = "Maritime Minister Ilse Brandao said on Saturday that no ferry would sail before the union signs"
    await copy.save(
        store,
        copy.said(minister, "Ilse Brandao", "no ferry would sail before the union signs", entity=MINISTER),
        copy.role("Maritime Minister Ilse Brandao", "Ilse Brandao", "Maritime Minister", of="Vesland"),
        copy.due("The Dockers' Union must answer by February 20", on=date(2020, 2, 20), action="answer", who="Union"),
        copy.counted("Dockers in Port Ardal number 40", "40", "dockers", 40),
        copy.said(
            "Union leader Jo Vant denied that the dockers had broken the contract",
            "Jo Vant",
            "that the dockers had broken the contract",
            entity=VANT,
            cue="denied",
        ),
        people={MINISTER: "Ilse Brandao", VANT: "Jo Vant"},
    )


async def today(store: SqlStore, *, after: int = 0, wanted: Wanted | None = None, day: date = SATURDAY) -> Digest:
    return await compose(store, wanted or Wanted(), after=after, upto=await store.last_change(), today=day)


def section(digest: Digest, name: str) -> Section:
    return next(each for each in digest.sections if each.name == name)


async def test_a_digest_reads_like_one(store: SqlStore) -> None:
    await telling(store)
    read = await Desk(store=store, now=NOW).read("/digest 2020-02-15")
    assert read.startswith("Digest · Sat 15 Feb 2020\n1 article by 1 outlet in 1 story that day.\n\nTop stories\n")
    assert "1. Ferry talks stall · NEW\nHarbour Wire · /facts 1\n> Maritime Minister Ilse Brandao said" in read
    assert "2. by Thu 20 Feb 2020, in 5 days · NEW · Union\nHarbour Wire · /evidence 3" in read
    assert "> The Dockers' Union must answer by February 20." in read
    assert read.count("no ferry would sail") == 1
    assert read.rstrip().endswith("Day before: /digest 2020-02-14")


async def test_every_line_has_its_words_and_its_evidence(store: SqlStore) -> None:
    await telling(store)
    made = await today(store)
    for item in made.items:
        article = await store.article(item.source.article_id)
        assert article is not None
        assert item.passages
        assert item.reasons
        for passage in item.passages:
            assert article.text[passage.start : passage.end] == passage.quote


async def test_a_story_begins_with_a_sentence_that_does_not_go_on_from_another(store: SqlStore) -> None:
    text = (
        "Port Ardal is closed.\n\nOther ferries, the union said, will stay in port until the strike of the ferry crews"
        " ends, and the union said the strike of the ferry crews goes on.\n\nThe union strike keeps ferries in port."
    )
    await replace(TALKS, text=text).save(store)
    (item,) = section(await today(store), "top").items
    assert item.passages[0].quote == "Port Ardal is closed."


LEDGER = Copy(
    title="Crews in the water",
    publisher="Volga Post",
    url="https://volga.example/crews",
    day=FRIDAY,
    text=(
        "Port captain Ola Rein said that the harbour had turned away the ferry crews. Divers found 12 people dead in"
        " the harbour.\n\nThe search goes on."
    ),
)
WIRE = Copy(
    title="Ferry crews turned away",
    day=SATURDAY,
    url="https://harbour.example/crews",
    text=(
        "Port Ardal mourns the ferry crews of Port Ardal.\n\nAll ferries of Port Ardal lie still for the crews.\n\n"
        "Divers have now found 14 people dead in the harbour.\n\n"
        "Harbour master Una Voss denied, when she was asked late at night by reporters on the quay, that the harbour"
        " had turned away the ferry crews.\n\n"
        "Mayor Til Brandt said that the union calls every new contract a bad joke."
    ),
)


DENIAL = (
    "Harbour master Una Voss denied, when she was asked late at night by reporters on the quay, that the harbour had"
    " turned away the ferry crews"
)


async def crews(store: SqlStore) -> None:
    """Two outlets in one story, a day apart: a claim and its denial, a count and a higher one."""
    claim = "the harbour had turned away the ferry crews"
    await LEDGER.save(
        store,
        LEDGER.said(f"Port captain Ola Rein said that {claim}", "Ola Rein", claim),
        LEDGER.counted("Divers found 12 people dead in the harbour", "12", "people dead", 12),
        people={1: "Ola Rein"},
        grouping=Together(),
    )
    joke = "the union calls every new contract a bad joke"
    await WIRE.save(
        store,
        WIRE.said(DENIAL, "Una Voss", claim, cue="denied"),
        WIRE.counted("Divers have now found 14 people dead in the harbour", "14", "people dead", 14),
        WIRE.said(f"Mayor Til Brandt said that {joke}", "Til Brandt", joke, entity=2),
        WIRE.said("the union calls every new contract a bad joke", "the union", "every new contract", cue="calls"),
        people={1: "Una Voss", 2: "Til Brandt"},
        grouping=Together(),
    )


async def test_a_figure_that_moved_and_a_denial_stand_beside_what_they_answer(store: SqlStore) -> None:
    await crews(store)
    read = await Desk(store=store, now=NOW).read("/digest")
    figures = read[read.index("Figures that moved or disagree") :]
    assert "14 people dead · UPDATED · Harbour Wire · /evidence 4" in figures
    assert "Before: 12 people dead · 14 Feb 2020 · Volga Post · /evidence 2" in figures
    denials = read[read.index("Denials and rejections") :]
    assert "Una Voss · Harbour Wire · /evidence 3\n> Harbour master Una Voss denied, when she was asked" in denials
    assert "Against Ola Rein · 14 Feb 2020 · Volga Post · /evidence 1" in denials


async def test_a_figure_whose_words_were_quoted_above_is_not_given_those_of_the_other(store: SqlStore) -> None:
    before, after = "Divers found 12 people dead in the flooded harbour.", "Divers now found 14 people dead there."
    older = Copy(text=before, day=date(2020, 2, 14), publisher="Volga Post")
    newer = Copy(text=after, day=date(2020, 2, 15))
    for copy, number in ((older, 12), (newer, 14)):
        await copy.save(
            store, copy.counted(copy.text, str(number), "people dead", number), people={}, grouping=Together()
        )
    reply = await Desk(store=store, now=NOW).ask("/digest")
    sections = {each["name"]: each["items"] for each in reply.data["sections"]}
    assert sections["top"][0]["quotes"] == [after]
    (line,) = sections["figures"]
    assert (line["measure"], line["quotes"]) == ("14 people dead", [])
    assert (line["other"]["measure"], line["other"]["quotes"]) == ("12 people dead", [before])


async def test_the_reasons_of_a_quotation_are_told_under_the_speakers_name(store: SqlStore) -> None:
    await crews(store)
    desk = Desk(store=store, now=NOW)
    lines = (await desk.ask("/digest")).data["sections"]
    number = next(each["items"][0]["number"] for each in lines if each["name"] == "denials")
    read = await desk.read(f"/why {number}")
    assert read.startswith(f"{number}. Una Voss · Harbour Wire · 15 Feb 2020")
    assert "+1.5 answers Ola Rein" in read


async def test_what_somebody_is_quoted_with_is_theirs_and_not_that_of_those_they_speak_of(store: SqlStore) -> None:
    await crews(store)
    record = [item.found[0].fact.summary for item in section(await today(store), "record").items]
    assert not any(each.startswith("the union") for each in record)


async def test_an_editors_correction_is_told_with_who_and_why(store: SqlStore) -> None:
    await telling(store)
    told = await store.last_change()
    (found,) = await store.facts(FactQuery(kinds=("figure",)))
    assert isinstance(found.fact, Figure)
    better = replace(found.fact, unit="striking dockers", summary="40 striking dockers", origin="editor")
    await store.correct(found.fact, better, by="Ada", why="the unit was wrong", at=NOW)
    reply, news = await digest_reply(
        store, Wanted(), after=told, upto=await store.last_change(), today=SATURDAY, since=FRIDAY
    )
    read = RENDERER.render(reply, "plain")[0].text
    assert news
    assert "Changed since it was told" in read
    assert "Until then the record said:" in read
    assert "> 40 striking dockers" in read
    assert "Corrected by Ada: the unit was wrong" in read


async def test_what_was_told_is_not_told_again(store: SqlStore) -> None:
    await telling(store)
    told = await store.last_change()
    made = await today(store, after=told)
    assert (made.articles, made.news) == (0, False)
    assert [each.name for each in made.sections] == ["ahead"]
    assert [item.tag for item in made.items] == [""]


async def test_a_deadline_that_passed_since_the_last_digest_is_news(store: SqlStore) -> None:
    await telling(store)
    made = await today(store, after=await store.last_change(), day=date(2020, 2, 21))
    (item,) = section(made, "passed").items
    assert item.tag == "passed"
    assert made.news


async def test_another_version_is_told_by_what_it_says_otherwise(store: SqlStore) -> None:
    await telling(store)
    told = await store.last_change()
    text = TALKS.text.replace("number 40", "number 60")
    newer = replace(TALKS, text=text)
    await newer.save(store, newer.counted("Dockers in Port Ardal number 60", "60", "dockers", 60))
    made = await today(store, after=told)
    (item,) = section(made, "changes").items
    assert item.tag == "updated"
    assert item.revision is not None
    assert item.revision.before == "Dockers in Port Ardal number 40."
    assert item.revision.after == "Dockers in Port Ardal number 60."


async def test_editors_words_are_told_once_and_a_retracted_fact_is_gone(store: SqlStore) -> None:
    await telling(store)
    told = await store.last_change()
    (figure,) = await store.facts(FactQuery(kinds=("figure",)))
    await store.retract(figure.fact.id, by="Ada", why="misread", at=NOW)
    made = await today(store, after=told)
    (item,) = section(made, "changes").items
    assert (item.tag, item.found) == ("retracted", ())
    read = await Desk(store=store, now=NOW).read("/digest 2020-02-15")
    assert "number 40" not in read.replace("Ferry talks stall", "")


async def test_changes_beyond_counting_are_said_to_have_been_skipped(store: SqlStore) -> None:
    await telling(store)
    made = await compose(store, Wanted(), after=0, upto=5000, today=SATURDAY)
    assert (made.skipped, made.articles) == (3000, 0)
    assert "3,000 earlier changes" in RENDERER.render(reply_of(made), "plain")[0].text


async def test_what_an_order_finds_is_a_reply_that_says_whether_there_is_news(store: SqlStore) -> None:
    await telling(store)
    last = await store.last_change()
    days = {"today": SATURDAY, "since": FRIDAY}
    reply, news = await digest_reply(store, Wanted(), after=0, upto=last, troubled=[], **days)
    assert news
    assert "1 article by 1 outlet in 1 story since Fri 14 Feb 2020." in RENDERER.render(reply, "plain")[0].text
    reply, news = await digest_reply(store, Wanted(), after=last, upto=last, **days)
    assert not news
    assert "Nothing new since Fri 14 Feb 2020." in RENDERER.render(reply, "plain")[0].text


async def test_an_import_of_old_articles_is_counted_and_not_told(store: SqlStore) -> None:
    old = replace(TALKS, day=date(2015, 3, 1), url="https://harbour.example/old")
    await old.save(store, old.counted("Dockers in Port Ardal number 40", "40", "dockers", 40))
    made = await today(store)
    assert (made.articles, made.older, made.sections) == (0, 1, ())


@pytest.mark.parametrize(
    ("wanted", "articles"),
    [
        (Wanted(words=("ferry", "football")), 1),
        (Wanted(words=("football",)), 0),
        (Wanted(must=("ferry", "football")), 0),
        (Wanted(without=("ferry",)), 0),
        (Wanted(without=("football",)), 1),
        (Wanted(without=("ferry union",)), 1),
        (Wanted(words=("the union signs",)), 1),
        (Wanted(words=("signs the union",)), 0),
        (Wanted(words=("Wire",)), 0),
        (Wanted(sources=("Harbour",)), 1),
        (Wanted(sources=("BBC",)), 0),
        (Wanted(people=(1,)), 1),
        (Wanted(people=(99,)), 0),
    ],
)
async def test_only_what_is_wanted_is_told(store: SqlStore, wanted: Wanted, articles: int) -> None:
    await telling(store)
    made = await today(store, wanted=wanted)
    assert made.articles == articles
    assert bool(made.items) == bool(articles)


async def test_what_many_carry_counts_as_one_with_its_outlets(store: SqlStore) -> None:
    await telling(store)
    text = TALKS.text.replace("stall", "falter")
    await telling(store, replace(TALKS, text=text, publisher="Volga Post", url="https://volga.example/talks"))
    made = await today(store)
    ahead = section(made, "ahead").items
    assert [(item.outlets, len(item.found)) for item in ahead] == [(2, 2)]


async def test_why_tells_the_reasons_of_a_line_of_the_last_digest_here(store: SqlStore) -> None:
    await telling(store)
    desk = Desk(store=store, now=NOW)
    assert "No digest was shown here yet" in await desk.read("/why 1")
    await desk.read("/digest")
    read = await desk.read("/why 1")
    assert "as one of the best in “Top stories”" in read
    assert "+3.0 1 origin wrote it" in read
    assert "1 outlet carries it" in read
    assert commands_of(await desk.ask("/why 1")) == ["/facts 1"]
    assert "The last digest here has lines 1 to" in await desk.read("/why 99")
    assert "The last digest here has lines 1 to" in await desk.read("/why")


async def test_a_longer_digest_is_one_press_away_where_there_is_more(store: SqlStore) -> None:
    for number in range(5):
        other = replace(TALKS, url=f"https://harbour.example/{number}", title=f"Talks {number}")
        text = other.text.replace("Port Ardal", f"Port Ardal {number}")
        await replace(other, text=text).save(store)
    desk = Desk(store=store, now=NOW)
    short = await desk.ask("/digest 2020-02-15")
    assert commands_of(short)[0] == "/digest 2020-02-15 full"
    assert "and 2 more stories: /latest" in await desk.read("/digest 2020-02-15")
    assert "more stories" not in await desk.read("/digest 2020-02-15 full")


async def test_nothing_new_is_said_in_one_line_with_where_there_is_something(store: SqlStore) -> None:
    await telling(store)
    desk = Desk(store=store, now=NOW + timedelta(days=100))
    read = await desk.read("/digest")
    assert "Nothing was published from 24 May 2020 to 25 May 2020." in read
    assert "The newest article in the archive is of Sat 15 Feb 2020: /digest 2020-02-15" in read


@pytest.mark.parametrize(
    ("typed", "articles"),
    [
        ("/digest 14 to 15 February", 1),
        ("/digest yesterday", 0),
        ("/digest today", 1),
        ("/digest 2020-02-15 ferry", 1),
        ("/digest 2020-02-15 football", 0),
        ("/digest ferry -union", 0),
    ],
)
async def test_days_and_topics_are_read_as_people_type_them(store: SqlStore, typed: str, articles: int) -> None:
    await telling(store)
    assert (await Desk(store=store, now=NOW).ask(typed)).data["articles"] == articles


async def test_more_than_a_month_is_no_digest(store: SqlStore) -> None:
    reply = await Desk(store=store, now=NOW).ask("/digest since 2019-01-01")
    assert reply.template == "usage"


async def test_sources_in_trouble_stand_at_the_foot_of_todays_digest(store: SqlStore) -> None:
    feed = NewsSource(kind="feed", url="https://harbour.example/feed", title="Harbour feed")
    await store.add_source(feed, at=NOW - timedelta(days=9))
    await telling(store)
    desk = Desk(store=store, now=NOW)
    past = (await desk.ask("/digest 2020-02-14")).data["troubles"]
    assert past == []
    assert "troubles" in (await desk.ask("/digest")).data
