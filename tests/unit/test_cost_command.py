"""/cost says what the model was used for here; what other chats used is for admins in private."""

from __future__ import annotations

from dataclasses import replace

from fakes.desk import ADMIN, SOMEBODY, Desk
from fakes.memory_store import MemoryStore

from bot.books.costs import Cost
from bot.commands.spec import Prices

PRICES = Prices(tokens_a_day=1000, million_in=2.0, million_out=10.0)


class NoModel:
    """A configured model; /cost never asks it."""

    async def word(self, question: str, passages: object, *, chat: str, seconds: float) -> None:
        raise AssertionError("not asked")

    async def warm(self) -> None:
        """Nothing is loaded."""


async def test_without_a_model_it_says_that_nothing_is_spent() -> None:
    text = await Desk(store=MemoryStore()).read("/cost")
    assert "No language model is configured" in text
    assert "0 tokens in 0 requests" in text


async def test_the_sum_the_price_and_what_is_left_are_told() -> None:
    desk = Desk(store=MemoryStore(), model=NoModel(), prices=PRICES)
    desk.costs.spent["telegram:1"] = Cost(requests=3, cached=1, failed=1, tokens_in=500, tokens_out=100)
    desk.costs.spent["telegram:2"] = Cost(requests=9, tokens_in=9, tokens_out=9)
    text = await desk.read("/cost")
    assert "1,000 tokens a day, 400 left" in text
    assert "600 tokens in 3 requests, 0.0020 in all; 1 answered from earlier ones; 1 gave nothing" in text
    assert "telegram:2" not in text


async def test_all_chats_are_told_to_an_admin_in_private_only() -> None:
    desk = Desk(store=MemoryStore(), model=NoModel(), prices=PRICES)
    desk.costs.spent["telegram:2"] = Cost(requests=1, tokens_in=9, tokens_out=9)
    assert "telegram:2" in await desk.read("/cost", origin=ADMIN)
    assert "telegram:2" not in await desk.read("/cost", origin=replace(ADMIN, private=False))
    assert "telegram:2" not in await desk.read("/cost", origin=SOMEBODY)
