"""/brief: an article or a story on one screen, by link, number or words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fakes.desk import commands_of
from fakes.newsroom import EDITOR, Newsroom, due, evidence, newsroom, report, says, there

from bot.model import Role as MemberRole
from digests.edition.brief import in_turn, role_by, told_figures
from digests.model import Article, Figure, Found, Person, Role, SeenRole, Source

LINK = "https://wire.example/harbour"
OPENS = "Orsola Brandt, mayor of Tessen, said on Friday that the harbour would open by the end of the month."
COUNTS = "Orsola Brandt said that 212 sailors were waiting."
SHUT = "Veli Kaya denied that the harbour was ready."
DUE = "Orsola Brandt must open the harbour by 29 February."
PLAIN = "It rained in Tessen on Friday while several boats lay at the quay."
STORE_EDITOR = replace(EDITOR, role="editor")


def number(article: Article, words: str, value: float | None, unit: str = "sailors") -> Figure:
    return Figure(
        evidence=evidence(article, COUNTS),
        summary=COUNTS,
        number=there(article, words),
        value=value,
        qualifier="exact",
        unit=unit,
    )


def mayor(article: Article) -> Role:
    words = "Orsola Brandt, mayor of Tessen"
    return Role(
        evidence=evidence(article, words),
        summary=words,
        name="Orsola Brandt",
        title="mayor",
        of="Tessen",
        mention=there(article, words),
        entity=1,
    )


def harbour() -> tuple[Article, tuple[object, ...]]:
    made = report(OPENS, COUNTS, SHUT, DUE, title="The harbour of Tessen", url=LINK)
    facts = (
        says(made, OPENS, "Orsola Brandt", 1),
        says(made, COUNTS, "Orsola Brandt", 1),
        says(made, SHUT, "Veli Kaya", 2),
        mayor(made),
        number(made, "212", 212.0),
        due(made, DUE, date(2020, 2, 29), "Orsola Brandt", 1),
    )
    return made, facts


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as made:
        await made.arrive(*harbour())
        yield made


@pytest.mark.parametrize("typed", [LINK, "1", "#1", "article 1", "story 1", "Tessen", "the harbour of Tessen"])
async def test_everything_stands_on_one_screen(desk: Newsroom, typed: str) -> None:
    shown = await desk.read(f"/brief {typed}")
    assert "The harbour of Tessen" in shown
    assert OPENS in shown
    assert "Orsola Brandt, mayor, Tessen · /evidence 4" in shown
    assert "Veli Kaya · /said #2" in shown
    assert "212 sailors · /evidence 5" in shown
    assert "Sat 29 Feb 2020, in 14 days: Orsola Brandt" in shown
    assert len(shown) < 1600


async def test_its_buttons_lead_on(desk: Newsroom) -> None:
    of_article, of_story = await desk.ask("/brief 1"), await desk.ask("/brief story 1")
    assert commands_of(of_article) == ["/facts 1", "/remind 6 1 day"]
    assert commands_of(of_story) == ["/timeline story 1", "/sides story 1", "/follow story 1", "/remind 6 1 day"]


async def test_a_conversation_goes_on_from_it(desk: Newsroom) -> None:
    await desk.ask("/brief 1")
    assert SHUT in await desk.read("/ask what did Kaya say?")


@pytest.mark.parametrize(
    ("role", "template", "says_so"),
    [("reader", "no_such_link", "An editor can add it"), ("editor", "brief", "Added to the archive just now")],
)
async def test_a_link_that_is_not_known_is_added_by_editors(
    desk: Newsroom, role: MemberRole, template: str, says_so: str
) -> None:
    for title in ("One", "Two"):  # what is added here gets the number 3
        await desk.arrive(report(PLAIN, title=title, url=f"https://wire.example/{title}"))
    asking = replace(EDITOR, role=role)
    reply = await desk.ask("/brief https://wire.example/2020/other", asking)
    assert reply.template == template
    assert says_so in await desk.read("/brief https://wire.example/2020/other", asking)


async def test_what_cannot_be_added_says_why(desk: Newsroom) -> None:
    assert "no" in (await desk.read("/brief https://closed.example/2020", STORE_EDITOR))
    undated = await desk.ask("/brief https://wire.example/undated", STORE_EDITOR)
    assert undated.template == "add_refused"


async def test_an_article_without_facts_still_shows_its_sentences(desk: Newsroom) -> None:
    number_of = await desk.arrive(report(PLAIN, title="Rain", url="https://wire.example/rain"))
    shown = await desk.read(f"/brief {number_of}")
    assert PLAIN in shown
    assert "No people, numbers or deadlines were read from it." in shown


@pytest.mark.parametrize(
    ("typed", "template"),
    [("", "usage"), ("???", "usage"), ("story 99", "no_such_story"), ("99", "no_facts"), ("zeppelins", "nothing")],
)
async def test_what_is_not_there_is_said(desk: Newsroom, typed: str, template: str) -> None:
    assert (await desk.ask(f"/brief {typed}".strip())).template == template


def found(fact: object, number_of: int = 1) -> Found:
    day = date(2020, 2, 15)
    source = Source(article_id=number_of, title="T", publisher="P", byline="", url="", published_day=day)
    return Found(fact=fact, source=source)


def test_figures_in_digits_come_before_those_in_words_and_the_most_told_first() -> None:
    made = report("Orsola Brandt said that two ships and 30 carts and 212 sailors and 213 sailors came.")

    def of(words: str, unit: str) -> Found:
        return found(replace(number(*_counted(made), 1.0), number=there(made, words), unit=unit))

    told = told_figures([of("two", "ships"), of("30", "carts"), of("213", "sailors"), of("212", "sailors")])
    assert [each.fact.number.text for each in told] == ["213", "30", "two"]


def _counted(article: Article) -> tuple[Article, str]:
    return report(COUNTS), "212"


def test_what_lies_ahead_comes_before_what_passed() -> None:
    made = report("A boat sails on one day.", "A cart leaves on another day.", "A tram stops on a third day.")
    days = {"A boat sails on one day.": 10, "A cart leaves on another day.": 20, "A tram stops on a third day.": 17}
    dues = [found(due(made, words, date(2020, 2, day)), at) for at, (words, day) in enumerate(days.items())]
    ordered = in_turn(dues, {}, today=date(2020, 2, 15))
    assert [each.fact.due_to.day for each in ordered] == [17, 20, 10]


def test_an_office_seen_later_is_not_told_of_an_earlier_day() -> None:
    def seen(title: str, day: int, *, former: bool = False) -> SeenRole:
        return SeenRole(title=title, of="Tessen", former=former, day=date(2020, 2, day), fact_id=day)

    person = Person(id=1, name="Orsola Brandt", roles=(seen("mayor", 10), seen("minister", 20)))
    role = role_by(person, day=date(2020, 2, 15))
    assert role is not None
    assert role.title == "mayor"
    assert role_by(Person(id=2, name="Veli Kaya"), day=date(2020, 2, 15)) is None
