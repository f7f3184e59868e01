"""Who may change a chat's own settings, and how the platforms are asked about it."""

from __future__ import annotations

import pytest

from bot.access import NO_GROUPS, Standing, may_manage
from bot.app.groups import KEPT_SECONDS, AskedGroups
from bot.model import Origin, Role

GROUP = "telegram:-100"


class Register:
    """Knows who is what, and counts how often it is asked."""

    def __init__(self, **known: Standing) -> None:
        self.known = known
        self.asked: list[tuple[str, str]] = []

    async def standing(self, chat: str, user: str) -> Standing:
        self.asked.append((chat, user))
        return self.known.get(user.partition(":")[2], "unknown")


def origin(user: str, *, chat: str = GROUP, role: Role = "reader", private: bool = False) -> Origin:
    return Origin(platform="telegram", chat=chat, user=user, role=role, private=private)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (origin("telegram:1", chat="telegram:1", private=True), True),
        (origin("telegram:a"), True),  # runs the group
        (origin("telegram:m"), False),
        (origin("telegram:gone"), False),
        (origin("telegram:nobody"), False),
        (origin("telegram:m", role="editor"), True),
        (origin("telegram:m", role="admin"), True),
        (origin(GROUP), True),  # an anonymous admin of the group
        (origin("telegram:-200"), False),  # a channel that writes there
        (Origin(platform="slack", chat="slack:C1", user="slack:C1", private=False), False),
    ],
)
async def test_a_groups_settings_are_changed_by_who_runs_it(asked: Origin, expected: bool) -> None:
    register = Register(a="admin", m="member", gone="gone")
    assert await may_manage(asked, AskedGroups({"telegram": register})) is expected


async def test_where_no_platform_is_served_nobody_runs_a_group() -> None:
    assert not await may_manage(origin("telegram:a"), NO_GROUPS)


async def test_what_a_platform_says_is_remembered_for_a_minute() -> None:
    register, moment = Register(a="admin"), [0.0]
    groups = AskedGroups({"telegram": register}, clock=lambda: moment[0])
    for moment[0] in (0.0, KEPT_SECONDS - 1):
        assert await groups.standing(GROUP, "telegram:a") == "admin"
    assert len(register.asked) == 1
    register.known["a"] = "member"
    moment[0] = KEPT_SECONDS
    assert await groups.standing(GROUP, "telegram:a") == "member"


async def test_what_a_platform_did_not_say_is_asked_again() -> None:
    register = Register()
    groups = AskedGroups({"telegram": register})
    assert [await groups.standing(GROUP, "telegram:x") for _ in range(2)] == ["unknown", "unknown"]
    assert len(register.asked) == 2
    assert await groups.standing("slack:C1", "slack:U1") == "unknown"
