"""Telegram as the server runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.access import Standing
from bot.books.base import Books
from bot.books.members import Members
from bot.books.turns import ALONE, Turns, in_turn
from bot.chat import telegram, telegram_listening
from bot.chat.telegram_updates import Me, moved, read
from bot.commands.registry import COMMANDS, by_word
from bot.config import Settings
from bot.hooks import Hook, HookAnswer
from bot.inbox import Inbox
from bot.model import ROLES, Address, Asked, GivenFile, Platform, Role

POLLING = "polling-telegram"
MOST_MENUS = 200
"""So many of those let in last get a menu of their own role; a menu is a convenience."""


class TelegramSide:
    """Long polling or a webhook, with the settings' token."""

    platform: Platform = "telegram"

    def __init__(self, settings: Settings, *, books: Books, members: Members, turns: Turns = ALONE) -> None:
        self._settings = settings
        self._books = books
        self._members = members
        self._turns = turns
        self._bot = telegram.wire(settings.telegram_bot_token, api_base=settings.telegram_api_base)
        self._me = Me(id=0, username="")
        self._words = frozenset(by_word())
        self._listening: telegram_listening.Listening | None = None
        self._secret = telegram_listening.webhook_secret(settings.web_secret, settings.telegram_bot_token)
        self.carrier = telegram.Telegram(self._bot, keep=self._keep)

    @property
    def hooks(self) -> tuple[Hook, ...]:
        if self._settings.telegram_mode == "polling":
            return ()
        path = telegram_listening.WEBHOOK_PATH
        return (Hook(name=self.platform, path=path, answer=self._called, ready=lambda: self._listening is not None),)

    async def _called(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        return await telegram_listening.answer_webhook(self._listening, self._secret, headers, body)

    @property
    def teams(self) -> frozenset[str]:
        return frozenset()

    def read(self, payload: Mapping[str, Any]) -> Asked | None:
        return read(payload, me=self._me, words=self._words)

    async def download(self, file: GivenFile) -> bytes:
        return await telegram.download(self._bot, file)

    async def link_above(self, _asked: Asked, /) -> str:
        """Nothing to ask: an update of Telegram holds the message that it replies to."""
        return ""

    async def standing(self, chat: str, user: str) -> Standing:
        return await telegram.standing(self._bot, chat, user)

    async def listen(self, inbox: Inbox) -> None:
        """Connect, answer what was left, publish the menu beside, and take updates: polled by one process alone."""
        self._me = await telegram.connect(self._bot)
        await inbox.recover(self.platform)
        await self._members.know_bot(self.platform, self._me.username)
        self._listening = telegram_listening.Listening(self._bot, partial(self._take, inbox))
        specs = [command.spec for command in COMMANDS]
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.publish_menu(self._bot, specs, roles=await self._roles()))
            group.create_task(self._updates(self._listening))

    async def _updates(self, listening: telegram_listening.Listening) -> None:
        if self._settings.telegram_mode == "polling":
            mine = partial(self._turns.take, POLLING)
            await in_turn(self._turns, POLLING, partial(telegram_listening.poll, self._bot, listening, mine=mine))
        url = f"{self._settings.web_url}{telegram_listening.WEBHOOK_PATH}"
        await telegram_listening.keep_webhook(self._bot, url=url, secret=self._secret)

    async def _roles(self) -> dict[str, Role]:
        """Who may do more than ask, as it is at the start."""
        let_in = {each.name: each.role for each in await self._members.members(limit=MOST_MENUS)}
        return {**let_in, **dict.fromkeys(self._settings.onrecord_admins, ROLES[-1])}

    async def _take(self, inbox: Inbox, platform: Platform, key: str, payload: Mapping[str, Any]) -> None:
        """What the inbox does; before it a group's settings follow the group when it becomes a supergroup."""
        names = moved(payload)
        if names is not None:
            await self._books.move_chat(*names)
        await inbox.take(platform, key, payload)

    async def close(self) -> None:
        await self._bot.close_connections()

    async def _keep(self, command: str, address: Address) -> str:
        return await self._books.keep_command(command, chat=address.chat, user=address.user, at=datetime.now(UTC))
