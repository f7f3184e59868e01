"""/cost: what the language model was asked for this chat and what that cost; admins see all chats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.books.costs import Cost
from bot.commands.spec import Prices, Services, Spec
from bot.model import Command, Reply

SPEC = Spec(
    name="cost",
    summary="What the language model was used for here, and the budget",
    usage="/cost",
    aliases=("costs", "budget"),
)
DAYS = 30
MOST_CHATS = 10


async def handle(command: Command, services: Services) -> Reply:
    # the budget's day is UTC's everywhere, as docs/asking.md says
    today = command.asked_at.date()
    since = today - timedelta(days=DAYS - 1)
    own = await services.costs.cost(chat=command.origin.chat, since=today, until=today)
    month = await services.costs.cost(chat=command.origin.chat, since=since, until=today)
    data: dict[str, Any] = {
        "configured": services.model is not None,
        "budget": services.prices.tokens_a_day,
        "left": max(0, services.prices.tokens_a_day - own.tokens),
        "today": cost_line(own, services.prices),
        "month": cost_line(month, services.prices),
        "days": DAYS,
        "all": None,
        "chats": [],
    }
    if command.origin.admin and command.origin.private:
        every = await services.costs.cost(since=since, until=today)
        dearest = await services.costs.costs_by_chat(since=since, until=today, limit=MOST_CHATS)
        data["all"] = cost_line(every, services.prices)
        data["chats"] = [{"chat": chat, **cost_line(cost, services.prices)} for chat, cost in dearest]
    return Reply(template="cost", data=data)


def cost_line(cost: Cost, prices: Prices) -> dict[str, Any]:
    """A sum as templates show it; ``price`` is "" where no prices are set."""
    price = (cost.tokens_in * prices.million_in + cost.tokens_out * prices.million_out) / 1_000_000
    return {
        "requests": cost.requests,
        "cached": cost.cached,
        "failed": cost.failed,
        "tokens": cost.tokens,
        "price": f"{price:.4f}" if prices.million_in or prices.million_out else "",
    }
