"""A web server on loopback: pages, feeds and everything a server can do wrong."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

CERTIFICATE = Path(__file__).with_name("wire_example.pem")
"""A key and its self-signed certificate for wire.example, made for these tests alone."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """``put`` what it serves; ``asked`` keeps path and headers of every request."""

    url: str = ""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    _served: dict[str, Handler] = field(default_factory=dict)

    def put(
        self, path: str, body: str | bytes = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> str:
        """Serve ``body`` at ``path``; its whole address."""
        data = body.encode() if isinstance(body, str) else body

        async def handle(request: web.Request) -> web.StreamResponse:
            # aiohttp would pack by itself what it is told is packed: so the body goes out as it is
            answer = web.StreamResponse(status=status, headers={"Content-Type": "text/html", **(headers or {})})
            answer.content_length = len(data)
            await answer.prepare(request)
            await answer.write(data)
            await answer.write_eof()
            return answer

        return self.act(path, handle)

    def put_packed(self, path: str, body: str) -> str:
        return self.put(path, gzip.compress(body.encode()), headers={"Content-Encoding": "gzip"})

    def act(self, path: str, handler: Handler) -> str:
        """Let ``handler`` answer at ``path``; its whole address."""
        self._served[path] = handler
        return self.url + path

    def drip(self, path: str, *, every: float, packet: bytes = b" ") -> str:
        """Serve a body that never ends, a packet at a time."""

        async def handle(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            while True:
                await answer.write(packet)
                await asyncio.sleep(every)

        return self.act(path, handle)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, request.headers.copy()))
        handler = self._served.get(request.path_qs) or self._served.get(request.path)
        if handler is None:
            return web.Response(status=404, text="nothing here")
        return await handler(request)


@asynccontextmanager
async def site(*, tls: bool = False) -> AsyncIterator[Site]:
    """A running server, at ``site.url``; with ``tls`` under a certificate of its own for wire.example."""
    made = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if tls else None
    if context is not None:
        context.load_cert_chain(CERTIFICATE)
    listening = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await listening.start()
    made.url = f"http{'s' if tls else ''}://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()
