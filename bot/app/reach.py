"""The one way out to the web: chats and the loop share its manners, its robots.txt and its connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config import Settings

if TYPE_CHECKING:
    from digests.sources.fetch import Fetcher
    from digests.sources.manners import Shared


class Reach:
    """A fetcher that is made with the first address: a chat process starts without httpx. Close it."""

    def __init__(self, settings: Settings, *, shared: Shared | None = None) -> None:
        """``shared``: who keeps the pauses at hosts where many machines fetch."""
        self._loopback = settings.onrecord_allow_loopback
        self._shared = shared
        self._fetcher: Fetcher | None = None

    def fetcher(self) -> Fetcher:
        """The same one each time."""
        if self._fetcher is None:
            from digests.sources.fetch import Fetcher

            self._fetcher = Fetcher(loopback=self._loopback, shared=self._shared)
        return self._fetcher

    async def close(self) -> None:
        """End the connections, if there are any."""
        if self._fetcher is not None:
            await self._fetcher.close()
