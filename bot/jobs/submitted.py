"""The jobs of what people give in a chat: it is read like any article, and whoever gave it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.books.submissions import Read, Submission, Submissions
from bot.jobs.base import Job
from digests.errors import UserError
from digests.ingest.add import Added
from digests.ingest.service import Ingest
from digests.sources.fetch import Fetcher

WORD = "given"
"""What the keys of these jobs begin with."""


class Submitted:
    """Keys are "given" and the number of a submission."""

    def __init__(
        self, submissions: Submissions, ingest: Ingest, fetcher: Fetcher, *, clock: Callable[[], datetime]
    ) -> None:
        self._submissions = submissions
        self._ingest = ingest
        self._fetcher = fetcher
        self._clock = clock

    async def do(self, job: Job) -> None:
        number = _number(job)
        given = await self._submissions.to_read(number)
        if given is None:
            return
        try:
            read = Read(told=told(await self._added(given)))
        except UserError as error:
            read = Read(refused=(type(error).__name__, str(error)))
        await self._submissions.read(number, read, at=self._clock())

    async def give_up(self, job: Job, reason: str) -> tuple[str, str]:
        number = _number(job)
        given = await self._submissions.to_read(number)
        refused = Read(refused=("", f"it could not be read ({reason}); those who run Onrecord can see why"))
        await self._submissions.read(number, refused, at=self._clock())
        return job.key, (given.url or given.name or "a pasted text") if given else job.key

    async def _added(self, given: Submission) -> Added:
        published = given.published or None
        if given.kind == "link":
            return await self._ingest.add_link(given.url, fetcher=self._fetcher, published=published)
        return await self._ingest.add_bytes(given.data, name=given.name, published=published, url=given.url)


def told(added: Added) -> dict[str, Any]:
    """What became of an article, as a command tells it (``bot.commands.spec.AddedArticle``)."""
    article = added.article
    return {
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published_day": article.published_day.isoformat() if article.published_day else "",
        "outcome": added.outcome,
        "facts_by_kind": [list(each) for each in added.facts_by_kind],
        "language": article.language,
    }


def _number(job: Job) -> int:
    return int(job.key.rpartition(" ")[2])
