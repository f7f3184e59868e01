"""httpx's way to the network, by our own rule: a name is looked up once, checked, and the checked address connected to.

The pool's connections are made by ``Network``, so that no library below looks the name up a second time; TLS still
checks the certificate against the name. Proxies of the environment are not used: they would connect unchecked.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpcore
import httpx

from digests.errors import FetchError
from digests.sources.address import check_host, chosen

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Every numeric address of a host name. Raises ``OSError``."""


class Resolver:
    """The system's resolver in threads of its own: a hung server of names must not hold up anything else."""

    def __init__(self, *, threads: int = 8) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolver")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        look = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look)
        return [str(each[4][0]) for each in found]

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Network(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only. Raises ``RefusedAddress``, ``FetchError`` for a name nobody knows."""

    def __init__(self, resolve: Resolve, *, loopback: bool = False) -> None:
        self._resolve = resolve
        self._loopback = loopback
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 the interface is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        check_host(host)
        addresses = chosen(host, await self._addresses(host, port, timeout), loopback=self._loopback)
        failure: Exception = httpcore.ConnectError(host)
        for address in addresses[:3]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int, seconds: float | None) -> Sequence[str]:
        try:
            async with asyncio.timeout(seconds):
                return await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"{host}: no such host is known (is the name right?)") from error
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host}: looking up the name took too long") from error


class Transport(httpx.AsyncBaseTransport):
    """A pool of connections made by ``Network``; what goes wrong is httpcore's error or a ``FetchError``."""

    def __init__(self, network: Network, *, most_connections: int, verify: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify or httpx.create_ssl_context(trust_env=False),
            max_connections=most_connections,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=network,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """A body as it arrives; closing it gives the connection back."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()
