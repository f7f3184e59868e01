"""What admins type to let people in and out, and what the shell prints."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fakes.desk import ADMIN, NOON, SOMEBODY, Desk, commands_of
from fakes.memory_store import MemoryStore
from telegram_server import TOKEN, fake_telegram

from bot.books.members import Joining
from bot.cli import cli
from bot.cli.noting import typed
from bot.commands.invite import Wanted, read
from bot.commands.members import named
from bot.model import Origin, Role

GROUP = Origin(platform="telegram", chat="telegram:-5", user="telegram:1", private=False, role="admin")
CODE = re.compile(r"/join ([a-z2-7-]{23})")


@pytest.fixture
def desk() -> Desk:
    return Desk(store=MemoryStore())


async def let_in(desk: Desk, name: str, role: Role = "reader", called: str = "") -> None:
    code = await desk.members.invite("person", role, by="console", at=NOON, until=NOON + timedelta(days=1))
    await desk.members.join(code, Joining(person=name, chat=name, can={"person": (name, called)}), at=NOON)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Wanted()),
        ("editor", Wanted(role="editor")),
        ("--role admin", None),
        ("--chat editor", Wanted(kind="chat", role="editor")),
        ("group 30 days", Wanted(kind="chat", days=30)),
        ("Channel reader for 1 day", Wanted(kind="chat", days=1)),
        ("workspace 3d", Wanted(kind="workspace", days=3)),
        ("days 14", Wanted(days=14)),
        ("0 days", None),
        ("400 days", None),
        ("everybody", None),
        ("editor please", None),
    ],
)
def test_an_invitation_is_asked_for_in_words(typed: str, wanted: Wanted | None) -> None:
    assert read(typed) == wanted


async def test_an_invitation_says_what_it_is_good_for(desk: Desk) -> None:
    said = await desk.read("/invite editor 3 days", origin=ADMIN)
    assert "one person in as editor, once, until 18 Feb 2020" in said.replace("Tue ", "")
    assert CODE.search(said)
    assert "t.me" not in said
    await desk.members.know_bot("telegram", "onrecord_bot")
    await desk.members.know_bot("slack", "U0BOT")
    assert "https://t.me/onrecord_bot?startgroup=" in await desk.read("/invite chat", origin=ADMIN)
    assert "/news join " in await desk.read("/invite workspace", origin=ADMIN)
    assert "admins are let in one by one" in await desk.read("/invite admin chat", origin=ADMIN)
    assert "/invite [reader | editor | admin]" in await desk.read("/invite my friends", origin=ADMIN)


@pytest.mark.parametrize(
    "typed", ["/invite", "/members", "/members log", "/revoke telegram:7", "/members telegram:7 admin"]
)
async def test_what_concerns_members_is_for_admins_in_private(desk: Desk, typed: str) -> None:
    assert "write it to me in private" in await desk.read(typed, origin=GROUP)
    assert "for admins only" in await desk.read(typed)


async def test_members_are_listed_changed_and_let_out(desk: Desk) -> None:
    assert "Nobody." in await desk.read("/members", origin=ADMIN)
    await let_in(desk, "telegram:7", called="Ayna <b>")
    await let_in(desk, "slack:U1", "editor")
    listed = await desk.read("/members", origin=ADMIN)
    assert "telegram:7 · Ayna <b> · reader · by console on" in listed
    assert "telegram:7 (Ayna <b>): editor from now on." in await desk.read("/members telegram:7 EDITOR", origin=ADMIN)
    assert "slack:U1 is answered no longer" in await desk.read("/revoke Slack:u1", origin=ADMIN)
    assert "was not let in by a code" in await desk.read("/revoke slack:U1", origin=ADMIN)
    assert "was not let in by a code" in await desk.read("/members slack:U1 editor", origin=ADMIN)
    assert "admins are let in one by one" in await desk.read("/members telegram:-5 admin", origin=ADMIN)
    for wrong in ("/revoke", "/revoke everybody", "/members everybody", "/members telegram:7 king"):
        assert "For admins only." in await desk.read(wrong, origin=ADMIN)
    assert await desk.members.roles(["telegram:7", "slack:U1"]) == {"telegram:7": "editor"}


async def test_many_members_come_in_pages(desk: Desk) -> None:
    for number in range(20):
        await let_in(desk, f"telegram:{number + 10}")
    reply = await desk.ask("/members", origin=ADMIN)
    assert len(reply.data["lines"]) == 15
    assert commands_of(reply) == ["/members page 2"]
    assert len((await desk.ask("/members page 2", origin=ADMIN)).data["lines"]) == 5
    assert commands_of(await desk.ask("/members log", origin=ADMIN)) == ["/members log page 2"]


async def test_the_log_tells_who_did_what_and_what_became_of_it(desk: Desk) -> None:
    assert "Nothing more." in await Desk(store=MemoryStore()).read("/members log page 2", origin=ADMIN)
    await desk.ask("/settings zone Istanbul")
    await desk.ask("/settings")
    await desk.ask("/add ferry.txt", origin=ADMIN)
    await desk.ask("/add text of a report", origin=SOMEBODY)
    log = await desk.members.log()
    assert [(each.who, each.did, each.outcome) for each in log] == [
        ("console", "/add ferry.txt", "add_refused"),
        ("telegram:1", "/settings zone Istanbul", "settings"),
    ]
    said = await desk.read("/members log", origin=ADMIN)
    assert "telegram:1: /settings zone Istanbul · settings" in said


async def test_what_fails_is_in_the_log_as_failed(desk: Desk) -> None:
    assert "does not let programs in" in await desk.read("/add https://closed.example/1", origin=ADMIN)
    assert [each.outcome for each in await desk.members.log()] == ["failed"]


@pytest.mark.parametrize(
    ("origin", "kind", "outcome"),
    [
        (SOMEBODY, "person", "admitted"),
        (SOMEBODY, "chat", "misplaced"),
        (SOMEBODY, "workspace", "misplaced"),
        (
            Origin(platform="slack", chat="slack:C1", user="slack:U1", private=False, team="slack:T1"),
            "chat",
            "admitted",
        ),
        (Origin(platform="slack", chat="slack:D1", user="slack:U1", team="slack:T1"), "workspace", "admitted"),
        (Origin(platform="telegram", chat="telegram:-5", user="telegram:2", private=False), "chat", "misplaced"),
        (Origin(platform="telegram", chat="telegram:-5", user="telegram:-7", private=False), "person", "misplaced"),
        (ADMIN, "person", "misplaced"),
    ],
)
async def test_a_code_is_good_where_it_is_meant_for(desk: Desk, origin: Origin, kind: str, outcome: str) -> None:
    code = CODE.findall(await desk.read(f"/invite {kind}", origin=ADMIN))[0]
    reply = await desk.ask(f"/start {code}", origin=origin)
    assert (reply.template, reply.data["outcome"]) == ("joined", outcome)
    said = await desk.read(f"/join {code}", origin=origin)
    assert ("already" in said) == (outcome == "admitted")


async def test_a_code_that_is_none_is_explained(desk: Desk) -> None:
    assert "/join CODE" in await desk.read("/join 12345")
    assert "do not know this code" in await desk.read("/join aaaaa-aaaaa-aaaaa-aaaaa")
    code = await desk.members.invite("person", "reader", by="console", at=NOON, until=NOON)
    assert "good no longer" in await desk.read(f"/join {code}")


def test_names_are_as_they_are_kept() -> None:
    assert [named(each) for each in ("TELEGRAM:-5", "slack:c1")] == ["telegram:-5", "slack:C1"]


# the shell


def run(*arguments: str, folder: Path, **more: str) -> Result:
    return CliRunner(env={"DATABASE_URL": f"sqlite:///{folder}/own.db", **more}).invoke(cli, arguments)


def test_the_shell_prints_an_invitation_and_the_log(tmp_path: Path) -> None:
    done = run("invite", "--role", "editor", "--chat", "--days", "2", folder=tmp_path)
    assert done.exit_code == 0, done.output
    assert CODE.search(done.stdout)
    assert "one group or channel in as editor" in done.stdout
    assert run("invite", "--role", "admin", "--workspace", folder=tmp_path).exit_code == 2
    removed = run("sources", "remove", "7", folder=tmp_path)
    assert removed.exit_code == 1
    newest, oldest = run("audit", folder=tmp_path).stdout.splitlines()
    assert newest.split("\t")[1:] == ["console", "console", "onrecord sources remove 7", "done"]
    assert oldest.split("\t")[3] == "onrecord invite --role editor --kind chat --days 2"


async def test_the_shell_asks_telegram_for_the_bots_name(tmp_path: Path) -> None:
    async with fake_telegram() as telegram:
        given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": telegram.url}
        first, again = [await asyncio.to_thread(lambda: run("invite", folder=tmp_path, **given)) for _ in range(2)]
        assert "https://t.me/onrecord_bot?start=" in first.stdout
        assert "https://t.me/onrecord_bot?start=" in again.stdout
        assert len(telegram.called("getMe")) == 1


def test_without_telegram_there_is_a_code_and_no_link(tmp_path: Path) -> None:
    done = run("invite", folder=tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_BASE="http://127.0.0.1:1/bot")
    assert CODE.search(done.stdout)
    assert "no link: TELEGRAM_API_BASE: Telegram cannot be reached" in done.stderr


def test_outside_a_command_nothing_was_typed() -> None:
    assert typed() == "onrecord"
