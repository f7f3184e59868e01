"""uvicorn inside a loop that has other work: a socket of our own, no signals, and an end within a second."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from digests.errors import SettingsError

SECONDS_TO_END = 0.8
MOST_AT_ONCE = 200
"""So many connections are served at once; who comes then is answered 503."""


class _Server(uvicorn.Server):
    """Signals are the business of whoever runs the loop."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens at ``host`` and ``port``. Raises ``SettingsError`` where that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        raise SettingsError(f"WEB_HOST, WEB_PORT: cannot listen at {host}:{port} ({error.strerror})") from error
    opened.setblocking(False)
    return opened


async def serves(host: str, port: int) -> bool:
    """Whether something answers ``/healthz`` there as this program does."""
    try:
        async with asyncio.timeout(2.0):
            reader, writer = await asyncio.open_connection("127.0.0.1" if host == "0.0.0.0" else host, port)  # noqa: S104
            try:
                writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
                return (await reader.read(4096)).endswith(b"\r\n\r\nok\n")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


async def serve(app: ASGIApp, opened: socket.socket) -> None:
    """Serve until cancelled; then what is being answered has a moment to end."""
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,  # addresses of calendars and signed links are secrets
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
        limit_concurrency=MOST_AT_ONCE,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[opened]))
    try:
        await asyncio.shield(running)
    finally:
        server.should_exit = True
        await asyncio.wait([running], timeout=SECONDS_TO_END)
        running.cancel()
        opened.close()
