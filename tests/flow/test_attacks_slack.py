"""What people try in Slack who may not, through the real Bolt: other workspaces, forged values, codes used twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
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
    signed,
)

from bot.app.serving import serve_until
from bot.books.members import Kind
from bot.books.sql import MIGRATIONS
from bot.books.sql_members import SqlMembers
from bot.config import Settings
from bot.model import Role
from digests.store.migrations import FACTS
from digests.store.sqlite.database import SqliteDatabase

Serving = Callable[..., AbstractAsyncContextManager[Settings]]
AT = datetime.now(UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "attacks.db"


@pytest.fixture
def serving(slack: FakeSlack, path: Path) -> Serving:
    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[Settings]:
        given: dict[str, Any] = {
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_signing_secret": SECRET,
            "slack_api_base": slack.url,
            "database_url": f"sqlite:///{path}",
            "onrecord_admins": frozenset({"slack:U9"}),
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


@pytest.fixture
async def members(path: Path) -> AsyncIterator[SqlMembers]:
    async with await SqliteDatabase.open(path, [FACTS, MIGRATIONS]) as opened:
        yield SqlMembers(opened)


async def code(members: SqlMembers, kind: Kind = "person", role: Role = "reader") -> str:
    return await members.invite(kind, role, by="console", at=AT, until=AT + timedelta(days=1))


async def told(slack: FakeSlack, kind: str, body: dict[str, Any]) -> str:
    before = len(slack.posted)
    await slack.envelope(kind, body)
    return str((await slack.until_posted(before + 1))[-1][1]["text"])


async def typed(slack: FakeSlack, text: str, **more: Any) -> str:
    """What is read after a slash command."""
    return await told(slack, "slash_commands", command(text, response_url=slack.response_url(), **more))


def foreign(slack: FakeSlack) -> list[tuple[str, dict[str, Any]]]:
    """Requests of another workspace, and of another company's people in a shared channel, all of them well signed."""
    mention: dict[str, Any] = {"channel": "C1", "text": f"<@{ME}> help"}
    direct: dict[str, Any] = {"channel": "D1", "channel_type": "im", "text": "help"}
    slash = command("help", response_url=slack.response_url())
    button = pressed("/help", response_url=slack.response_url(), channel={"id": "C1"}, message={"ts": "1.1"})
    no_team = {key: value for key, value in event("app_mention", **mention).items() if key != "team_id"}
    return [
        ("events_api", event("app_mention", **mention) | {"team_id": "T2"}),
        ("events_api", event("app_mention", **mention, user_team="T2", source_team="T2")),
        ("events_api", event("app_mention", **mention, team="T2")),
        ("events_api", event("message", **direct) | {"team_id": "T2"}),
        ("events_api", event("message", **direct, source_team="T2")),
        ("events_api", event("app_home_opened", tab="home", channel="D1") | {"team_id": "T2"}),
        ("events_api", no_team),
        ("slash_commands", slash | {"team_id": "T2"}),
        ("slash_commands", {key: value for key, value in slash.items() if key != "team_id"}),
        ("interactive", button | {"team": {"id": "T2"}}),
        ("interactive", button | {"user": {"id": "U1", "team_id": "T2"}}),
        ("interactive", button | {"team": None, "user": {"id": "U1"}}),
    ]


async def test_another_workspace_is_not_heard(slack: FakeSlack, serving: Serving, path: Path) -> None:
    async with serving(access="open"):
        for kind, body in foreign(slack):
            await slack.envelope(kind, body)
        assert "Commands" in await typed(slack, "help")
    assert len(slack.posted) == 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM inbox").fetchone() == (1,)


async def test_a_listed_workspace_is_heard_and_everybody_there_is_a_reader(slack: FakeSlack, serving: Serving) -> None:
    asked = command("help", response_url=slack.response_url()) | {"team_id": "T2"}
    async with serving(slack_teams=frozenset({"T2"})):
        assert "Commands" in await told(slack, "slash_commands", asked)
        assert "I only answer" in await typed(slack, "help")  # the bot's own: nobody has let it in


async def test_a_request_without_slacks_signature_is_refused(slack: FakeSlack, serving: Serving, path: Path) -> None:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    body = command("invite admin", response_url=slack.response_url(), user="U9")
    refused = []
    async with serving(slack_mode="http", http_port=port), aiohttp.ClientSession() as session:
        for secret, at in (("wrong", None), (SECRET, 1_500_000_000.0)):
            data, headers = signed(body, form=True, secret=secret, at=at)
            refused.append(await posted(session, port, data, headers))
        data, headers = signed(body, form=True)
        refused.append(await posted(session, port, data.replace("invite", "revoke"), headers))
        refused.append(await posted(session, port, data, {"Content-Type": headers["Content-Type"]}))
    assert refused == [401] * 4
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM inbox").fetchone() == (0,)


async def posted(session: aiohttp.ClientSession, port: int, data: Any, headers: Any) -> int:
    for _ in range(200):
        try:
            async with session.post(f"http://127.0.0.1:{port}/slack/events", data=data, headers=headers) as answer:
                return answer.status
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.05)
    raise AssertionError("the server never listened")


async def test_a_code_lets_a_person_in_for_their_own_eyes(
    slack: FakeSlack, serving: Serving, members: SqlMembers
) -> None:
    used = await code(members, role="editor")
    async with serving():
        assert "let in" in await typed(slack, "help")
        assert "You are an editor" in await typed(slack, f"join {used}")
        assert "Commands" in await typed(slack, "help")
        assert "used already" in await typed(slack, f"join {used}", user="U2")
        asked = event("app_mention", channel="C1", text=f"<@{ME}> help")
        assert "I only answer" in await told(slack, "events_api", asked)  # the channel reads along, and was not let in
        assert slack.posted[-1][0] == "chat.postEphemeral"


@pytest.mark.parametrize("kind", ["chat", "workspace"])
async def test_a_code_lets_a_channel_or_a_workspace_in(
    slack: FakeSlack, serving: Serving, members: SqlMembers, kind: Kind
) -> None:
    used = await code(members, kind)
    async with serving():
        assert "Everybody in this" in await typed(slack, f"join {used}")
        asked = event("app_mention", channel="C1", user="U2", text=f"<@{ME}> help")
        assert "Commands" in await told(slack, "events_api", asked)
        elsewhere = await typed(slack, "help", user="U2", channel="C2")
    assert ("Commands" in elsewhere) == (kind == "workspace")


async def test_a_forged_button_is_worth_what_the_presser_may(slack: FakeSlack, serving: Serving) -> None:
    async with serving(access_chats=frozenset({"slack:C1", "slack:U1"})):
        for value in ("/revoke slack:U9", "/invite admin", "/feeds remove 1"):
            body = pressed(value, response_url=slack.response_url(), channel={"id": "C1"}, message={"ts": "1.1"})
            assert "only; here you are a reader" in await told(slack, "interactive", body)


async def test_members_are_shown_where_nobody_reads_along(slack: FakeSlack, serving: Serving) -> None:
    async with serving():
        aloud = event("app_mention", channel="C1", user="U9", text=f"<@{ME}> members")
        assert "write it to me in private" in await told(slack, "events_api", aloud)
        assert "Let in" in await typed(slack, "members", user="U9")


async def test_a_readers_file_is_not_fetched(slack: FakeSlack, serving: Serving) -> None:
    slack.files["a.md"] = (b"# A", "text/markdown")
    file = {"id": "F1", "name": "a.md", "size": 3, "url_private_download": slack.file_url("a.md")}
    dropped = event("message", channel="D1", channel_type="im", subtype="file_share", text="", files=[file])
    async with serving(access_chats=frozenset({"slack:U1"})):
        assert "only; here you are a reader" in await told(slack, "events_api", dropped)
