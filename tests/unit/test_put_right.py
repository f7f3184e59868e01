"""A reply that was sent, as it reads now: which lines change, what they tell, and that it is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fakes.records import actor, article, deadline, figure, found, happening, role, span, statement

from bot.books.shown import article_of, fact_of, mappings_in
from bot.commands.deadlines import merged
from bot.commands.lines import Line, due_line, line
from bot.commands.numbers import figure_line
from bot.commands.put_right import RESTORED, Record, Standing, as_unread, put_right
from bot.commands.who import seen_roles
from digests.edition.seen import altered, print_of
from digests.history import Edit
from digests.model import Commitment, Event, Fact, SeenRole

TODAY = date(2020, 2, 15)
AT = datetime(2020, 2, 16, 9, tzinfo=UTC)
DUE = deadline(3, "leave", due=date(2020, 2, 29))
LATER = replace(DUE, due_from=date(2020, 3, 31), due_to=date(2020, 3, 31), origin="editor")


def edit(before: Fact, after: Fact | None, *, why: str = "moved") -> Edit:
    kind: Any = "correct" if after else "retract"
    return Edit(id=1, fact_id=before.id, kind=kind, at=AT, by="telegram:9", why=why, before=before, after=after)


def record(fact: Fact, *edits: Edit, says: str = "") -> Record:
    return Record(facts={fact.id: Standing(found=found(fact), edits=edits, says=says)})


def righted(data: dict[str, Any], now: Record) -> tuple[dict[str, Any], list[Line]]:
    return put_right(data, now, today=TODAY)


def test_a_reply_that_shows_what_stands_is_left_as_it_is() -> None:
    data = {"lines": [due_line(found(DUE), today=TODAY)], "page": 1}
    for now in (record(DUE), record(statement(9, "something else")), Record()):
        assert righted(data, now) == (data, [])


def test_a_corrected_line_reads_as_it_stands_with_what_it_was() -> None:
    data = {"lines": [due_line(found(DUE), today=TODAY)]}
    made, told = righted(data, record(LATER, edit(DUE, LATER)))
    (shown,) = made["lines"]
    assert (shown["due_to"], shown["distance"], shown["edited"]) == ("2020-03-31", "in 45 days", True)
    assert shown["mark"] == {
        "kind": "corrected",
        "changes": [{"what": "due", "before": ["2020-02-29"], "after": ["2020-03-31"]}],
        "after": "",
        "why": "moved",
    }
    assert [(each["id"], each["before"]) for each in told] == [(3, DUE.summary)]
    assert told[0]["mark"] == shown["mark"]


def test_what_was_put_right_once_is_not_put_right_again() -> None:
    now = record(LATER, edit(DUE, LATER))
    made, _ = righted({"lines": [due_line(found(DUE), today=TODAY)]}, now)
    assert righted(made, now) == (made, [])


def test_a_second_correction_tells_what_was_read_first_and_a_revoked_one_nothing() -> None:
    day = date(2020, 4, 30)
    last = replace(LATER, due_from=day, due_to=day)
    first, _ = righted({"lines": [due_line(found(DUE), today=TODAY)]}, record(LATER, edit(DUE, LATER)))
    second, _ = righted(first, record(last, edit(DUE, LATER), edit(LATER, last)))
    assert second["lines"][0]["mark"]["changes"] == [{"what": "due", "before": ["2020-02-29"], "after": ["2020-04-30"]}]
    back = replace(DUE, origin="editor")
    third, told = righted(second, record(back, edit(DUE, LATER), edit(LATER, last), edit(last, back)))
    assert third["lines"][0]["mark"] is None
    assert [each["mark"] for each in told] == [RESTORED]


def test_a_retracted_line_keeps_its_words_under_its_mark() -> None:
    gone = replace(DUE, status="retracted")
    made, told = righted({"lines": [due_line(found(DUE), today=TODAY)]}, record(gone, edit(DUE, None, why="wrong")))
    (shown,) = made["lines"]
    assert (shown["summary"], shown["status"]) == (DUE.summary, "retracted")
    assert shown["mark"] == {"kind": "retracted", "changes": [], "after": "", "why": "wrong"}
    assert told[0]["before"] == DUE.summary


def test_what_a_new_version_says_no_more_tells_what_it_says_instead() -> None:
    gone = replace(DUE, status="corrected")
    made, _ = righted({"lines": [due_line(found(DUE), today=TODAY)]}, record(gone, says="They may leave."))
    assert made["lines"][0]["mark"] == {"kind": "gone", "changes": [], "after": "They may leave.", "why": ""}


def test_what_a_new_version_reads_otherwise_is_told_by_what_the_line_showed() -> None:
    now = replace(
        DUE, due_from=date(2020, 3, 1), due_to=date(2020, 3, 2), summary="Troops should go", said_by=actor("Moscow")
    )
    made, _ = righted({"lines": [due_line(found(DUE), today=TODAY)]}, record(now))
    assert made["lines"][0]["mark"]["changes"] == [
        {"what": "due", "before": ["2020-02-29"], "after": ["2020-03-01", "2020-03-02"]},
        {"what": "summary", "before": "Troops must leave", "after": "Troops should go"},
        {"what": "speaker", "before": "Ankara", "after": "Moscow"},
    ]


def test_a_change_that_the_line_does_not_show_is_no_correction() -> None:
    now = replace(DUE, condition=span("if asked"))
    made, told = righted({"lines": [line(found(DUE))]}, record(now))
    assert (made["lines"][0]["mark"], told) == (None, [])


def test_a_deadline_of_one_source_moves_its_head_and_of_several_only_its_source() -> None:
    other = replace(DUE, id=4)
    alone = {"dues": merged([due_line(found(DUE), today=TODAY)])}
    made, _ = righted(alone, record(LATER, edit(DUE, LATER)))
    assert (made["dues"][0]["due_to"], made["dues"][0]["task"]) == ("2020-03-31", "leave")
    both = {"dues": merged([due_line(found(each), today=TODAY) for each in (DUE, other)])}
    made, _ = righted(both, record(LATER, edit(DUE, LATER)))
    assert made["dues"][0]["due_to"] == "2020-02-29"
    assert [each.get("mark") is not None for each in made["dues"][0]["sources"]] == [True, False]
    made, _ = righted(alone, record(replace(DUE, status="retracted"), edit(DUE, None)))
    assert made["dues"][0]["due_to"] == "2020-02-29"


def test_figures_offices_and_timelines_are_put_right_too() -> None:
    before = figure(5, "12", "pickets", value=12.0)
    after = replace(before, number=span("15"), value=15.0)
    made, _ = righted({"groups": [{"lines": [figure_line(found(before))]}]}, record(after, edit(before, after)))
    shown = made["groups"][0]["lines"][0]
    assert (shown["measure"], [each["what"] for each in shown["mark"]["changes"]]) == (
        "15 pickets",
        ["number", "value"],
    )

    held = role(6, "Ilse Brandão", "Mayor")
    office = SeenRole(title="Mayor", of=None, former=False, day=TODAY, fact_id=6)
    roles = {"roles": seen_roles((office,), held={6: found(held)})}
    now = replace(held, title="Governor", of="Vesland")
    made, told = righted(roles, record(now, edit(held, now)))
    assert (made["roles"][0]["text"], made["roles"][0]["day"]) == ("Governor, Vesland", "2020-02-15")
    assert told[0]["before"] == "Mayor"

    passed = happening(7, "Shells fell", when="2020-02-14")
    shown = {**line(found(passed)), "from": "2020-02-14", "to": "2020-02-14", "told": "2020-02-15"}
    moved = replace(passed, when="2020-02-13")
    made, _ = righted({"lines": [shown]}, record(moved, edit(passed, moved)))
    assert (made["lines"][0]["from"], made["lines"][0]["to"]) == ("2020-02-13", "2020-02-13")


def test_evidence_that_was_shown_gets_its_history() -> None:
    data = {**due_line(found(DUE), today=TODAY), "passages": [], "edits": []}
    made, _ = righted(data, record(LATER, edit(DUE, LATER)))
    assert [each["why"] for each in made["edits"]] == ["moved"]


def test_an_articles_own_sentences_are_marked_where_its_newest_version_puts_them_otherwise() -> None:
    top = {"article": 1, "source": "Levant Wire", "url": "", "day": "2020-02-15", "press": "/facts 1"}
    held = {**top, "quotes": ["Two boats sank\noff the coast.", "It rained all day."]}
    same = Record(articles={1: article("Two boats sank off the coast. It rained all day.")})
    assert righted({"items": [held]}, same) == ({"items": [held]}, [])
    other = Record(articles={1: article("Three boats sank off the coast. It rained all day.")})
    made, told = righted({"items": [held]}, other)
    assert made["items"][0]["mark"]["after"] == "Three boats sank off the coast."
    assert [each["before"] for each in told] == ["Two boats sank\noff the coast."]
    assert righted(made, other) == (made, [])
    back, told = righted(made, same)
    assert back["items"][0]["mark"] is None
    assert told[0]["mark"] == RESTORED
    gone = Record(articles={1: article("Nothing of it is left here now.")})
    assert righted({"f": {**top, "quote": "It rained all day."}}, gone)[0]["f"]["mark"]["after"] == ""


def test_a_sentence_that_says_what_was_retracted_is_quoted_no_more() -> None:
    top = {"article": 1, "source": "Levant Wire", "url": "", "day": "2020-02-15", "press": "/facts 1"}
    said = "“We leave”, he said."
    held = {**top, "quotes": ["It rained all day.", said]}
    taken = replace(DUE, evidence=(replace(DUE.evidence[0], quote="“We leave”, he"),))
    now = Record(articles={1: article(f"It rained all day. {said}")}, retracted={1: [edit(taken, None, why="wrong")]})
    made, told = righted({"items": [held]}, now)
    (shown,) = made["items"]
    assert shown["quotes"] == ["It rained all day."]
    assert shown["mark"]["changes"] == [{"what": "quote", "before": said, "after": ""}]
    assert [(each["before"], each["mark"]["why"]) for each in told] == [(said, "wrong")]
    assert righted(made, now) == (made, [])
    assert as_unread(made)["items"] == [{**top, "quotes": ["It rained all day."]}]
    alone, told = righted({"items": [{**top, "quote": said}]}, now)
    assert alone["items"][0]["mark"]["kind"] == "retracted"
    assert righted(alone, now) == (alone, [])
    assert as_unread(alone)["items"] == []
    short = replace(DUE, evidence=(replace(DUE.evidence[0], quote="he"),))
    misread = Record(articles=now.articles, retracted={1: [edit(short, None)]})
    assert righted({"items": [held]}, misread) == ({"items": [held]}, [])


def test_lines_are_known_by_their_press_and_sentences_by_their_article() -> None:
    data = {"lines": ({"press": "/evidence 3"}, {"press": "/evidence x"}, {"press": 7}), "more": [{"article": 1}]}
    assert [fact_of(each) for each in mappings_in(data)] == [None, 3, None, None, None]
    assert article_of({"article": 4, "quotes": ["x"], "press": "/story 9"}) == 4
    assert article_of({"article": 4, "quotes": [], "press": "/story 9"}) is None
    assert article_of({"article": 4, "quote": "x", "press": "/evidence 9"}) is None


# what is seen of a fact


def commitment(action: str = "send help") -> Commitment:
    base = statement(1, f"Ankara will {action}.")
    return Commitment(
        evidence=base.evidence, summary="help", id=1, type="promise", actor=actor("Ankara"), action=span(action)
    )


@pytest.mark.parametrize(
    ("before", "changes", "names"),
    [
        (DUE, {"boundary": "before", "action": span("go"), "actor": None}, ["boundary", "actor", "action"]),
        (statement(1, "so be it"), {"said_on": TODAY, "via": "a letter"}, ["said_on", "via"]),
        (statement(1, "so be it"), {"speaker": None, "said_by": None}, ["speaker"]),
        (role(1, "Ada Rossi", "Mayor"), {"of": "Turin", "former": True}, ["of", "former"]),
        (
            commitment(),
            {"type": "threat", "target": actor("Athens"), "condition": span("if")},
            ["type", "target", "condition"],
        ),
        (figure(1, "12", "men", value=12.0), {"value": None, "low": 10.0, "high": 14.0}, ["value"]),
        (figure(1, "12", "men", value=12.0), {"value": None, "low": 10.0}, ["value"]),
        (happening(1, "it fell"), {"agent": actor("Rain"), "negated": True}, ["agent", "negated"]),
        (happening(1, "it fell"), {"summary": "it rose", "confidence": 0.2}, ["summary"]),
    ],
)
def test_what_reads_otherwise_is_named_as_editors_name_it(before: Fact, changes: Any, names: list[str]) -> None:
    after = replace(before, **changes)
    assert [each.what for each in altered(before, after)] == names
    assert print_of(before) != print_of(after)


def test_what_nobody_sees_leaves_the_print_as_it_is() -> None:
    event = Event(
        evidence=DUE.evidence, summary="x", due_from=TODAY, due_to=TODAY, boundary="on", time=span("then"), id=2
    )
    assert print_of(event) == print_of(replace(event, id=9, confidence=0.1, origin="editor"))
    assert print_of(event) != print_of(replace(event, status="retracted"))
    assert altered(event, replace(event, origin="editor")) == []
