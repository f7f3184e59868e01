"""Slots over whole years in zones with odd clocks, quiet hours, and what a machine does after a long sleep."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from digests.edition.model import Frequency, Schedule, Subscription
from digests.edition.schedule import FRESH, LOOK_BACK, decide, due, local, next_at, next_slot, quiet, slots

ZONES = [
    "Europe/Istanbul",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Nuuk",  # 23:00 to 24:00 is skipped
    "Africa/Cairo",  # 00:00 to 01:00 is skipped
]
TIMES = [time(0, 0), time(1, 30), time(2, 0), time(2, 15), time(2, 30), time(3, 0), time(8, 0), time(23, 30)]


@dataclass(frozen=True)
class Hours:
    zone: str = "UTC"
    quiet_from: time | None = time(22, 0)
    quiet_to: time | None = time(7, 0)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def year(schedule: Schedule, number: int) -> list[str]:
    """The keys of a local year's slots, by asking for each next one as the loop does."""
    found = []
    after = at(f"{number - 1}-12-30T00:00")
    while True:
        slot = next_slot(schedule, after=after)
        if slot.key >= f"{number + 1}":
            return found
        assert slot.at > after
        after = slot.at
        if slot.key >= f"{number}":
            found.append(slot.key)


def days_of(number: int) -> list[str]:
    first = date(number, 1, 1)
    return [(first + timedelta(days=day)).isoformat() for day in range((date(number + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("number", [2024, 2026])
def test_a_daily_digest_has_one_slot_each_day_of_a_year_whatever_the_clocks_do(zone: str, number: int) -> None:
    for each in TIMES:
        assert year(Schedule(at=each, zone=zone), number) == days_of(number)


@pytest.mark.parametrize("zone", ZONES)
def test_a_digest_goes_out_at_its_local_time_except_where_the_clock_jumps(zone: str) -> None:
    for each in TIMES:
        schedule = Schedule(at=each, zone=zone)
        found = slots(schedule, after=at("2026-01-01T12:00"), upto=at("2026-12-31T12:00"))
        moved = [slot for slot in found if local(slot.at, schedule).time() != each]
        assert len(moved) <= 2
        assert all(timedelta(0) < local(slot.at, schedule) - _wall(slot.key, schedule) <= _HOUR for slot in moved)


_HOUR = timedelta(hours=1)


def _wall(key: str, schedule: Schedule) -> datetime:
    return datetime.combine(date.fromisoformat(key), schedule.at, ZoneInfo(schedule.zone))


@pytest.mark.parametrize("zone", ZONES)
def test_an_hourly_digest_has_one_slot_for_every_hour_the_clock_shows(zone: str) -> None:
    begin = at("2025-12-30T00:00")
    steps = (begin + timedelta(minutes=30) * step for step in range(370 * 48))
    shown = {moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H") for moment in steps}
    for minute in (0, 15, 45):
        schedule = Schedule(frequency="hourly", at=time(0, minute), zone=zone)
        keys = [slot.key for slot in slots(schedule, after=begin, upto=at("2027-01-03T00:00"))]
        assert max(Counter(keys).values()) == 1
        assert [key for key in keys if key.startswith("2026")] == sorted(key for key in shown if key.startswith("2026"))


def test_a_day_that_samoa_never_had_has_no_digest() -> None:
    keys = year(Schedule(zone="Pacific/Apia"), 2011)
    assert "2011-12-30" not in keys
    assert keys == [day for day in days_of(2011) if day != "2011-12-30"]
    hourly = slots(
        Schedule(frequency="hourly", zone="Pacific/Apia"), after=at("2011-12-29T00:00"), upto=at("2012-01-01T00:00")
    )
    assert not [slot for slot in hourly if slot.key.startswith("2011-12-30")]
    assert len({slot.at for slot in hourly}) == len(hourly)


@pytest.mark.parametrize(
    ("zone", "day", "wall", "utc"),
    [
        ("Europe/London", "2026-03-29", time(1, 30), "2026-03-29T01:30"),  # does not exist: 02:30 BST
        ("Europe/London", "2026-10-25", time(1, 30), "2026-10-25T00:30"),  # exists twice: the first
        ("America/New_York", "2026-03-08", time(2, 30), "2026-03-08T07:30"),
        ("America/New_York", "2026-11-01", time(1, 30), "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2026-10-04", time(2, 15), "2026-10-03T15:45"),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05", time(1, 45), "2026-04-04T14:45"),
        ("Asia/Kathmandu", "2026-02-15", time(8, 0), "2026-02-15T02:15"),
        ("Africa/Casablanca", "2026-02-15", time(2, 30), "2026-02-15T01:30"),  # the clock goes back for Ramadan
        ("America/Nuuk", "2026-03-28", time(23, 30), "2026-03-29T01:30"),
    ],
)
def test_a_time_that_does_not_exist_or_exists_twice_is_one_moment(zone: str, day: str, wall: time, utc: str) -> None:
    schedule = Schedule(at=wall, zone=zone)
    found = slots(schedule, after=at(f"{day}T00:00") - 2 * _DAY, upto=at(f"{day}T00:00") + 2 * _DAY)
    assert [slot.at for slot in found if slot.key == day] == [at(utc)]


_DAY = timedelta(days=1)


def test_weekdays_and_weekly_keep_to_their_days() -> None:
    weekdays = year(Schedule(frequency="weekdays", zone="Asia/Kathmandu"), 2026)
    assert {date.fromisoformat(key).weekday() for key in weekdays} == {0, 1, 2, 3, 4}
    assert len(weekdays) == 261
    mondays = year(Schedule(frequency="weekly", weekday=0, zone="Pacific/Apia"), 2026)
    assert {date.fromisoformat(key).weekday() for key in mondays} == {0}
    assert len(mondays) == 52


def subscription(frequency: str = "daily", *, settled: str, zone: str = "UTC", **more: object) -> Subscription:
    schedule = Schedule(frequency=frequency, at=time(8, 0) if frequency != "hourly" else time(0, 0), zone=zone)
    return Subscription(id=1, chat="telegram:1", schedule=schedule, settled_at=at(settled), **more)


def test_nothing_is_due_before_its_time_and_what_was_sent_is_not_due_again() -> None:
    daily = subscription(settled="2026-02-14T08:00")
    assert due([daily], at("2026-02-15T07:59")) == []
    (found,) = due([daily], at("2026-02-15T08:00"))
    assert found.slot is not None
    assert (found.slot.key, found.dropped, found.next_at) == ("2026-02-15", (), at("2026-02-16T08:00"))
    assert due([subscription(settled="2026-02-15T08:00")], at("2026-02-15T23:00")) == []


def test_after_six_hours_of_sleep_what_is_fresh_is_sent_once_and_what_is_stale_is_dropped() -> None:
    now = at("2026-02-15T12:10")
    daily, hourly = due(
        [subscription(settled="2026-02-14T08:00"), subscription("hourly", settled="2026-02-15T06:00")], now
    )
    assert daily.slot is not None
    assert (daily.slot.key, daily.dropped) == ("2026-02-15", ())
    assert hourly.slot is not None
    assert hourly.slot.key == "2026-02-15T12"
    assert [slot.key[-3:] for slot in hourly.dropped] == ["T07", "T08", "T09", "T10", "T11"]
    assert hourly.settled_at == at("2026-02-15T12:00")
    assert hourly.next_at == at("2026-02-15T13:00")


def test_a_digest_a_night_late_is_dropped_and_the_next_comes_at_its_hour() -> None:
    (found,) = due([subscription(settled="2026-02-13T08:00")], at("2026-02-15T04:00"))
    assert found.slot is None
    assert [slot.key for slot in found.dropped] == ["2026-02-14"]
    assert found.next_at == at("2026-02-15T08:00")


def test_a_sleep_of_a_year_looks_back_a_week_only() -> None:
    (found,) = due([subscription("hourly", settled="2025-02-15T08:00")], at("2026-02-15T12:00"))
    assert found.slot is not None
    assert found.dropped[0].at == at("2026-02-15T12:00") - LOOK_BACK + _HOUR


def test_nothing_is_due_in_a_pause_and_its_end_brings_no_flood() -> None:
    paused = subscription(settled="2026-02-10T08:00", paused_until=at("2026-02-15T08:00"))
    assert due([paused], at("2026-02-15T07:59")) == []
    assert decide(paused, at("2026-02-12T08:00")).next_at == at("2026-02-15T08:00")
    (found,) = due([paused], at("2026-02-15T08:00"))
    assert found.slot is not None
    assert (found.slot.key, found.dropped) == ("2026-02-15", ())


@given(
    st.sampled_from(ZONES),
    st.sampled_from(["hourly", "daily", "weekdays", "weekly"]),
    st.sampled_from(TIMES),
    st.lists(st.integers(1, 7 * 24 * 60), min_size=1, max_size=40),
    st.integers(0, 364),
)
@hypothesis_settings(deadline=None, max_examples=60)
def test_however_a_machine_sleeps_each_slot_is_sent_once_while_fresh_or_dropped_once(
    zone: str, frequency: Frequency, wall: time, sleeps: list[int], first: int
) -> None:
    begin = at("2026-01-01T00:00") + first * _DAY
    schedule = Schedule(frequency=frequency, at=wall, zone=zone)
    one = Subscription(chat="telegram:1", schedule=schedule, created_at=begin, settled_at=begin)
    now, told, look_at = begin, [], begin
    for minutes in sleeps:
        now += timedelta(minutes=minutes)
        if now < look_at:
            assert due([one], now) == []
            continue
        found = decide(one, now)
        if found.slot is not None:
            assert timedelta(0) <= now - found.slot.at <= FRESH[frequency]
        assert found.next_at > now
        told += [slot.key for slot in (*found.dropped, *([found.slot] if found.slot else []))]
        one, look_at = replace(one, settled_at=found.settled_at), found.next_at
    assert told == [slot.key for slot in slots(schedule, after=begin, upto=now)]


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-02-15T21:59", None),
        ("2026-02-15T22:00", "2026-02-16T07:00"),
        ("2026-02-16T03:00", "2026-02-16T07:00"),
        ("2026-02-16T07:00", None),
    ],
)
def test_quiet_hours_go_over_midnight_and_end_sharp(now: str, end: str | None) -> None:
    assert quiet(Hours(), at(now)) == (at(end) if end else None)


def test_quiet_hours_keep_to_the_chats_clock_through_a_change_of_clocks() -> None:
    london = Hours(zone="Europe/London", quiet_from=time(1, 0), quiet_to=time(9, 0))
    assert quiet(london, at("2026-03-29T07:59")) == at("2026-03-29T08:00")
    assert quiet(london, at("2026-03-29T08:00")) is None


def test_without_both_ends_there_are_no_quiet_hours() -> None:
    assert quiet(Hours(quiet_to=None), at("2026-02-15T23:00")) is None
    assert quiet(Hours(quiet_from=None), at("2026-02-15T23:00")) is None
    assert quiet(Hours(quiet_to=time(22, 0)), at("2026-02-15T23:00")) is None


def test_a_digest_in_quiet_hours_waits_for_their_end() -> None:
    early = Hours(quiet_to=time(9, 0))
    daily = subscription(settled="2026-02-14T08:00")
    hours = {"telegram:1": early}
    assert due([daily], at("2026-02-15T08:30"), quiet_hours=hours) == []
    assert decide(daily, at("2026-02-15T08:30"), early).next_at == at("2026-02-15T09:00")
    (found,) = due([daily], at("2026-02-15T09:00"), quiet_hours=hours)
    assert found.slot is not None
    assert found.slot.key == "2026-02-15"


def test_a_night_of_hourly_digests_is_one_in_the_morning_and_none_is_called_lost() -> None:
    hourly = subscription("hourly", settled="2026-02-15T21:00")
    (found,) = due([hourly], at("2026-02-16T07:00"), quiet_hours={"telegram:1": Hours()})
    assert found.slot is not None
    assert (found.slot.key, found.dropped) == ("2026-02-16T07", ())


def test_the_next_look_after_the_evening_is_the_end_of_the_night() -> None:
    hourly = subscription("hourly", settled="2026-02-15T21:00")
    assert next_at(hourly, after=at("2026-02-15T21:00"), quiet_hours=Hours()) == at("2026-02-16T07:00")


def test_a_zone_that_this_machine_does_not_know_counts_as_utc() -> None:
    assert next_slot(Schedule(zone="Mars/Olympus"), after=at("2026-02-15T07:00")).at == at("2026-02-15T08:00")


def test_a_new_subscription_is_due_from_its_first_slot_on() -> None:
    new = Subscription(chat="telegram:1", schedule=Schedule(), created_at=at("2026-02-15T09:00"))
    assert due([new], at("2026-02-15T10:00")) == []
    assert len(due([new], at("2026-02-16T08:00"))) == 1
    assert decide(Subscription(chat="c", schedule=Schedule()), at("2026-02-15T09:00")).slot is None
