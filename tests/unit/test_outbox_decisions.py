"""When a message may go out, and what becomes of one that did not arrive."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import ChatGone, ChatMoved, TryLater, Undeliverable
from bot.outbox.decide import MOST_ATTEMPTS, Fail, Move, Pause, Retry, after_failure, after_surprise, back_off
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
        (ChatGone("blocked by the user"), 0, Pause(reason="blocked by the user")),
        (ChatMoved("telegram:-1001"), 0, Move(chat="telegram:-1001")),
    ],
)
def test_a_failure_is_waited_out_followed_or_given_up(
    error: Exception, attempts: int, expected: Retry | Move | Pause | Fail
) -> None:
    assert after_failure(error, attempts=attempts, now=NOW) == expected


def test_a_fault_of_ours_is_tried_a_few_times_only() -> None:
    fault = KeyError("who")
    assert after_surprise(fault, attempts=0, now=NOW) == Retry(not_before=later(1), reason="KeyError: 'who'")
    assert after_surprise(fault, attempts=5, now=NOW) == Fail(reason="KeyError: 'who'")


def test_back_off_doubles_up_to_five_minutes() -> None:
    assert [back_off(n) for n in (0, 1, 2, 8, 9, 10_000)] == [1, 2, 4, 256, 300, 300]


def sent(pace: Pace, chat: str, *, now: float, spread: bool = False) -> float:
    """Send to a chat as soon as it and the platform are free; when that was."""
    at = max(pace.chat_free(chat, now=now), pace.free(now=now, spread=spread))
    pace.take(chat, now=at)
    return at


def test_the_gap_counts_from_when_a_message_left_not_from_when_it_was_chosen() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    pace.take("telegram:1", now=10.0)
    pace.leaves("telegram:1", now=10.6)  # the disk was slow
    assert pace.chat_free("telegram:1", now=10.7) == 11.6
    pace.leaves("telegram:1", now=10.2)
    pace.leaves("telegram:2", now=10.2)
    assert pace.chat_free("telegram:1", now=10.7) == 11.6
    assert pace.chat_free("telegram:2", now=10.7) == 10.7


def test_a_chat_gets_a_message_a_second_and_others_do_not_wait() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    assert [sent(pace, "telegram:1", now=10.0) for _ in range(3)] == [10.0, 11.0, 12.0]
    assert sent(pace, "telegram:2", now=12.0) == 12.0
    assert sent(pace, "telegram:1", now=20.0) == 20.0


def test_a_group_gets_twenty_messages_a_minute_and_a_person_more() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    group = [sent(pace, "telegram:-5", now=0.0) for _ in range(21)]
    assert group[:20] == [float(n) for n in range(20)]
    assert group[20] == 60.0
    assert [sent(pace, "telegram:5", now=60.0) for _ in range(21)][20] == 80.0


def test_thirty_answers_go_out_at_once_and_the_next_a_second_after_the_first() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    given = [sent(pace, f"telegram:{n}", now=5.0) for n in range(61)]
    assert given[:30] == [5.0] * 30
    assert given[30:60] == [pytest.approx(6.015)] * 30
    assert given[60] == pytest.approx(7.03)


def test_what_goes_to_many_is_spread_and_leaves_the_next_slot_to_an_answer() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    now, digests = 0.0, 0
    while now < 10.0:
        now = pace.free(now=now, spread=True)
        pace.take(f"telegram:{digests}", now=now)
        digests += 1
    assert 0.97 * 300 <= digests <= 300
    assert pace.free(now=now + 0.01, spread=False) <= now + 0.035


def test_no_second_has_more_than_thirty_messages_whatever_comes_in_between() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    now, given = 0.0, []
    for n in range(300):
        now = pace.free(now=now, spread=n % 7 != 0)
        pace.take(f"telegram:{n}", now=now)
        given.append(now)
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in zip(given, given[30:], strict=False))


def test_a_refused_chat_waits_as_long_as_it_was_told_and_no_other_does() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    pace.take("telegram:1", now=0.0)
    pace.refused("telegram:1", now=0.0, wait=9.0)
    assert pace.chat_free("telegram:1", now=2.0) == 9.0
    assert pace.chat_free("telegram:2", now=2.0) == 2.0
    assert pace.chat_free("telegram:1", now=10.0) == 10.0


def test_a_refusal_holds_up_the_platform_only_when_another_chat_is_refused_right_after() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    for at in (0.0, 3.0):
        pace.refused("telegram:1", now=at, wait=9.0)
        assert pace.free(now=at, spread=False) == at
    pace.refused("telegram:2", now=4.0, wait=9.0)
    assert pace.free(now=4.0, spread=False) == 13.0
    pace.refused("telegram:1", now=30.0, wait=9.0)
    assert pace.free(now=30.0, spread=False) == 30.0


def test_a_platform_that_refuses_us_as_a_whole_gets_a_little_less_from_then_on() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    for number in range(100):
        pace.refused(f"telegram:{number}", now=0.0, wait=0.0)
    given = [sent(pace, f"telegram:{n}", now=1.0, spread=True) for n in range(31)]
    assert given[30] - given[0] == pytest.approx(1.1)


def test_no_limit_overall_means_no_waiting() -> None:
    pace = Pace(limits=Limits(gap=0.0))
    assert [sent(pace, "console", now=1.0, spread=True) for _ in range(3)] == [1.0, 1.0, 1.0]


def test_silent_chats_are_forgotten_so_that_memory_stays_small() -> None:
    pace = Pace(limits=LIMITS["telegram"])
    for number in range(3 * MOST_CHATS):
        pace.take(f"telegram:{number}", now=float(number))
    assert len(pace._by_chat) <= MOST_CHATS + 1
    assert pace.chat_free(f"telegram:{3 * MOST_CHATS - 1}", now=0.0) == 3 * MOST_CHATS
