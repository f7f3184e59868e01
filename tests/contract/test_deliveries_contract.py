"""What every outbox must do: what goes next, what is in doubt after a crash, what becomes of a chat."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from databases import again, sqlite

from bot.books.base import Books
from bot.books.chats import CHAT_TABLES
from bot.books.deliveries import Deliveries, SqlDeliveries
from bot.books.sql import MIGRATIONS, SqlBooks
from bot.model import ALERT, ANSWER, BULK, Address, Button, ChatSettings, Outgoing, Reply
from digests.errors import StoreError
from digests.store.database import Database
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.opening import prepare

NOW = datetime(2020, 2, 16, 12, 0, tzinfo=UTC)
REPLY = Reply(
    template="who",
    data={"name": "Oktaý", "days": [date(2020, 2, 29)], "at": NOW, "nested": {"n": 1.5, "none": None}},
    buttons=((Button(label="More", command="/who Oktay 2"),),),
)
ADMIN = Address(platform="telegram", chat="telegram:9")


@dataclass
class Kept:
    """The books and the outbox of one database."""

    books: Books
    outbox: Deliveries
    database: Database


@pytest.fixture
def kept(database: Database) -> Kept:
    return Kept(books=SqlBooks(database), outbox=SqlDeliveries(database), database=database)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def queued(kept: Kept, chat: str, *, priority: int = ANSWER, reply: Reply = REPLY, at: datetime = NOW) -> int:
    address = Address(platform="telegram", chat=chat, thread="7")
    return await kept.outbox.enqueue(address, reply, at=at, priority=priority)


async def asked(kept: Kept, key: str, chat: str) -> int:
    incoming = await kept.books.receive("telegram", key, {}, at=NOW)
    assert incoming is not None
    (row_id,) = await kept.books.answer(incoming.id, [(Address(platform="telegram", chat=chat), REPLY)], at=NOW)
    return row_id


async def next_ones(kept: Kept, *, seconds: float = 0, limit: int = 20) -> list[Outgoing]:
    found = await kept.outbox.look("telegram", now=later(seconds), limit=limit, besides=())
    return found.rows


async def ids(kept: Kept, *, seconds: float = 0) -> list[int]:
    return [row.id for row in await next_ones(kept, seconds=seconds)]


async def claimed(kept: Kept, row_id: int, *, seconds: float = 0, lease: float = 60, owner: str = "me") -> bool:
    return await kept.outbox.claim(row_id, owner=owner, now=later(seconds), lease_seconds=lease)


async def test_a_row_carries_its_reply_and_address_back(kept: Kept) -> None:
    row_id = await queued(kept, "telegram:1")
    (row,) = await next_ones(kept)
    assert row == Outgoing(
        id=row_id,
        address=Address(platform="telegram", chat="telegram:1", thread="7"),
        reply=REPLY,
        state="pending",
        priority=ANSWER,
    )


async def test_answers_go_before_alerts_and_alerts_before_digests_and_each_by_age(kept: Kept) -> None:
    digests = [await queued(kept, f"telegram:{n}", priority=BULK) for n in range(3)]
    alert = await queued(kept, "telegram:10", priority=ALERT)
    answer = await asked(kept, "1", "telegram:11")
    assert await ids(kept) == [answer, alert, *digests]
    assert await ids(kept, seconds=1) == [answer, alert, *digests]
    found = await kept.outbox.look("telegram", now=NOW, limit=2, besides=(answer, digests[0]))
    assert [row.id for row in found.rows] == [alert, digests[1]]
    assert (await kept.outbox.look("slack", now=NOW, limit=9, besides=())).rows == []


async def test_a_chat_gets_one_message_after_the_other_and_an_answer_before_a_digest(kept: Kept) -> None:
    digest = await queued(kept, "telegram:1", priority=BULK)
    later_digest = await queued(kept, "telegram:1", priority=BULK)
    assert await ids(kept) == [digest]
    answer = await asked(kept, "1", "telegram:1")
    assert await ids(kept) == [answer]
    for row_id, follows in ((answer, [digest]), (digest, [later_digest]), (later_digest, [])):
        assert await claimed(kept, row_id)
        await kept.outbox.part_sent(row_id, f"m{row_id}", at=NOW, last=True)
        assert await ids(kept) == follows


async def test_nothing_comes_between_the_parts_of_a_message(kept: Kept) -> None:
    digest = await queued(kept, "telegram:1", priority=BULK)
    assert await claimed(kept, digest)
    await kept.outbox.part_sent(digest, "501", at=NOW, chat_free_at=later(1))
    await asked(kept, "1", "telegram:1")
    assert await next_ones(kept, seconds=0.9) == []
    (row,) = await next_ones(kept, seconds=1)
    assert (row.id, row.message_ids, row.state) == (digest, ("501",), "pending")


async def test_a_chat_that_was_put_off_waits_as_a_whole(kept: Kept) -> None:
    await queued(kept, "telegram:1", priority=BULK)
    other = await queued(kept, "telegram:2", priority=BULK)
    await kept.outbox.put_off("telegram:1", until=later(5))
    answer = await asked(kept, "1", "telegram:1")
    found = await kept.outbox.look("telegram", now=NOW, limit=9, besides=())
    assert ([row.id for row in found.rows], found.next_at) == ([other], later(5))
    assert await ids(kept, seconds=5) == [answer, other]


async def test_a_row_put_back_holds_up_its_own_chat_only_until_it_is_due(kept: Kept) -> None:
    first, second = [await queued(kept, "telegram:1") for _ in range(2)]
    other = await queued(kept, "telegram:2")
    await kept.outbox.retry(first, not_before=later(5), reason="429")
    await kept.outbox.failed(other, "refused", at=NOW)
    assert await ids(kept, seconds=4) == []
    (row,) = await next_ones(kept, seconds=5)
    assert (row.id, row.attempts, row.reason, row.not_before) == (first, 1, "429", later(5))
    await kept.outbox.failed(first, "gone", at=NOW)
    assert await ids(kept, seconds=5) == [second]


async def test_what_is_claimed_is_nobody_elses_until_its_lease_is_over(kept: Kept) -> None:
    row_id = await queued(kept, "telegram:1")
    assert await claimed(kept, row_id, lease=10)
    assert await ids(kept, seconds=9) == []
    assert not await claimed(kept, row_id, seconds=9, owner="another")
    assert await ids(kept, seconds=10) == [row_id]
    assert await claimed(kept, row_id, seconds=10, owner="another")
    await kept.outbox.part_sent(row_id, "501", at=NOW, last=True)
    assert not await claimed(kept, row_id, seconds=99)
    assert not await claimed(kept, row_id + 1)
    assert (await kept.outbox.report(now=NOW)).doubted == 1


async def test_only_what_was_being_sent_is_in_doubt_after_a_crash(kept: Kept) -> None:
    sending, read, done = [await queued(kept, f"telegram:{n}") for n in range(3)]
    for row_id in (sending, done):
        assert await claimed(kept, row_id)
    await kept.outbox.part_sent(done, "501", at=NOW)
    assert [row.id for row in await kept.outbox.doubtful("telegram")] == [sending]
    assert await kept.outbox.doubtful("slack") == []
    await kept.outbox.send_again(sending)
    assert await kept.outbox.doubtful("telegram") == []
    assert set(await ids(kept)) == {sending, read, done}
    assert next(row for row in await next_ones(kept) if row.id == sending).doubts == 1


async def test_only_one_process_has_the_turn_to_send_on_a_platform(kept: Kept) -> None:
    async with await again(kept.database) as database:
        another = SqlDeliveries(database)
        assert await kept.outbox.take_turn("telegram")
        assert await kept.outbox.take_turn("telegram")
        assert not await another.take_turn("telegram")
        assert await another.take_turn("slack")
        await kept.outbox.end_turn("telegram")
        assert await another.take_turn("telegram")
        for platform in ("telegram", "slack"):
            await another.end_turn(platform)


async def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    async with await sqlite(tmp_path / "kept.db") as database:
        os.mkdir(f"{database.path}-sending-telegram")
        with pytest.raises(StoreError, match="lock beside"):
            await SqlDeliveries(database).take_turn("telegram")


async def test_a_row_that_cannot_be_read_is_failed_and_stops_nobody(kept: Kept) -> None:
    bad, good = await queued(kept, "telegram:1"), await queued(kept, "telegram:2")
    await kept.database.write(
        lambda connection: connection.execute("UPDATE outbox SET address = '{\"from\": 1}' WHERE id = ?", (bad,))
    )
    assert await ids(kept) == [good]
    assert await kept.books.queue() == {"failed": 1, "pending": 1}


async def test_nothing_open_means_nothing_due(kept: Kept) -> None:
    row_id = await queued(kept, "telegram:1")
    await kept.outbox.sent(row_id, at=NOW)
    found = await kept.outbox.look("telegram", now=NOW, limit=9, besides=())
    assert (found.rows, found.next_at) == ([], None)
    assert await kept.books.queue() == {"sent": 1}


async def test_what_waits_comes_back_in_full_however_much_it_is(kept: Kept) -> None:
    rows = [await queued(kept, f"telegram:{n}", priority=BULK) for n in range(30)]
    for row_id in rows:
        await kept.outbox.retry(row_id, not_before=later(1), reason="502")
    answer = await asked(kept, "1", "telegram:99")
    assert await ids(kept, seconds=0.5) == [answer]
    assert [row.id for row in await next_ones(kept, seconds=1, limit=50)] == [answer, *rows]


async def test_a_moved_chat_takes_along_all_that_is_its_own(kept: Kept) -> None:
    await kept.books.change_settings("telegram:-1", ChatSettings(zone="Asia/Ashgabat"))
    token = await kept.books.keep_command("/who x", chat="telegram:-1", user="telegram:9", at=NOW)
    row_id = await queued(kept, "telegram:-1")
    await kept.outbox.pause_chat("telegram:-1001", "kicked", at=NOW, admins=(), due=NOW)
    await kept.outbox.move_chat("telegram:-1", "telegram:-1001")
    (row,) = await next_ones(kept)
    assert (row.id, row.address.chat, row.address.thread) == (row_id, "telegram:-1001", "7")
    assert await kept.books.settings("telegram:-1001") == ChatSettings(zone="Asia/Ashgabat")
    assert await kept.books.kept_command(token, chat="telegram:-1001", user="telegram:9") == "/who x"
    assert await kept.outbox.paused_chats() == {}


async def test_a_chat_that_had_settings_under_its_new_name_keeps_those(kept: Kept) -> None:
    for chat, zone in (("telegram:-1", "Asia/Ashgabat"), ("telegram:-1001", "Europe/Istanbul")):
        await kept.books.change_settings(chat, ChatSettings(zone=zone))
    await kept.books.move_chat("telegram:-1", "telegram:-1001")
    assert await kept.books.settings("telegram:-1001") == ChatSettings(zone="Europe/Istanbul")


def test_the_list_of_what_belongs_to_a_chat_is_complete(tmp_path: Path) -> None:
    connection = prepare(tmp_path / "books.db", [MIGRATIONS])
    found = connection.execute(
        "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c"
        " WHERE t.schema = 'main' AND t.type = 'table' AND c.name IN ('chat', 'place')"
    ).fetchall()
    connection.close()
    listed = {(each.table, each.column) for each in CHAT_TABLES}
    assert {tuple(row) for row in found} - listed == set()


async def test_a_paused_chat_gets_nothing_until_somebody_writes_there(kept: Kept) -> None:
    await kept.books.change_settings("telegram:1", ChatSettings(zone="Asia/Ashgabat"))
    rows = [await queued(kept, "telegram:1", priority=BULK) for _ in range(2)]
    assert await claimed(kept, rows[0])
    assert await kept.outbox.pause_chat("telegram:1", "blocked", at=NOW, admins=[ADMIN], due=later(30))
    rows.append(await queued(kept, "telegram:1", priority=BULK))
    assert await ids(kept, seconds=9) == []
    assert await kept.outbox.paused_chats() == {"telegram:1": "blocked"}
    report = await kept.outbox.report(now=NOW)
    assert [(row.id, row.reason) for row in report.failed] == [(row_id, "paused: blocked") for row_id in rows[::-1]]
    answer = await asked(kept, "1", "telegram:1")
    assert await ids(kept) == [answer]
    assert await kept.outbox.paused_chats() == {}
    assert await kept.books.settings("telegram:1") == ChatSettings(zone="Asia/Ashgabat")
    assert [row.id for row in (await kept.outbox.report(now=NOW)).failed] == rows[::-1]


async def test_an_admin_is_told_once_of_all_chats_that_are_lost_within_a_short_time(kept: Kept) -> None:
    for number in range(23):
        assert await kept.outbox.pause_chat(f"telegram:1{number}", "gone", at=NOW, admins=[ADMIN], due=later(30))
    assert not await kept.outbox.pause_chat("telegram:10", "gone", at=NOW, admins=[ADMIN], due=later(30))
    assert await ids(kept, seconds=29) == []
    (row,) = await next_ones(kept, seconds=30)
    assert (row.address.chat, row.reply.template, row.priority) == ("telegram:9", "chats_paused", ALERT)
    assert row.reply.data["chats"][0] == {"chat": "telegram:10", "reason": "gone"}
    assert (len(row.reply.data["chats"]), row.reply.data["more"]) == (20, 3)
    await kept.outbox.pause_chat("telegram:2", "gone", at=later(30), admins=[ADMIN], due=later(60))
    await kept.outbox.sent(row.id, at=later(31))
    (second,) = await next_ones(kept, seconds=60)
    assert [each["chat"] for each in second.reply.data["chats"]] == ["telegram:2"]


async def test_an_admin_who_is_lost_is_not_told_of_it(kept: Kept) -> None:
    await kept.outbox.pause_chat("telegram:9", "blocked", at=NOW, admins=[ADMIN], due=NOW)
    assert await ids(kept, seconds=60) == []


async def test_what_a_message_of_ours_said_is_found_by_its_id(kept: Kept) -> None:
    row_id = await queued(kept, "telegram:1")
    await kept.outbox.part_sent(row_id, "501", at=NOW)
    assert await kept.books.sent_reply("telegram:1", "501") == REPLY
    assert await kept.books.sent_reply("telegram:1", "502") is None
    assert await kept.books.sent_reply("telegram:2", "501") is None


async def test_a_message_that_takes_the_place_of_another_leaves_its_ids_to_that(kept: Kept) -> None:
    row_id = await queued(kept, "telegram:1")
    await kept.outbox.part_sent(row_id, "501", at=NOW, last=True)
    changed = replace(REPLY, template="story")
    edit = await kept.outbox.enqueue(ADMIN, changed, at=NOW, edits=row_id)
    (row,) = await next_ones(kept)
    assert (row.id, row.edits, row.priority) == (edit, row_id, BULK)
    await kept.outbox.part_sent(edit, "501", at=NOW, last=True)
    assert await kept.books.sent_reply("telegram:1", "501") == REPLY


async def test_what_is_forgotten_while_it_is_on_its_way_stays_forgotten(kept: Kept) -> None:
    row_id = await queued(kept, "telegram:1")
    second = await queued(kept, "telegram:1")
    await kept.database.write(lambda rows: rows.execute("DELETE FROM outbox WHERE id = ?", (row_id,)))
    assert await ids(kept) == [second]
    await kept.outbox.part_sent(row_id, "501", at=NOW, last=True)
    assert await kept.books.sent_reply("telegram:1", "501") is None
    await kept.database.write(lambda rows: rows.execute("DELETE FROM outbox"))
    assert await ids(kept) == []


async def test_what_is_done_is_forgotten_when_it_is_old_and_what_is_open_is_not(kept: Kept) -> None:
    old = await asked(kept, "1", "telegram:1")
    await kept.outbox.part_sent(old, "501", at=NOW, last=True)
    await queued(kept, "telegram:2")
    await kept.books.receive("telegram", "3", {}, at=NOW)
    token = await kept.books.keep_command("/who x", chat="telegram:1", user="telegram:9", at=NOW)
    await kept.books.tidy(before=later(86_400))
    assert await kept.books.queue() == {"pending": 1}
    assert [each.key for each in await kept.books.unanswered()] == ["3"]
    assert await kept.books.kept_command(token, chat="telegram:1", user="telegram:9") is None
    assert await kept.books.sent_reply("telegram:1", "501") is None
    assert await kept.books.receive("telegram", "1", {}, at=NOW) is not None


async def test_chats_that_nothing_reaches_are_named_until_something_does(kept: Kept) -> None:
    first, second = [await queued(kept, "telegram:1") for _ in range(2)]
    other = await queued(kept, "telegram:2")
    for row_id in (first, other):
        await kept.outbox.failed(row_id, "blocked", at=NOW)
    await kept.outbox.failed(second, "blocked", at=later(1))
    at = {each.what: each for each in await kept.books.troubles()}
    assert (at["telegram:1"].count, at["telegram:1"].reason, at["telegram:2"].count) == (2, "blocked", 1)
    assert at["telegram:1"].last_at == later(1)
    assert [each.what for each in await kept.books.troubles(limit=1)] == ["telegram:1"]
    await kept.outbox.sent(await queued(kept, "telegram:1"), at=later(2))
    assert [each.what for each in await kept.books.troubles()] == ["telegram:2"]


async def test_the_report_says_how_the_queue_stands(kept: Kept) -> None:
    sent = await queued(kept, "telegram:1")
    await kept.outbox.part_sent(sent, "501", at=later(-90), last=True)
    just = await queued(kept, "telegram:2")
    await kept.outbox.part_sent(just, "502", at=later(-10), last=True)
    sending = await queued(kept, "telegram:3", at=later(-300))
    await claimed(kept, sending)
    await queued(kept, "telegram:4")
    bad = await queued(kept, "telegram:5")
    await kept.outbox.failed(bad, "message is too long", at=NOW)
    report = await kept.outbox.report(now=NOW)
    (way,) = report.ways
    assert (way.platform, way.waiting, way.sending, way.oldest_at) == ("telegram", 1, 1, later(-300))
    assert (way.last_minute, way.last_hour, report.sent, report.failed_in_all) == (1, 2, 2, 1)
    assert [(row.id, row.chat, row.reason, row.at) for row in report.failed] == [
        (bad, "telegram:5", "message is too long", NOW)
    ]


async def test_a_failed_row_can_be_sent_again_or_dropped_by_hand(kept: Kept) -> None:
    row_id = await queued(kept, "telegram:1")
    assert not await kept.outbox.send_failed_again(row_id)
    await kept.outbox.failed(row_id, "refused", at=NOW)
    assert await kept.outbox.send_failed_again(row_id)
    assert await ids(kept) == [row_id]
    assert await kept.outbox.drop(row_id, at=NOW)
    assert await ids(kept) == []
    assert (await kept.outbox.report(now=NOW)).failed[0].reason == "dropped by hand"
    await kept.outbox.send_failed_again(row_id)
    await claimed(kept, row_id)
    assert not await kept.outbox.drop(row_id, at=NOW)


async def test_finding_what_goes_next_costs_the_same_however_much_is_queued(kept: Kept) -> None:
    await kept.database.write(
        lambda rows: rows.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            " INSERT INTO outbox (platform, chat, address, reply, state, priority, queued_at)"
            " SELECT 'telegram', 'telegram:' || i, '{\"platform\":\"telegram\",\"chat\":\"telegram:' || i || '\"}',"
            ' \'{"template":"t","data":{},"buttons":[]}\', \'pending\', 3, \'2020-02-16\' FROM n'
        )
    )
    explain, column = ("EXPLAIN QUERY PLAN", 3) if isinstance(kept.database, SqliteDatabase) else ("EXPLAIN", 0)
    plan = await kept.database.read(
        lambda rows: rows.execute(
            f"{explain} SELECT outgoing_id FROM outbox_heads WHERE platform = 'telegram' AND due_at = ''"
            " ORDER BY priority, outgoing_id LIMIT 8"
        ).fetchall()
    )
    assert "outbox_heads_ready" in "".join(row[column] for row in plan)
    assert not any("Sort" in row[column] or "TEMP B-TREE" in row[column] for row in plan)
    assert len(await next_ones(kept, limit=8)) == 8
