"""From an update to its queued answer: written down first, answered in a task of its own, marked done with the answer.

One person's questions in one chat are answered in the order they came; nobody waits for anybody else's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any, Protocol, TypeVar

from bot import access
from bot.books.base import Books
from bot.books.turns import ALONE, Replica
from bot.commands.replies import refusal
from bot.errors import TryLater, Undeliverable
from bot.limits import Limits
from bot.model import (
    MOST_FILE_BYTES,
    Address,
    Asked,
    Button,
    GivenFile,
    Incoming,
    Origin,
    Platform,
    ReceivedFile,
    Reply,
)
from bot.router import asks_else
from digests.errors import StoreError
from digests.tracing import about, hiding, known, of_update

log = logging.getLogger(__name__)

T = TypeVar("T")
Read = Callable[[Mapping[str, Any]], Asked | None]
"""What an update asks, from its payload alone; ``None`` when it asks nothing of the bot."""
Download = Callable[[GivenFile], Awaitable[bytes]]
"""The bytes of a file that lies with a platform. Raises ``SendError``."""
MOST_AT_ONCE = 64
HOME = (Button(label="Digests", command="/subscribe"), Button(label="Followed", command="/following"))
TRIES_AFTER_A_FAULT = 3
MOST_STARTS = 3
"""An update at whose answering the program ended so often is given up: it may be the cause."""
LONGEST_PAUSE = 60.0


LinkAbove = Callable[[Asked], Awaitable[str]]
"""The link in the message that ``Asked.above`` names, or "". Raises ``SendError``."""

RESCUE_PAUSES = 2


class Answer(Protocol):
    """The router; ``file`` is given only where one was dropped."""

    async def __call__(self, text: str, origin: Origin, *, file: ReceivedFile | None = None) -> Reply: ...


class Inbox:
    """``take`` what arrives, ``recover`` what a crash left, ``stop`` within a number of seconds."""

    def __init__(
        self,
        *,
        books: Books,
        read: Mapping[Platform, Read],
        answer: Answer,
        door: access.Door,
        queued: Callable[[], None],
        limits: Limits | None = None,
        download: Mapping[Platform, Download] | None = None,
        link_above: Mapping[Platform, LinkAbove] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: float = 1.0,
        replica: Replica | None = None,
    ) -> None:
        """``queued`` is called when an answer lies in the outbox; ``pause``: seconds before a second try.

        ``replica``: this process among those that answer; without one it is the only one.
        """
        self._books = books
        self._read = read
        self._answer = answer
        self._door = door
        self._limits = limits or Limits(person=0, chat=0)
        self._queued = queued
        self._download = download or {}
        self._link_above = link_above or {}
        self._now = now
        self._pause = pause
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._lines: dict[tuple[str, str], set[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._replica = replica or Replica(ALONE)
        self._recovered: list[Platform] = []
        self._handled: set[int] = set()
        self._missed: set[int] = set()
        self._suspects = asyncio.Lock()
        self._begun: set[int] = set()

    async def take(self, platform: Platform, key: str, payload: Mapping[str, Any]) -> None:
        """Write an update down; when this returns it may be acknowledged. What asks nothing, or comes from who asks
        far too much and was told so, is not even kept.

        Raises ``StoreError`` when it could not be written: then it must not be acknowledged.
        """
        with about(request=of_update(platform, key), web=known().get("request", "")):
            asked = self._understood(platform, payload)
            pace = self._limits.take(asked.origin, now=self._now()) if asked else "silence"
            if asked is None or pace == "silence":
                return
            incoming = await self._books.receive(
                platform, key, payload, at=self._now(), owner=self._replica.name, line=_line(asked.origin)
            )
            if incoming is not None:
                self._start(incoming, asked, slow=pace == "say")

    def _understood(self, platform: Platform, payload: Mapping[str, Any]) -> Asked | None:
        """What an update asks; one in a form nobody foresaw asks nothing, and must not stop those behind it."""
        try:
            return self._read[platform](payload)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            with hiding(str(payload)):
                log.warning("inbox: an update is not understood: %r", error)
            return None

    async def recover(self, platform: Platform) -> int:
        """Answer what was received before the last end and not answered; how many. From now on it is looked for."""
        self._recovered.append(platform)
        return await self.rescue()

    async def run(self) -> None:
        """Answer what other processes leave unanswered when they die, until cancelled."""
        while True:
            await asyncio.sleep(self._pause * RESCUE_PAUSES)
            try:
                await self.rescue()
            except StoreError as error:
                log.error("inbox: the database failed: %s", error)

    async def rescue(self) -> int:
        """Begin to answer what processes that are gone have left, and what got lost here; how many updates."""
        owners = await self._books.owners()
        gone = [owner for owner in owners if await self._replica.is_gone(owner)]
        left = await self._lost() if self._replica.name in owners else []
        for owner in gone:
            for platform in self._recovered:
                left += await self._books.adopt(owner, by=self._replica.name, platform=platform)
        for incoming in sorted(left, key=lambda each: each.id):
            with about(request=of_update(incoming.platform, incoming.key)):
                asked = self._understood(incoming.platform, incoming.payload)
                if asked is None:
                    await self._books.answer(incoming.id, [], at=self._now())
                else:
                    self._start(incoming, asked, again=True)
        return len(left)

    async def _lost(self) -> list[Incoming]:
        """What is this process's and nobody is at it, now as at the last look: the database kept it when it broke off,
        and who delivered it was told that it had not been kept, and then that it was known already."""
        handled = set(self._handled)  # before the look: what is answered while it goes on is not lost
        found = await self._books.unanswered(self._replica.name)
        idle = [each for each in found if each.id not in handled | self._handled]
        lost = [each for each in idle if each.id in self._missed and each.platform in self._recovered]
        self._missed = {each.id for each in idle}
        return lost

    async def stop(self, *, seconds: float) -> None:
        """Give what is being answered that long; the rest is answered after the next start."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        with suppress(StoreError):  # an attempt too many is no loss
            await self._books.give_back(sorted(self._begun))

    def _start(self, incoming: Incoming, asked: Asked, *, again: bool = False, slow: bool = False) -> None:
        line = self._lines.setdefault((asked.origin.chat, asked.origin.user), set())
        line.add(incoming.id)
        with about(chat=asked.origin.chat), hiding(asked.text):
            task = asyncio.create_task(self._in_turn(line, incoming, asked, again=again, slow=slow))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._handled.add(incoming.id)
        task.add_done_callback(lambda _: self._handled.discard(incoming.id))
        if not again:
            self._begun.add(incoming.id)

    async def _in_turn(self, line: set[int], incoming: Incoming, asked: Asked, *, again: bool, slow: bool) -> None:
        """Answer when it is this one's turn; what was there at two crashes is begun by itself, to see which it was."""
        alone = self._suspects if again and incoming.attempts >= MOST_STARTS - 1 else nullcontext()
        try:
            await self._kept(partial(self._until_next, line, incoming))
            await self._in_room(alone, incoming, asked, again=again, slow=slow)
        finally:
            line.discard(incoming.id)
            if not line:
                self._lines.pop((asked.origin.chat, asked.origin.user), None)

    async def _until_next(self, line: set[int], incoming: Incoming) -> None:
        """Wait for what the same person asked there before: here, at other processes, or left by one that is gone.

        That may come here later than what it goes before.
        """
        behind = incoming.behind
        while True:
            if incoming.id != min(line, default=incoming.id):
                await asyncio.sleep(self._pause / 50)
            elif behind:
                behind = await self._books.is_behind(incoming.id)
                await asyncio.sleep(self._pause / 10 if behind else 0)
            else:
                return

    async def _in_room(
        self,
        alone: AbstractAsyncContextManager[None],
        incoming: Incoming,
        asked: Asked,
        *,
        again: bool,
        slow: bool,
    ) -> None:
        async with alone, self._room:
            starts = await self._kept(partial(self._begin, incoming)) if again else 1
            if starts > MOST_STARTS:
                fault = f"the program ended {MOST_STARTS} times while this was being answered"
            else:
                fault = await self._kept(partial(self._answered, incoming, asked, slow=slow))
            if fault:
                await self._kept(partial(self._park, incoming, asked, fault))
            self._begun.discard(incoming.id)
            self._queued()

    async def _kept(self, work: Callable[[], Awaitable[T]]) -> T:
        """What ``work`` gives, however long the database fails: what was accepted is answered."""
        pause = self._pause
        while True:
            try:
                return await work()
            except StoreError as error:
                log.error("inbox: what was asked waits for the database: %s", error)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _begin(self, incoming: Incoming) -> int:
        starts = await self._books.begin(incoming.id)
        self._begun.add(incoming.id)
        return starts

    async def _answered(self, incoming: Incoming, asked: Asked, *, slow: bool) -> str:
        """Answer an update; "", or what went wrong each time. Raises ``StoreError``."""
        fault = ""
        for attempt in range(TRIES_AFTER_A_FAULT):
            began = perf_counter()
            try:
                messages = await self.messages(asked, slow=slow)
                await self._books.answer(incoming.id, messages, at=self._now())
            except StoreError:
                raise
            except Exception as error:
                log.exception("inbox: what was asked could not be answered")
                fault = f"{type(error).__name__}: {error}"
                await asyncio.sleep(self._pause * 2**attempt)
            else:
                said = ", ".join(reply.template for _, reply in messages) or "nothing"
                log.info(f"inbox: answered with {said} after %.3f s", perf_counter() - began)  # said in our own words
                return ""
        return fault

    async def _park(self, incoming: Incoming, asked: Asked, fault: str) -> None:
        """Give an update up, with a word to who may ask."""
        log.error("inbox: what was asked is given up: %s", fault)
        messages = []
        if await self._door.role(asked.origin) is not None:
            data = {"id": f"{incoming.platform}:{incoming.key}", "detail": "", "store": False}
            messages = [(asked.address, Reply(template="apology", data=data))]
        await self._books.park(incoming.id, fault, messages, at=self._now())

    async def messages(self, asked: Asked, *, slow: bool = False) -> list[tuple[Address, Reply]]:
        """What goes where in answer to an update; ``slow``: who asks is to be told that it is too much."""
        role = await self._door.role(asked.origin, pressed=asked.pressed)
        origin = replace(asked.origin, role=role or "reader")
        match access.verdict(origin, role):
            case "silence" | "refuse" as said:
                return await self._at_the_door(asked, said)
        if slow:
            return [(replace(asked.address, user=origin.user), Reply(template="slow_down"))]
        if asked.home:
            return [(asked.address, await self._home(origin))]
        origin = replace(origin, replied_to=asked.replied_to)
        text = await self._text(asked)
        if text is None:
            return [(asked.address, Reply(template="expired"))]
        with hiding(text):
            reply = await self._replied(asked, text, origin)
        return [(_prompting(asked.address, origin, reply), reply)]

    async def _replied(self, asked: Asked, text: str, origin: Origin) -> Reply:
        if asked.file is None:
            return await self._in_spite(partial(self._answer, _whole(text), origin))
        if asks_else(text):
            return left_aside(await self._in_spite(partial(self._answer, _whole(text), origin)), asked.file)
        return await self._with_file(asked.file, text, origin)

    async def _in_spite(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """An answer; if the database failed at it, restarted perhaps, it is tried again before anybody hears of it."""
        for attempt in range(TRIES_AFTER_A_FAULT - 1):
            reply = await answer()
            if not (reply.template == "apology" and reply.data.get("store")):
                return reply
            await asyncio.sleep(self._pause * 2**attempt)
        return await answer()

    async def _at_the_door(self, asked: Asked, verdict: access.Verdict) -> list[tuple[Address, Reply]]:
        """What somebody hears who was not let in; of all they type a code alone is looked at."""
        code = "" if asked.token or asked.file else access.code_in(asked.text)
        if code:
            return [(asked.address, await self._answer(f"/join {code}", replace(asked.origin, role="reader")))]
        if verdict == "silence":
            return []
        return [(replace(asked.address, user=asked.origin.user), access.refusal(asked.origin))]

    async def _with_file(self, given: GivenFile, text: str, origin: Origin) -> Reply:
        """The answer to a dropped file; readers cannot make the program fetch one."""
        if not access.allowed(origin, "editor"):
            return refusal("add", origin, needs="editor")
        if given.size > MOST_FILE_BYTES:
            why = {"why": "large", "name": given.name, "size": given.size / 1e6, "link": ""}
            return Reply(template="add_refused", data=why)
        try:
            data = await self._fetched(given, origin.platform)
        except Undeliverable as error:
            return Reply(template="error", data={"text": f"{given.name} could not be fetched: {error}"})
        file = ReceivedFile(name=given.name, data=data)
        return await self._in_spite(partial(self._answer, _whole(text), origin, file=file))

    async def _fetched(self, given: GivenFile, platform: Platform) -> bytes:
        """A dropped file's bytes, after as long a wait as the platform asks for. Raises ``Undeliverable``."""
        reason = ""
        for attempt in range(TRIES_AFTER_A_FAULT):
            try:
                return await self._download[platform](given)
            except TryLater as error:
                reason = str(error)
                log.warning("inbox: a file is not here yet: %s", reason)
                wait = self._pause * 4**attempt if error.after is None else error.after
            await asyncio.sleep(min(LONGEST_PAUSE, wait))
        raise Undeliverable(f"{reason}; please send it again later")

    async def _text(self, asked: Asked) -> str | None:
        """What was asked in full; ``None`` for a button of somebody else's, or one too old to be known."""
        if asked.token:
            return await self._books.kept_command(asked.token, chat=asked.origin.chat, user=asked.origin.user)
        if asked.replied_to and not asked.text.startswith("/"):
            ours = await self._books.sent_reply(asked.origin.chat, asked.replied_to)
            if ours is not None and ours.template == "usage":
                return f"/{ours.data['name']} {asked.text}"
        if asked.above and not asked.file:
            return f"{asked.text} {await self._link_above[asked.origin.platform](asked)}".strip()
        return asked.text

    async def _home(self, origin: Origin) -> Reply:
        """The App Home: what the bot is, who asks' own digests and follows, and what is due next."""
        start = await self._answer("/start", origin)
        parts = [await self._answer(each, origin) for each in ("/subscribe", "/following", "/deadlines")]
        beside = [{"template": each.template, "data": dict(each.data)} for each in parts]
        return replace(start, data={**start.data, "beside": beside}, buttons=(*start.buttons, HOME))


def left_aside(reply: Reply, file: GivenFile) -> Reply:
    """The answer to what was asked beside a file, with a word on the file: it was not taken in."""
    return replace(reply, data={**reply.data, "beside": {"template": "file_left", "data": {"name": file.name}}})


def _whole(text: str) -> str:
    """Text with half characters (JSON may hold lone surrogates) replaced: neither databases nor platforms take them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _prompting(address: Address, origin: Origin, reply: Reply) -> Address:
    """In a Telegram group a bot hears only replies and commands: what lacks its argument is asked for as a reply."""
    if origin.platform == "telegram" and not origin.private and reply.template == "usage":
        return replace(address, prompt=str(reply.data["usage"]))
    return address


def _line(origin: Origin) -> str:
    """What is answered one after the other: what one person asks in one chat."""
    return f"{origin.chat} {origin.user}"
