"""From a received update to the messages that arrive, on a real database, with a platform of our own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from databases import again
from fakes.members import memory_members

from bot.access import Door
from bot.books.deliveries import Deliveries, SqlDeliveries
from bot.books.sql import SqlBooks
from bot.config import Settings
from bot.errors import ChatGone, ChatMoved, TryLater, Undeliverable
from bot.inbox import Inbox
from bot.model import BULK, Address, Asked, Origin, Outgoing, Platform, Reply
from bot.outbox.sender import Outbox
from bot.render.message import Message
from digests.errors import StoreError
from digests.store.database import Database

NOW = datetime(2020, 2, 16, tzinfo=UTC)
ADMIN = Address(platform="console", chat="console:admin")


class Slate:
    """A platform that writes messages on a slate, and fails as a test wants."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.written: list[str] = []
        self.grown = asyncio.Event()

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        if self.failures:
            self.grown.set()
            raise self.failures.pop(0)
        self.written.append(f"{address.chat} {message.text}")
        self.grown.set()
        return f"m{len(self.written)}"

    async def until_failed(self) -> None:
        async with asyncio.timeout(60):
            while self.failures:
                self.grown.clear()
                await self.grown.wait()

    async def until(self, number: int) -> list[str]:
        async with asyncio.timeout(60):
            while len(self.written) < number:
                self.grown.clear()
                await self.grown.wait()
        return self.written


class Failures:
    """What fails how many times first."""

    def __init__(self, **times: int) -> None:
        self.times = times

    def come(self, method: str) -> None:
        if self.times.get(method, 0) > 0:
            self.times[method] -= 1
            raise StoreError("the disk is full")


class FailingDeliveries(SqlDeliveries):
    """An outbox whose database fails a number of times first."""

    def __init__(self, database: Database, **times: int) -> None:
        super().__init__(database)
        self.failures = Failures(**times)

    async def doubtful(self, platform: Platform) -> list[Outgoing]:
        self.failures.come("doubtful")
        return await super().doubtful(platform)

    async def claim(self, outgoing_id: int, **given: Any) -> bool:
        self.failures.come("claim")
        return await super().claim(outgoing_id, **given)

    async def part_sent(self, outgoing_id: int, message_id: str, **given: Any) -> None:
        self.failures.come("part_sent")
        await super().part_sent(outgoing_id, message_id, **given)


class FailingBooks(SqlBooks):
    """Books whose database fails a number of times first."""

    def __init__(self, database: Database, **times: int) -> None:
        super().__init__(database)
        self.failures = Failures(**times)

    async def answer(self, incoming_id: int, messages: Sequence[tuple[Address, Reply]], *, at: datetime) -> list[int]:
        self.failures.come("answer")
        return await super().answer(incoming_id, messages, at=at)


def draw(reply: Reply, address: Address) -> list[Message]:
    return [Message(text=text, plain=text) for text in reply.data["texts"]]


@asynccontextmanager
async def sending(database: Database, slate: Slate, *, books: Deliveries | None = None) -> AsyncIterator[Outbox]:
    outbox = Outbox(books=books or SqlDeliveries(database), carriers={"console": slate}, draw=draw, admins=[ADMIN])
    task = asyncio.create_task(outbox.run())
    try:
        yield outbox
    finally:
        await outbox.stop(seconds=0.5)
        await asyncio.wait_for(task, 30)


async def queue(books: SqlBooks, *texts: str, chat: str = "console", key: str = "1", platform: Any = "console") -> None:
    incoming = await books.receive("console", key, {}, at=NOW)
    assert incoming is not None
    await books.answer(
        incoming.id, [(Address(platform=platform, chat=chat), Reply(template="t", data={"texts": texts}))], at=NOW
    )


async def until_states(books: SqlBooks, expected: Mapping[str, int]) -> None:
    async with asyncio.timeout(60):
        while await books.queue() != expected:
            continue


async def rows(database: Database, *, seconds: float = 0, platform: Platform = "console") -> list[Outgoing]:
    """What can be sent now."""
    found = await SqlDeliveries(database).look(
        platform, now=datetime.now(UTC) + timedelta(seconds=seconds), limit=20, besides=()
    )
    return found.rows


async def test_an_answer_in_parts_goes_on_after_the_part_that_arrived(database: Database) -> None:
    books = SqlBooks(database)
    await queue(books, "one", "two", "three")
    (row,) = await rows(database)
    await SqlDeliveries(database).part_sent(row.id, "m0", at=NOW)
    slate = Slate()
    async with sending(database, slate):
        assert await slate.until(2) == ["console two", "console three"]
        await until_states(books, {"sent": 1})


async def test_a_failure_between_parts_doubles_none_of_them(database: Database) -> None:
    books, slate = SqlBooks(database), Slate()
    await queue(books, "one", "two")
    slate.failures = [TryLater("503", after=0.01)]
    async with sending(database, slate):
        assert await slate.until(2) == ["console one", "console two"]
        await until_states(books, {"sent": 1})


async def test_what_goes_to_a_platform_that_is_not_served_here_waits(database: Database) -> None:
    books, slate = SqlBooks(database), Slate()
    await queue(books, "waiting", platform="telegram")
    await queue(books, "sent", chat="console:2", key="2")
    async with sending(database, slate):
        assert await slate.until(1) == ["console:2 sent"]
        await until_states(books, {"pending": 1, "sent": 1})


async def test_what_cannot_be_drawn_is_put_off_and_stops_no_other(database: Database) -> None:
    books, slate = SqlBooks(database), Slate()
    outbox = SqlDeliveries(database)
    await outbox.enqueue(Address(platform="console", chat="console"), Reply(template="t"), at=NOW)
    await queue(books, "sent", chat="console:2")
    async with sending(database, slate):
        assert await slate.until(1) == ["console:2 sent"]
        await until_states(books, {"pending": 1, "sent": 1})
    (row,) = await rows(database, seconds=5)
    assert (row.attempts, row.reason) == (1, "KeyError: 'texts'")


async def test_an_answer_without_a_message_is_done(database: Database) -> None:
    books, slate = SqlBooks(database), Slate()
    await queue(books)
    async with sending(database, slate):
        await until_states(books, {"sent": 1})
    assert slate.written == []


async def test_what_cannot_be_delivered_is_failed_with_its_reason(database: Database) -> None:
    books, slate = SqlBooks(database), Slate(Undeliverable("too long"))
    await queue(books, "one")
    async with sending(database, slate):
        await until_states(books, {"failed": 1})


async def test_a_chat_that_is_gone_is_paused_and_an_admin_told(database: Database) -> None:
    books, slate = SqlBooks(database), Slate(ChatGone("blocked"))
    outbox = SqlDeliveries(database)
    for chat in ("console:1", "console:1", "console:2"):
        await outbox.enqueue(
            Address(platform="console", chat=chat), Reply(template="t", data={"texts": [chat]}), at=NOW
        )
    async with sending(database, slate):
        assert await slate.until(1) == ["console:2 console:2"]
        await until_states(books, {"failed": 2, "pending": 1, "sent": 1, "paused": 1})
    (notice,) = await rows(database, seconds=60)
    assert (notice.address, notice.reply.template) == (ADMIN, "chats_paused")


async def test_a_chat_that_moved_is_followed(database: Database) -> None:
    books, slate = SqlBooks(database), Slate(ChatMoved("console:9"))
    await queue(books, "one", chat="console:1")
    async with sending(database, slate):
        assert await slate.until(1) == ["console:9 one"]


async def test_a_database_that_fails_for_a_moment_loses_and_doubles_nothing(database: Database) -> None:
    books, slate = SqlBooks(database), Slate()
    failing = FailingDeliveries(database, doubtful=1, claim=1, part_sent=1)
    await queue(books, "one")
    async with sending(database, slate, books=failing):
        await queue(books, "two", chat="console:2", key="2")
        await until_states(books, {"sent": 2})
    assert sorted(slate.written) == ["console one", "console:2 two"]


async def test_something_queued_is_sent_at_once_when_the_outbox_is_woken(database: Database) -> None:
    books, slate = SqlBooks(database), Slate()
    async with sending(database, slate) as outbox:
        await asyncio.sleep(0.05)
        await queue(books, "one")
        outbox.wake()
        assert await slate.until(1) == ["console one"]


async def test_what_waits_for_its_turn_when_told_to_stop_stays_for_the_next_start(database: Database) -> None:
    books = SqlBooks(database)
    slate = Slate()
    outbox = Outbox(books=SqlDeliveries(database), carriers={"slack": slate}, draw=draw)
    await queue(books, "one", "two", platform="slack", chat="slack:C1")
    task = asyncio.create_task(outbox.run())
    await slate.until(1)  # the second part waits for a second
    await outbox.stop(seconds=0.5)
    await asyncio.wait_for(task, 30)
    assert await books.queue() == {"pending": 1}
    found = await SqlDeliveries(database).look(
        "slack", now=datetime.now(UTC) + timedelta(seconds=1), limit=1, besides=()
    )
    assert found.rows[0].message_ids == ("m1",)


async def test_a_chat_that_just_got_a_message_gets_the_next_one_a_second_later(database: Database) -> None:
    books, slate, outbox = SqlBooks(database), Slate(), SqlDeliveries(database)
    sender = Outbox(books=outbox, carriers={"slack": slate}, draw=draw)
    clock = asyncio.get_running_loop().time
    task = asyncio.create_task(sender.run())
    moments = []
    for number in (1, 2):
        address = Address(platform="slack", chat="slack:C1")
        await outbox.enqueue(address, Reply(template="t", data={"texts": [str(number)]}), at=NOW)
        sender.wake()
        await slate.until(number)
        moments.append(clock())
        await until_states(books, {"sent": number})
    assert moments[1] - moments[0] >= 0.9
    await sender.stop(seconds=0.5)
    await asyncio.wait_for(task, 30)


async def test_being_told_to_wait_holds_for_all_that_goes_to_that_chat(database: Database) -> None:
    books, slate = SqlBooks(database), Slate(TryLater("429", after=0.6))
    outbox = SqlDeliveries(database)
    await outbox.enqueue(
        Address(platform="console", chat="console:1"), Reply(template="t", data={"texts": ["digest"]}), at=NOW
    )
    async with sending(database, slate) as sender:
        await slate.until_failed()
        for number, chat in enumerate(("console:1", "console:2")):
            await queue(books, "answer", chat=chat, key=str(number))
        sender.wake()
        assert await slate.until(3) == ["console:2 answer", "console:1 answer", "console:1 digest"]


class Slow(Slate):
    """A platform that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[asyncio.Future[None]] = []
        self.most = 0

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        sent = await super().deliver(address, message, position=position)
        answered = asyncio.get_running_loop().create_future()
        self.held.append(answered)
        self.most = max(self.most, sum(not each.done() for each in self.held))
        await answered
        return sent


@pytest.mark.parametrize("in_doubt", [1, 3])
async def test_no_more_messages_are_in_doubt_at_once_than_a_crash_may_double(database: Database, in_doubt: int) -> None:
    slow, outbox = Slow(), SqlDeliveries(database)
    for number in range(6):
        address = Address(platform="console", chat=f"console:{number}")
        await outbox.enqueue(address, Reply(template="t", data={"texts": ["x"]}), at=NOW)
    sender = Outbox(books=outbox, carriers={"console": slow}, draw=draw, in_doubt=in_doubt)
    task = asyncio.create_task(sender.run())
    for number in range(6):
        await slow.until(min(6, number + in_doubt))
        marked = {row.id for row in await SqlDeliveries(database).doubtful("console")}
        assert len(marked) <= in_doubt
        slow.held[number].set_result(None)
    await until_states(SqlBooks(database), {"sent": 6})
    assert slow.most == in_doubt
    await sender.stop(seconds=0.5)
    await asyncio.wait_for(task, 30)


async def test_a_message_left_unanswered_for_long_holds_up_no_other_chat(database: Database) -> None:
    slow, outbox = Slow(), SqlDeliveries(database)
    for chat in ("console:1", "console:1", "console:2"):
        await outbox.enqueue(Address(platform="console", chat=chat), Reply(template="t", data={"texts": ["x"]}), at=NOW)
    sender = Outbox(books=outbox, carriers={"console": slow}, draw=draw)
    task = asyncio.create_task(sender.run())
    assert await slow.until(2) == ["console:1 x", "console:2 x"]
    for answered in slow.held:
        answered.set_result(None)
    await slow.until(3)
    await sender.stop(seconds=0.05)
    await asyncio.wait_for(task, 30)
    assert len(await outbox.doubtful("console")) == 1  # cut off: as after a crash


async def test_a_second_sender_waits_until_the_first_one_ends(database: Database) -> None:
    async with await again(database) as another:
        first, second = Slow(), Slate()
        await queue(SqlBooks(database), "one")
        one = Outbox(books=SqlDeliveries(database), carriers={"console": first}, draw=draw)
        two = Outbox(books=SqlDeliveries(another), carriers={"console": second}, draw=draw)
        running = asyncio.create_task(one.run())
        await first.until(1)
        waiting = asyncio.create_task(two.run())
        await queue(SqlBooks(another), "two", chat="console:2", key="2")
        await asyncio.sleep(0.1)
        assert second.written == []
        stopping = asyncio.create_task(one.stop(seconds=30))
        await asyncio.sleep(0)
        first.held[0].set_result(None)
        await stopping
        assert await second.until(1) == ["console:2 two"]
        await two.stop(seconds=0.5)
        for task in (running, waiting):
            await asyncio.wait_for(task, 30)
    assert first.written == ["console one"]


async def test_an_answer_passes_the_digests_that_wait(database: Database) -> None:
    slow, outbox = Slow(), SqlDeliveries(database)
    for number in range(20):
        address = Address(platform="console", chat=f"console:{number}")
        await outbox.enqueue(address, Reply(template="t", data={"texts": ["digest"]}), at=NOW, priority=BULK)
    sender = Outbox(books=outbox, carriers={"console": slow}, draw=draw)
    task = asyncio.create_task(sender.run())
    await slow.until(1)
    await queue(SqlBooks(database), "answer", chat="console:15")
    sender.wake()
    slow.held[0].set_result(None)
    assert (await slow.until(2))[1] == "console:15 answer"
    await sender.stop(seconds=0.05)
    await asyncio.wait_for(task, 30)


ASKED = Asked(
    text="/who",
    origin=Origin(platform="telegram", chat="telegram:7", user="telegram:7"),
    address=Address(platform="telegram", chat="telegram:7"),
)


def inbox(books: SqlBooks, *, answer: Any, read: Any = lambda _: ASKED) -> Inbox:
    return Inbox(
        books=books,
        read={"telegram": read},
        answer=answer,
        door=Door(settings=Settings(access="open"), members=memory_members()),
        queued=lambda: None,
        pause=0.01,
    )


async def hello(text: str, origin: Origin) -> Reply:
    return Reply(template="start", data={"texts": [text]})


async def test_an_answer_that_could_not_be_written_is_written_again(database: Database) -> None:
    books = FailingBooks(database, answer=1)
    taking = inbox(books, answer=hello)
    await taking.take("telegram", "1", {})
    await until_states(books, {"pending": 1})
    assert await books.unanswered() == []
    await taking.stop(seconds=1)


async def test_what_cannot_be_answered_is_given_up_with_a_word_to_who_asked(database: Database) -> None:
    async def broken(text: str, origin: Origin) -> Reply:
        raise RuntimeError("a fault")

    books = SqlBooks(database)
    taking = inbox(books, answer=broken)
    await taking.take("telegram", "1", {"text": "/who"})
    await until_states(books, {"pending": 1, "parked": 1})
    await taking.stop(seconds=1)
    assert [each.reason for each in await books.troubles()] == ["RuntimeError: a fault"]
    (row,) = await rows(database, platform="telegram")
    assert (row.reply.template, row.reply.data["id"]) == ("apology", "telegram:1")
    assert await books.unanswered() == []


@pytest.mark.parametrize(("failures", "said"), [(2, "start"), (3, "apology")], ids=["for a moment", "for long"])
async def test_nobody_hears_of_a_database_that_failed_for_a_moment(
    database: Database, failures: int, said: str
) -> None:
    left = failures

    async def restarted(text: str, origin: Origin) -> Reply:
        nonlocal left
        left -= 1
        return Reply(template="apology", data={"id": "1", "store": True}) if left >= 0 else await hello(text, origin)

    taking = inbox(SqlBooks(database), answer=restarted)
    await taking.take("telegram", "1", {"text": "/who"})
    await until_states(SqlBooks(database), {"pending": 1})
    await taking.stop(seconds=1)
    assert [row.reply.template for row in await rows(database, platform="telegram")] == [said]


async def test_who_is_not_answered_gets_no_apology_either(database: Database) -> None:
    books = FailingBooks(database, answer=1)
    taking = Inbox(
        books=books,
        read={"telegram": lambda _: ASKED},
        answer=hello,
        door=Door(settings=Settings(access="invite"), members=memory_members()),
        queued=lambda: None,
        pause=0.01,
    )
    incoming = await books.receive("telegram", "1", {}, at=NOW)
    assert incoming is not None
    for _ in range(3):
        await books.begin(incoming.id)
    assert await taking.recover("telegram") == 1
    await until_states(books, {"parked": 1})
    await taking.stop(seconds=1)


async def test_an_update_that_was_there_at_three_ends_of_the_program_is_given_up(database: Database) -> None:
    books = SqlBooks(database)
    asked: list[str] = []
    reached = asyncio.Event()

    async def deadly(text: str, origin: Origin) -> Reply:
        asked.append(text)
        if text == "deadly":
            reached.set()
            await asyncio.Event().wait()  # as good as an end: what follows is never reached
        return await hello(text, origin)

    def read(payload: Mapping[str, Any]) -> Asked:
        chat = f"telegram:{payload['chat']}"
        return Asked(
            text=payload["text"],
            origin=Origin(platform="telegram", chat=chat, user=chat),
            address=Address(platform="telegram", chat=chat),
        )

    for chat, text in enumerate(("harmless", "deadly", "harmless too")):
        incoming = await books.receive("telegram", str(chat), {"text": text, "chat": chat}, at=NOW)
        assert incoming is not None
        await books.begin(incoming.id)  # the second start of each, and the second end
    third, fourth = (inbox(books, answer=deadly, read=read) for _ in range(2))
    await third.recover("telegram")
    await asyncio.wait_for(reached.wait(), 60)
    assert asked[-1] == "deadly"  # one at a time, in whatever order the chats come, so that none is begun beside it
    await fourth.recover("telegram")
    await until_states(books, {"pending": 3, "parked": 1})
    assert sorted(asked) == ["deadly", "harmless", "harmless too"]
    assert "the program ended 3 times" in (await books.troubles())[0].reason
    for each in (third, fourth):
        await each.stop(seconds=0.05)


async def test_a_start_cut_off_in_good_order_does_not_count(database: Database) -> None:
    async def endless(text: str, origin: Origin) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    books = SqlBooks(database)
    first = inbox(books, answer=endless)
    await first.take("telegram", "1", {})
    await first.stop(seconds=0.05)
    for _ in range(5):
        again = inbox(books, answer=endless)
        await again.recover("telegram")
        await asyncio.sleep(0)
        await again.stop(seconds=0.05)
    assert (await books.unanswered())[0].attempts <= 1


async def test_what_is_no_question_any_more_is_done_at_the_next_start(database: Database) -> None:
    books = SqlBooks(database)
    await books.receive("telegram", "1", {"text": "/who"}, at=NOW)
    await books.receive("slack", "1", {"text": "/who"}, at=NOW)
    assert await inbox(books, answer=hello, read=lambda _: None).recover("telegram") == 1
    assert [each.platform for each in await books.unanswered()] == ["slack"]


async def test_one_persons_questions_are_answered_in_order_and_others_do_not_wait(database: Database) -> None:
    release = asyncio.Event()
    answered: list[str] = []

    async def slow(text: str, origin: Origin) -> Reply:
        if text == "/slow":
            await release.wait()
        answered.append(text)
        return await hello(text, origin)

    def read(payload: Mapping[str, Any]) -> Asked:
        user = f"telegram:{payload['user']}"
        origin = Origin(platform="telegram", chat="telegram:-5", user=user, private=False)
        return Asked(text=payload["text"], origin=origin, address=ASKED.address)

    books = SqlBooks(database)
    taking = inbox(books, answer=slow, read=read)
    await taking.take("telegram", "1", {"text": "/slow", "user": 7})
    await taking.take("telegram", "2", {"text": "/after", "user": 7})
    await taking.take("telegram", "3", {"text": "/other", "user": 8})
    await until_states(books, {"pending": 1})
    assert answered == ["/other"]
    release.set()
    await until_states(books, {"pending": 3})
    assert answered == ["/other", "/slow", "/after"]
    await taking.stop(seconds=1)


async def test_an_answer_that_takes_too_long_to_end_is_cut_off_and_kept(database: Database) -> None:
    async def endless(text: str, origin: Origin) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    books = SqlBooks(database)
    taking = inbox(books, answer=endless)
    await taking.take("telegram", "1", {})
    await taking.stop(seconds=0.05)
    assert len(await books.unanswered()) == 1


async def test_a_platform_that_fails_in_a_way_nobody_foresaw_is_tried_again(database: Database) -> None:
    books, slate = SqlBooks(database), Slate(ZeroDivisionError())
    await queue(books, "one")
    async with sending(database, slate):
        assert await slate.until(1) == ["console one"]
