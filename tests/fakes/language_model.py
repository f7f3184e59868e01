"""An OpenAI-compatible endpoint on loopback that says what its script says: true, false, cut, late or nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Script:
    """What the next requests get, in order; the last one for ever. ``asked`` keeps the bodies that came."""

    base_url: str = ""
    models: tuple[str, ...] | int = ("liar", "liar-1")
    steps: list[Any] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def says(self, *steps: Any) -> None:
        """Each step: a text to answer with, a number as HTTP status, ``"hang"`` or ``"drop"``, or a whole body."""
        self.steps = list(steps)

    async def listed(self, _: web.Request) -> web.StreamResponse:
        """Its models, or a number as HTTP status."""
        if isinstance(self.models, int):
            return web.json_response({"error": {"message": "no"}}, status=self.models)
        models = [{"id": name, "object": "model", "created": 1, "owned_by": "nobody"} for name in self.models]
        return web.json_response({"object": "list", "data": models})

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if step == "hang":
            await asyncio.sleep(60)
        if step == "drop":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(step, int):
            return web.json_response({"error": {"message": f"status {step}"}}, status=step)
        if isinstance(step, dict):
            return web.json_response(step)
        return web.json_response(completion(step))


def completion(text: str | None, *, refusal: str | None = None, tokens: tuple[int, int] = (100, 20)) -> dict[str, Any]:
    """A chat completion as the API sends it."""
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "liar",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text, "refusal": refusal},
            }
        ],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)},
    }


def sentences(*found: tuple[str, list[int]]) -> str:
    """An answer in the asked form."""
    return json.dumps({"sentences": [{"text": text, "passages": cited} for text, cited in found]})


@asynccontextmanager
async def endpoint() -> AsyncIterator[Script]:
    """The endpoint, listening while the context lasts."""
    script = Script()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", script.answer)
    app.router.add_get("/v1/models", script.listed)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    host, port = runner.addresses[0][:2]
    script.base_url = f"http://{host}:{port}/v1"
    try:
        yield script
    finally:
        await runner.cleanup()
