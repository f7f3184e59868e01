"""What a language model is to the product, and how it may fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from digests.errors import OnrecordError


class ModelFailed(OnrecordError):
    """The model gave nothing that can be used; the text says why, in words for an operator."""


class OverBudget(ModelFailed):
    """The tokens allowed for this chat and day are spent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One request. ``schema``: JSON Schema of the answer. ``most_tokens``: of the answer. ``purpose``: for the bill."""

    purpose: str
    instructions: str
    material: str
    schema: Mapping[str, Any]
    most_tokens: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What came back: the text as it is (it may be no JSON at all) and the tokens read and written."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class LanguageModel(Protocol):
    """Any model behind any wire."""

    @property
    def name(self) -> str:
        """As the endpoint calls it."""
        ...

    async def complete(self, task: Task, *, seconds: float) -> Completion:
        """The model's answer within that time. Raises ``ModelFailed``."""
        ...
