"""One address -> its bytes, politely and within limits: the only door to the network on the news side.

Whatever a server does ends as bytes or as a ``FetchError`` that says it in words: it never hangs, never fills the
memory and never leads to an address that is not public, at no redirect either.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from digests.errors import FetchError
from digests.sources.address import check_url
from digests.sources.inflate import ENCODINGS, Inflater
from digests.sources.manners import PAUSE, Manners, Shared
from digests.sources.robots import MOST_BYTES as ROBOTS_BYTES
from digests.sources.robots import Robots
from digests.sources.transport import Network, Resolve, Resolver, Transport

MOST_BYTES = 20_000_000
MOST_SECONDS = 60.0
"""For one address with its redirects; waiting for the host's turn does not count."""
MOST_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(connect=10.0, read=20.0, write=10.0, pool=60.0)
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.8"
_LONGEST_HEADER = 500
_MOVED = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{2,40})", re.IGNORECASE)
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_SAID = {
    401: "wants a user name and password",
    402: "wants to be paid",
    403: "does not let programs in",
    404: "has no such page",
    410: "says that the page is gone for good",
    429: "says that it was asked too often",
    451: "must not show it, for legal reasons",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came. ``unchanged``: the server says it is as it was (then ``data`` is empty).

    ``url``: where it was found in the end; ``moved_to``: where it is for good from now on, "" when it did not move.
    ``max_age``: seconds the server lets it be kept, if it says so.
    """

    url: str
    data: bytes = b""
    media_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    moved_to: str = ""
    max_age: float | None = None


class Fetcher:
    """One for a process; close it. ``loopback`` lets this machine's own addresses be fetched: for tests only."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        resolve: Resolve | None = None,
        pause: float = PAUSE,
        seconds: float = MOST_SECONDS,
        most_connections: int = 50,
        verify: ssl.SSLContext | None = None,
        shared: Shared | None = None,
    ) -> None:
        """``shared``: who keeps the pauses at hosts where many machines fetch."""
        self._resolver = Resolver()
        network = Network(resolve or self._resolver, loopback=loopback)
        self._client = httpx.AsyncClient(
            transport=Transport(network, most_connections=most_connections, verify=verify),
            headers={"User-Agent": f"Onrecord/{version('onrecord')}", "Accept-Encoding": ENCODINGS, "Accept": _ACCEPT},
            timeout=_TIMEOUT,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
        self._seconds = seconds
        self._manners = Manners(pause=pause, shared=shared)
        self._robots = Robots(self._robots_txt, clock=lambda: asyncio.get_running_loop().time())

    async def get(
        self, url: str, *, etag: str = "", last_modified: str = "", most: int = MOST_BYTES, robots: bool = False
    ) -> Fetched:
        """What is at ``url``. ``etag`` and ``last_modified``: of what is known of it already. ``robots``: obey them.

        Raises ``FetchError``.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        asked = {name: value for name, value in asked.items() if value and value.isascii() and value.isprintable()}
        here, for_good, left = check_url(url), True, self._seconds
        moved_to = ""
        for _ in range(MOST_REDIRECTS + 1):
            if robots:
                rules = await self._robots.check(here)
                self._manners.ask(_host(here), rules.delay)
            async with self._manners.turn(_host(here)):
                began = _time()
                found = await self._once(here, asked, most=most, seconds=left)
                left -= _time() - began
            if isinstance(found, Fetched):
                return replace(found, moved_to=moved_to)
            here, for_good = check_url(found.to), for_good and found.for_good
            moved_to = here if for_good else moved_to
        raise FetchError(f"{_host(url)} leads from one address to the next more than {MOST_REDIRECTS} times")

    async def close(self) -> None:
        await self._client.aclose()
        self._resolver.close()

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _once(self, url: str, asked: Mapping[str, str], *, most: int, seconds: float) -> Fetched | _Redirect:
        host = _host(url)
        try:
            async with asyncio.timeout(max(0.0, seconds)), self._client.stream("GET", url, headers=asked) as answer:
                return await _read(answer, url, most=most)
        except TimeoutError as error:
            raise FetchError(f"{host} did not answer in full within {self._seconds:.0f} s") from error
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(f"{host} {_explained(error)}") from error
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeError, ValueError) as error:
            raise FetchError(f"{url[:80]!r} is no web address that can be asked for", again=False) from error

    async def _robots_txt(self, url: str) -> bytes:
        """A robots.txt, also after redirects (RFC 9309 2.3.1.2: at least five); it waits for no turn."""
        here = url
        for _ in range(MOST_REDIRECTS + 1):
            found = await self._once(check_url(here), {}, most=ROBOTS_BYTES * 4, seconds=self._seconds / 2)
            if isinstance(found, Fetched):
                return found.data[:ROBOTS_BYTES]
            here = found.to
        raise FetchError(f"{_host(url)}: robots.txt leads nowhere", status=404)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    to: str
    for_good: bool


async def _read(answer: httpx.Response, url: str, *, most: int) -> Fetched | _Redirect:
    headers = answer.headers
    if answer.status_code in _MOVED and headers.get("Location"):
        return _Redirect(to=urljoin(url, headers["Location"].strip()), for_good=answer.status_code in _FOR_GOOD)
    etag, last_modified = _short(headers.get("ETag", "")), _short(headers.get("Last-Modified", ""))
    max_age = _MAX_AGE.search(headers.get("Cache-Control", ""))
    age = float(max_age[1]) if max_age else None
    if answer.status_code == 304:
        return Fetched(url=url, unchanged=True, max_age=age, etag=etag, last_modified=last_modified)
    if not 200 <= answer.status_code < 300:
        raise _refusal(answer, _host(url))
    content = headers.get("Content-Type", "")
    charset = _CHARSET.search(content)
    return Fetched(
        url=url,
        data=await _body(answer, _host(url), most=most),
        media_type=content.partition(";")[0].strip().lower(),
        charset=charset[1] if charset else "",
        max_age=age,
        etag=etag,
        last_modified=last_modified,
    )


def _short(value: str) -> str:
    """A header to send back next time; one longer than any honest one is not kept."""
    return value if len(value) <= _LONGEST_HEADER else ""


async def _body(answer: httpx.Response, host: str, *, most: int) -> bytes:
    declared = answer.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > most:
        raise FetchError(f"{host} sends more than {most / 1e6:.0f} MB", again=False)
    inflater = Inflater(answer.headers.get("Content-Encoding", ""), most=most, shown=host)
    async for piece in answer.aiter_raw():
        inflater.feed(piece)
    return inflater.finished()


def _refusal(answer: httpx.Response, host: str) -> FetchError:
    status = answer.status_code
    again = status in (408, 425, 429) or status >= 500
    said = _SAID.get(status, "is out of order" if status >= 500 else "does not give it")
    after = retry_after(answer.headers.get("Retry-After", ""), now=datetime.now(UTC)) if again else None
    return FetchError(f"{host} {said} ({status})", again=again, after=after, status=status)


def retry_after(value: str, *, now: datetime) -> float | None:
    """The seconds a Retry-After header asks for: a number or a date (RFC 9110 10.2.3); ``None`` when it is neither.

    >>> retry_after("120", now=datetime(2020, 2, 15, tzinfo=UTC))
    120.0
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def _explained(error: Exception) -> str:
    """What happened on the way, in words."""
    said = str(error)
    if isinstance(error, httpcore.ConnectTimeout):
        return "does not answer"
    if isinstance(error, httpcore.TimeoutException):
        return "stopped answering"
    if "CERTIFICATE_VERIFY_FAILED" in said:
        why = re.search(r"certificate verify failed: ([^(]+?) \(", said)
        return f"has a certificate that cannot be trusted ({why[1] if why else 'not verified'})"
    if isinstance(error, httpcore.ConnectError):
        return f"cannot be reached ({said or 'connection refused'})"
    if isinstance(error, httpcore.ProtocolError):
        return f"does not speak HTTP as it should ({said})"
    return "broke off while answering"


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _time() -> float:
    return asyncio.get_running_loop().time()
