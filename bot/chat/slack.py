"""Slack: requests in by Socket Mode or HTTP, messages out.

Bolt checks signatures; one middleware of ours then writes the request down and acknowledges it, before Bolt would ask
Slack anything. The SDK's own retries are off: the outbox retries, and remembers what it sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack_events import Me, key_of, link_in
from bot.chat.slack_sender import WRONG_TOKEN, error_of, said, send_error, wait_of
from bot.errors import TryLater, Undeliverable
from bot.hooks import MOST_BYTES, Hook, HookAnswer
from bot.model import MOST_FILE_BYTES, Asked, GivenFile, Platform
from digests.errors import SettingsError, StoreError

log = logging.getLogger(__name__)
bolt_log = logging.getLogger("slack_bolt")

Bolt = AsyncApp
EVENTS_PATH = "/slack/events"
PATIENCE = 45.0
_TIMEOUT = aiohttp.ClientTimeout(total=30)

Take = Callable[[Platform, str, Mapping[str, Any]], Awaitable[None]]
"""Writes a request down: platform, unique key, payload. Raises ``StoreError`` when it cannot."""


def client(token: str, *, api_base: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A Web API client that tries once; what to do about a failure is the outbox's business."""
    return AsyncWebClient(token=token, base_url=api_base, session=session, retry_handlers=[])


def session() -> aiohttp.ClientSession:
    """The connections that all calls share; to be closed at the end."""
    return aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True)


def app(web_client: AsyncWebClient, *, signing_secret: str, take: Take) -> AsyncApp:
    """A Bolt app that writes down whatever Slack sends it, and then acknowledges it; else Slack comes again."""

    async def write_down(body: dict[str, Any], next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        if body.get("type") == "url_verification":
            await next_()
            return None
        try:
            await take("slack", key_of(body), body)
        except StoreError as error:
            log.error("slack: a request was not written down: %s", error)
            return BoltResponse(status=503, body="")
        return BoltResponse(status=200, body="")

    return AsyncApp(client=web_client, signing_secret=signing_secret, before_authorize=write_down, logger=bolt_log)


async def download(web_client: AsyncWebClient, file: GivenFile) -> bytes:
    """A dropped file's bytes. Raises ``SendError``. The token goes to Slack's own hosts alone."""
    host = urlsplit(file.ref).hostname or ""
    if host != urlsplit(web_client.base_url).hostname and not f".{host}".endswith((".slack.com", ".slack-files.com")):
        raise Undeliverable(f"{host} is not Slack's")
    headers = {"Authorization": f"Bearer {web_client.token}"}
    try:
        session = web_client.session
        assert session is not None, "clients are made with `client`"
        async with session.get(file.ref, headers=headers, allow_redirects=False) as answer:
            if answer.status in (429, *range(500, 600)):
                raise TryLater(f"status {answer.status}", after=wait_of(answer.headers))
            a_page = answer.content_type == "text/html" and not file.name.lower().endswith((".html", ".htm"))
            if answer.status != 200 or a_page:  # without files:read Slack answers with its login page
                raise Undeliverable(f"Slack does not hand it out (status {answer.status}; has the app files:read?)")
            return await _within(MOST_FILE_BYTES, answer.content)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise TryLater(said(error)) from error


async def link_above(web_client: AsyncWebClient, asked: Asked) -> str:
    """The link in the message that a thread begins with, or ""; raises ``SendError`` where asking again may help."""
    channel = asked.origin.chat.removeprefix("slack:")
    try:
        found = await web_client.conversations_replies(channel=channel, ts=asked.above, limit=1, inclusive=True)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        trouble = send_error(error)
        if isinstance(trouble, TryLater):
            raise trouble from error
        log.warning("slack: the thread in %s cannot be read (%s)", asked.origin.chat, said(error))
        return ""
    messages = found.get("messages") or [{}]
    return link_in(str(messages[0].get("text", "")))


async def _within(most: int, content: aiohttp.StreamReader) -> bytes:
    data = bytearray()
    async for piece in content.iter_chunked(65_536):
        data += piece
        if len(data) > most:
            raise Undeliverable(f"it has more than {most / 1e6:.0f} MB")
    return bytes(data)


async def connect(web_client: AsyncWebClient, *, teams: frozenset[str] = frozenset()) -> Me:
    """Say hello until Slack answers; ``teams`` are heard beside the bot's own workspace.

    Raises ``SettingsError`` when it refuses the token.
    """
    pause = 1.0
    while True:
        try:
            found = await web_client.auth_test()
            return Me(user=found["user_id"], bot=found.get("bot_id", ""), teams=teams | {found["team_id"]})
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            if error_of(error) in WRONG_TOKEN:
                raise SettingsError(f"SLACK_BOT_TOKEN: Slack refuses it ({error_of(error)})") from error
            log.warning("slack: not reached yet (%s); trying again in %.0f s", said(error), pause)
        await asyncio.sleep(pause)
        pause = min(60.0, pause * 2)


async def listen_by_socket(bolt: AsyncApp, *, app_token: str) -> None:
    """Take requests over a WebSocket for ever. Raises ``SettingsError`` when Slack refuses the app token.

    The SDK reconnects by itself, but never gives up an address that stopped working: whoever has been away for
    ``PATIENCE`` seconds is started anew.
    """
    pause = 1.0
    while True:
        handler: Any = AsyncSocketModeHandler(bolt, app_token)
        try:
            handler.client.wss_uri = await handler.client.issue_new_wss_url()
            async with asyncio.timeout(PATIENCE):
                await handler.connect_async()
            log.info("slack: listening by Socket Mode")
            pause = 1.0
            await _until_lost(handler)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            if error_of(error) in WRONG_TOKEN:
                raise SettingsError(f"SLACK_APP_TOKEN: Slack refuses it ({error_of(error)})") from error
            log.warning("slack: no socket (%s); trying again in %.0f s", said(error), pause)
        finally:
            with suppress(aiohttp.ClientError, OSError):
                await handler.close_async()
        await asyncio.sleep(pause)
        pause = min(60.0, pause * 2)


async def _until_lost(handler: Any) -> None:
    """Return when the socket has been away for longer than the SDK should need to get it back."""
    clock = asyncio.get_running_loop().time
    seen = clock()
    while clock() - seen < PATIENCE:
        if await handler.client.is_connected():
            seen = clock()
        await asyncio.sleep(5.0)


async def answer_events(
    bolt: AsyncApp | None, signing_secret: str, headers: Mapping[str, str], body: bytes
) -> HookAnswer:
    """What a request is answered; 200 when it is written down. Slack comes again after anything but a 2xx.

    Bolt reads a request before it looks at the signature: who it is from is asked first, so that strangers reach no
    parser. ``bolt``: ``None`` for as long as the bot does not know yet who it is.
    """
    try:
        text = body.decode()
        if not SignatureVerifier(signing_secret).is_valid_request(text, {**headers}):
            return HookAnswer(status=401)
        if bolt is None:
            return HookAnswer(status=503)
        answer = await bolt.async_dispatch(AsyncBoltRequest(body=text, headers={**headers}))
    except (ValueError, TypeError, AttributeError, RecursionError):  # neither a JSON object nor a form
        return HookAnswer(status=400)
    return HookAnswer(status=answer.status, body=answer.body.encode(), headers=answer.first_headers())


async def listen_by_http(hook: Hook, *, host: str, port: int) -> None:
    """Take requests at a port of our own for ever. Raises ``SettingsError`` when it cannot be had."""

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        said = await hook.answer(headers, await request.read())
        return web.Response(status=said.status, body=said.body, headers=said.headers)

    server = web.Application(client_max_size=MOST_BYTES)
    server.router.add_post(hook.path, answer)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("slack: listening at http://%s:%d%s", host, port, hook.path)
        await asyncio.Event().wait()
    except OSError as error:
        raise SettingsError(f"HTTP_HOST, HTTP_PORT: cannot listen at {host}:{port} ({error.strerror})") from error
    finally:
        await runner.cleanup()


async def probe(web_client: AsyncWebClient, *, app_token: str = "") -> str:
    """The workspace and the bot's name, for ``onrecord check``; with an app token the socket's address is asked for.

    Raises ``SettingsError`` with one line saying what is wrong.
    """
    setting = "SLACK_BOT_TOKEN"
    try:
        found = await web_client.auth_test()
        if app_token:
            setting = "SLACK_APP_TOKEN"
            await web_client.apps_connections_open(app_token=app_token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        if error_of(error) in WRONG_TOKEN:
            raise SettingsError(f"{setting}: Slack refuses it ({error_of(error)})") from error
        raise SettingsError(f"SLACK_API_BASE: Slack cannot be reached ({said(error)})") from error
    return f"@{found.get('user', '?')} in {found.get('team', '?')}"
