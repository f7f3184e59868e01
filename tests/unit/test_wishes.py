"""What people type to follow and to mute, as it is understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.commands.mute import read
from bot.commands.wishes import FOREVER, mute_until, read_wish, span_hours, span_text
from digests.edition.model import Wanted

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)


def all_of(*words: str) -> Wanted:
    return Wanted(must=words)


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("Oktay", {"kind": "named", "who": "Oktay", "wanted": all_of("Oktay")}),
        ("Oktay urgent", {"kind": "named", "who": "Oktay", "wanted": all_of("Oktay"), "urgent": True}),
        ("Oktay, urgently!", {"kind": "named", "who": "Oktay", "wanted": all_of("Oktay"), "urgent": True}),
        ("urgent appeal", {"kind": "named", "who": "urgent appeal", "wanted": all_of("urgent", "appeal")}),
        ("#12 urgent", {"kind": "named", "who": "#12", "wanted": all_of("#12"), "urgent": True}),
        ("May", {"kind": "named", "who": "May", "wanted": all_of("May")}),
        ("story 12", {"kind": "story", "story": 12}),
        ("Story #12 urgent", {"kind": "story", "story": 12, "urgent": True}),
        ("toy story", {"kind": "named", "who": "toy story", "wanted": all_of("toy", "story")}),
        ("deadlines", {"kind": "deadlines"}),
        ("all deadlines remind", {"kind": "deadlines", "remind_hours": 24}),
        ("deadlines Turkey remind 2 days", {"kind": "deadlines", "wanted": all_of("Turkey"), "remind_hours": 48}),
        (
            "deadlines about Turkey, remind me 3 hours before",
            {"kind": "deadlines", "wanted": all_of("Turkey"), "remind_hours": 3},
        ),
        (
            "deadline of the union urgent remind a week",
            {"kind": "deadlines", "wanted": all_of("union"), "urgent": True, "remind_hours": 168},
        ),
        ("words drone strike", {"kind": "words", "wanted": Wanted(words=("drone", "strike"))}),
        (
            'words ceasefire "peace talks" +Idlib -football',
            {
                "kind": "words",
                "wanted": Wanted(words=("ceasefire", "peace talks"), must=("Idlib",), without=("football",)),
            },
        ),
        ('"peace talks" Idlib', {"kind": "words", "wanted": all_of("peace talks", "Idlib")}),
        (
            "the ceasefire in Idlib",
            {"kind": "named", "who": "the ceasefire in Idlib", "wanted": all_of("ceasefire", "Idlib")},
        ),
        ("The Who", {"kind": "named", "who": "The Who", "wanted": all_of("The", "Who")}),
        ("Oktay remind 0 days", {"kind": "named", "who": "Oktay", "wanted": all_of("Oktay"), "remind_hours": 1}),
    ],
)
def test_a_wish_is_read_as_it_is_written(typed: str, wish: dict[str, Any]) -> None:
    got = read_wish(typed)
    assert got is not None
    usual = {"who": "", "story": 0, "wanted": Wanted(), "urgent": False, "remind_hours": 0}
    assert {name: getattr(got, name) for name in (*usual, "kind")} == usual | wish


@pytest.mark.parametrize("typed", ["", "urgent", " ?! ", "+", "words -", '""', "remind 2 days"])
def test_what_names_nothing_is_no_wish(typed: str) -> None:
    assert read_wish(typed) is None


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("2 days", 48), ("an hour", 1), ("1h", 1), ("one week", 168), ("36 hours", 36), ("91 days", None), ("soon", None)],
)
def test_a_length_of_time_is_read(typed: str, hours: int | None) -> None:
    assert span_hours(typed) == hours


@pytest.mark.parametrize(("hours", "said"), [(24, "1 day"), (48, "2 days"), (36, "36 hours"), (1, "1 hour")])
def test_and_said(hours: int, said: str) -> None:
    assert span_text(hours) == said


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("3 hours", NOW + timedelta(hours=3)),
        ("for 2 days", NOW + timedelta(days=2)),
        ("today", datetime(2020, 2, 15, 21, tzinfo=UTC)),  # midnight in Istanbul
        ("forever", FOREVER),
        ("a while", None),
    ],
)
def test_a_mute_ends_on_the_clock_of_the_chat(typed: str, until: datetime | None) -> None:
    assert mute_until(typed, now=NOW, zone="Europe/Istanbul") == until


@pytest.mark.parametrize(
    ("typed", "who", "said"),
    [
        ("3", "3", "3 hours"),
        ("3 today", "3", "today"),
        ("Fuat Oktay 2 days", "Fuat Oktay", "2 days"),
        ("Fuat Oktay for 2 days", "Fuat Oktay", "for 2 days"),
        ("deadlines: Turkey forever", "deadlines: Turkey", "forever"),
        ("3 off", "3", "off"),
        ("Fuat Oktay", "Fuat Oktay", "3 hours"),
    ],
)
def test_what_is_muted_and_for_how_long_is_told_apart(typed: str, who: str, said: str) -> None:
    assert read(typed, now=NOW, zone="UTC")[:2] == (who, said)
