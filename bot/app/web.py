"""The web side as the server runs it; starlette and uvicorn are loaded only where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from bot import router
from bot.access import Still
from bot.commands.spec import Services
from bot.config import Settings
from bot.hooks import Hook
from bot.model import ReceivedFile, Reply
from bot.render import Renderer
from digests.edition.charts.model import DrawsCharts

if TYPE_CHECKING:
    import asyncio


class WebSide:
    """Pages, health and metrics at one port. Raises ``SettingsError`` where that cannot be had."""

    def __init__(
        self,
        settings: Settings,
        *,
        services: Services,
        still: Still,
        renderer: Renderer,
        hooks: Sequence[Hook] = (),
        draws: DrawsCharts | None = None,
    ) -> None:
        from bot.web.links import SignedLinks
        from bot.web.metrics import Meter
        from bot.web.server import bound
        from bot.web.site import Backing, site

        links = services.links
        assert isinstance(links, SignedLinks), "services that were opened with these settings have them"
        self._meter = Meter(services)
        self._loops: dict[str, asyncio.Task[None]] = {}
        self._hooks = hooks
        backing = Backing(
            services=services,
            meter=self._meter,
            loops=self._alive,
            base=settings.web_url,
            links=links,
            renderer=renderer,
            metrics_token=settings.web_metrics_token,
            still=still,
            hooks=hooks,
            draws=draws,
        )
        self._site = site(backing)
        self._socket = bound(settings.web_host, settings.web_port)

    async def listen(self, loops: Mapping[str, asyncio.Task[None]]) -> None:
        """Serve until cancelled. ``loops``: those without which the program cannot do its work."""
        from bot.web.server import serve

        self._loops = dict(loops)
        await serve(self._site, self._socket)

    def answered(self, text: str, reply: Reply, *, file: ReceivedFile | None, began: float) -> None:
        """Count an answer; ``began``: on ``time.perf_counter``."""
        seconds = perf_counter() - began
        self._meter.answered(router.command_in(text, file=file), reply, seconds=seconds)

    def _alive(self) -> dict[str, bool]:
        hooks = {hook.name: hook.ready() for hook in self._hooks}
        return {**{name: not task.done() for name, task in self._loops.items()}, **hooks}
