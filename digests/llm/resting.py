"""A model that keeps failing is left alone for a while: whoever asks need not wait for the time-out each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from digests.llm.base import Completion, LanguageModel, ModelFailed, Task

IN_A_ROW = 3
REST = timedelta(minutes=1)


class Resting:
    """``model``, but after three failures in a row not asked for a minute; then one more failure is enough."""

    def __init__(self, model: LanguageModel, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._model = model
        self._now = now
        self._failed = 0
        self._until = datetime.min.replace(tzinfo=UTC)

    @property
    def name(self) -> str:
        return self._model.name

    async def complete(self, task: Task, *, seconds: float) -> Completion:
        """As the model's own. Raises ``ModelFailed`` at once while it rests."""
        if self._now() < self._until:
            raise ModelFailed(f"{self.name} failed {self._failed} times in a row and is left alone for a minute")
        try:
            found = await self._model.complete(task, seconds=seconds)
        except ModelFailed:
            self._failed += 1
            if self._failed >= IN_A_ROW:
                self._until = self._now() + REST
            raise
        self._failed = 0
        return found
