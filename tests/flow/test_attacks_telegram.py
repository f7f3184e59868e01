"""What people try who may not, through the real PTB: by every door, with forged buttons, codes used twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from telegram_server import ME, TOKEN, FakeTelegram, message, press

from bot.app.serving import serve_until
from bot.books.members import Kind
from bot.books.sql import MIGRATIONS, SqlBooks
from bot.books.sql_members import SqlMembers
from bot.commands.registry import COMMANDS
from bot.config import Settings
from bot.model import Role
from digests.store.migrations import FACTS
from digests.store.sqlite.database import SqliteDatabase

Serving = Callable[..., AbstractAsyncContextManager[None]]
GROUP, OTHER_GROUP, BOSS = -100, -200, 1
ONLY = "only; here you are a reader"
AT = datetime.now(UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "attacks.db"


@pytest.fixture
def serving(telegram: FakeTelegram, path: Path) -> Serving:
    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[None]:
        given: dict[str, Any] = {
            "telegram_bot_token": TOKEN,
            "telegram_api_base": telegram.url,
            "database_url": f"sqlite:///{path}",
            "onrecord_admins": frozenset({f"telegram:{BOSS}"}),
            **changes,
        }
        stop = asyncio.Event()
        task = asyncio.create_task(serve_until(stop, Settings(**given)))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(task, 30)

    return run


@pytest.fixture
async def database(path: Path) -> AsyncIterator[SqliteDatabase]:
    """The same file from another process's side."""
    async with await SqliteDatabase.open(path, [FACTS, MIGRATIONS]) as opened:
        yield opened


@pytest.fixture
def members(database: SqliteDatabase) -> SqlMembers:
    return SqlMembers(database)


async def code(members: SqlMembers, kind: Kind = "person", role: Role = "reader", *, by: str = "console") -> str:
    return await members.invite(kind, role, by=by, at=AT, until=AT + timedelta(days=1))


async def told(telegram: FakeTelegram, update: dict[str, Any]) -> str:
    """What is read in answer to an update."""
    chat = (update.get("message") or update["callback_query"]["message"])["chat"]["id"]
    before = len(telegram.to(chat))
    await telegram.deliver(update)
    await telegram.until(lambda: len(telegram.to(chat)) > before)
    return str(telegram.to(chat)[-1]["shown"])


async def silence(telegram: FakeTelegram, update: dict[str, Any]) -> bool:
    """Whether an update has no answer, although one that comes later has."""
    before = len(telegram.sent)
    await telegram.deliver(update)
    asked = await told(telegram, message("/help", chat=BOSS, user=BOSS))
    return "Commands" in asked and len(telegram.sent) == before + 1


def kept(path: Path, query: str) -> list[Any]:
    with sqlite3.connect(path) as connection:
        return [row[0] for row in connection.execute(query)]


# a reader tries what takes more

GUARDED = [each.spec for each in COMMANDS if each.spec.role != "reader"]
LINES = [
    *(f"/{word} telegram:{BOSS} words" for spec in GUARDED for word in (spec.name, *spec.aliases)),
    *(f"/feeds {word} https://a.example" for word in ("add", "watch", "ADD", "pause", "resume", "remove", "delete")),
    "/feeds remove 1",
    "/feeds\nadd https://a.example",
    f"/{GUARDED[0].name}\nwords",
]


async def test_a_reader_writes_by_no_door(telegram: FakeTelegram, serving: Serving, path: Path) -> None:
    numbers = count(1000)
    readers: dict[int, str] = {}

    def reader(what: str) -> dict[str, int]:
        number = next(numbers)
        readers[number] = what
        return {"chat": number, "user": number}

    updates = []
    for line in LINES:
        word, _, rest = line.removeprefix("/").partition(" ")
        updates += [
            message(line, **reader(f"typed {line}")),
            message(line.removeprefix("/").upper(), **reader(f"without a slash {line}")),
            press(line, **reader(f"pressed {line}")),
        ]
        if word.isalpha():
            updates.append(message(f"/{word}@onrecord_bot {rest}", **reader(f"mentioned {line}")))
    file = {"file_id": "F1", "file_unique_id": "F1", "file_name": "a.md", "file_size": 9}
    for caption in ("", "/add", "/import", "/add published 2020-02-15"):
        update = message(caption, **reader(f"dropped with {caption}"))
        update["message"] |= {"document": file, "caption": caption}
        del update["message"]["text"]
        updates.append(update)
    allowed = frozenset(f"telegram:{number}" for number in readers)
    async with serving(access_chats=allowed):
        await telegram.deliver(*updates)
        await telegram.until_sent(len(updates), seconds=60)
    answers = {readers[each["chat_id"]]: each["shown"] for each in telegram.sent}
    assert [what for what, shown in answers.items() if ONLY not in shown] == []
    assert telegram.called("getFile") == []
    assert kept(path, "SELECT did FROM audit WHERE outcome <> 'not_allowed'") == []
    for table in ("articles", "sources", "members", "invites"):
        assert kept(path, f"SELECT COUNT(*) FROM {table}") == [0]


async def test_a_reply_to_the_bots_own_question_takes_the_role_too(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving(access_chats=frozenset({"telegram:7"})):
        assert "For editors and admins only." in await told(telegram, message("/help add"))
        asked = {"message_id": telegram.sent[-1]["message_id"], "chat": {"id": 7, "type": "private"}, "from": ME}
        assert ONLY in await told(telegram, message("Some words of an article", reply_to_message=asked))


HOSTILE = (
    "<b>bold</b>",
    "' OR 1=1 --",
    "add_12",
    "/revoke telegram:1",
    "evidence_99999999999999999999",
    "a" * 4000,
    "../../etc/passwd",
    "\u202eabcde",
    "%0Aadd",
    "$(reboot)",
)


async def test_a_deep_link_with_hostile_text_does_nothing(telegram: FakeTelegram, serving: Serving, path: Path) -> None:
    readers, strangers = range(20, 20 + len(HOSTILE)), range(50, 50 + len(HOSTILE))
    updates = [
        message(f"/start {payload}", chat=chat, user=chat)
        for chats in (readers, strangers)
        for chat, payload in zip(chats, HOSTILE, strict=True)
    ]
    async with serving(access_chats=frozenset(f"telegram:{chat}" for chat in readers)):
        await telegram.deliver(*updates)
        await telegram.until_sent(len(updates))
    for each, stranger, payload in zip(readers, strangers, HOSTILE, strict=True):
        shown, refused = telegram.to(each)[0]["shown"], telegram.to(stranger)[0]["shown"]
        assert "Onrecord" in shown or "characters" in shown
        assert "I only answer people and chats that were let in" in refused
        assert payload not in refused
    assert kept(path, "SELECT COUNT(*) FROM audit") == [0]


# buttons


async def test_a_forged_button_is_worth_what_the_presser_may(
    telegram: FakeTelegram, serving: Serving, database: SqliteDatabase
) -> None:
    books = SqlBooks(database)
    long = "/settings zone " + "x" * 80
    others = await books.keep_command(long, chat="telegram:9", user="telegram:9", at=AT)
    in_group = await books.keep_command(long, chat=f"telegram:{GROUP}", user="telegram:9", at=AT)
    async with serving(access_chats=frozenset({"telegram:7", "telegram:8", "telegram:17", f"telegram:{GROUP}"})):
        assert "not known" in await told(telegram, press(f"~{others}")) or "too old" in telegram.sent[-1]["shown"]
        expired = telegram.sent[-1]["shown"]
        assert await told(telegram, press(f"~{in_group}", chat=GROUP, user=8, kind="supergroup")) == expired
        assert await told(telegram, press("~' OR 1=1 --", chat=17, user=17)) == expired
        assert ONLY in await told(telegram, press(f"/revoke telegram:{BOSS}", chat=8, user=8))


async def test_who_was_removed_from_a_group_presses_its_buttons_in_vain(
    telegram: FakeTelegram, serving: Serving
) -> None:
    telegram.groups |= {(GROUP, 7): "kicked", (GROUP, 8): "member"}
    async with serving(access_chats=frozenset({f"telegram:{GROUP}"})):
        assert await silence(telegram, press("/help", chat=GROUP, user=7, kind="supergroup"))
        assert "Commands" in await told(telegram, press("/help", chat=GROUP, user=8, kind="supergroup"))
        assert "let in" in await told(telegram, message("/help", chat=7, user=7))  # and is nobody in private


# codes


async def test_an_invitation_lets_one_in_and_no_second(
    telegram: FakeTelegram, serving: Serving, members: SqlMembers, path: Path
) -> None:
    used = await code(members, role="editor")
    async with serving():
        assert "let in" in await told(telegram, message("/help"))
        assert "Welcome. You are an editor" in await told(telegram, message(f"/start {used}"))
        assert "used already" in await told(telegram, message(f"/start {used}", chat=8, user=8))
        assert "used already" in await told(telegram, message(f"/join {used}", chat=8, user=8))
        assert "let in already" in await told(telegram, message(f"/start {used}"))
        assert "Commands" in await told(telegram, message("/help"))
        assert "I only answer" in await told(telegram, message("/help", chat=8, user=8))
    assert kept(path, "SELECT name || called FROM members") == ["telegram:7Ayna"]
    assert "join telegram:7 as editor" in kept(path, "SELECT did FROM audit")


async def test_an_admin_hands_out_a_link_that_is_forgotten_when_it_is_sent(
    telegram: FakeTelegram, serving: Serving, path: Path
) -> None:
    async with serving():
        said = await told(telegram, message("/invite editor", chat=BOSS, user=BOSS))
        used = said.split("/join ")[1].split()[0]
        assert f"https://t.me/onrecord_bot?start={used}" in said
        assert "write it to me in private" in await told(
            telegram, message("/invite@onrecord_bot", chat=GROUP, user=BOSS, kind="supergroup")
        )
        assert "You are an editor" in await told(telegram, message(f"/start {used}"))
    everything = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert used.encode() not in everything
    assert kept(path, "SELECT did FROM audit WHERE did LIKE '/%'") == ["/invite editor", "/invite"]


async def test_a_group_is_let_in_by_one_of_its_admins(
    telegram: FakeTelegram, serving: Serving, members: SqlMembers
) -> None:
    used = await code(members, "chat")
    telegram.groups |= {(GROUP, 7): "member", (GROUP, 8): "administrator"}
    in_group: dict[str, Any] = {"chat": GROUP, "kind": "supergroup"}
    async with serving():
        assert await silence(telegram, message("/help@onrecord_bot", user=8, **in_group))
        assert "one of its admins" in await told(telegram, message(f"/start@onrecord_bot {used}", user=7, **in_group))
        assert "Everybody in this chat" in await told(telegram, message(f"/join {used}", user=8, **in_group))
        assert "Commands" in await told(telegram, message("/help@onrecord_bot", user=7, **in_group))
        assert "I only answer" in await told(telegram, message("/help", chat=7, user=7))
    assert await members.roles([f"telegram:{GROUP}", "telegram:8"]) == {f"telegram:{GROUP}": "reader"}


async def test_an_anonymous_admin_makes_no_person_of_the_group(
    telegram: FakeTelegram, serving: Serving, members: SqlMembers
) -> None:
    used = await code(members, role="admin")
    as_group = message(f"/join@onrecord_bot {used}", chat=GROUP, user=1087968824, kind="supergroup")
    as_group["message"]["sender_chat"] = {"id": GROUP, "type": "supergroup", "title": "Desk"}
    async with serving():
        assert "in private, from your own account" in await told(telegram, as_group)
    assert await members.members() == []


async def test_who_guesses_codes_is_not_listened_to(
    telegram: FakeTelegram, serving: Serving, members: SqlMembers
) -> None:
    used = await code(members)
    async with serving():
        guesses = [message("/start " + letter * 20) for letter in "abcde"]
        await telegram.deliver(*guesses)
        await telegram.until_sent(5)
        assert all("do not know this code" in each["shown"] for each in telegram.sent)
        assert "many codes" in await told(telegram, message(f"/start {used}"))
        assert "Welcome" in await told(telegram, message(f"/start {used}", chat=8, user=8))


# roles


async def test_a_role_that_was_taken_away_is_gone_with_the_next_line(
    telegram: FakeTelegram, serving: Serving, members: SqlMembers
) -> None:
    await told_in(members, 7, "editor")
    async with serving():
        assert "cannot work with" in await told(telegram, message("/feeds add nonsense"))  # allowed, and understood
        said = await told(telegram, message("/members telegram:7 reader", chat=BOSS, user=BOSS))
        assert "reader from now on" in said
        assert ONLY in await told(telegram, message("/feeds add nonsense"))
        assert "answered no longer" in await told(telegram, message("/revoke telegram:7", chat=BOSS, user=BOSS))
        assert "I only answer" in await told(telegram, message("/feeds"))


async def told_in(members: SqlMembers, number: int, role: Role) -> None:
    """Let a person in."""
    from bot.books.members import Joining

    name = f"telegram:{number}"
    await members.join(
        await code(members, role=role), Joining(person=name, chat=name, can={"person": (name, "")}), at=AT
    )


async def test_who_runs_one_group_runs_no_other(telegram: FakeTelegram, serving: Serving, path: Path) -> None:
    telegram.groups |= {(GROUP, 7): "administrator", (OTHER_GROUP, 7): "member"}
    groups = frozenset({f"telegram:{GROUP}", f"telegram:{OTHER_GROUP}"})
    zone = "/settings@onrecord_bot zone Istanbul"
    async with serving(access_chats=groups):
        assert "Saved" in await told(telegram, message(zone, chat=GROUP, user=7, kind="supergroup"))
        refused = await told(telegram, message(zone, chat=OTHER_GROUP, user=7, kind="supergroup"))
        assert "Saved" not in refused
        assert ONLY in await told(
            telegram, message("/revoke@onrecord_bot telegram:1", chat=GROUP, user=7, kind="supergroup")
        )
    assert kept(path, "SELECT chat FROM chat_settings") == [f"telegram:{GROUP}"]
    assert kept(path, "SELECT outcome FROM audit ORDER BY id")[0] == "settings"


async def test_what_one_chat_ordered_is_nobody_elses(telegram: FakeTelegram, serving: Serving, path: Path) -> None:
    tries = [
        f"/{word} 1{more}"
        for word, more in (
            ("unsubscribe", ""),
            ("pause", " 3 days"),
            ("resume", ""),
            ("unfollow", ""),
            ("mute", " 3 hours"),
        )
    ]
    async with serving(access="open"):
        assert "08:00" in await told(telegram, message("/subscribe daily 08:00"))
        await told(telegram, message("/follow Osei"))
        before = tables(path)
        for number, line in enumerate(tries):
            await told(telegram, message(line, chat=20 + number, user=20 + number))
            await told(telegram, press(line, chat=40 + number, user=40 + number))
        listed = [
            await told(telegram, message(line, chat=60, user=60)) for line in ("/settings", "/following", "/subscribe")
        ]
        assert tables(path) == before
    assert not any("Osei" in each or "08:00" in each for each in listed[:2])


def tables(path: Path) -> list[Any]:
    """What was ordered, whole."""
    with sqlite3.connect(path) as connection:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("subscriptions", "follows")]


# too much


async def test_who_asks_too_much_is_told_so_once(telegram: FakeTelegram, serving: Serving, path: Path) -> None:
    async with serving(access="open", rate_person=2):
        await telegram.deliver(*(message("/help") for _ in range(20)))
        await telegram.until_sent(3)
        assert "Commands" in await told(telegram, message("/help", chat=8, user=8))
    shown = [each["shown"] for each in telegram.to(7)]
    assert len(shown) == 3
    assert sum("more than I can answer" in each for each in shown) == 1
    assert kept(path, "SELECT COUNT(*) FROM inbox") == [4]
