"""Who is answered, and who may do what."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from bot.access import Door, Place, Standing, allowed, code_in, refusal, role_of, verdict
from bot.config import Settings
from bot.model import ROLES, Origin, Platform, Role

INVITE = Settings(
    onrecord_admins=frozenset({"telegram:1", "slack:CADMIN"}),
    access_chats=frozenset({"telegram:-100", "slack:C1", "slack:U7"}),
    slack_teams=frozenset({"T9"}),
)
OPEN = Settings(access="open", onrecord_admins=frozenset({"telegram:1"}))
LET_IN: dict[str, Role] = {
    "telegram:11": "reader",
    "telegram:12": "editor",
    "telegram:13": "admin",
    "telegram:-200": "reader",
    "telegram:-300": "editor",
    "slack:U12": "editor",
    "slack:T5": "reader",
}


def origin(
    platform: Platform, chat: str, user: str, *, private: bool = False, team: str = "", alone: bool = False
) -> Origin:
    chat, user = f"{platform}:{chat}", f"{platform}:{user}"
    return Origin(platform=platform, chat=chat, user=user, private=private, team=team and f"slack:{team}", alone=alone)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # by the settings
        (origin("telegram", "1", "1", private=True), "admin"),
        (origin("telegram", "-5", "1"), "admin"),  # an admin in any group
        (origin("telegram", "-100", "2"), "reader"),  # a listed group
        (origin("telegram", "2", "2", private=True), None),
        (origin("telegram", "-5", "2"), None),
        (origin("slack", "C1", "U2"), "reader"),
        (origin("slack", "C2", "U2"), None),
        (origin("slack", "D9", "U7", private=True), "reader"),  # a listed person, in private
        (origin("slack", "C2", "U7"), None),  # not where others read the answer
        (origin("slack", "C2", "U7", alone=True), "reader"),  # a slash command: nobody else reads the answer
        (origin("slack", "CADMIN", "U2"), "admin"),  # anybody in a chat that is named
        (origin("slack", "U1", "1", private=True), None),  # telegram:1 is nobody in Slack
        (origin("slack", "C2", "U2", team="T9"), "reader"),  # a listed workspace
        # by a code
        (origin("telegram", "11", "11", private=True), "reader"),
        (origin("telegram", "-5", "12"), None),  # the group was not let in
        (origin("telegram", "-200", "12"), "editor"),  # it was: with their own role
        (origin("telegram", "-200", "2"), "reader"),
        (origin("telegram", "-300", "11"), "editor"),  # with the chat's, which is better
        (origin("telegram", "-5", "13"), "admin"),
        (origin("slack", "C2", "U12"), None),
        (origin("slack", "C2", "U12", alone=True), "editor"),
        (origin("slack", "C2", "U2", team="T5"), "reader"),
        (origin("slack", "C2", "U12", team="T5"), "editor"),
        (origin("slack", "C2", "U2", team="T6"), None),
    ],
)
def test_by_invitation_roles_come_from_the_person_and_the_place(asked: Origin, expected: Role | None) -> None:
    assert role_of(asked, settings=INVITE, let_in=LET_IN) == expected


@pytest.mark.parametrize(("user", "expected"), [("2", "reader"), ("12", "editor"), ("1", "admin")])
def test_open_answers_everyone_and_makes_nobody_more_than_a_reader(user: str, expected: Role) -> None:
    assert role_of(origin("telegram", "-5", user), settings=OPEN, let_in=LET_IN) == expected


@pytest.mark.parametrize(
    ("asked", "role", "expected"),
    [
        (origin("telegram", "2", "2", private=True), "reader", "answer"),
        (origin("telegram", "2", "2", private=True), None, "refuse"),
        (origin("telegram", "-5", "2"), None, "silence"),
        (origin("slack", "C2", "U2"), None, "refuse"),
    ],
)
def test_a_telegram_group_that_was_not_let_in_hears_nothing(asked: Origin, role: Role | None, expected: str) -> None:
    assert verdict(asked, role) == expected


def test_each_role_may_do_what_those_before_it_may() -> None:
    may = {
        has: [needs for needs in ROLES if allowed(Origin(platform="console", chat="c", user="c", role=has), needs)]
        for has in ROLES
    }
    assert may == {
        "reader": ["reader"],
        "editor": ["reader", "editor"],
        "admin": ["reader", "editor", "admin"],
    }


def test_a_refusal_tells_people_their_own_names() -> None:
    reply = refusal(origin("telegram", "2", "2", private=True))
    assert reply.data == {"user": "telegram:2", "chat": "telegram:2", "private": True}


CODE = "abcdefghijklmnopqr23"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (f"/start {CODE}", CODE),
        ("/start abcde-fghij-klmno-pqr23", CODE),
        (f"/start@onrecord_bot {CODE}", CODE),
        (f"/join {CODE.upper()} ", CODE),
        (f"join {CODE}", CODE),
        (f"/ join {CODE}", CODE),
        ("/start", ""),
        ("/start evidence_12", ""),
        (f"/start {CODE}a", ""),
        (f"/start {CODE[:-1]}", ""),
        (f"/add {CODE}", ""),
        (f"/join {CODE}\n/add words", ""),
        (f"/join {CODE} /revoke telegram:1", ""),
        (f"/start {CODE[:-1]}0", ""),  # neither 0 nor 1 is in a code
        (f"/start {CODE[:-1]}\u0131", ""),
        (f"/start {CODE[:-1]}\u212a", ""),  # the Kelvin sign, a "k" to some
    ],
)
def test_a_code_is_found_only_where_it_is_all_that_is_typed(typed: str, expected: str) -> None:
    assert code_in(typed) == expected


class Register:
    """Who was let in; roles may change between two lines."""

    def __init__(self, roles: Mapping[str, Role], gone: Collection[str] = ()) -> None:
        self.now = dict(roles)
        self.gone = gone

    async def roles(self, names: Collection[str]) -> Mapping[str, Role]:
        return {name: role for name, role in self.now.items() if name in names}

    async def standing(self, chat: str, user: str) -> Standing:
        return "gone" if user in self.gone else "member"


async def test_a_role_that_is_taken_away_is_gone_with_the_next_line() -> None:
    register = Register(LET_IN)
    door = Door(settings=INVITE, members=register)
    asked = origin("telegram", "12", "12", private=True)
    assert await door.role(asked) == "editor"
    register.now["telegram:12"] = "reader"
    assert await door.role(asked) == "reader"
    del register.now["telegram:12"]
    assert await door.role(asked) is None


async def test_who_has_left_a_group_has_no_more_use_of_its_buttons() -> None:
    register = Register(LET_IN, gone={"telegram:2"})
    door = Door(settings=INVITE, members=register, groups=register)
    assert await door.role(origin("telegram", "-200", "2"), pressed=True) is None
    assert await door.role(origin("telegram", "-200", "3"), pressed=True) == "reader"


@pytest.mark.parametrize(
    ("teams", "besides"),
    [
        ({"T1"}, set[Place]()),
        ({"T1", "T5"}, {("slack:D2", "slack:U2"), ("slack:C2", "slack:U12")}),  # T5 was let in
        (set[str](), {("slack:D2", "slack:U2"), ("slack:C2", "slack:U12")}),  # the bot has not said hello to Slack yet
    ],
)
async def test_what_was_ordered_goes_to_places_that_are_still_let_in(teams: set[str], besides: set[Place]) -> None:
    settings = Settings(access_chats=frozenset({"slack:C1"}))
    let_in = {
        ("telegram:11", "telegram:11"),
        ("telegram:-200", "telegram:2"),
        ("telegram:-5", "telegram:13"),  # an admin ordered it
        ("slack:D1", "slack:U12"),
        ("slack:C1", ""),
        ("slack:D9", ""),  # somebody's
    }
    others = {
        ("telegram:2", "telegram:2"),
        ("telegram:-5", "telegram:12"),
        ("slack:D2", "slack:U2"),
        ("slack:C2", "slack:U12"),
    }
    door = Door(settings=settings, members=Register(LET_IN), teams=lambda: frozenset(teams))
    assert await door.still(let_in | others) == let_in | besides
