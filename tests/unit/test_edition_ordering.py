"""What people order, as they type it: every way to say it, and what they read when it cannot be understood."""

from contextlib import suppress
from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.places import language_named, zone_named
from digests.edition.ordering import Order, read
from digests.errors import UserError


def order(text: str) -> Order:
    return read(text, zone_named=zone_named, language_named=language_named)


EIGHT: dict[str, Any] = {"frequency": "daily", "at": time(8, 0)}
CASES: list[tuple[str, dict[str, Any]]] = [
    ("daily 08:00", EIGHT),
    ("every day at 8 am", EIGHT),
    ("08:00", {"at": time(8, 0)}),
    ("daily 8", EIGHT),
    ("Daily 0800", EIGHT),
    ("daily", {"frequency": "daily"}),
    ("weekdays 07:30", {"frequency": "weekdays", "at": time(7, 30)}),
    ("every weekday 7.30am", {"frequency": "weekdays", "at": time(7, 30)}),
    ("weekly mon 09:00", {"frequency": "weekly", "weekday": 0, "at": time(9, 0)}),
    ("every Tuesday 9", {"frequency": "weekly", "weekday": 1, "at": time(9, 0)}),
    ("every week on Sundays at noon", {"frequency": "weekly", "weekday": 6, "at": time(12, 0)}),
    ("hourly", {"frequency": "hourly"}),
    ("every hour", {"frequency": "hourly"}),
    ("hourly :15", {"frequency": "hourly", "at": time(0, 15)}),
    ("daily 7.30 pm", {"frequency": "daily", "at": time(19, 30)}),
    ("daily 12am", {"frequency": "daily", "at": time(0, 0)}),
    ("daily 12 p.m.", {"frequency": "daily", "at": time(12, 0)}),
    ("daily midnight", {"frequency": "daily", "at": time(0, 0)}),
    ("daily 18h30", {"frequency": "daily", "at": time(18, 30)}),
    ("daily 08:00 Istanbul", {**EIGHT, "zone": "Europe/Istanbul", "town": "istanbul"}),
    ("daily 08:00 Asia/Kathmandu", {**EIGHT, "zone": "Asia/Kathmandu", "town": "asia/kathmandu"}),
    ("daily 08:00 zone New York", {**EIGHT, "zone": "America/New_York"}),
    ("daily in Lord Howe at 08:00", {**EIGHT, "zone": "Australia/Lord_Howe"}),
    ("daily 08:00 Turkey", {**EIGHT, "words": ("Turkey",)}),  # a country is what one wants news of
    ("daily 08:00 Kuwait", {**EIGHT, "words": ("Kuwait",)}),
    ("daily 08:00 news in Syria", {**EIGHT, "words": ("Syria",)}),
    ("daily 08:00 about Istanbul", {**EIGHT, "must": ("Istanbul",)}),
    ("daily 08:00 about Idlib talks", {**EIGHT, "must": ("Idlib", "talks")}),
    ("daily 08:00 about Idlib, grain deal", {**EIGHT, "words": ("Idlib", "grain deal")}),
    ("daily 8am people Oktay", {**EIGHT, "people": ("Oktay",)}),
    ("daily people Sergei Lavrov, #12 and Oktay at 8", {**EIGHT, "people": ("Sergei Lavrov", "#12", "Oktay")}),
    ('daily 08:00 people Oktay "peace talks"', {**EIGHT, "people": ("Oktay",), "words": ("peace talks",)}),
    ('daily 08:00 people "Fuat Oktay", Lavrov', {**EIGHT, "people": ("Fuat Oktay", "Lavrov")}),
    ('daily 08:00 about "peace talks" Idlib', {**EIGHT, "must": ("peace talks", "Idlib")}),
    ("daily 08:00 from Reuters, BBC News full", {**EIGHT, "sources": ("Reuters", "BBC News"), "length": "full"}),
    ("daily 08:00 sources The Sun short", {**EIGHT, "sources": ("The Sun",), "length": "short"}),
    (
        'daily 08:00 grain "peace talks" -football +Turkey -"world cup"',
        {**EIGHT, "words": ("grain", "peace talks"), "must": ("Turkey",), "without": ("football", "world cup")},
    ),
    ("daily 08:00 “peace talks” –football", {**EIGHT, "words": ("peace talks",), "without": ("football",)}),
    ('daily 08:00 "every" "full"', {**EIGHT, "words": ("every", "full")}),  # in quotation marks nothing is a keyword
    ("daily 08:00 language German", {**EIGHT, "language": "de"}),
    ("daily 08:00 in German", {**EIGHT, "language": "de"}),
    ("daily 08:00 silent", {**EIGHT, "when_empty": "silence"}),
    ("daily 08:00 always, in this thread", {**EIGHT, "when_empty": "line", "thread": True}),
    (
        'weekdays 07:30 New York "peace talks" -football +Turkey full',
        {
            "frequency": "weekdays",
            "at": time(7, 30),
            "zone": "America/New_York",
            "town": "new york",
            "words": ("peace talks",),
            "must": ("Turkey",),
            "without": ("football",),
            "length": "full",
        },
    ),
    (
        "daily 08:00 London “peace talks” –football",
        {**EIGHT, "zone": "Europe/London", "town": "london", "words": ("peace talks",), "without": ("football",)},
    ),
    ("mon-fri 07:30", {"frequency": "weekdays", "at": time(7, 30)}),
    ("Mon–Fri 07:30", {"frequency": "weekdays", "at": time(7, 30)}),
    ("Monday to Friday at 07:30", {"frequency": "weekdays", "at": time(7, 30)}),
    ("daily at 8 in the morning", EIGHT),
    ("daily at 8 in the evening", {"frequency": "daily", "at": time(20, 0)}),
    ("every evening", {"frequency": "daily", "at": time(18, 0)}),
    ("every morning", EIGHT),
    ("every morning at 7 on weekdays", {"frequency": "weekdays", "at": time(7, 0)}),
    ("Monday mornings at 9", {"frequency": "weekly", "weekday": 0, "at": time(9, 0)}),
    ("daily at 10 at night", {"frequency": "daily", "at": time(22, 0)}),
    ("daily at 2 at night", {"frequency": "daily", "at": time(2, 0)}),
    ("daily 08:00 about the morning after", {**EIGHT, "must": ("the", "morning", "after")}),
    ("daily 08:00 - + . ,", EIGHT),
    ("", {}),
    ("Idlib", {"words": ("Idlib",)}),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_what_is_typed_is_what_is_ordered(text: str, wanted: dict[str, Any]) -> None:
    assert order(text) == Order(**wanted)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("daily 25:00", "No clock shows “25:00”. Write a time of day like 08:00"),
        ("daily 13 pm", "No clock shows"),
        ("daily 08:61", "No clock shows"),
        ("weekly 09:00", "On which day of the week? Write it like this: weekly mon 09:00"),
        ("weekdays mon 09:00", "do not go together. Write: weekly mon 09:00"),
        ("daily hourly", "“daily” and “hourly” do not go together"),
        ("daily 08:00 09:00", "“08:00” and “09:00” do not go together"),
        ("daily 08:00 zone Atlantis", "No time zone is called “Atlantis”. Write a large city"),
        ("twice a day", "A digest has one time of day. Order two, one by one"),
        ("daily 08:00 UTC+3", "“UTC+3” does not say when clocks are changed. Name a large city"),
        ("daily 08:00 +3", "“+3” does not say when clocks are changed"),
        ("daily 08:00 EST", "“EST” does not say when clocks are changed"),
        ("daily 08:00 zone", "No time zone is called “”"),
        ("daily 08:00 language Klingon", "No language is called “Klingon”"),
        ("daily 08:00 language", "Write a language's name or code: language German"),
        ("daily 08:00 people", "After “people” comes a name: people Oktay"),
        ("daily 08:00 about full", "After “about” comes a name: about Idlib"),
        ("daily 08:00 " + "x" * 101, "too long to look for"),
        ("daily 08:00 " + " ".join(f"word{n}" for n in range(51)), "at most 50 words"),
    ],
)
def test_what_cannot_be_understood_is_answered_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(UserError) as told:
        order(text)
    assert says in str(told.value)


@given(st.text(st.sampled_from(list('daily weekly mon 08:00 about people "+-,#in zone silent')), max_size=60))
def test_whatever_is_typed_gives_an_order_or_a_line_to_read(text: str) -> None:
    with suppress(UserError):
        assert order(text) == order(text)
