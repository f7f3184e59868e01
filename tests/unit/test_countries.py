"""Countries, capitals and seats of government by every name the news gives them."""

from __future__ import annotations

import pytest

from digests.text.countries import country, demonym, place, stands_for


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Turkey", "Turkey"),
        ("Türkiye", "Turkey"),
        ("the United States", "United States"),
        ("U.S.", "United States"),
        ("US", "United States"),
        ("UK", "United Kingdom"),
        ("us", None),
        ("Ankara", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_goes_by_its_usual_name(text: str, name: str | None) -> None:
    assert country(text) == name


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("the Kremlin", "Russia"),
        ("Downing Street", "United Kingdom"),
        ("No. 10", "United Kingdom"),
        ("White House", "United States"),
        ("Washington, D.C.", "United States"),
        ("Damascus", "Syria"),
        ("Brasilia", "Brazil"),
        ("Syria", None),
        ("Springfield", None),
    ],
)
def test_capitals_and_seats_stand_for_their_country(text: str, whose: str | None) -> None:
    assert stands_for(text) == whose


def test_a_seat_keeps_its_own_name() -> None:
    found = place("the Kremlin")
    assert found is not None
    assert (found.kind, found.name) == ("seat", "Kremlin")


def test_demonyms_are_told_by_case() -> None:
    assert demonym("Turkish") == "Turkey"
    assert demonym("polish") is None
