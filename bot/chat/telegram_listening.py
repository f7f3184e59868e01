"""What Telegram tells us, by long polling or by a webhook.

Both loops are our own: an update is acknowledged (by asking for those after it, or by a 200) when it is written down,
not before.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import WebhookInfo
from telegram.error import BadRequest, Conflict, RetryAfter, TelegramError

from bot.chat.telegram import ALLOWED, LONGEST_PAUSE, Wire, seconds_of
from bot.chat.telegram_updates import callback_id
from bot.hooks import HookAnswer
from bot.model import Platform
from digests.errors import SettingsError, StoreError

log = logging.getLogger(__name__)

POLL_SECONDS = 50
WEBHOOK_PATH = "/telegram"
HEADER = "x-telegram-bot-api-secret-token"
MOST_CONNECTIONS = 40
CHECK_SECONDS = 60.0
"""How often Telegram is asked whether it still knows where to call."""

Take = Callable[[Platform, str, Mapping[str, Any]], Awaitable[None]]
"""Writes an update down: platform, unique key, payload. Raises ``StoreError`` when it cannot."""


class Listening:
    """Takes updates as they come in; a pressed button's spinner is stopped at once, its answer is a message."""

    def __init__(self, bot: Wire, take: Take) -> None:
        self._bot = bot
        self._take = take
        self._answered: set[asyncio.Task[None]] = set()

    async def take(self, update: Mapping[str, Any]) -> int:
        """Write an update down; its number. Raises ``StoreError``, ``LookupError`` for what is no update."""
        number = int(update["update_id"])
        await self._take("telegram", str(number), update)
        query = callback_id(update)
        if query:
            task = asyncio.create_task(self._acknowledge(query))
            self._answered.add(task)
            task.add_done_callback(self._answered.discard)
        return number

    async def _acknowledge(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.info("telegram: button press not acknowledged: %s", error)


async def _always() -> bool:
    return True


async def poll(
    bot: Wire,
    listening: Listening,
    *,
    mine: Callable[[], Awaitable[bool]] = _always,
    seconds: int = POLL_SECONDS,
) -> None:
    """Take updates for ever: each is written down before the next request acknowledges it.

    ``mine``: whether it is this process that polls; whoever stood still and lost that asks Telegram nothing more.
    """
    log.info("telegram: this replica polls")
    try:
        await _poll(bot, listening, mine=mine, seconds=seconds)
    finally:
        log.info("telegram: this replica polls no more")


async def _poll(bot: Wire, listening: Listening, *, mine: Callable[[], Awaitable[bool]], seconds: int) -> None:
    await _drop_webhook(bot)
    offset: int | None = None
    pause = 1.0
    while True:
        try:
            if not await mine():
                await asyncio.sleep(pause)
                continue
            for update in await bot.updates(offset, seconds=seconds):
                offset = await listening.take(update) + 1
            pause = 1.0
        except (TelegramError, StoreError) as error:
            wait = seconds_of(error) if isinstance(error, RetryAfter) else pause
            log.warning("telegram: %s; polling again in %.0f s", _explained(error), wait)
            if isinstance(error, Conflict) and "webhook" in str(error).lower():
                await _drop_webhook(bot)
            await asyncio.sleep(wait)
            pause = min(30.0, pause * 2)


async def _drop_webhook(bot: Wire) -> None:
    """A webhook that is set makes every poll a 409. What waits to be told is kept."""
    try:
        await bot.delete_webhook(drop_pending_updates=False)
    except TelegramError as error:
        log.warning("telegram: a webhook, if there is one, was not removed: %s", error)


def _explained(error: Exception) -> str:
    if isinstance(error, Conflict):
        return f"another program uses this bot's token, stop it ({error})"
    return str(error)


def webhook_secret(web_secret: str, token: str) -> str:
    """What Telegram must send with every update: the same at every replica, 64 characters that it allows.

    Another ``WEB_SECRET`` or token makes another one. https://core.telegram.org/bots/api#setwebhook
    """
    return hmac.digest(web_secret.encode(), f"telegram webhook {token}".encode(), "sha256").hex()


async def answer_webhook(
    listening: Listening | None, secret: str, headers: Mapping[str, str], body: bytes
) -> HookAnswer:
    """What a request is answered; 200 when its update is written down. Without the secret nothing of it is read.

    ``listening``: ``None`` for as long as the bot does not know yet who it is. Telegram comes again after anything but
    a 2xx.
    """
    if not hmac.compare_digest(headers.get(HEADER, "").encode("utf-8", "replace"), secret.encode()):
        return HookAnswer(status=401)
    if listening is None:
        return HookAnswer(status=503)
    try:
        update = json.loads(body)
        await listening.take(update)
    except StoreError as error:
        log.error("telegram: an update was not written down: %s", error)
        return HookAnswer(status=503)
    except (ValueError, LookupError, TypeError, RecursionError):
        log.warning("telegram: a request that is no update was refused")
        return HookAnswer(status=400)
    return HookAnswer()


async def keep_webhook(bot: Wire, *, url: str, secret: str, seconds: float = CHECK_SECONDS) -> None:
    """Tell Telegram where to call, and again whenever it calls elsewhere or says that calling failed. For ever.

    Raises ``SettingsError`` when Telegram refuses the address at first. What waits to be told is kept.
    """
    pause, looked_at = 1.0, None
    while True:
        wait = seconds
        try:
            if looked_at is None or _is_lost(await bot.get_webhook_info(), url=url, since=looked_at):
                await _set_webhook(bot, url=url, secret=secret)
            looked_at = datetime.now(UTC) - timedelta(seconds=1)  # Telegram tells whole seconds
            pause = 1.0
        except TelegramError as error:
            if looked_at is None and isinstance(error, BadRequest) and "resolve" not in str(error).lower():
                raise SettingsError(f"WEB_URL: Telegram refuses to call {url} ({error})") from error
            wait = seconds_of(error) if isinstance(error, RetryAfter) else pause
            log.warning("telegram: the webhook is not looked after (%s); trying again in %.0f s", error, wait)
            pause = min(LONGEST_PAUSE, pause * 2)
        await asyncio.sleep(wait)


async def _set_webhook(bot: Wire, *, url: str, secret: str) -> None:
    await bot.set_webhook(
        url,
        secret_token=secret,
        allowed_updates=ALLOWED,
        max_connections=MOST_CONNECTIONS,
        drop_pending_updates=False,
    )
    log.info("telegram: updates come to %s", url)


def _is_lost(info: WebhookInfo, *, url: str, since: datetime) -> bool:
    """Whether Telegram calls elsewhere, or calling us failed lately: it may send another secret."""
    if info.url != url:
        log.warning("telegram: updates went to %s; they come here again", info.url or "nobody")
        return True
    failed_at = info.last_error_date
    if failed_at is None or failed_at < since:
        return False
    log.warning("telegram: could not call us (%s); %d updates wait", info.last_error_message, info.pending_update_count)
    return True
