"""Messages out to Slack: into a channel or thread, for one person's eyes, through a response_url, or to the App Home.

What an error of Slack's means for the outbox is said here, too: https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import ChatGone, NotEditable, SendError, TryLater, Undeliverable
from bot.model import Address
from bot.render.message import Message, Picture

log = logging.getLogger(__name__)

HOME_BLOCKS = 100
RESPONSES = 5
"""A response_url takes that many messages, within 30 minutes."""
_BUSY = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_LOST_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
WRONG_TOKEN = _LOST_TOKEN | {"not_allowed_token_type", "missing_scope"}
_FORM = frozenset(("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"))
_GONE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "user_disabled", "user_not_found"})
_NOT_EDITABLE = frozenset(
    ("cant_update_message", "message_not_found", "edit_window_closed", "update_failed", "is_inactive", "no_permission")
)
"""What Slack says of messages that stay as they are."""
_ELSEWHERE = frozenset({"channel_not_found", "not_in_channel", "user_not_in_channel"})

Content = Mapping[str, Any]


class Slack:
    """The outbox's way to Slack."""

    def __init__(self, web_client: AsyncWebClient) -> None:
        self._client = web_client

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        """Send one message; its timestamp. What Slack refuses for its blocks goes out once more as plain text."""
        if message.file is not None:
            return await self._deliver_file(address, message.file.name, message.file.text.encode())
        if message.picture is not None and (sent := await self._deliver_picture(address, message.picture)):
            return sent
        content = {"text": message.text, "blocks": list(message.blocks)} if message.blocks else {"text": message.text}
        try:
            return await self._send(address, content, position=position)
        except SlackApiError as error:
            if address.home or error_of(error) not in _FORM:
                raise send_error(error) from error
            log.warning("slack: blocks refused for %s (%s): sent as plain text", address.chat, error_of(error))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise send_error(error) from error
        try:
            return await self._send(address, {"text": message.text}, position=position)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            raise send_error(error) from error

    async def edit(self, address: Address, message: Message, *, message_id: str) -> None:
        """Let a message of ours say this. Raises ``NotEditable`` where Slack does not let us.

        https://docs.slack.dev/reference/methods/chat.update
        """
        if message.file is not None:
            return
        if message.picture is not None:
            raise NotEditable("a picture stays as it was uploaded")
        forms: list[Content] = [{"text": message.text}]
        if message.blocks:
            forms.insert(0, {"text": message.text, "blocks": list(message.blocks)})
        for content in forms:
            try:
                channel = await self._conversation(replace(address, user=""))
                await self._client.chat_update(channel=channel, ts=message_id, **content)
            except SlackApiError as error:
                name = error_of(error)
                if name in _FORM and content is not forms[-1]:
                    log.warning("slack: blocks refused for %s (%s): edited as plain text", address.chat, name)
                    continue
                if name in _NOT_EDITABLE:
                    raise NotEditable(name) from error
                raise send_error(error) from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise send_error(error) from error
            return

    async def _send(self, address: Address, content: Content, *, position: int) -> str:
        if address.home:
            return await self._publish(address, content)
        if address.response_url and position < RESPONSES and await self._respond(address, content):
            return "response"
        if address.user and _is_channel(address.chat):
            return await self._whisper(address, content)
        return await self._post(address.chat, content, thread=address.thread)

    async def _deliver_picture(self, address: Address, picture: Picture) -> str:
        """Upload a picture with its words for who cannot see it; "" where Slack takes none (the words go instead)."""
        try:
            return await self._deliver_file(
                address, picture.name, picture.png, title=picture.chart.title, alt=picture.chart.alt
            )
        except Undeliverable as error:
            log.warning("slack: no picture for %s (%s): sent in words", address.chat, error)
            return ""

    async def _deliver_file(self, address: Address, name: str, data: bytes, *, title: str = "", alt: str = "") -> str:
        """Upload a file: into the conversation, or into a direct message where only one person is answered.

        https://docs.slack.dev/messaging/working-with-files#upload
        """
        try:
            place = await self._client.files_getUploadURLExternal(filename=name, length=len(data), alt_txt=alt or None)
            session = self._client.session
            assert session is not None, "clients are made with `bot.chat.slack.client`"
            async with session.post(place["upload_url"], data=data) as answer:
                if answer.status != 200:
                    raise TryLater(f"upload: {answer.status}", after=wait_of(answer.headers))
            await self._client.files_completeUploadExternal(
                files=[{"id": place["file_id"], "title": title or name}],
                channel_id=await self._conversation(address),
                thread_ts=None if address.user else address.thread or None,
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            raise send_error(error) from error
        return f"file:{place['file_id']}"

    async def _conversation(self, address: Address) -> str:
        """The conversation to share a file in: files know no ephemeral messages, and no people."""
        whom = address.user or address.chat
        if not whom.startswith(("slack:U", "slack:W")):
            return _id(whom)
        opened = await self._client.conversations_open(users=_id(whom))
        return str(opened["channel"]["id"])

    async def _publish(self, address: Address, content: Content) -> str:
        view = {"type": "home", "blocks": list(content["blocks"])[:HOME_BLOCKS]}
        await self._client.views_publish(user_id=_id(address.user), view=view)
        return "home"

    async def _respond(self, address: Address, content: Content) -> bool:
        """Answer a command or button where it stands; ``False`` when its response_url takes nothing any more."""
        hook = AsyncWebhookClient(address.response_url, session=self._client.session, retry_handlers=[])
        body = {**content, "response_type": "ephemeral", "replace_original": False}
        if address.thread:
            body["thread_ts"] = address.thread
        answer = await hook.send_dict({**body, "unfurl_links": False, "unfurl_media": False})
        if answer.status_code == 429:
            raise TryLater("response_url: 429", after=wait_of(answer.headers))
        if answer.status_code >= 500:
            raise TryLater(f"response_url: {answer.status_code}")
        if answer.status_code != 200:
            log.info("slack: response_url of %s is used up (%d %s)", address.chat, answer.status_code, answer.body)
        return answer.status_code == 200

    async def _whisper(self, address: Address, content: Content) -> str:
        """For one person's eyes; as a direct message where the bot may not be in the channel."""
        try:
            posted = await self._client.chat_postEphemeral(
                channel=_id(address.chat), user=_id(address.user), thread_ts=address.thread or None, **content
            )
        except SlackApiError as error:
            if error_of(error) not in _ELSEWHERE:
                raise
            return await self._post(address.user, content, thread="")
        return str(posted["message_ts"])

    async def _post(self, chat: str, content: Content, *, thread: str) -> str:
        posted = await self._client.chat_postMessage(
            channel=_id(chat), thread_ts=thread or None, unfurl_links=False, unfurl_media=False, **content
        )
        return str(posted["ts"])


def _id(name: str) -> str:
    return name.removeprefix("slack:")


def _is_channel(chat: str) -> bool:
    return not chat.startswith(("slack:D", "slack:U", "slack:W"))


def send_error(error: Exception) -> SendError:
    """What the outbox is to do about an error of Slack's or of the way there."""
    if not isinstance(error, SlackApiError):
        return TryLater(said(error))
    name, status = error_of(error), _status(error)
    if status == 429 or name == "ratelimited":
        return TryLater(said(error), after=wait_of(getattr(error.response, "headers", {})))
    if name in _LOST_TOKEN:
        return TryLater(f"SLACK_BOT_TOKEN is refused: {name}", after=60.0)
    if status >= 500 or not name or name in _BUSY:
        return TryLater(said(error))
    return ChatGone(name) if name in _GONE else Undeliverable(name)


def error_of(error: Exception) -> str:
    """Slack's own name of an error; "" for anything else, such as a proxy's page."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def said(error: Exception) -> str:
    """An error in a few words, without the request that led to it."""
    if isinstance(error, SlackApiError):
        return error_of(error) or f"status {_status(error)}"
    return str(error) or type(error).__name__


def _status(error: SlackApiError) -> int:
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def wait_of(headers: Any) -> float | None:
    """The seconds of a Retry-After header."""
    value = str(headers.get("Retry-After", ""))
    return float(value) if value.isdigit() else None
