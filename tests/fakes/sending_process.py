"""A process that only sends what lies in a database, over a plain line protocol: ``sending_process.py DB PORT``."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.books.deliveries import SqlDeliveries
from bot.books.sql import MIGRATIONS
from bot.errors import TryLater
from bot.model import Address, Reply
from bot.outbox.sender import Outbox
from bot.render.message import Message
from digests.store.sqlite.database import SqliteDatabase


class Line:
    """A platform at a port of this machine: a line of JSON with the message, a line with its id."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(json.dumps({"chat": address.chat, "text": message.text}).encode() + b"\n")
        answer = await reader.readline()
        writer.close()
        if not answer:
            raise TryLater("no answer")
        return answer.decode().strip()

    async def edit(self, address: Address, message: Message, *, message_id: str) -> None:
        raise AssertionError("nothing is edited here")


def draw(reply: Reply, address: Address) -> Sequence[Message]:
    return [Message(text=text, plain=text) for text in reply.data["texts"]]


async def main(path: str, port: int) -> None:
    async with await SqliteDatabase.open(Path(path), [MIGRATIONS]) as database:
        await Outbox(books=SqlDeliveries(database), carriers={"console": Line(port)}, draw=draw).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
