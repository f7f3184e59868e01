"""robots.txt by RFC 9309: what a site asks programs not to fetch. Asked for pages; a feed is there for programs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from digests.errors import FetchError, RefusedAddress

AGENT = "onrecord"
MOST_BYTES = 512_000
"""RFC 9309 2.5: at least 500 kibibytes are to be read; what follows is left out."""
DAY = 86_400.0
HOUR = 3_600.0
_KEPT = 1_000

Get = Callable[[str], Awaitable[bytes]]
"""A robots.txt's bytes. Raises ``FetchError``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A site's rules. ``reason``: why nothing may be fetched at all, "" when it may."""

    rules: Protego | None = None
    reason: str = ""

    def allow(self, url: str) -> bool:
        return self.rules is None or self.rules.can_fetch(url, AGENT)

    @property
    def delay(self) -> float | None:
        """The seconds between two requests that the site asks for."""
        return self.rules.crawl_delay(AGENT) if self.rules is not None else None


class Robots:
    """Rules by site, each kept for a day; a site whose rules cannot be had is asked again after an hour."""

    def __init__(self, get: Get, *, clock: Callable[[], float]) -> None:
        self._get = get
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Rules]] = OrderedDict()

    async def rules(self, url: str) -> Rules:
        """The rules of the site that ``url`` is on."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}".lower()
        until, rules = self._kept.get(site, (0.0, Rules()))
        if until <= self._clock():
            rules = await self._read(site)
            self._kept[site] = (self._clock() + (HOUR if rules.reason else DAY), rules)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return rules

    async def check(self, url: str) -> Rules:
        """The site's rules, when they let ``url`` be fetched. Raises ``FetchError`` when they do not."""
        rules = await self.rules(url)
        host = urlsplit(url).hostname
        if rules.reason:
            raise FetchError(rules.reason)
        if not rules.allow(url):
            raise FetchError(
                f"{host} asks programs not to fetch that page (robots.txt): give the article's text instead",
                again=False,
            )
        return rules

    async def _read(self, site: str) -> Rules:
        """RFC 9309 2.3.1: no robots.txt (4xx) allows everything, one that cannot be had (5xx, no answer) nothing."""
        try:
            data = await self._get(f"{site}/robots.txt")
        except RefusedAddress:
            raise
        except FetchError as error:
            if 400 <= error.status < 500 and error.status != 429:
                return Rules()
            # where nothing answered at all, the page itself could not be had either: that is what is said
            needed = "; robots.txt must be read before a page is fetched" if error.status else ""
            return Rules(reason=f"{error}{needed}")
        return Rules(rules=Protego.parse(data.decode("utf-8-sig", errors="replace")))
