"""The page of a digest: what was sent, as it reads now, with charts of its dates and figures."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from bot.commands.put_right import as_now
from bot.model import Reply
from bot.render import Renderer
from bot.render.charting import charts_of_digest
from bot.web.charts import Figure, figures_of
from bot.web.drawing import Link, drawn, title_of
from bot.web.page import Pages
from digests.edition.charts.model import DrawsCharts
from digests.store.base import Store

GONE = "It was sent too long ago to be kept. In the chat, /digest with its day tells that day from the archive."


async def digest_page(
    kept: Reply | None,
    *,
    store: Store,
    renderer: Renderer,
    pages: Pages,
    link: Link,
    draws: DrawsCharts | None = None,
) -> Response:
    """``kept``: what was sent, ``None`` when that is not known any more."""
    if kept is None:
        return pages.told("This digest is gone", [GONE], status=410)
    now = await as_now(kept, store, today=date.fromisoformat(str(kept.data["day"])))
    items = renderer.items(now)
    figures: list[Figure] = []
    if draws is not None:
        figures = await figures_of(charts_of_digest(now.data), draws=draws, link=link)
    return pages.page("digest", {"title": title_of(items), "body": drawn(items, link=link), "figures": figures})
