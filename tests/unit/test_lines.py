"""Facts as lines: who, when, how far off."""

from datetime import date

import pytest
from fakes.records import SATURDAY, actor, deadline, found, role, source, statement

from bot.commands.deadlines import merged
from bot.commands.lines import due_line, line, pager
from bot.commands.who import seen_roles
from digests.edition.naming import day_of, distance, source_name, standing
from digests.model import SeenRole, Statement


@pytest.mark.parametrize(
    ("first", "last", "stands", "off"),
    [
        (date(2020, 2, 29), date(2020, 2, 29), "ahead", "in 14 days"),
        (date(2020, 2, 16), date(2020, 2, 16), "ahead", "tomorrow"),
        (SATURDAY, SATURDAY, "today", "today"),
        (date(2020, 2, 14), date(2020, 2, 16), "today", "under way"),
        (date(2020, 2, 14), SATURDAY, "today", "today"),
        (date(2020, 2, 14), date(2020, 2, 14), "passed", "yesterday"),
        (date(2015, 2, 14), date(2015, 2, 14), "passed", "1,827 days ago"),
    ],
)
def test_a_deadline_stands_relative_to_the_chats_day(first: date, last: date, stands: str, off: str) -> None:
    assert (standing(first, last, today=SATURDAY), distance(first, last, today=SATURDAY)) == (stands, off)


def test_a_line_has_speaker_words_day_source_and_evidence() -> None:
    shown = line(found(statement(7, "“We stay,” Oktay said.")))
    assert (shown["who"], shown["quote"], shown["day"], shown["source"], shown["press"]) == (
        "Fuat Oktay",
        "“We stay,” Oktay said.",
        "2020-02-15",
        "Levant Wire",
        "/evidence 7",
    )


@pytest.mark.parametrize(("who", "shown"), [("It", ""), ("they", ""), (None, ""), ("Oktay", "Oktay")])
def test_a_pronoun_is_nobodys_name(who: str | None, shown: str) -> None:
    assert line(found(statement(1, "x", who=who)))["who"] == shown


def test_a_place_says_whom_it_stands_for() -> None:
    kremlin = actor("Kremlin", stands_for="Russia")
    fact = statement(1, "x")
    said = Statement(
        evidence=fact.evidence,
        summary="x",
        speaker=kremlin,
        said_by=kremlin,
        cue=None,
        content=fact.content,
        style="direct",
    )
    assert line(found(said))["who"] == "Kremlin (Russia)"


def test_the_day_of_a_statement_is_the_day_it_was_made() -> None:
    fact = statement(1, "x")
    said = Statement(
        evidence=fact.evidence,
        summary="x",
        speaker=None,
        cue=None,
        content=fact.content,
        style="direct",
        said_on=date(2020, 2, 13),
    )
    assert day_of(found(said)) == date(2020, 2, 13)


@pytest.mark.parametrize(
    ("publisher", "byline", "url", "name"),
    [
        ("Wire", "A. B.", "https://x.example/", "Wire"),
        ("", "A. B.", "", "A. B."),
        ("", "", "https://x.example/1", "x.example"),
        ("", "", "", "article 4"),
    ],
)
def test_a_source_always_has_a_name(publisher: str, byline: str, url: str, name: str) -> None:
    assert source_name(source(4, publisher=publisher, byline=byline, url=url)) == name


def test_sources_that_give_the_same_deadline_stand_together() -> None:
    facts = [
        deadline(1, "withdraw", due=SATURDAY),
        deadline(2, "withdraw", due=SATURDAY),
        deadline(3, "stop", due=SATURDAY),
    ]
    lines = merged([due_line(found(each, publisher=f"P{each.id}"), today=SATURDAY) for each in facts])
    assert [(each["task"], [one["source"] for one in each["sources"]]) for each in lines] == [
        ("withdraw", ["P1", "P2"]),
        ("stop", ["P3"]),
    ]


@pytest.mark.parametrize(
    ("page", "more", "commands"),
    [
        (1, False, []),
        (1, True, ["/said A page 2"]),
        (2, True, ["/said A", "/said A page 3"]),
        (3, False, ["/said A page 2"]),
    ],
)
def test_pages_are_turned_with_commands(page: int, more: bool, commands: list[str]) -> None:
    assert [button.command for row in pager("/said A", page=page, more=more) for button in row] == commands


def test_an_office_is_told_once_with_the_days_it_was_seen() -> None:
    def seen(title: str, of: str | None, day: int, *, former: bool = False) -> SeenRole:
        return SeenRole(title=title, of=of, former=former, day=date(2020, 2, day), fact_id=day)

    roles = seen_roles(
        (
            seen("President", "Turkey", 3),
            seen("President", None, 14),
            seen("president", "Turkey", 12),
            seen("Mayor", "Istanbul", 13, former=True),
        ),
        held={12: found(role(12, "Recep Tayyip Erdogan", "President"))},
    )
    assert [role["source"] for role in roles] == ["Levant Wire", ""]
    assert [(role["text"], role["since"], role["day"]) for role in roles] == [
        ("president, Turkey", "2020-02-03", "2020-02-12"),
        ("former Mayor, Istanbul", "2020-02-13", "2020-02-13"),
    ]
