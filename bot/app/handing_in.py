"""Articles given in a chat whose server leaves reading to workers: handed in, waited for, told as if read here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.books.submissions import Read, Submission, Submissions
from bot.commands.spec import AddedArticle, AddsArticles
from digests.errors import UndatedArticle, UserError
from digests.watch import Imported, Subscribed

EVERY = 0.1
PATIENCE = 120.0
NOT_YET = "no worker has read it yet: it is read as soon as one is free; /latest shows it then"


class HandingIn:
    """``AddsArticles``: what is read goes to workers, lists of feeds are ``here``'s."""

    def __init__(
        self,
        here: AddsArticles,
        submissions: Submissions,
        *,
        now: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._here = here
        self._submissions = submissions
        self._now = now
        self._patience = patience

    async def add_text(self, text: str, *, published: str | None = None, url: str = "") -> AddedArticle:
        data = text.encode("utf-8", errors="replace")
        return await self._read(Submission(kind="text", url=url, published=published or "", data=data))

    async def add_link(self, url: str, *, published: str | None = None) -> AddedArticle:
        return await self._read(Submission(kind="link", url=url, published=published or ""))

    async def add_file(self, data: bytes, *, name: str, published: str | None = None) -> AddedArticle:
        return await self._read(Submission(kind="file", name=name, published=published or "", data=data))

    async def import_list(self, data: bytes, *, name: str = "") -> Imported:
        return await self._here.import_list(data, name=name)

    async def import_link(self, url: str) -> Imported:
        return await self._here.import_link(url)

    async def subscribe(self, url: str) -> Subscribed:
        return await self._here.subscribe(url)

    async def _read(self, submission: Submission) -> AddedArticle:
        """Raises ``UserError`` as whoever read it did, or when nobody has read it in time."""
        number = await self._submissions.hand_in(submission, at=self._now())
        try:
            async with asyncio.timeout(self._patience):
                read = await self._result(number)
        except TimeoutError as error:
            raise UserError(NOT_YET) from error
        if read.refused is not None:
            kind, text = read.refused
            raise UndatedArticle(text) if kind == UndatedArticle.__name__ else UserError(text)
        return _article(read.told or {})

    async def _result(self, number: int) -> Read:
        while True:
            read = await self._submissions.result(number)
            if read is not None:
                return read
            await asyncio.sleep(EVERY)


def _article(told: Mapping[str, Any]) -> AddedArticle:
    counts = tuple((kind, count) for kind, count in told["facts_by_kind"])
    return AddedArticle(**{**told, "facts_by_kind": counts})
