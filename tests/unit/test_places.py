"""Time zones by city, languages by name, and settings as they are typed."""

import pytest

from bot.commands.places import language_named, zone_named, zones_like
from bot.commands.settings import asked, change
from bot.model import ChatSettings
from bot.render.days import day, weekday


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Istanbul", "Europe/Istanbul"),
        ("istanbul", "Europe/Istanbul"),
        ("Ankara", "Europe/Istanbul"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Washington", "America/New_York"),
        ("utc", "UTC"),
        ("../../etc/passwd", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_zone_has_the_name_of_a_city(typed: str, zone: str | None) -> None:
    assert zone_named(typed) == zone


def test_the_nearest_zones_of_a_typo() -> None:
    assert "Europe/Istanbul" in zones_like("Istambul")
    assert zones_like("qqqqqq") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("de", "de"),
        ("German", "de"),
        ("Türkçe", "tr"),
        ("turkce", "tr"),
        ("de-AT", "de"),
        ("pt_BR", "pt"),
        ("Klingon", None),
    ],
)
def test_a_language_has_a_code_and_names(typed: str, code: str | None) -> None:
    assert language_named(typed) == code


@pytest.mark.parametrize(
    ("typed", "pairs"),
    [
        ("zone New York language de", [("zone", "New York"), ("language", "de")]),
        ("time zone: Berlin", [("zone", "Berlin")]),
        ("language to German, city Ankara", [("language", "German"), ("zone", "Ankara")]),
        ("Istanbul", [("", "Istanbul")]),
        ("my zone Berlin", [("", "my zone Berlin")]),
    ],
)
def test_settings_are_typed_in_any_order(typed: str, pairs: list[tuple[str, str]]) -> None:
    assert asked(typed) == pairs


@pytest.mark.parametrize(
    ("typed", "zone", "language", "wrong"),
    [
        ("zone Ankara language tr", "Europe/Istanbul", "tr", ""),
        ("German", "UTC", "de", ""),
        ("Berlin", "Europe/Berlin", "en", ""),
        ("zone Atlantis", "UTC", "en", "Atlantis"),
        ("language Klingon", "UTC", "en", "Klingon"),
        ("zone", "UTC", "en", "zone"),
    ],
)
def test_settings_change_only_when_all_words_are_known(typed: str, zone: str, language: str, wrong: str) -> None:
    changed, unknown = change(ChatSettings(), typed)
    assert (changed.zone, changed.language, unknown) == (zone, language, wrong)


@pytest.mark.parametrize(
    ("iso", "language", "short", "long"),
    [
        ("2020-02-15", "en", "15 Feb 2020", "Sat 15 Feb 2020"),
        ("2020-02-15", "de", "15 Feb. 2020", "Sa. 15 Feb. 2020"),
        ("2020-02-15", "tr", "15 Şub 2020", "Cmt 15 Şub 2020"),
        ("2020-02-15", "xx", "15 Feb 2020", "Sat 15 Feb 2020"),
        ("no day", "en", "no day", "no day"),
    ],
)
def test_days_are_named_never_numbered(iso: str, language: str, short: str, long: str) -> None:
    assert (day(iso, language), weekday(iso, language)) == (short, long)
