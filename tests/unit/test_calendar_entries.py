"""What a calendar shows of a fact from one look to the next: moved, cancelled, or as it was; and files that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from fakes.records import deadline, found, statement
from icalendar import Calendar

from bot.books.secrets import Entry, Held
from bot.web import atom
from bot.web.calendar import GONE, Dated, dated, drawn, settled
from digests.history import Edit
from digests.model import Found

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
OLDEST = date(2020, 1, 15)
HELD = Held(chat="telegram:1", kind="calendar", user="telegram:1", made_at=NOON)
DUE = Dated(fact_id=7, first=date(2020, 2, 29), last=date(2020, 2, 29), title="Due: leave", told="“leave”", url="")
MOVED = replace(DUE, first=date(2020, 3, 31), last=date(2020, 3, 31))


def look(
    shown: dict[int, Entry], *dues: Dated, stands: set[int] | None = None, at: datetime = LATER
) -> dict[int, Entry]:
    return settled(shown, dues, stands=stands or set(), at=at, oldest=OLDEST)


FIRST = look({}, DUE, at=NOON)


def test_what_is_shown_first_is_counted_from_zero() -> None:
    entry = FIRST[7]
    assert (entry.sequence, entry.changed_at, entry.cancelled) == (0, NOON, False)


def test_what_stays_the_same_stays_as_it_was() -> None:
    assert look(FIRST, DUE) == FIRST


def test_a_moved_deadline_counts_up() -> None:
    entry = look(FIRST, MOVED)[7]
    assert (entry.sequence, entry.first, entry.changed_at) == (1, date(2020, 3, 31), LATER)


def test_what_stands_no_longer_is_cancelled_once() -> None:
    gone = look(FIRST)
    assert (gone[7].cancelled, gone[7].sequence, gone[7].first) == (True, 1, DUE.first)
    assert look(gone, at=LATER + timedelta(hours=1)) == gone


def test_what_comes_back_counts_on() -> None:
    entry = look(look(FIRST), DUE)[7]
    assert (entry.cancelled, entry.sequence) == (False, 2)


def test_what_only_left_the_view_is_dropped_and_not_cancelled() -> None:
    assert look(FIRST, stands={7}) == {}


def test_what_passed_long_ago_is_dropped() -> None:
    old = {7: replace(FIRST[7], last=date(2020, 1, 14))}
    assert look(old) == {}


def test_what_several_sources_say_alike_is_one_entry_with_all_of_them() -> None:
    same = [
        found(deadline(number, "leave Idlib", due=date(2020, 2, 29)), publisher=f"Wire {number}")
        for number in (9, 3, 5, 4)
    ]
    other = found(deadline(2, "leave Idlib", due=date(2020, 3, 1)))
    first, second = dated([*same, other])
    assert (first.fact_id, second.fact_id) == (2, 3)
    assert all(f"Wire {number}" in second.told for number in (3, 4, 5))
    assert second.told.endswith("and 1 more")


def test_the_file_says_what_programs_need() -> None:
    body = drawn(HELD, [MOVED], look(FIRST, MOVED), host="news.example")
    text = body.decode()
    for line in (
        "UID:fact-7@news.example",
        "DTSTAMP:20200215T130000Z",
        "DTSTART;VALUE=DATE:20200331",
        "DTEND;VALUE=DATE:20200401",
        "SEQUENCE:1",
        "STATUS:CONFIRMED",
        "SUMMARY:Due: leave",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ):
        assert f"{line}\r\n" in text
    assert body == drawn(HELD, [MOVED], look(FIRST, MOVED), host="news.example")


def test_what_is_cancelled_says_nothing_of_what_it_was() -> None:
    text = drawn(HELD, [], look(FIRST), host="news.example").decode()
    assert "STATUS:CANCELLED\r\n" in text
    assert f"SUMMARY:{GONE}\r\n" in text
    assert "leave" not in text


def test_the_last_day_there_is_has_no_day_after() -> None:
    due = replace(DUE, first=date.max, last=date.max)
    assert "DTEND" not in drawn(HELD, [due], look({}, due), host="news.example").decode()


EVIL = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\n\x00\u2028;,:\\n\u202e" + "🇹🇷" * 40


@pytest.mark.parametrize("text", [EVIL, "a" * 300, "END:VCALENDAR"])
def test_no_text_can_break_out_of_its_line(text: str) -> None:
    (due,) = dated([found(deadline(7, text, due=date(2020, 2, 29)), title=text, publisher=text)])
    held = replace(HELD, about=text)
    body = drawn(held, [due], look({}, due), host="news.example")
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["UID"]) == "fact-7@news.example"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert body.count(b"\r\nBEGIN:VEVENT") == 1
    assert b"\x00" not in body


def test_what_a_model_read_is_told_apart() -> None:
    fact = replace(deadline(7, "leave", due=date(2020, 2, 29)), origin="model")
    (due,) = dated([found(fact)])
    assert "read by a language model" in due.told
    assert "Read by a language model" in text_of(feed(found(fact)), "a:entry/a:content")
    assert "language model" not in text_of(feed(found(statement(5, "no"))), "a:entry/a:content")


# The feed

ATOM = {"a": atom.NAMESPACE}


def feed(
    *facts: Found, edits: dict[int, list[Edit]] | None = None, gone: tuple[tuple[int, datetime], ...] = ()
) -> ElementTree.Element:
    held = replace(HELD, kind="feed")
    body = atom.drawn(held, facts, edits or {}, gone, host="news.example", address="https://news.example/f/s.atom")
    return ElementTree.fromstring(body)


def text_of(root: ElementTree.Element, path: str) -> str:
    return str(root.findtext(path, namespaces=ATOM))


def test_a_feed_has_all_that_a_feed_must_have() -> None:
    root = feed(found(statement(5, "We will not leave"), url="https://wire.example/a?b=1&c=2"))
    assert text_of(root, "a:id").startswith("tag:news.example,2020:feed/")
    assert text_of(root, "a:updated") == "2020-02-15T00:00:00Z"
    assert text_of(root, "a:author/a:name") == "Onrecord"
    assert text_of(root, "a:entry/a:id") == "tag:news.example,2020:fact/5"
    link = root.find("a:entry/a:link", ATOM)
    assert link is not None
    assert (link.get("rel"), link.get("href")) == ("alternate", "https://wire.example/a?b=1&c=2")
    assert "We will not leave" in text_of(root, "a:entry/a:content")


def test_a_corrected_fact_keeps_its_id_and_is_updated() -> None:
    fact = statement(5, "We will not leave")
    edit = Edit(id=1, fact_id=5, kind="correct", at=LATER, by="telegram:1", why="w", before=fact, after=fact)
    root = feed(found(fact), edits={5: [edit]})
    assert text_of(root, "a:entry/a:id") == "tag:news.example,2020:fact/5"
    assert text_of(root, "a:entry/a:updated") == text_of(root, "a:updated") == "2020-02-15T13:00:00Z"
    assert "telegram:1" not in ElementTree.tostring(root, encoding="unicode")


def test_what_stands_no_more_leaves_a_tombstone_that_says_nothing_of_it() -> None:
    root = feed(found(statement(5, "We will not leave")), gone=((3, LATER),))
    (stone,) = root.iter(f"{{{atom.TOMBSTONES}}}deleted-entry")
    assert stone.attrib == {"ref": "tag:news.example,2020:fact/3", "when": "2020-02-15T13:00:00Z"}
    assert (stone.text, len(stone)) == (None, 0)
    assert text_of(root, "a:updated") == "2020-02-15T13:00:00Z"


def test_an_empty_feed_is_one_all_the_same() -> None:
    assert text_of(feed(), "a:updated") == "2020-02-15T12:00:00Z"


@pytest.mark.parametrize("text", ["]]><x>&amp;\x00\x0b\ufffe", EVIL, "<script>alert(1)</script>"])
def test_no_text_can_break_the_feed(text: str) -> None:
    root = feed(found(statement(5, text, who=text), title=text, publisher=text, url="javascript:alert(1)"))
    assert len(root.findall("a:entry", ATOM)) == 1
    assert root.find("a:entry/a:link", ATOM) is None
