"""The configured language model as commands see it: within the chat's budget, from the cache where it can be.

Whatever goes wrong, the answer is "no words": then what is said without a model stands.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.books.costs import Cost, Costs, as_cost
from bot.config import Settings
from digests.errors import StoreError
from digests.llm.base import Completion, LanguageModel, ModelFailed, OverBudget, Task
from digests.llm.client import Endpoint
from digests.llm.guard import Passage
from digests.llm.wording import SECONDS, Worded, word

log = logging.getLogger(__name__)
LEEWAY = 0.25
"""Seconds for the books beside those for the model."""


@dataclass(frozen=True, slots=True)
class Metered:
    """A ``LanguageModel`` for one chat on one day: ``budget`` tokens at most, every request on the bill."""

    model: LanguageModel
    costs: Costs
    chat: str
    day: date
    budget: int
    now: Callable[[], datetime]

    @property
    def name(self) -> str:
        return self.model.name

    async def complete(self, task: Task, *, seconds: float) -> Completion:
        """An earlier answer to the very same request, or a new one. Raises ``OverBudget``, ``ModelFailed``."""
        key = _key(self.name, task)
        kept = await self.costs.kept_answer(key)
        if kept is not None:
            await self._bill(task, Cost(cached=1))
            return Completion(text=kept)
        spent = await self.costs.cost(chat=self.chat, since=self.day, until=self.day)
        if spent.tokens >= self.budget:
            raise OverBudget(f"{self.chat} has used its {self.budget:,} tokens of today")
        try:
            found = await self.model.complete(task, seconds=seconds)
        except ModelFailed:
            await self._bill(task, Cost(requests=1, failed=1))
            raise
        await self._bill(task, as_cost(found))
        await self.costs.keep_answer(key, found.text, at=self.now())
        return found

    async def _bill(self, task: Task, cost: Cost) -> None:
        await self.costs.add_cost(self.chat, task.purpose, cost, day=self.day)


def _key(model: str, task: Task) -> str:
    parts = (model, task.purpose, task.instructions, task.material, str(task.most_tokens))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def metered(model: LanguageModel, costs: Costs, *, chat: str, budget: int, now: Callable[[], datetime]) -> Metered:
    """The model on the bill of a chat, today (UTC)."""
    day = now().astimezone(UTC).date()
    return Metered(model=model, costs=costs, chat=chat, day=day, budget=budget, now=now)


class Wording:
    """Words answers for chats; ``None`` whenever there is nothing founded in time."""

    def __init__(
        self,
        model: LanguageModel,
        costs: Costs,
        *,
        budget: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        warm: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._model = model
        self._warm = warm
        self._costs = costs
        self._budget = budget
        self._now = now

    async def word(
        self, question: str, passages: Sequence[Passage], *, chat: str, seconds: float = SECONDS
    ) -> Worded | None:
        try:
            async with asyncio.timeout(seconds + LEEWAY):
                model = metered(self._model, self._costs, chat=chat, budget=self._budget, now=self._now)
                return await word(question, passages, model=model, seconds=seconds)
        except TimeoutError:
            log.error("language model: the database did not keep the bill in time")
        except OverBudget as error:
            log.info("language model: %s", error)
        except ModelFailed as error:
            log.warning("language model: %s", error)
        except StoreError as error:
            log.error("language model: %s", error)
        return None

    async def warm(self) -> None:
        """Load the client library, if the model has one."""
        if self._warm is not None:
            await self._warm()


def language_model(settings: Settings) -> Endpoint | None:
    """The configured endpoint, to be closed; ``None`` when there is none."""
    if not settings.llm_base_url:
        return None
    return Endpoint(base_url=settings.llm_base_url, model=settings.llm_model, api_key=settings.llm_api_key)
