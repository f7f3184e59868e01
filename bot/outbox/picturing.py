"""The picture of a message, drawn before the message is handed over: while it is, nothing is on its way.

What cannot be drawn goes out in words: a message waits for its picture only so long, and never is lost with it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.model import Outgoing
from bot.render.message import Message
from digests.edition.charts.model import DrawsCharts

log = logging.getLogger(__name__)


def needs_picture(row: Outgoing, messages: Sequence[Message]) -> bool:
    """Whether the next part of a row has a picture that is not drawn yet."""
    picture = messages[len(row.message_ids)].picture
    return picture is not None and not picture.png


async def pictured(row: Outgoing, messages: Sequence[Message], draws: DrawsCharts | None) -> Sequence[Message]:
    """The messages with the next part's picture drawn, or else without it."""
    position = len(row.message_ids)
    message = messages[position]
    assert message.picture is not None
    try:
        png = await draws.draw(message.picture.chart, "png") if draws is not None else None
    except Exception:
        log.exception("outbox: the picture of row %d was not drawn", row.id)
        png = None
    made = replace(message, picture=replace(message.picture, png=png) if png else None)
    return (*messages[:position], made, *messages[position + 1 :])
