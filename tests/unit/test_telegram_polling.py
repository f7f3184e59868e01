"""Which replica polls Telegram stands in the log: when it takes the turn, and when that is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

import pytest

from bot.books.turns import in_turn
from bot.chat.telegram import Wire
from bot.chat.telegram_listening import Listening, poll


class Quiet:
    """A Telegram that has nothing to tell."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def delete_webhook(self, **_: bool) -> bool:
        return True

    async def updates(self, _offset: int | None, *, seconds: int) -> list[Mapping[str, Any]]:
        self.asked.set()
        await asyncio.Event().wait()
        return []


class Lent:
    """A turn that is this process's until it is lost."""

    def __init__(self) -> None:
        self.mine = True
        self.ended = asyncio.Event()

    async def take(self, _name: str, /) -> bool:
        return self.mine

    async def end(self, _name: str, /) -> None:
        self.ended.set()


async def _nothing(*_: object) -> None:
    """Nothing comes in here."""


async def test_who_polls_says_so_and_says_when_the_turn_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bot, turns = Quiet(), Lent()
    wire = cast(Wire, bot)
    polling = in_turn(turns, "polling", lambda: poll(wire, Listening(wire, _nothing)), beat=0.01)
    task = asyncio.create_task(polling)
    await asyncio.wait_for(bot.asked.wait(), 10)
    assert caplog.messages == ["telegram: this replica polls"]
    turns.mine = False
    await asyncio.wait_for(turns.ended.wait(), 10)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert caplog.messages[1:] == ["polling: another process may do this now", "telegram: this replica polls no more"]
