"""Slack's Web API, response_urls and Socket Mode on loopback, refusing what Slack refuses. https://docs.slack.dev"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

BOT_TOKEN = "xoxb-test-bot"
APP_TOKEN = "xapp-test-app"
SECRET = "signing-secret-of-the-tests"
ME = "U0BOT"

Script = tuple[int, Mapping[str, Any], Mapping[str, str]] | str
"""A canned answer: status, body and headers, or "drop" (close the connection unanswered)."""


class Refused(Exception):
    """``ok: false`` with this error."""


class FakeSlack:
    """What was accepted lies in ``posted`` (method, arguments); everything that came in ``calls``."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.scripts: dict[str, deque[Script]] = defaultdict(deque)
        """Answers to the next calls of a method ("response_url" is one), before it works."""
        self.timestamps: dict[str, tuple[str, dict[str, Any]]] = {}
        """What was posted (method, arguments), by the name that Slack gave it."""
        self.fixed: set[str] = set()
        """Messages that cannot be updated."""
        self.acknowledged: list[str] = []
        self.url = ""
        self.files: dict[str, tuple[bytes, str]] = {}
        """Files that people dropped, by name: bytes and content type."""
        self.uploads: dict[str, bytes] = {}
        self.threads: dict[str, str] = {}
        """The text that the threads of a channel begin with."""
        self.connections = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._changed = asyncio.Condition()
        self._numbers = count(1)

    # what a test does

    async def until(self, happened: Callable[[], bool], *, seconds: float = 120.0) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(happened)

    async def until_posted(self, number: int, *, seconds: float = 120.0) -> list[tuple[str, dict[str, Any]]]:
        await self.until(lambda: len(self.posted) >= number, seconds=seconds)
        return self.posted

    async def until_connected(self, number: int = 1) -> None:
        """Wait for the socket of that number, counted from the start."""
        await self.until(lambda: self.connections >= number)

    async def envelope(self, kind: str, payload: Mapping[str, Any], *, socket: int = -1) -> str:
        """Send something through a socket, the newest by default; its envelope's id, which must be acknowledged."""
        await self.until_connected()
        envelope_id = f"e{next(self._numbers)}"
        await self._sockets[socket].send_json({"type": kind, "envelope_id": envelope_id, "payload": payload})
        return envelope_id

    async def disconnect(self) -> None:
        """Ask the client to come back on another socket, as Slack does every few hours."""
        await self._sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    def response_url(self) -> str:
        return f"{self.url.removesuffix('/api/')}/respond/{next(self._numbers)}"

    def called(self, method: str) -> list[dict[str, Any]]:
        return [data for name, data in self.calls if name == method]

    # what the server does

    async def api(self, request: web.Request) -> web.StreamResponse:
        method, data = request.match_info["method"], {**request.query, **await _body(request)}
        await self._note(method, data)
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {wanted}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if self.scripts[method]:
            return _play(self.scripts[method].popleft(), request)
        try:
            result = getattr(self, "_" + method.replace(".", "_"))(data)
        except Refused as error:
            return web.json_response({"ok": False, "error": str(error)})
        await self._changes()
        return web.json_response({"ok": True, **result})

    async def file(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(text="<html>log in</html>", content_type="text/html")
        if self.scripts["file"]:
            return _play(self.scripts["file"].popleft(), request)
        body, kind = self.files[request.match_info["name"]]
        return web.Response(body=body, content_type=kind)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        if self.scripts["upload"]:
            return _play(self.scripts["upload"].popleft(), request)
        self.uploads[request.match_info["name"]] = await request.read()
        return web.Response(text="OK")

    def file_url(self, name: str) -> str:
        return f"{self.url.removesuffix('/api/')}/files/{name}"

    def _files_getUploadURLExternal(self, data: dict[str, Any]) -> dict[str, Any]:
        if not data.get("filename") or int(data["length"]) < 1 or len(data.get("alt_txt", "")) > 1000:
            raise Refused("invalid_arguments")
        return {"file_id": "F1", "upload_url": f"{self.url.removesuffix('/api/')}/upload/F1"}

    def _files_completeUploadExternal(self, data: dict[str, Any]) -> dict[str, Any]:
        if not str(data.get("channel_id", "")).startswith(("C", "D")):
            raise Refused("channel_not_found")
        self.posted.append(("files.completeUploadExternal", data))
        return {"files": []}

    def _conversations_replies(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["channel"] not in self.threads:
            raise Refused("missing_scope")
        return {"messages": [{"ts": data["ts"], "text": self.threads[data["channel"]]}]}

    def _conversations_open(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": f"D{data['users']}"}}

    async def respond(self, request: web.Request) -> web.StreamResponse:
        data = await _body(request)
        await self._note("response_url", data)
        if self.scripts["response_url"]:
            return _play(self.scripts["response_url"].popleft(), request)
        check_message(data)
        if data.get("response_type") not in ("ephemeral", "in_channel"):
            return web.Response(status=400, text="invalid_response_type")
        self.posted.append(("response_url", data))
        await self._changes()
        return web.Response(text="ok")

    async def socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self._sockets.append(socket)
        self.connections += 1
        await self._changes()
        async for message in socket:
            if message.type == aiohttp.WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
                await self._changes()
        self._sockets.remove(socket)
        return socket

    async def _note(self, method: str, data: dict[str, Any]) -> None:
        self.calls.append((method, data))
        await self._changes()

    async def _changes(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _auth_test(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"user_id": ME, "bot_id": "B0BOT", "user": "onrecord", "team": "Newsroom", "team_id": "T1"}

    def _apps_connections_open(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"url": self.url.replace("http://", "ws://").replace("/api/", "/socket")}

    def _chat_postMessage(self, data: dict[str, Any]) -> dict[str, Any]:
        check_message(data)
        if data.get("unfurl_links") is not False or data.get("unfurl_media") is not False:
            raise Refused("this_test_server_wants_no_unfurling")
        return self._posted("chat.postMessage", data)

    def _chat_update(self, data: dict[str, Any]) -> dict[str, Any]:
        check_message(data)
        known = self.timestamps.get(str(data["ts"]))
        if known is None or known[0] != "chat.postMessage":
            raise Refused("message_not_found")
        if not str(data["channel"]).startswith(("C", "D", "G")):
            raise Refused("channel_not_found")
        if data["ts"] in self.fixed:
            raise Refused("cant_update_message")
        self.posted.append(("chat.update", data))
        return {"ts": data["ts"], "channel": data["channel"]}

    def _chat_postEphemeral(self, data: dict[str, Any]) -> dict[str, Any]:
        check_message(data)
        if not data.get("user"):
            raise Refused("user_not_found")
        return {"message_ts": self._posted("chat.postEphemeral", data)["ts"]}

    def _views_publish(self, data: dict[str, Any]) -> dict[str, Any]:
        view = json.loads(data["view"]) if isinstance(data["view"], str) else data["view"]
        if view["type"] != "home" or not data.get("user_id"):
            raise Refused("invalid_arguments")
        check_blocks(view["blocks"], most=100)
        return self._posted("views.publish", {**data, "view": view})

    def _posted(self, method: str, data: dict[str, Any]) -> dict[str, Any]:
        self.posted.append((method, data))
        ts = f"1581850000.{next(self._numbers):06}"
        self.timestamps[ts] = (method, data)
        return {"ts": ts, "channel": data.get("channel", "")}


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = await request.json()
        return found
    return {key: _parsed(value) for key, value in (await request.post()).items()}


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def _play(script: Script, request: web.Request) -> web.StreamResponse:
    if isinstance(script, str):
        assert request.transport is not None
        request.transport.close()
        return web.Response()
    status, body, headers = script
    if "html" in body:
        return web.Response(status=status, text=body["html"], content_type="text/html", headers=headers)
    return web.json_response(body, status=status, headers=headers)


def check_message(data: Mapping[str, Any]) -> None:
    """What Slack demands of a message."""
    if not data.get("text"):
        raise Refused("no_text")
    if data.get("link_names") or data.get("parse"):
        raise Refused("this_test_server_wants_no_parsing")
    blocks = data.get("blocks", [])
    check_blocks(blocks, most=50)
    if len(json.dumps(blocks, ensure_ascii=False)) > 26_000 or sum(map(_characters, blocks)) > 13_200:
        raise Refused("msg_blocks_too_long")


def check_blocks(blocks: list[Mapping[str, Any]], *, most: int) -> None:
    """Block Kit's sizes. https://docs.slack.dev/reference/block-kit/blocks"""
    if len(blocks) > most:
        raise Refused("invalid_blocks")
    for block in blocks:
        texts = [block["text"]] if "text" in block else []
        texts += block.get("fields", [])
        longest = {"section": 3000, "header": 150}.get(block["type"], 3000)
        if any(not 1 <= len(text["text"]) <= longest for text in texts):
            raise Refused("invalid_blocks")
        if block["type"] == "header" and block["text"]["type"] != "plain_text":
            raise Refused("invalid_blocks")
        for text in texts:
            if text["type"] == "mrkdwn" and any(mark in text["text"] for mark in ("<!", "<@", "<#")):
                raise Refused("this_test_server_wants_no_mentions")
        buttons = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if len(buttons) > 25 or not all(map(_is_button, buttons if block["type"] in ("actions", "section") else [])):
            raise Refused("invalid_blocks")
    ids = [element["action_id"] for block in blocks for element in block.get("elements", []) if "action_id" in element]
    if len(ids) != len(set(ids)):
        raise Refused("invalid_blocks")


def _is_button(element: Mapping[str, Any]) -> bool:
    return 1 <= len(element["text"]["text"]) <= 75 and 1 <= len(element["value"]) <= 2000


def _characters(block: Mapping[str, Any]) -> int:
    texts = [block["text"]] if "text" in block else []
    return sum(len(text["text"]) for text in (*texts, *block.get("fields", [])))


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """A server on a free port; ``url`` is what SLACK_API_BASE must be."""
    fake = FakeSlack()
    application = web.Application()
    application.router.add_post("/api/{method}", fake.api)
    application.router.add_get("/api/{method}", fake.api)
    application.router.add_post("/respond/{number}", fake.respond)
    application.router.add_get("/files/{name}", fake.file)
    application.router.add_post("/upload/{name}", fake.upload)
    application.router.add_get("/socket", fake.socket)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    fake.url = f"http://{host}:{port}/api/"
    try:
        yield fake
    finally:
        await runner.cleanup()


_NUMBER = count(1)


def event(kind: str, **fields: Any) -> dict[str, Any]:
    """An Events API callback, as Slack sends it."""
    number = next(_NUMBER)
    event_id = fields.pop("event_id", f"Ev{number:06}")
    inner = {"type": kind, "user": "U1", "ts": f"1581850001.{number:06}", "event_ts": f"1581850001.{number:06}"}
    return {
        "token": "x",
        "team_id": "T1",
        "api_app_id": "A1",
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1581850001,
        "event": {**inner, **fields},
    }


def command(text: str, *, response_url: str, channel: str = "C1", user: str = "U1") -> dict[str, Any]:
    """A slash command, as Slack sends it."""
    number = next(_NUMBER)
    return {
        "token": "x",
        "team_id": "T1",
        "channel_id": channel,
        "channel_name": "news",
        "user_id": user,
        "user_name": "ayna",
        "command": "/news",
        "text": text,
        "api_app_id": "A1",
        "response_url": response_url,
        "trigger_id": f"{number}.T1.abc",
    }


def pressed(value: str, *, response_url: str = "", **fields: Any) -> dict[str, Any]:
    """A pressed button, as Slack sends it."""
    number = next(_NUMBER)
    return {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T1"},
        "team": {"id": "T1"},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": f"{number}.T1.abc",
        "response_url": response_url,
        "actions": [{"type": "button", "action_id": "command_0", "block_id": "b", "value": value, "action_ts": "1"}],
        **fields,
    }


def signed(body: Mapping[str, Any], *, form: bool = False, secret: str = SECRET, at: float | None = None) -> Any:
    """Body and headers of a request from Slack. https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    content = body if not form else ({"payload": json.dumps(body)} if body.get("type") == "block_actions" else body)
    text = urlencode(content) if form else json.dumps(content)
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    return text, {**signature(text, secret=secret, at=at), "Content-Type": kind}


def signature(text: str, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that vouch for a body of JSON."""
    moment = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{moment}:{text}".encode(), hashlib.sha256).hexdigest()
    vouched = {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}
    return {"Content-Type": "application/json", **vouched}
