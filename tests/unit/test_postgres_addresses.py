"""Addresses of a PostgreSQL that cannot be read: one line of advice, and nothing of the password in it."""

from __future__ import annotations

import traceback

import pytest

from digests.errors import SettingsError
from digests.store.postgres.trouble import place_of

WRONG = {
    "a percent sign": "u:seKrit%@h/d",
    "a percent code that is none": "u:se%zzKrit@h/d",
    "a space": "u:se Krit@h/d",
    "a space after a quote": 'u:se"kr iKrit@h/d',
    "an @": "u:se@Krit@h/d",
    "a slash": "u:se/Krit@h/d",
    "NUL": "u:p@h/d%00Krit",
    "a bracket that is never closed": "u:Krit@[::1/d",
    "a setting that there is not": "h/d?bogus=Krit",
    "a setting without its value": "h/d?Krit",
}


@pytest.mark.parametrize("address", WRONG.values(), ids=WRONG)
def test_an_address_that_cannot_be_read_is_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="%40 for @") as refused:
        place_of(f"postgresql://{address}")
    assert "Krit" not in str(refused.value)
    assert "\n" not in str(refused.value)
    shown = "".join(traceback.format_exception(refused.value))
    assert "invalid percent" not in shown.partition("SettingsError")[0], "libpq's own words quote the password"


@pytest.mark.parametrize("address", ["u:se%40krit@h/d", "u:se?krit@h/d", "h/d", "u@h/d?sslmode=require"])
def test_an_address_that_can_be_read_names_database_and_host(address: str) -> None:
    assert place_of(f"postgresql://{address}") == "d at h"
