"""When a message may go out, and what becomes of one that did not arrive."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import ChatMoved, TryLater, Undeliverable
from bot.outbox.decide import MOST_ATTEMPTS, Fail, Move, Retry, after_failure, after_surprise, back_off
from bot.outbox.pace import LIMITS, MOST_CHATS, Limits, Pace

NOW = datetime(2020, 2, 16, 12, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (TryLater("429", after=17), 5, Retry(not_before=later(17), reason="429")),
        (TryLater("502"), 0, Retry(not_before=later(1), reason="502")),
        (TryLater("502"), 3, Retry(not_before=later(8), reason="502")),
        (TryLater("502"), 200, Retry(not_before=later(300), reason="502")),
        (TryLater("502"), MOST_ATTEMPTS, Fail(reason=f"given up after {MOST_ATTEMPTS} attempts: 502")),
        (Undeliverable("blocked"), 0, Fail(reason="blocked")),
        (Undeliverable(""), 0, Fail(reason="Undeliverable")),
        (ChatMoved("telegram:-1001"), 0, Move(chat="telegram:-1001")),
    ],
)
def test_a_failure_is_waited_out_followed_or_given_up(
    error: Exception, attempts: int, expected: Retry | Move | Fail
) -> None:
    assert after_failure(error, attempts=attempts, now=NOW) == expected


def test_a_fault_of_ours_is_tried_a_few_times_only() -> None:
    fault = KeyError("who")
    assert after_surprise(fault, attempts=0, now=NOW) == Retry(not_before=later(1), reason="KeyError: 'who'")
    assert after_surprise(fault, attempts=5, now=NOW) == Fail(reason="KeyError: 'who'")


def test_back_off_doubles_up_to_five_minutes() -> None:
    assert [back_off(n) for n in (0, 1, 2, 8, 9, 10_000)] == [1, 2, 4, 256, 300, 300]


def test_a_chat_gets_a_message_a_second_and_others_do_not_wait() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    assert [pace.chat_slot("telegram:1", now=10.0) for _ in range(3)] == [10.0, 11.0, 12.0]
    assert pace.chat_slot("telegram:2", now=10.0) == 10.0
    assert pace.chat_slot("telegram:1", now=20.0) == 20.0


def test_a_group_gets_twenty_messages_a_minute_and_a_person_more() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    group = [pace.chat_slot("telegram:-5", now=0.0) for _ in range(21)]
    assert group[:20] == [float(n) for n in range(20)]
    assert group[20] == 60.0
    assert [pace.chat_slot("telegram:5", now=0.0) for _ in range(21)][20] == 20.0


def test_the_platform_as_a_whole_has_its_limit() -> None:
    pace = Pace(limits=Limits(overall_a_second=2))
    assert [pace.overall_slot(now=5.0) for _ in range(5)] == [5.0, 5.0, 6.0, 6.0, 7.0]
    assert pace.overall_slot(now=9.0) == 9.0
    assert [Pace(limits=LIMITS["slack"]).overall_slot(now=1.0) for _ in range(99)] == [1.0] * 99


def test_silent_chats_are_forgotten() -> None:
    pace = Pace(limits=LIMITS["slack"])
    for number in range(MOST_CHATS):
        pace.chat_slot(f"slack:C{number}", now=0.0)
    pace.chat_slot("slack:CNEW", now=100.0)
    assert len(pace._by_chat) == 1
