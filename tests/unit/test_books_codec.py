"""Replies as JSON in the database, and back."""

from datetime import UTC, date, datetime

import pytest

from bot.books import codec
from bot.model import Address, Reply


@pytest.mark.parametrize(
    ("given", "back"),
    [
        ({"day": date(2020, 2, 29)}, {"day": date(2020, 2, 29)}),
        ({"at": datetime(2020, 2, 29, 1, tzinfo=UTC)}, {"at": datetime(2020, 2, 29, 1, tzinfo=UTC)}),
        ({"pair": (1, "é")}, {"pair": [1, "é"]}),
        ({"set": frozenset({"b", "a"})}, {"set": ["a", "b"]}),
        ({"one": {"key": None}}, {"one": {"key": None}}),
    ],
)
def test_plain_data_comes_back(given: dict[str, object], back: dict[str, object]) -> None:
    assert codec.reply_of(codec.reply_text(Reply(template="t", data=given))) == Reply(template="t", data=back)


def test_data_that_is_not_plain_is_refused() -> None:
    with pytest.raises(TypeError, match="must be plain, not object"):
        codec.reply_text(Reply(template="t", data={"x": object()}))


def test_an_address_comes_back() -> None:
    address = Address(platform="slack", chat="slack:C1", thread="1.2", user="slack:U1", response_url="u", home=True)
    assert codec.address_of(codec.address_text(address)) == address
