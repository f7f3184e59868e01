"""``onrecord check``: what is configured, whether it can be reached, and what is wrong, in one line each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.app.databases import is_shared, open_database
from bot.app.language_model import language_model
from bot.books.sql import SqlBooks
from bot.config import Settings
from bot.logs.redaction import redacting
from digests.errors import OnrecordError, SettingsError
from digests.store.connection import Connection
from digests.store.sql import SqlStore

SECONDS = 15.0
MOST_LISTED = 8


async def check(settings: Settings, *, say: Callable[[str], None] = print) -> bool:
    """Say how each part does; whether all that is configured works."""
    parts: list[tuple[str, Callable[[Settings], Awaitable[str]]]] = [
        ("database", _database),
        ("telegram", _telegram),
        ("slack", _slack),
        ("web", _web),
        ("access", _access),
        ("model", _model),
    ]
    works, redact = True, redacting(settings.secrets)
    for name, look in parts:
        try:
            async with asyncio.timeout(SECONDS):
                found = await look(settings)
        except (OnrecordError, TimeoutError) as error:
            works = False
            found = f"WRONG: {_one_line(error)}"
        say(redact(f"{name + ':':<10}{found}"))
    return works


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or f"no answer within {SECONDS:.0f} s"


async def _database(settings: Settings) -> str:
    """Opening creates or migrates it; a write shows that it can be written."""
    database = await open_database(settings.database_url)
    try:
        await SqlBooks(database).tidy(before=datetime(1970, 1, 1, tzinfo=UTC))
        counts = await SqlStore(database).counts()
        server = await database.read(_server) if is_shared(settings.database_url) else ""
    finally:
        await database.close()
    return f"ok, {settings.database_url} ({server}{counts.articles} articles, {counts.facts} facts)"


def _server(connection: Connection) -> str:
    """Without what its builder adds: "18.1", not "18.1 (Debian 18.1-1.pgdg13+2)"."""
    return f"PostgreSQL {connection.execute('SHOW server_version').fetchone()[0].split()[0]}, "


async def _telegram(settings: Settings) -> str:
    if not settings.telegram:
        return "not configured (TELEGRAM_BOT_TOKEN; see docs/telegram.md)"
    from bot.chat import telegram
    from bot.chat.telegram_listening import WEBHOOK_PATH

    bot = telegram.wire(settings.telegram_bot_token, api_base=settings.telegram_api_base)
    try:
        hook = settings.telegram_mode == "webhook"
        way = f"webhook at {settings.web_url}{WEBHOOK_PATH}" if hook else "long polling"
        return f"ok, {await telegram.probe(bot)}, {way}"
    finally:
        await bot.close_connections()


async def _slack(settings: Settings) -> str:
    if not settings.slack:
        return "not configured (SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET; see docs/slack.md)"
    from bot.chat import slack

    socket = settings.slack_mode == "socket"
    port = settings.slack_port
    at = settings.web_url if port is None else f"{settings.http_host}:{port}"
    way = "Socket Mode" if socket else f"HTTP at {at}{slack.EVENTS_PATH}"
    async with slack.session() as session:
        client = slack.client(settings.slack_bot_token, api_base=settings.slack_api_base, session=session)
        return f"ok, {await slack.probe(client, app_token=settings.slack_app_token if socket else '')}, {way}"


async def _web(settings: Settings) -> str:
    """The port can be had, or the program that has it is this one."""
    if not settings.web:
        return "not configured (WEB_URL; see docs/web.md)"
    from bot.web.server import bound, serves

    place = f"{settings.web_url} at {settings.web_host}:{settings.web_port}"
    if await serves(settings.web_host, settings.web_port):
        return f"ok, {place} (a server answers there)"
    bound(settings.web_host, settings.web_port).close()
    return f"ok, {place}"


async def _access(settings: Settings) -> str:
    admins, chats = len(settings.onrecord_admins), len(settings.access_chats)
    if settings.access == "open":
        return f"open to everyone, {admins} admins (ONRECORD_ADMINS)"
    line = f"invite only, {admins} admins (ONRECORD_ADMINS), {chats} chats (ACCESS_CHATS)"
    return line if admins or chats else f"{line}: nobody is answered yet but who was let in by a code (onrecord invite)"


async def _model(settings: Settings) -> str:
    """Whether the language model's endpoint answers, and knows the model."""
    endpoint = language_model(settings)
    if endpoint is None:
        return "not configured, none is needed (LLM_BASE_URL; see docs/language-model.md)"
    try:
        known = await endpoint.models(seconds=SECONDS)
    finally:
        await endpoint.close()
    tasks = ["words answers", *["proposes facts"] * settings.llm_proposes, *["shortens digests"] * settings.llm_digests]
    where = f"{settings.llm_model} at {settings.llm_base_url}, {', '.join(tasks)}"
    if known is None:
        return f"ok, {where} (it answers, but does not tell which models it has)"
    if settings.llm_model not in known:
        listed = ", ".join(known[:MOST_LISTED]) or "none"
        raise SettingsError(f"LLM_MODEL: {settings.llm_base_url} has no model {settings.llm_model!r}; it has {listed}")
    return f"ok, {where}"
