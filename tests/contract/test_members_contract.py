"""Who was let in and how, on the database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from databases import again, everything

from bot.books.codes import hashed, new_code
from bot.books.deliveries import SqlDeliveries
from bot.books.members import MOST_GUESSES, Joining, Kind, Members, Outcome
from bot.books.sql_members import SqlMembers
from bot.model import Role
from digests.store.database import Database

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AYNA = Joining(person="telegram:7", chat="telegram:7", can={"person": ("telegram:7", "Ayna")})
OMAR = Joining(
    person="telegram:8",
    chat="telegram:-100",
    can={"person": ("telegram:8", "Omar"), "chat": ("telegram:-100", "Desk")},
)


@pytest.fixture
def members(database: Database) -> Members:
    return SqlMembers(database)


async def code(members: Members, kind: Kind = "person", role: Role = "reader", *, by: str = "console") -> str:
    return await members.invite(kind, role, by=by, at=NOON, until=NOON + 24 * HOUR)


async def outcome(members: Members, used: str, joining: Joining = AYNA, *, at: datetime = NOON) -> Outcome:
    return (await members.join(used, joining, at=at)).outcome


async def test_a_code_lets_one_person_in(members: Members) -> None:
    used = await code(members, role="editor")
    joined = await members.join(used, AYNA, at=NOON)
    assert (joined.outcome, joined.kind, joined.role) == ("admitted", "person", "editor")
    assert await members.roles(["telegram:7", "telegram:8"]) == {"telegram:7": "editor"}
    (member,) = await members.members()
    assert (member.called, member.let_in_by, member.let_in_at) == ("Ayna", "console", NOON)
    assert await outcome(members, used, OMAR) == "used"
    assert await outcome(members, used) == "known"  # the same person again: as after a crash before the answer


async def test_a_code_is_kept_as_its_hash_alone(members: Members, database: Database) -> None:
    used = await code(members)
    await members.join(used, AYNA, at=NOON)
    await members.join("aaaaa-bbbbb-ccccc-ddddd", OMAR, at=NOON)
    kept = await everything(database)
    assert hashed(used) in kept
    for secret in (used, used.replace("-", ""), "aaaaa-bbbbb-ccccc-ddddd", hashed("aaaaa-bbbbb-ccccc-ddddd")):
        assert secret not in kept


def test_codes_differ_and_may_be_written_as_one_likes() -> None:
    assert len({new_code() for _ in range(100)}) == 100
    assert hashed("ABCDE-FGHIJ-KLMNO-PQRST") == hashed("abcdefghijklmnopqrst")


async def test_a_code_expires(members: Members) -> None:
    used = await code(members)
    assert await outcome(members, used, at=NOON + 24 * HOUR) == "expired"
    assert await members.members() == []


async def test_codes_that_expired_long_ago_are_forgotten(members: Members) -> None:
    used = await code(members)
    later = NOON + timedelta(days=120)
    await members.invite("person", "reader", by="console", at=later, until=later + HOUR)
    assert await outcome(members, used, at=later) == "unknown"


async def test_a_code_for_a_group_lets_the_group_in_where_it_is_used(members: Members) -> None:
    used = await code(members, "chat")
    assert await outcome(members, used, AYNA) == "misplaced"
    assert await outcome(members, used, OMAR) == "admitted"
    assert await members.roles(["telegram:-100", "telegram:8"]) == {"telegram:-100": "reader"}


async def test_who_has_the_role_already_leaves_the_code_to_somebody_else(members: Members) -> None:
    await members.join(await code(members, role="admin"), AYNA, at=NOON)
    used = await code(members, role="editor")
    assert await outcome(members, used, AYNA) == "known"
    assert await outcome(members, used, OMAR) == "admitted"
    assert await members.roles(["telegram:7"]) == {"telegram:7": "admin"}


async def test_a_better_code_raises_the_role(members: Members) -> None:
    await members.join(await code(members), AYNA, at=NOON)
    assert await outcome(members, await code(members, role="editor")) == "admitted"
    assert await members.roles(["telegram:7"]) == {"telegram:7": "editor"}


async def test_who_was_revoked_cannot_use_their_code_again(members: Members) -> None:
    used = await code(members)
    await members.join(used, AYNA, at=NOON)
    left = await members.revoke("telegram:7", by="console", at=NOON)
    assert left is not None
    assert left.called == "Ayna"
    assert await outcome(members, used) == "used"
    assert await members.roles(["telegram:7"]) == {}
    assert await members.revoke("telegram:7", by="console", at=NOON) is None


@pytest.mark.parametrize("how", ["revoked", "made an editor"])
async def test_codes_of_who_may_invite_no_longer_are_good_no_longer(members: Members, how: str) -> None:
    await members.join(await code(members, role="admin"), AYNA, at=NOON)
    handed_out = await code(members, role="admin", by="telegram:7")
    if how == "revoked":
        await members.revoke("telegram:7", by="console", at=NOON)
    else:
        await members.change_role("telegram:7", "editor", by="console", at=NOON)
    assert await outcome(members, handed_out, OMAR) == "unknown"


async def test_a_role_is_changed_of_members_only(members: Members) -> None:
    assert await members.change_role("telegram:7", "admin", by="console", at=NOON) is None
    await members.join(await code(members), AYNA, at=NOON)
    before = await members.change_role("telegram:7", "admin", by="console", at=NOON)
    assert before is not None
    assert before.role == "reader"
    assert await members.roles(["telegram:7"]) == {"telegram:7": "admin"}


async def test_who_guesses_is_not_listened_to_for_an_hour(members: Members) -> None:
    good = await code(members)
    for number in range(MOST_GUESSES):
        assert await outcome(members, f"aaaaa-aaaaa-aaaaa-aaaa{number}") == "unknown"
    assert await outcome(members, good) == "slow"
    assert await outcome(members, good, at=NOON + HOUR) == "admitted"
    assert len(await members.log()) == MOST_GUESSES + 1


async def test_an_invitation_raced_for_by_two_processes_lets_one_in(members: Members, database: Database) -> None:
    codes = [await code(members) for _ in range(20)]
    async with await again(database) as other:
        elsewhere = SqlMembers(other)
        for used in codes:
            won = await asyncio.gather(
                members.join(used, AYNA, at=NOON),
                elsewhere.join(used, OMAR, at=NOON),
            )
            outcomes = sorted(each.outcome for each in won)
            assert outcomes in (["admitted", "used"], ["slow", "admitted"], ["admitted", "slow"])
            for name in ("telegram:7", "telegram:8"):
                await members.revoke(name, by="console", at=NOON)


async def test_what_is_done_is_written_down_with_what_became_of_it(members: Members) -> None:
    number = await members.note("/add " + "x" * 500, who="telegram:7", chat="telegram:-100", at=NOON)
    await members.note("/feeds pause 3", who="telegram:8", chat="telegram:8", at=NOON + HOUR)
    await members.noted(number, "added")
    last, first = await members.log()
    assert (last.did, last.outcome, last.at) == ("/feeds pause 3", "", NOON + HOUR)
    assert (first.who, first.chat, first.outcome, len(first.did)) == ("telegram:7", "telegram:-100", "added", 200)
    assert await members.log(limit=1, offset=1) == [first]


async def test_a_group_keeps_its_place_when_it_is_renamed(members: Members, database: Database) -> None:
    await members.join(await code(members, "chat"), OMAR, at=NOON)
    await SqlDeliveries(database).move_chat("telegram:-100", "telegram:-1009")
    assert await members.roles(["telegram:-100", "telegram:-1009"]) == {"telegram:-1009": "reader"}


async def test_the_bots_name_is_remembered(members: Members) -> None:
    assert await members.bot_name("telegram") == ""
    for name in ("onrecord_bot", "another_bot"):
        await members.know_bot("telegram", name)
    assert await members.bot_name("telegram") == "another_bot"
