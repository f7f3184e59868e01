"""Who runs a Telegram group, asked through the real PTB."""

from __future__ import annotations

import pytest
from telegram_server import TOKEN, FakeTelegram

from bot.access import Standing
from bot.chat.telegram import standing, wire

CHAT = -100


async def asked(telegram: FakeTelegram, user: int) -> Standing:
    bot = wire(TOKEN, api_base=telegram.url)
    try:
        return await standing(bot, f"telegram:{CHAT}", f"telegram:{user}")
    finally:
        await bot.close_connections()


@pytest.mark.parametrize(
    ("status", "expected"),
    [("creator", "admin"), ("administrator", "admin"), ("member", "member"), ("left", "gone"), ("kicked", "gone")],
)
async def test_telegram_says_what_somebody_is_in_a_group(
    telegram: FakeTelegram, status: str, expected: Standing
) -> None:
    telegram.groups[CHAT, 7] = status
    assert await asked(telegram, 7) == expected


async def test_who_is_not_told_is_looked_up_among_the_admins(telegram: FakeTelegram) -> None:
    telegram.groups[CHAT, 7] = "creator"
    refused = (400, {"description": "Bad Request: CHAT_ADMIN_REQUIRED"})
    telegram.method_scripts["getChatMember"] += [refused, refused]
    assert await asked(telegram, 7) == "admin"
    assert await asked(telegram, 8) == "unknown"


async def test_a_telegram_that_fails_makes_nobody_an_admin(telegram: FakeTelegram) -> None:
    telegram.groups[CHAT, 7] = "creator"
    telegram.method_scripts["getChatMember"].append((502, {"html": "<html>Bad Gateway</html>"}))
    assert await asked(telegram, 7) == "unknown"
