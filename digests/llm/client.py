"""Any OpenAI-compatible endpoint as a ``LanguageModel``; the client library is loaded with the first question."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from digests.llm.base import Completion, ModelFailed, Task

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LONGEST_REASON = 200
TRIES = 2
PAUSE = 0.3
"""Seconds before the second try, which only a broken connection or a server's own fault gets."""


class Endpoint:
    """A model behind ``base_url``, such as http://localhost:11434/v1. ``close`` it."""

    def __init__(self, *, base_url: str, model: str, api_key: str) -> None:
        self._base_url = base_url
        self._model = model
        self._api_key = api_key
        self._client: AsyncOpenAI | None = None
        self._opening = asyncio.Lock()

    @property
    def name(self) -> str:
        return self._model

    async def complete(self, task: Task, *, seconds: float) -> Completion:
        """Ask once, and once more when the connection broke or the server failed. Raises ``ModelFailed``."""
        try:
            async with asyncio.timeout(seconds):
                return await self._asked(await self._opened(), task)
        except TimeoutError as error:
            raise ModelFailed(f"{self._model} gave no answer within {seconds:g} s") from error

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def models(self, *, seconds: float) -> tuple[str, ...] | None:
        """The models it has; None where it does not tell. Raises ``ModelFailed`` where nothing answers."""
        from openai import NotFoundError, OpenAIError

        try:
            async with asyncio.timeout(seconds):
                found = await (await self._opened()).models.list()
        except NotFoundError:
            return None
        except TimeoutError as error:
            raise ModelFailed(f"{self._base_url} gave no answer within {seconds:g} s") from error
        except OpenAIError as error:
            raise ModelFailed(f"{self._base_url} failed: {_one_line(error)}") from error
        names = [getattr(each, "id", None) for each in getattr(found, "data", None) or ()]
        return tuple(name for name in names if isinstance(name, str))

    async def warm(self) -> None:
        """Load the client library now, so that the first question need not wait for it."""
        await self._opened()

    async def _asked(self, client: AsyncOpenAI, task: Task) -> Completion:
        from openai import APIConnectionError, InternalServerError, OpenAIError

        tries = TRIES
        while True:
            tries -= 1
            try:
                return await self._once(client, task)
            except OpenAIError as error:
                if not tries or not isinstance(error, APIConnectionError | InternalServerError):
                    raise ModelFailed(f"{self._model} failed: {_one_line(error)}") from error
            await asyncio.sleep(PAUSE)

    async def _once(self, client: AsyncOpenAI, task: Task) -> Completion:
        found = await client.chat.completions.create(
            model=self._model,
            messages=[
                {"role": "system", "content": task.instructions},
                {"role": "user", "content": task.material},
            ],
            temperature=0,
            max_tokens=task.most_tokens,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": task.purpose, "schema": dict(task.schema), "strict": True},
            },
        )
        return _completion(found, self._model)

    async def _opened(self) -> AsyncOpenAI:
        """The client; what it imports takes seconds the first time, which must not stop the others."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._made)
        return self._client

    def _made(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI

        return AsyncOpenAI(base_url=self._base_url, api_key=self._api_key or "none", max_retries=0)


def _completion(found: Any, model: str) -> Completion:
    """What an endpoint sent, taken apart with care: not all that call themselves compatible are."""
    choices = getattr(found, "choices", None)
    if not choices:
        raise ModelFailed(f"{model} sent no choices")
    message = getattr(choices[0], "message", None)
    if getattr(message, "refusal", None):
        raise ModelFailed(f"{model} declined to answer")
    text = getattr(message, "content", None)
    if not isinstance(text, str) or not text.strip():
        raise ModelFailed(f"{model} sent an empty answer")
    usage = getattr(found, "usage", None)
    return Completion(
        text=text,
        tokens_in=_count(getattr(usage, "prompt_tokens", 0)),
        tokens_out=_count(getattr(usage, "completion_tokens", 0)),
    )


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0


def _one_line(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:LONGEST_REASON]


def parsed(text: str, *, model: str) -> dict[str, Any]:
    """The JSON object of an answer, also where a fence stands around it. Raises ``ModelFailed``."""
    start, end = text.find("{"), text.rfind("}")
    try:
        found = json.loads(text[start : end + 1]) if 0 <= start < end else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ModelFailed(f"{model} sent no JSON object, or a cut one")
    return found
