"""What a chat platform is to the program that serves it; and how replies are drawn for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from bot.access import Standing
from bot.books import codec
from bot.hooks import Hook
from bot.inbox import Inbox
from bot.model import Address, Asked, GivenFile, Platform, Reply
from bot.outbox.delivery import Carrier
from bot.render import Renderer
from bot.render.message import Canvas, Message

MOST_DRAWN = 64


class Side(Protocol):
    """One configured platform. ``listen`` runs until it is cancelled; ``close`` comes after the last message."""

    platform: Platform

    @property
    def carrier(self) -> Carrier: ...

    @property
    def teams(self) -> frozenset[str]:
        """Slack: the workspaces that are heard, once the bot knows its own."""
        ...

    @property
    def hooks(self) -> Sequence[Hook]:
        """Where the platform calls us; they answer 503 until ``listen`` has come so far."""
        ...

    def read(self, payload: Mapping[str, Any]) -> Asked | None: ...

    async def download(self, file: GivenFile) -> bytes: ...

    async def link_above(self, asked: Asked, /) -> str: ...

    async def standing(self, chat: str, user: str, /) -> Standing: ...

    async def listen(self, inbox: Inbox) -> None: ...

    async def close(self) -> None: ...


def drawing(renderer: Renderer) -> Callable[[Reply, Address], Sequence[Message]]:
    """How the outbox turns a reply into messages for where it goes; an App Home is one view, however long.

    What many are sent, such as a digest, is drawn once.
    """

    @lru_cache(maxsize=MOST_DRAWN)
    def drawn(reply: str, canvas: Canvas) -> Sequence[Message]:
        return renderer.render(codec.reply_of(reply), canvas)

    def draw(reply: Reply, address: Address) -> Sequence[Message]:
        messages = drawn(codec.reply_text(reply), "slack" if address.platform == "slack" else "telegram")
        if not address.home:
            return messages
        blocks = tuple(block for message in messages for block in message.blocks)
        return [Message(text=messages[0].text, plain=messages[0].plain, blocks=blocks)]

    return draw
