"""What people type in Slack and what they read, through the real Bolt, with only the wire faked."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_server import (
    APP_TOKEN,
    BOT_TOKEN,
    ME,
    SECRET,
    FakeSlack,
    command,
    event,
    pressed,
    signature,
    signed,
)

from bot.app.serving import serve_until
from bot.config import Settings
from digests.errors import SettingsError

Serving = Callable[..., AbstractAsyncContextManager[Settings]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(slack: FakeSlack, tmp_path: Path) -> Serving:
    """A server that runs as long as the block."""

    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[Settings]:
        given: dict[str, Any] = {
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_signing_secret": SECRET,
            "slack_api_base": slack.url,
            "http_port": free_port(),
            "database_url": f"sqlite:///{tmp_path}/flow.db",
            "access": "open",
            **changes,
        }
        settings = Settings(**given)
        stop = asyncio.Event()
        task = asyncio.create_task(serve_until(stop, settings))
        try:
            yield settings
        finally:
            stop.set()
            await asyncio.wait_for(task, 30)

    return run


async def post(settings: Settings, body: Any, headers: Any) -> tuple[int, str]:
    """What Slack's request is answered, as soon as the server listens."""
    url = f"http://127.0.0.1:{settings.http_port}/slack/events"
    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            try:
                async with session.post(url, data=body, headers=headers) as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)
    raise AssertionError("the server never listened")


async def test_a_mention_is_answered_in_its_thread(slack: FakeSlack, serving: Serving) -> None:
    asked = event("app_mention", channel="C1", text=f"<@{ME}> start", ts="1581850002.000100")
    async with serving():
        envelope = await slack.envelope("events_api", asked)
        ((method, data),) = await slack.until_posted(1)
        await slack.until(lambda: envelope in slack.acknowledged)
    assert method == "chat.postMessage"
    assert (data["channel"], data["thread_ts"]) == ("C1", "1581850002.000100")
    assert "Onrecord" in data["text"]
    assert data["blocks"]


async def test_a_direct_message_is_answered_beside_it(slack: FakeSlack, serving: Serving) -> None:
    async with serving():
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="who &lt;b&gt;"))
        ((method, data),) = await slack.until_posted(1)
    assert (method, data["channel"]) == ("chat.postMessage", "D1")
    assert "thread_ts" not in data


async def test_an_event_delivered_twice_is_answered_once(slack: FakeSlack, serving: Serving) -> None:
    asked = event("message", channel="D1", channel_type="im", text="start")
    async with serving():
        first = await slack.envelope("events_api", asked)
        second = await slack.envelope("events_api", asked)
        await slack.until(lambda: {first, second} <= set(slack.acknowledged))
        await slack.envelope("events_api", event("message", channel="D2", channel_type="im", text="start"))
        await slack.until(lambda: any(data["channel"] == "D2" for _, data in slack.posted))
    assert [data["channel"] for _, data in slack.posted].count("D1") == 1


async def test_a_slash_command_is_answered_to_the_asker_through_its_response_url(
    slack: FakeSlack, serving: Serving
) -> None:
    async with serving():
        await slack.envelope("slash_commands", command("start", response_url=slack.response_url()))
        ((method, data),) = await slack.until_posted(1)
    assert method == "response_url"
    assert data["response_type"] == "ephemeral"
    assert data["replace_original"] is False
    assert "Onrecord" in data["text"]


async def test_an_expired_response_url_gives_way_to_an_ephemeral_message(slack: FakeSlack, serving: Serving) -> None:
    slack.scripts["response_url"].append((404, {"ok": False, "error": "expired_url"}, {}))
    async with serving():
        await slack.envelope("slash_commands", command("start", response_url=slack.response_url()))
        ((method, data),) = await slack.until_posted(1)
    assert method == "chat.postEphemeral"
    assert (data["channel"], data["user"]) == ("C1", "U1")


async def test_where_the_bot_is_no_member_the_answer_is_a_direct_message(slack: FakeSlack, serving: Serving) -> None:
    slack.scripts["response_url"].append((410, {"ok": False}, {}))
    slack.scripts["chat.postEphemeral"].append((200, {"ok": False, "error": "not_in_channel"}, {}))
    async with serving():
        await slack.envelope("slash_commands", command("start", response_url=slack.response_url()))
        ((method, data),) = await slack.until_posted(1)
    assert (method, data["channel"]) == ("chat.postMessage", "U1")


@pytest.mark.parametrize(
    ("method", "script"),
    [
        ("chat.postMessage", (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})),
        ("chat.postMessage", (502, {"html": "<html>Bad Gateway</html>"}, {})),
        ("chat.postMessage", (200, {"ok": False, "error": "internal_error"}, {})),
        ("chat.postMessage", "drop"),
        ("response_url", (429, {}, {"Retry-After": "1"})),
        ("response_url", (503, {"html": "<html>"}, {})),
        ("response_url", "drop"),
    ],
)
async def test_a_message_that_could_not_be_sent_is_sent_again(
    slack: FakeSlack, serving: Serving, method: str, script: Any
) -> None:
    slack.scripts[method].append(script)
    async with serving():
        if method == "response_url":
            await slack.envelope("slash_commands", command("start", response_url=slack.response_url()))
        else:
            await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="start"))
        await slack.until_posted(1)
    assert len(slack.called(method)) == 2
    assert len(slack.posted) == 1


async def test_a_channel_that_is_gone_holds_up_nobody(slack: FakeSlack, serving: Serving) -> None:
    slack.scripts["chat.postMessage"].append((200, {"ok": False, "error": "channel_not_found"}, {}))
    async with serving():
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="start"))
        await slack.until(lambda: len(slack.called("chat.postMessage")) == 1)
        await slack.envelope("events_api", event("message", channel="D2", channel_type="im", text="start"))
        await slack.until_posted(1)
    assert [data["channel"] for _, data in slack.posted] == ["D2"]


async def test_blocks_that_slack_refuses_go_out_once_more_as_text(slack: FakeSlack, serving: Serving) -> None:
    slack.scripts["chat.postMessage"].append((200, {"ok": False, "error": "invalid_blocks"}, {}))
    async with serving():
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="start"))
        ((_, data),) = await slack.until_posted(1)
    assert "blocks" not in data
    assert data["text"]


async def test_the_bots_own_messages_edits_and_joins_are_passed_over(slack: FakeSlack, serving: Serving) -> None:
    passed_over = [
        event("message", channel="D1", channel_type="im", text="start", user=ME),
        event("message", channel="D1", channel_type="im", text="start", bot_id="B9"),
        event("message", channel="D1", channel_type="im", subtype="message_changed", message={"text": "start"}),
        event("message", channel="C1", channel_type="channel", text="start"),
        event("app_home_opened", channel="D1", tab="messages"),
        event("reaction_added"),
    ]
    async with serving():
        ids = [await slack.envelope("events_api", each) for each in passed_over]
        ids.append(await slack.envelope("interactive", {"type": "view_closed", "view": {}}))
        await slack.until(lambda: set(ids) <= set(slack.acknowledged))
        await slack.envelope("events_api", event("message", channel="D2", channel_type="im", text="start"))
        await slack.until_posted(1)
    assert [data["channel"] for _, data in slack.posted] == ["D2"]


async def test_the_app_home_says_what_the_bot_can_do_and_what_is_due(slack: FakeSlack, serving: Serving) -> None:
    async with serving():
        await slack.envelope("events_api", event("app_home_opened", channel="D1", tab="home"))
        ((method, data),) = await slack.until_posted(1)
    assert (method, data["user_id"]) == ("views.publish", "U1")
    words = str(data["view"]["blocks"])
    assert "Onrecord" in words
    assert "Deadlines" in words
    assert "Digests for this chat" in words
    assert "Followed in this chat" in words
    assert any(block["type"] == "actions" for block in data["view"]["blocks"])


async def test_a_button_is_answered_where_it_stands(slack: FakeSlack, serving: Serving) -> None:
    in_thread = pressed(
        "/help",
        channel={"id": "C1"},
        container={"type": "message", "message_ts": "5.1", "channel_id": "C1"},
        message={"ts": "5.1", "thread_ts": "4.1"},
    )
    in_channel = pressed(
        "/help", channel={"id": "C2"}, container={"type": "message", "message_ts": "6.1"}, message={"ts": "6.1"}
    )
    ephemeral = pressed(
        "/help",
        response_url=slack.response_url(),
        channel={"id": "C3"},
        container={"type": "message", "message_ts": "7.1", "is_ephemeral": True, "channel_id": "C3"},
    )
    at_home = pressed("/help", container={"type": "view", "view_id": "V1"}, view={"type": "home"})
    async with serving():
        for each in (in_thread, in_channel, ephemeral, at_home):
            await slack.envelope("interactive", each)
        await slack.until_posted(4)
    found = {data.get("channel", method): data.get("thread_ts") for method, data in slack.posted}
    assert found == {"C1": "4.1", "C2": "6.1", "response_url": None, "U1": None}


async def test_strangers_are_told_their_names_for_their_eyes_only(slack: FakeSlack, serving: Serving) -> None:
    async with serving(access="invite", onrecord_admins=frozenset({"slack:U9"}), access_chats=frozenset({"slack:C7"})):
        await slack.envelope("events_api", event("app_mention", channel="C1", text=f"<@{ME}> start"))
        await slack.until_posted(1)
        await slack.envelope("events_api", event("app_mention", channel="C7", text=f"<@{ME}> start"))
        await slack.envelope("events_api", event("app_mention", channel="C1", user="U9", text=f"<@{ME}> start"))
        await slack.until_posted(3)
    method, data = slack.posted[0]
    assert (method, data["user"]) == ("chat.postEphemeral", "U1")
    assert "slack:U1" in data["text"]
    assert "slack:C1" in data["text"]
    assert all("articles" in data["text"] for _, data in slack.posted[1:])


async def test_a_socket_that_slack_wants_back_is_replaced(slack: FakeSlack, serving: Serving) -> None:
    async with serving():
        await slack.until_connected()
        await slack.disconnect()
        await slack.until_connected(2)
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="start"))
        await slack.until_posted(1)


async def test_the_first_hello_is_tried_until_slack_answers(slack: FakeSlack, serving: Serving) -> None:
    slack.scripts["auth.test"].append((503, {"html": "<html>"}, {}))
    slack.scripts["apps.connections.open"].append((500, {"ok": False, "error": "internal_error"}, {}))
    async with serving():
        await slack.until_connected()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"slack_bot_token": "xoxb-no"}, "SLACK_BOT_TOKEN"), ({"slack_app_token": "xapp-no"}, "SLACK_APP_TOKEN")],
)
async def test_a_token_that_slack_refuses_ends_the_server(
    slack: FakeSlack, tmp_path: Path, wrong: dict[str, str], named: str
) -> None:
    given = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, **wrong}
    settings = Settings(slack_api_base=slack.url, database_url=f"sqlite:///{tmp_path}/flow.db", **given)
    with pytest.raises(SettingsError, match=named):
        await serve_until(asyncio.Event(), settings)


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ((200, {"ok": False, "error": "invalid_auth"}, {}), "pending"),
        ((200, {"ok": False, "error": "is_archived"}, {}), "failed"),
        ((200, {"ok": False, "error": "ratelimited"}, {}), "pending"),
    ],
)
async def test_a_refused_token_waits_and_a_refused_message_is_failed(
    slack: FakeSlack, serving: Serving, tmp_path: Path, script: Any, state: str
) -> None:
    slack.scripts["chat.postMessage"].append(script)
    async with serving():
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="start"))
        await slack.until(lambda: len(slack.called("chat.postMessage")) == 1)
    with sqlite3.connect(tmp_path / "flow.db") as rows:
        assert rows.execute("SELECT state FROM outbox").fetchall() == [(state,)]
    rows.close()


async def test_text_that_is_refused_after_its_blocks_is_tried_again(slack: FakeSlack, serving: Serving) -> None:
    slack.scripts["chat.postMessage"].extend(
        [(200, {"ok": False, "error": "invalid_blocks"}, {}), (500, {"ok": False, "error": "internal_error"}, {})]
    )
    async with serving():
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="start"))
        await slack.until_posted(1)
    assert ["blocks" in call for call in slack.called("chat.postMessage")] == [True, False, True]


async def test_an_ephemeral_message_that_is_refused_is_failed(slack: FakeSlack, serving: Serving) -> None:
    slack.scripts["chat.postEphemeral"].append((200, {"ok": False, "error": "restricted_action"}, {}))
    async with serving(access="invite"):
        await slack.envelope("events_api", event("app_mention", channel="C1", text=f"<@{ME}> start"))
        await slack.until(lambda: len(slack.called("chat.postEphemeral")) == 1)
    assert not slack.posted


async def test_a_button_in_an_ephemeral_thread_is_answered_there(slack: FakeSlack, serving: Serving) -> None:
    button = pressed(
        "/help",
        response_url=slack.response_url(),
        channel={"id": "C3"},
        container={"type": "message", "message_ts": "7.1", "is_ephemeral": True, "thread_ts": "6.1"},
    )
    async with serving():
        await slack.envelope("interactive", button)
        ((method, data),) = await slack.until_posted(1)
    assert (method, data["thread_ts"]) == ("response_url", "6.1")


# over HTTP


async def test_signed_requests_are_acknowledged_and_answered(slack: FakeSlack, serving: Serving) -> None:
    asked = event("app_mention", channel="C1", text=f"<@{ME}> start")
    async with serving(slack_mode="http") as settings:
        assert (await post(settings, *signed(asked)))[0] == 200
        assert (await post(settings, *signed(asked)))[0] == 200
        slash = command("help", channel="C2", response_url=slack.response_url())
        assert await post(settings, *signed(slash, form=True)) == (200, "")
        button = pressed("/help", channel={"id": "D3"}, container={"type": "message"}, message={"ts": "8.1"})
        assert (await post(settings, *signed(button, form=True)))[0] == 200
        await slack.until_posted(3)
    assert sorted(data.get("channel", method) for method, data in slack.posted) == ["C1", "D3", "response_url"]


async def test_the_url_is_verified(slack: FakeSlack, serving: Serving) -> None:
    async with serving(slack_mode="http") as settings:
        status, text = await post(settings, *signed({"type": "url_verification", "challenge": "abc", "token": "x"}))
    assert status == 200
    assert "abc" in text


@pytest.mark.parametrize("forged", ["another secret", "an old request", "no signature", "no JSON"])
async def test_forged_and_broken_requests_are_refused(slack: FakeSlack, serving: Serving, forged: str) -> None:
    asked = event("app_mention", channel="C1", text=f"<@{ME}> start")
    body, headers = signed(asked)
    if forged == "another secret":
        body, headers = signed(asked, secret="guessed")
    elif forged == "an old request":
        body, headers = signed(asked, at=time.time() - 600)
    elif forged == "no signature":
        headers = {"Content-Type": "application/json"}
    else:
        body = "{"
    async with serving(slack_mode="http") as settings:
        status, _ = await post(settings, body, headers)
    assert status in (400, 401)
    assert not slack.posted


@pytest.mark.parametrize("body", ["[1, 2]", '"x"', "null", "[" * 100_000], ids=["a list", "a string", "null", "deep"])
async def test_odd_json_is_refused_without_a_fault(
    slack: FakeSlack, serving: Serving, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    async with serving(slack_mode="http") as settings:
        for headers in ({"Content-Type": "application/json"}, {**signature(body), "X-Slack-Request-Timestamp": "now"}):
            assert (await post(settings, body, headers))[0] in (400, 401)
        assert (await post(settings, body, signature(body)))[0] == 400
    assert "Traceback" not in caplog.text


async def test_a_taken_port_is_named(slack: FakeSlack, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(
            slack_bot_token=BOT_TOKEN,
            slack_signing_secret=SECRET,
            slack_api_base=slack.url,
            slack_mode="http",
            http_port=taken.getsockname()[1],
            database_url=f"sqlite:///{tmp_path}/flow.db",
        )
        with pytest.raises(SettingsError, match="HTTP_PORT"):
            await serve_until(asyncio.Event(), settings)
