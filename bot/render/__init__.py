"""From a reply to messages: template, items, split, palette."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.model import Attachment, Reply
from bot.render.html import Html
from bot.render.markup import SEPARATOR, Block, Item, Run, parse
from bot.render.message import Canvas, Message
from bot.render.palette import Palette
from bot.render.plain import Plain
from bot.render.slack import Slack
from bot.render.split import pack
from bot.render.telegram import Telegram
from bot.render.templates import environment, rendered, templates_dir
from bot.render.terminal import Terminal

__all__ = ["Canvas", "Message", "Renderer", "templates_dir"]

PALETTES: Mapping[Canvas, Palette] = {
    "telegram": Telegram(),
    "slack": Slack(),
    "terminal": Terminal(),
    "plain": Plain(),
    "html": Html(),
}

NOTHING: tuple[Item, ...] = ((Block(kind="text", runs=(Run(text="(nothing to show)", style="italic"),)),),)
"""Platforms refuse empty messages."""


class Renderer:
    """Draws replies for every platform; all templates are compiled at once, so that no first answer waits for it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._environment = environment(folder or templates_dir())
        for name in self._environment.list_templates(extensions=["j2"]):
            self._environment.get_template(name)

    def render(self, reply: Reply, canvas: Canvas) -> list[Message]:
        """The reply as messages within the platform's limits, at least one; buttons are on the last of words.

        ``beside`` in its data is another template with its data, or several, shown below. A file is a message of its
        own; where files cannot be sent (terminal, pipe) its text is shown.
        """
        palette = PALETTES[canvas]
        messages = pack(self.items(reply), cost=palette.cost, limit=palette.limit(reply.buttons))
        last = len(messages) - 1
        drawn = [
            palette.draw(message, buttons=reply.buttons if number == last else ())
            for number, message in enumerate(messages)
        ]
        return drawn if reply.file is None else [*drawn, _attached(reply.file, canvas)]

    def items(self, reply: Reply) -> tuple[Item, ...]:
        """The reply before any palette has drawn it, at least one item."""
        text = rendered(self._environment, reply.template, reply.data)
        beside = reply.data.get("beside") or ()
        for each in [beside] if isinstance(beside, Mapping) else beside:
            text += SEPARATOR + rendered(self._environment, each["template"], each["data"])
        return parse(text) or NOTHING


def _attached(file: Attachment, canvas: Canvas) -> Message:
    if canvas in ("telegram", "slack"):
        return Message(text=file.name, plain=file.name, file=file)
    return Message(text=file.text, plain=file.text)
