"""What else the language model may do where it is told to: propose facts of new articles, shorten digests.

Each has a budget of its own, as if it were a chat, and gives nothing rather than fail or keep anybody waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from bot.app.language_model import LEEWAY, metered
from bot.books.costs import Costs
from digests.errors import StoreError
from digests.llm.base import LanguageModel, ModelFailed, OverBudget
from digests.model import Article, Extraction, Fact

log = logging.getLogger(__name__)
INGEST = "ingest"
"""The pseudo chat on whose bill proposals stand."""
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
            log.warning("proposals: %s", error or "the database did not keep the bill in time")
        except Exception:
            log.exception("proposals: %r was saved without any", article.title)
        return ()
