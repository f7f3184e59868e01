"""How much one person and one chat may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import limits
from bot.limits import Bucket, Limits, take
from bot.model import Origin

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)


def person(number: int, *, chat: int | None = None) -> Origin:
    user = f"telegram:{number}"
    return Origin(
        platform="telegram", user=user, chat=user if chat is None else f"telegram:{chat}", private=chat is None
    )


def test_who_asks_too_much_is_told_once_and_then_hears_nothing() -> None:
    limited = Limits(person=3, chat=0)
    paces = [limited.take(person(1), now=NOON) for _ in range(6)]
    assert paces == ["answer"] * 3 + ["say", "silence", "silence"]


def test_there_is_silence_until_half_a_minutes_worth_is_free_again() -> None:
    limited = Limits(person=6, chat=0)
    for _ in range(8):
        limited.take(person(1), now=NOON)
    later = [limited.take(person(1), now=NOON + timedelta(seconds=wait)) for wait in (10, 20, 31, 31, 31)]
    assert later == ["silence", "silence", "answer", "answer", "answer"]


def test_nobody_pays_for_somebody_else() -> None:
    limited = Limits(person=1, chat=0)
    assert [limited.take(person(number), now=NOON) for number in (1, 1, 2)] == ["answer", "say", "answer"]


def test_a_group_has_a_limit_of_its_own() -> None:
    limited = Limits(person=10, chat=2)
    assert [limited.take(person(number, chat=-5), now=NOON) for number in range(4)] == [
        "answer",
        "answer",
        "say",
        "silence",
    ]
    assert limited.take(person(0), now=NOON) == "answer"


def test_a_limit_of_nothing_is_none() -> None:
    limited = Limits(person=0, chat=0)
    assert {limited.take(person(1, chat=-5), now=NOON) for _ in range(1000)} == {"answer"}


@pytest.mark.parametrize("seconds", [-3600, 0, 3600])
def test_a_clock_that_jumps_gives_no_more_than_a_minutes_worth(seconds: int) -> None:
    bucket, _ = take(Bucket(tokens=0, at=NOON), now=NOON + timedelta(seconds=seconds), per_minute=5)
    assert 0 <= bucket.tokens <= 5


def test_full_buckets_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BUCKETS", 3)
    limited = Limits(person=1, chat=0)
    for number in range(3):
        limited.take(person(number), now=NOON + timedelta(seconds=50 * number))
    assert limited.take(person(9), now=NOON + timedelta(seconds=101)) == "answer"
    assert limited.take(person(2), now=NOON + timedelta(seconds=102)) == "say"  # not full yet, not forgotten
