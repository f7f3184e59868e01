"""Requests in the log, on applications of a few lines."""

import logging
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.traced import Traced
from digests.tracing import known

SECRET = {"type": "http", "method": "GET", "path": "/c/secret.ics", "headers": [(b"x-request-id", b"edge-7")]}


async def call(app: ASGIApp, scope: dict[str, Any] = SECRET) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await Traced(app)(scope, receive, send)
    return sent


async def test_a_fault_after_the_answer_began_is_one_line_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": [(b"a", b"b")]})
        assert known() == {"request": "edge-7"}
        raise RuntimeError("ours")

    sent = await call(app)
    assert sent[0]["headers"] == [(b"a", b"b"), (b"x-request-id", b"edge-7")]
    (line,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert line.getMessage() == "web: GET an address that there is not failed"
    assert "RuntimeError: ours" in caplog.text
    assert "secret" not in caplog.text
    assert known() == {}


async def test_a_fault_before_any_answer_is_left_to_the_server_which_answers(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("ours")

    with pytest.raises(RuntimeError):
        await call(app)
    assert "web: GET an address that there is not failed" in caplog.text


async def test_what_is_no_request_has_no_line(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "lifespan.startup.complete"})

    caplog.set_level(logging.DEBUG)
    assert await call(app, {"type": "lifespan"}) == [{"type": "lifespan.startup.complete"}]
    assert not caplog.records
