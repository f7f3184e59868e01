"""The top stories of a digest in one sentence of the language model's each, for all who ordered it.

Each story is asked about once, and all of one moment together keep nobody waiting for longer than ``SECONDS``; where
there is no sentence the article's own stand. They stay in the reply anyway: corrections and ``/why`` go by them.
"""

from __future__ import annotations

from asyncio import gather
from dataclasses import replace
from datetime import date
from typing import Any

from bot.commands.spec import Shortens
from bot.commands.worded import time_left
from bot.model import Reply
from digests.llm.guard import Passage

SECONDS = 12.0
LEAST = 0.5
EACH = 4.0


class Shortening:
    """The sentences of one moment's digests."""

    def __init__(self, shortens: Shortens | None, *, seconds: float = SECONDS) -> None:
        self._shortens = shortens
        self._left = time_left(seconds)
        self._made: dict[tuple[str, ...], str] = {}

    async def shortened(self, reply: Reply) -> Reply:
        """A digest whose top stories are told by the model, as far as it can."""
        if self._shortens is None:
            return reply
        top = [each for each in reply.data["sections"] if each["name"] == "top"]
        items = [item for section in top for item in section["items"] if len(item["quotes"]) > 1]
        if not items:
            return reply
        shorts = await gather(*(self._short(self._shortens, item) for item in items))
        told = {
            tuple(item["quotes"]): {"text": text, "model": self._shortens.name}
            for item, text in zip(items, shorts, strict=True)
            if text
        }
        sections = [_told(each, told) if each["name"] == "top" else each for each in reply.data["sections"]]
        return replace(reply, data={**reply.data, "sections": sections})

    async def _short(self, shortens: Shortens, item: Any) -> str:
        quotes = tuple(item["quotes"])
        if quotes not in self._made:
            left = min(EACH, self._left())
            day = date.fromisoformat(item["day"])
            passages = [Passage(text=" ".join(each.split()), day=day) for each in quotes]
            self._made[quotes] = await shortens.shorten(passages, seconds=left) if left >= LEAST else ""
        return self._made[quotes]


def _told(section: Any, told: dict[tuple[str, ...], dict[str, str]]) -> dict[str, Any]:
    items = [{**item, "short": told.get(tuple(item["quotes"]))} for item in section["items"]]
    return {**section, "items": items}
