"""What else the language model may do where it is told to: propose facts of new articles, shorten digests.

Each has a budget of its own, as if it were a chat, and gives nothing rather than fail or keep anybody waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.app.language_model import LEEWAY, metered
from bot.books.costs import Costs
from digests.errors import StoreError
from digests.llm.base import LanguageModel, ModelFailed, OverBudget
from digests.llm.guard import Passage
from digests.llm.shortening import shorten
from digests.model import Article, Extraction, Fact

log = logging.getLogger(__name__)
INGEST = "ingest"
"""The pseudo chat on whose bill proposals stand,"""
DIGESTS = "digests"
"""and the one on whose bill shortened digests do."""
PROPOSING = 20.0
"""Seconds after which an article is saved as the grammar read it."""


class Proposing:
    """Proposes facts of new articles (``digests.ingest.add.Proposes``)."""

    def __init__(
        self,
        model: LanguageModel,
        costs: Costs,
        *,
        budget: int,
        seconds: float = PROPOSING,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._model = model
        self._costs = costs
        self._budget = budget
        self._seconds = seconds
        self._now = now

    async def propose(self, article: Article, extraction: Extraction) -> tuple[Fact, ...]:
        """Facts whose words stand in the article; none where anything fails or takes too long."""
        from digests.ingest.proposing.asking import propose

        model = metered(self._model, self._costs, chat=INGEST, budget=self._budget, now=self._now)
        try:
            async with asyncio.timeout(self._seconds + LEEWAY):
                return await propose(article, extraction, model=model, seconds=self._seconds)
        except OverBudget as error:
            log.info("proposals: %s", error)
        except (ModelFailed, StoreError, TimeoutError) as error:
            log.warning("proposals: %s", str(error) or "the database did not keep the bill in time")
        except Exception:
            log.exception("proposals: an article was saved without any")
        return ()


class ShortDigests:
    """Shortens top stories of digests (``bot.commands.spec.Shortens``)."""

    def __init__(
        self,
        model: LanguageModel,
        costs: Costs,
        *,
        budget: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._model = model
        self._costs = costs
        self._budget = budget
        self._now = now

    @property
    def name(self) -> str:
        return self._model.name

    async def shorten(self, passages: Sequence[Passage], *, seconds: float) -> str:
        """One sentence that one of the passages says; "" where anything fails or takes too long."""
        model = metered(self._model, self._costs, chat=DIGESTS, budget=self._budget, now=self._now)
        try:
            async with asyncio.timeout(seconds + LEEWAY):
                return await shorten(passages, model=model, seconds=seconds)
        except OverBudget as error:
            log.info("digests: %s", error)
        except (ModelFailed, StoreError, TimeoutError) as error:
            log.warning("digests: %s", str(error) or "the database did not keep the bill in time")
        return ""
