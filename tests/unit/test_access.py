"""Who is answered and who may write."""

import pytest

from bot.access import Verdict, is_admin, refusal, verdict
from bot.config import Settings
from bot.model import Origin, Platform

INVITE = Settings(
    onrecord_admins=frozenset({"telegram:1", "slack:CADMIN"}),
    access_chats=frozenset({"telegram:-100", "slack:C1", "slack:U7"}),
)
OPEN = Settings(access="open", onrecord_admins=frozenset({"telegram:1"}))


def origin(platform: Platform, chat: str, user: str, *, private: bool) -> Origin:
    return Origin(platform=platform, chat=f"{platform}:{chat}", user=f"{platform}:{user}", private=private)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (origin("telegram", "1", "1", private=True), "answer"),  # an admin
        (origin("telegram", "-5", "1", private=False), "answer"),  # an admin in any group
        (origin("telegram", "-100", "2", private=False), "answer"),  # an invited group
        (origin("telegram", "2", "2", private=True), "refuse"),
        (origin("telegram", "-5", "2", private=False), "silence"),
        (origin("slack", "C1", "U2", private=False), "answer"),
        (origin("slack", "C2", "U2", private=False), "refuse"),
        (origin("slack", "D9", "U7", private=True), "answer"),  # a listed person, in private
        (origin("slack", "C2", "U7", private=False), "refuse"),  # and nowhere else
    ],
)
def test_invite_answers_admins_and_listed_chats_only(asked: Origin, expected: Verdict) -> None:
    assert verdict(asked, settings=INVITE) == expected


def test_open_answers_everyone_and_makes_nobody_an_admin() -> None:
    stranger = origin("telegram", "-5", "2", private=False)
    assert verdict(stranger, settings=OPEN) == "answer"
    assert not is_admin(stranger, settings=OPEN)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (origin("telegram", "-5", "1", private=False), True),
        (origin("slack", "CADMIN", "U2", private=False), True),
        (origin("slack", "U1", "1", private=True), False),  # telegram:1 is nobody in Slack
    ],
)
def test_an_admin_is_a_named_person_or_anybody_in_a_named_chat(asked: Origin, expected: bool) -> None:
    assert is_admin(asked, settings=INVITE) is expected


def test_a_refusal_tells_people_their_own_names() -> None:
    reply = refusal(origin("telegram", "2", "2", private=True))
    assert reply.data == {"user": "telegram:2", "chat": "telegram:2", "private": True}
