"""A Bot API server on loopback that refuses what Telegram refuses. https://core.telegram.org/bots/api"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from html import unescape
from itertools import count
from typing import Any

from aiohttp import web

TOKEN = "123456:TEST-token_1"
ME = {"id": 123456, "is_bot": True, "first_name": "Onrecord", "username": "onrecord_bot"}
_TAGS = frozenset(
    ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote", "span", "tg-spoiler")
)
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
_TAG = re.compile(r"<(/?)([a-zA-Z-]+)((?:\s[^<>]*)?)>")

Script = tuple[int, Mapping[str, Any]] | str
"""A canned answer: status and body, or "drop" (close the connection unanswered) or "hang"."""


class Refused(Exception):
    """A 400 with Telegram's description."""


class Conflicting(Exception):
    """A 409 with Telegram's description."""


class FakeTelegram:
    """What was sent lies in ``sent`` (accepted messages) and ``calls`` (everything)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []
        self.scripts: dict[int, deque[Script]] = defaultdict(deque)
        """Answers to the next messages to a chat, before it works."""
        self.method_scripts: dict[str, deque[Script]] = defaultdict(deque)
        self.edited: list[dict[str, Any]] = []
        """Edits that were accepted; ``sent`` shows the messages as they are now."""
        self.fixed: set[int] = set()
        """Messages that can't be edited."""
        self.refuse_html = False
        self.delay = 0.0
        """Seconds that a message takes."""
        self.files: dict[str, bytes] = {}
        """Files that people dropped, by file_id."""
        self.documents: list[tuple[int, str, bytes]] = []
        """Files that were sent: chat, name, bytes."""
        self.groups: dict[tuple[int, int], str] = {}
        """What somebody is in a group (creator, administrator, member, left, kicked), by chat and user."""
        self.acknowledged = 0
        self.polls = 0
        """How many ask for updates at this moment; ``most_polls``: at most so far."""
        self.most_polls = 0
        self.webhook: dict[str, Any] = {}
        """Where updates are sent to, as it was last set; none where they are polled for."""
        self.last_error: dict[str, Any] = {}
        """What getWebhookInfo tells of the last call that failed."""
        self._updates: list[dict[str, Any]] = []
        self._numbers = count(500)
        self._changed = asyncio.Condition()
        self._polling = False
        self.url = ""

    # what a test does

    async def deliver(self, *updates: dict[str, Any]) -> None:
        async with self._changed:
            self._updates += updates
            self._changed.notify_all()

    async def until(self, happened: Callable[[], bool], *, seconds: float = 120.0) -> None:
        """Wait for what a call brings about."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(happened)

    async def until_sent(self, number: int, *, seconds: float = 120.0) -> list[dict[str, Any]]:
        await self.until(lambda: len(self.sent) >= number, seconds=seconds)
        return self.sent

    def to(self, chat: int) -> list[dict[str, Any]]:
        return [message for message in self.sent if message["chat_id"] == chat]

    def called(self, method: str) -> list[dict[str, Any]]:
        return [data for name, data in self.calls if name == method]

    # what the server does

    async def handle(self, request: web.Request) -> web.StreamResponse:
        stored = re.fullmatch(r"/file/bot([^/]+)/documents/(\w+)", request.path)
        if stored and stored[1] == TOKEN and stored[2] in self.files:
            return web.Response(body=self.files[stored[2]])
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", request.path)
        if not found or found[1] != TOKEN:
            return _answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        method, data = found[2], _decoded(dict(await request.post()))
        async with self._changed:
            self.calls.append((method, data))
            self._changed.notify_all()
        script = self._script(method, data)
        if script is not None:
            return await self._play(script, request)
        if method == "sendMessage" and self.delay:
            await asyncio.sleep(self.delay)
        try:
            result = await getattr(self, f"_{method}")(data)
        except Conflicting as error:
            return _answer(409, {"ok": False, "error_code": 409, "description": f"Conflict: {error}"})
        except Refused as error:
            return _answer(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"})
        except AttributeError:
            return _answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        return _answer(200, {"ok": True, "result": result})

    def _script(self, method: str, data: Mapping[str, Any]) -> Script | None:
        queue = self.method_scripts[method]
        if not queue and method in ("sendMessage", "sendPhoto"):
            queue = self.scripts[int(data.get("chat_id", 0))]
        return queue.popleft() if queue else None

    async def _play(self, script: Script, request: web.Request) -> web.StreamResponse:
        if script == "drop":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if script == "hang":
            await asyncio.sleep(60)
        assert not isinstance(script, str)
        status, body = script
        if "html" in body:
            return web.Response(status=status, text=body["html"], content_type="text/html")
        return _answer(status, {"ok": False, "error_code": status, **body})

    async def _getMe(self, data: Mapping[str, Any]) -> object:
        return {**ME, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _getFile(self, data: Mapping[str, Any]) -> object:
        if data["file_id"] not in self.files:
            raise Refused("wrong file_id or the file is temporarily unavailable")
        known = {"file_id": data["file_id"], "file_unique_id": data["file_id"]}
        return {**known, "file_path": f"documents/{data['file_id']}"}

    async def _sendDocument(self, data: Mapping[str, Any]) -> object:
        sent = data["document"]
        self.documents.append((int(data["chat_id"]), sent.filename, sent.file.read()))
        number = next(self._numbers)
        return {"message_id": number, "date": 1581850000, "chat": {"id": int(data["chat_id"]), "type": "private"}}

    async def _sendPhoto(self, data: Mapping[str, Any]) -> object:
        """A message like any other in ``sent``, with its picture in ``photo`` and its caption for a text."""
        caption = self._caption(data.get("caption", ""), data)
        check_markup(data.get("reply_markup"))
        number, chat = next(self._numbers), int(data["chat_id"])
        photo = _photo(data["photo"])
        async with self._changed:
            told = {"text": data.get("caption", ""), "shown": caption, "photo": photo}
            self.sent.append({**data, **told, "chat_id": chat, "message_id": number})
            self._changed.notify_all()
        return {"message_id": number, "date": 1581850000, "chat": {"id": chat, "type": "private"}, "caption": caption}

    async def _editMessageMedia(self, data: Mapping[str, Any]) -> object:
        media, chat, number = data["media"], int(data["chat_id"]), int(data["message_id"])
        caption = self._caption(media.get("caption", ""), media)
        check_markup(data.get("reply_markup"))
        meant = next((each for each in self.sent if (each["chat_id"], each["message_id"]) == (chat, number)), None)
        if meant is None:
            raise Refused("message to edit not found")
        if number in self.fixed:
            raise Refused("message can't be edited")
        photo = _photo(data[media["media"].removeprefix("attach://")])
        now = {"text": media.get("caption", ""), "shown": caption, "photo": photo}
        if all(meant.get(key) == value for key, value in now.items()):
            raise Refused("message is not modified: specified new message content is exactly the same")
        async with self._changed:
            meant.update({**now, "reply_markup": data.get("reply_markup")})
            self.edited.append({**data, **now, "chat_id": chat, "message_id": number})
            self._changed.notify_all()
        return {"message_id": number, "date": 1581850000, "chat": {"id": chat, "type": "private"}, "caption": caption}

    def _caption(self, text: str, data: Mapping[str, Any]) -> str:
        caption = shown(text) if data.get("parse_mode") == "HTML" else text
        if self.refuse_html and data.get("parse_mode") == "HTML":
            raise Refused("can't parse entities: this test server refuses HTML")
        if len(caption.encode("utf-16-le")) // 2 > 1024:
            raise Refused("message caption is too long")
        return caption

    async def _deleteWebhook(self, data: Mapping[str, Any]) -> object:
        self.webhook = {}
        return True

    async def _setWebhook(self, data: Mapping[str, Any]) -> object:
        if not re.fullmatch("[A-Za-z0-9_-]{1,256}", data.get("secret_token", "")):
            raise Refused("secret token contains unallowed characters")
        async with self._changed:
            self.webhook = dict(data)
            self._changed.notify_all()
        return True

    async def _getWebhookInfo(self, data: Mapping[str, Any]) -> object:
        about = {"has_custom_certificate": False, "pending_update_count": len(self._updates)}
        return {"url": self.webhook.get("url", ""), **about, **self.last_error}

    async def _getUpdates(self, data: Mapping[str, Any]) -> object:
        if self.webhook:
            raise Conflicting("can't use getUpdates method while webhook is active; use deleteWebhook to delete it")
        offset, seconds = int(data.get("offset", 0)), int(data.get("timeout", 0))
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self.acknowledged = max(self.acknowledged, offset)
        self.polls += 1
        self.most_polls = max(self.most_polls, self.polls)
        async with self._changed:
            self._changed.notify_all()
            try:
                async with asyncio.timeout(min(seconds, 5)):
                    await self._changed.wait_for(lambda: bool(self._updates))
            except TimeoutError:
                return []
            finally:
                self.polls -= 1
                self._changed.notify_all()
        return self._updates[:100]

    async def _setMyCommands(self, data: Mapping[str, Any]) -> object:
        commands = data["commands"]
        if len(commands) > 100 or not all(re.fullmatch("[a-z0-9_]{1,32}", each["command"]) for each in commands):
            raise Refused("BOT_COMMAND_INVALID")
        if not all(1 <= len(each["description"]) <= 256 for each in commands):
            raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    async def _getChatMember(self, data: Mapping[str, Any]) -> object:
        chat, user = int(data["chat_id"]), int(data["user_id"])
        if (chat, user) not in self.groups:
            raise Refused("member not found")
        return _member(user, self.groups[chat, user])

    async def _getChatAdministrators(self, data: Mapping[str, Any]) -> object:
        ranks = ("creator", "administrator")
        chat = int(data["chat_id"])
        return [_member(user, rank) for (group, user), rank in self.groups.items() if group == chat and rank in ranks]

    async def _answerCallbackQuery(self, data: Mapping[str, Any]) -> object:
        if not data.get("callback_query_id"):
            raise Refused("query id is invalid")
        return True

    def _text(self, data: dict[str, Any]) -> str:
        """What a message shows. Raises what Telegram refuses of it."""
        if "chat_id" not in data:
            raise Refused("chat_id is empty")
        text: str = data.get("text", "")
        if data.get("parse_mode") == "HTML":
            if self.refuse_html:
                raise Refused("can't parse entities: unsupported start tag")
            text = shown(text)
        if not text.strip():
            raise Refused("message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Refused("message is too long")
        check_markup(data.get("reply_markup"))
        if not data.get("link_preview_options", {}).get("is_disabled"):
            raise Refused("this test server wants link previews disabled")
        return text

    async def _editMessageText(self, data: dict[str, Any]) -> object:
        text = self._text(data)
        chat, number = int(data["chat_id"]), int(data["message_id"])
        meant = next((each for each in self.sent if (each["chat_id"], each["message_id"]) == (chat, number)), None)
        if meant is None:
            raise Refused("message to edit not found")
        if number in self.fixed:
            raise Refused("message can't be edited")
        if "photo" in meant:
            raise Refused("there is no text in the message to edit")
        if (data.get("reply_markup") or {}).get("force_reply"):
            raise Refused("inline keyboard expected")
        if (meant["shown"], meant.get("reply_markup")) == (text, data.get("reply_markup")):
            raise Refused("message is not modified: specified new message content is exactly the same")
        async with self._changed:
            meant.update(text=data["text"], shown=text, reply_markup=data.get("reply_markup"))
            self.edited.append({**data, "chat_id": chat, "message_id": number, "shown": text})
            self._changed.notify_all()
        return {"message_id": number, "date": 1581850000, "chat": {"id": chat, "type": "private"}, "text": text}

    async def _sendMessage(self, data: dict[str, Any]) -> object:
        text = self._text(data)
        number = next(self._numbers)
        async with self._changed:
            self.sent.append({**data, "chat_id": int(data["chat_id"]), "shown": text, "message_id": number})
            self._changed.notify_all()
        chat = {"id": int(data["chat_id"]), "type": "private"}
        return {"message_id": number, "date": 1581850000, "chat": chat, "from": ME, "text": text}


def _member(user: int, status: str) -> dict[str, Any]:
    rights = dict.fromkeys(
        (
            "can_be_edited",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        ),
        False,
    )
    about = {"creator": {"is_anonymous": False}, "administrator": {"is_anonymous": False, **rights}}.get(status, {})
    about |= {"until_date": 0} if status == "kicked" else {}
    return {"status": status, "user": {"id": user, "is_bot": False, "first_name": "Ayna"}, **about}


def shown(html: str) -> str:
    """The text without its tags. Raises what Telegram answers to HTML it cannot parse."""
    opened: list[str] = []
    entities = 0
    for found in _TAG.finditer(html):
        closing, name = found[1], found[2].lower()
        if name not in _TAGS:
            raise Refused(f'can\'t parse entities: Unsupported start tag "{name}"')
        if not closing:
            opened.append(name)
            entities += 1
        elif not opened or opened.pop() != name:
            raise Refused("can't parse entities: unmatched end tag")
    bare = _TAG.sub("", html)
    if opened or "<" in bare or ">" in bare or _ENTITY.search(bare):
        raise Refused("can't parse entities: unclosed tag or bare character")
    if entities > 100:
        raise Refused("this test server counts entities: more than 100")
    return unescape(bare)


def check_markup(markup: Mapping[str, Any] | None) -> None:
    """What Telegram demands of keyboards."""
    if markup is None or markup.get("force_reply"):
        if markup and not 1 <= len(markup.get("input_field_placeholder", "x")) <= 64:
            raise Refused("BUTTON_PLACEHOLDER_INVALID")
        return
    rows = markup["inline_keyboard"]
    if sum(len(row) for row in rows) > 100 or any(len(row) > 8 for row in rows):
        raise Refused("REPLY_MARKUP_TOO_LONG")
    for button in (button for row in rows for button in row):
        if not button.get("text"):
            raise Refused("text of a button is empty")
        if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
            raise Refused("BUTTON_DATA_INVALID")


def _photo(sent: Any) -> bytes:
    """The bytes of a picture that was uploaded. Raises what Telegram answers to what is none."""
    data: bytes = sent.file.read()
    if not data.startswith(b"\x89PNG"):
        raise Refused("IMAGE_PROCESS_FAILED")
    return data


def _decoded(form: Mapping[str, Any]) -> dict[str, Any]:
    """Form fields as PTB writes them: what is no string is JSON."""
    decoded: dict[str, Any] = {}
    for key, value in form.items():
        try:
            decoded[key] = value if key in ("text", "caption") or not isinstance(value, str) else json.loads(value)
        except ValueError:
            decoded[key] = value
    return decoded


def _answer(status: int, body: Mapping[str, Any]) -> web.Response:
    return web.json_response(body, status=status)


@asynccontextmanager
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    """A server on a free port; ``url`` is what TELEGRAM_API_BASE must be."""
    fake = FakeTelegram()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", fake.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    fake.url = f"http://{host}:{port}/bot"
    try:
        yield fake
    finally:
        await runner.cleanup()


_NUMBER = count(1000)


def message(
    text: str, *, chat: int = 7, user: int = 7, kind: str = "private", number: int | None = None, **extra: Any
) -> dict[str, Any]:
    """An update with a message, as Telegram sends it."""
    update_id = next(_NUMBER) if number is None else number
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1581850000,
            "chat": {"id": chat, "type": kind, **extra.pop("chat_extra", {})},
            "from": {"id": user, "is_bot": False, "first_name": "Ayna"},
            "text": text,
            **extra,
        },
    }


def press(data: str, *, chat: int = 7, user: int = 7, kind: str = "private", **extra: Any) -> dict[str, Any]:
    """An update with a pressed button."""
    update_id = next(_NUMBER)
    return {
        "update_id": update_id,
        "callback_query": {
            "id": f"q{update_id}",
            "from": {"id": user, "is_bot": False, "first_name": "Ayna"},
            "chat_instance": "1",
            "data": data,
            "message": {
                "message_id": 400,
                "date": 1581850000,
                "chat": {"id": chat, "type": kind},
                "from": ME,
                "text": "shown before",
                **extra,
            },
        },
    }
