"""Which messages are edited and how, which are answered, and how far a reader of the changes has come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes.records import deadline, found

from bot.books import codec
from bot.books.corrections import Shown
from bot.circulation import corrections
from bot.circulation.corrections import SETTLED, Righting, settled
from bot.commands.lines import due_line
from bot.commands.put_right import Record, Standing
from bot.model import Address, Outgoing, Reply
from bot.outbox.editing import answering, changed, editable, messages_of
from bot.render.message import Message
from digests.history import Change

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)
DUE = deadline(3, "leave", due=NOW.date())
TELEGRAM = Address(platform="telegram", chat="telegram:7")
SLACK = Address(platform="slack", chat="slack:C1")


def words(*texts: str) -> list[Message]:
    return [Message(text=text, plain=text) for text in texts]


def draw(reply: Reply, address: Address) -> Sequence[Message]:
    return words(*reply.data["texts"])


def says(*texts: str) -> str:
    return codec.reply_text(Reply(template="t", data={"texts": texts}))


def row(address: Address = TELEGRAM, *, before: str, after: str, places: tuple[str, ...] = ("m1", "m2")) -> Outgoing:
    data = {"texts": ["what changed"], codec.EDIT_BEFORE: before, codec.EDIT_AFTER: after}
    return Outgoing(
        id=9, address=address, reply=Reply(template="t", data=data), state="pending", edits=4, places=places
    )


@pytest.mark.parametrize(
    ("before", "after", "delivered", "expected"),
    [
        (["a"], ["b"], 1, [0]),
        (["a", "b", "c"], ["a", "x", "c"], 3, [1]),
        (["a", "b"], ["x", "y"], 2, [0, 1]),
        (["a", "b"], ["x", "y"], 1, [0]),
        (["a"], ["a"], 1, []),
        (["a"], ["a", "b"], 1, None),
        (["a", "b"], ["a"], 2, None),
        (["a"], ["b"], 2, None),
        (["a"], ["b"], 0, []),
    ],
)
def test_only_delivered_parts_that_read_otherwise_are_edited(
    before: list[str], after: list[str], delivered: int, expected: list[int] | None
) -> None:
    found = changed(words(*before), words(*after), delivered=delivered)
    assert (None if found is None else [part for part, _ in found]) == expected


def test_an_edit_says_which_part_it_takes_the_place_of_and_what_may_stand_in_for_it() -> None:
    (message,) = messages_of(row(before=says("a", "b"), after=says("a", "x")), draw)
    assert (message.text, message.part, message.instead) == ("x", 1, tuple(words("what changed")))


def test_what_is_no_edit_is_drawn_as_it_is() -> None:
    plain = replace(row(before="", after=""), edits=None)
    assert messages_of(plain, draw) == words("what changed")
    assert answering(plain) == TELEGRAM


def test_what_nobody_received_is_not_corrected() -> None:
    assert messages_of(row(before=says("a"), after=says("b"), places=()), draw) == []


@pytest.mark.parametrize(
    ("address", "places", "can"),
    [
        (TELEGRAM, ("m1",), True),
        (SLACK, ("1.2",), True),
        (replace(SLACK, chat="slack:D1", user="slack:U1"), ("1.2",), True),
        (replace(SLACK, chat="slack:D1", user="slack:U1"), ("response",), False),
        (replace(SLACK, user="slack:U1"), ("1.2",), False),
        (Address(platform="console", chat="console"), ("1",), False),
    ],
)
def test_what_a_platform_lets_us_edit_is_edited_and_all_else_answered(
    address: Address, places: tuple[str, ...], can: bool
) -> None:
    asked = row(address, before=says("a"), after=says("b"), places=places)
    assert editable(asked) is can
    (message,) = messages_of(asked, draw)
    assert (message.text, message.part) == (("b", 0) if can else ("what changed", None))


def test_parts_that_are_no_longer_as_many_are_answered() -> None:
    asked = row(before=says("a"), after=says("b", "c"), places=("m1",))
    assert messages_of(asked, draw) == words("what changed")


def test_an_answer_stands_under_what_it_corrects() -> None:
    assert answering(row(before="", after="")).reply_to == "m1"
    assert answering(row(SLACK, before="", after="")).thread == "m1"
    assert answering(row(replace(SLACK, thread="9.9"), before="", after="")).thread == "9.9"
    alone = replace(SLACK, user="slack:U1")
    assert answering(row(alone, before="", after="")) == alone
    assert answering(row(before="", after="", places=())) == TELEGRAM


# what becomes of a message


def shown(*, begun: bool = True, address: Address = TELEGRAM, **data: Any) -> Shown:
    reply = Reply(template="deadlines", data={"lines": [due_line(found(DUE), today=NOW.date())], **data})
    return Shown(outgoing_id=4, address=address, reply=reply, text=codec.reply_text(reply), begun=begun, queued_at=NOW)


GONE = Record(facts={3: Standing(found=found(replace(DUE, status="retracted")))})


def test_a_message_that_says_what_stands_is_left_alone() -> None:
    assert Righting(Record(facts={3: Standing(found=found(DUE))})).of(shown()) is None
    assert Righting(Record()).of(shown()) is None


def test_what_was_delivered_is_put_right_with_a_notice_that_holds_both() -> None:
    asked = replace(TELEGRAM, reply_to="77", prompt="Who?", thread="5")
    made = Righting(GONE).of(shown(address=asked, language="de"))
    assert made is not None
    assert made.notice is not None
    assert made.notice.template == "correction"
    assert (made.notice.data["language"], made.notice.data["day"]) == ("de", "2020-02-16")
    assert made.notice.data[codec.EDIT_BEFORE] == shown(language="de").text
    assert codec.reply_of(made.notice.data[codec.EDIT_AFTER]) == made.after
    assert made.shown.address == replace(TELEGRAM, thread="5")


def test_what_nobody_has_begun_to_send_is_put_right_without_a_word() -> None:
    made = Righting(GONE).of(shown(begun=False))
    assert made is not None
    assert made.notice is None
    assert made.after.data["lines"] == []
    assert made.shown.address == TELEGRAM


def test_what_nobody_has_read_is_corrected_without_a_mark() -> None:
    moved = replace(DUE, summary="Troops will leave", origin="editor")
    made = Righting(Record(facts={3: Standing(found=found(moved))})).of(shown(begun=False))
    assert made is not None
    (line,) = made.after.data["lines"]
    assert (line["summary"], line["edited"], line.get("mark")) == ("Troops will leave", True, None)


def test_many_messages_that_say_the_same_are_put_right_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "MOST_KNOWN", 1)
    righting = Righting(GONE)
    first, other, again = (righting.of(shown(page=page)) for page in (1, 2, 1))
    assert first is not None
    assert other is not None
    assert again is not None
    assert (first.after, other.after.data["page"]) == (again.after, 2)


def test_who_may_not_be_told_any_more_is_not() -> None:
    made = Righting(GONE).of(shown(), told=False)
    assert made is not None
    assert made.notice is None
    assert made.after.data["lines"][0]["mark"]["kind"] == "retracted"


def test_an_app_home_is_put_right_without_a_word() -> None:
    made = Righting(GONE).of(shown(address=replace(SLACK, home=True, user="slack:U1")))
    assert made is not None
    assert made.notice is None


@pytest.mark.parametrize(("day", "distance"), [("2020-02-10", "in 6 days"), ("soon", "today"), (None, "today")])
def test_how_far_off_something_is_counts_from_the_day_of_the_message(day: str | None, distance: str) -> None:
    moved = replace(DUE, summary="Troops will leave")
    made = Righting(Record(facts={3: Standing(found=found(moved))})).of(shown(today=day))
    assert made is not None
    assert made.after.data["lines"][0]["distance"] == distance


# how far a reader has come


def change(number: int, kind: Any, *, age: timedelta) -> Change:
    return Change(id=number, kind=kind, at=NOW - age, article_id=1)


OLD, YOUNG = SETTLED + timedelta(seconds=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("changes", "upto"),
    [
        ([("new", YOUNG), ("new", YOUNG)], 2),
        ([("version", OLD), ("retract", OLD)], 2),
        ([("new", YOUNG), ("version", YOUNG), ("new", YOUNG)], 1),
        ([("correct", YOUNG), ("new", OLD)], 0),
        ([("correct", OLD), ("correct", YOUNG)], 1),
    ],
)
def test_young_changes_are_looked_at_again_and_new_articles_never(
    changes: list[tuple[Any, timedelta]], upto: int
) -> None:
    given = [change(number, kind, age=age) for number, (kind, age) in enumerate(changes, start=1)]
    assert settled(given, now=NOW) == upto
