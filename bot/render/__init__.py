"""From a reply to messages: template, items, split, palette."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.model import Attachment, Reply
from bot.render.charting import NAMES, chart_of
from bot.render.html import Html
from bot.render.markup import SEPARATOR, Block, Item, Run, parse
from bot.render.message import Canvas, Message, Picture
from bot.render.palette import Palette, Rows
from bot.render.plain import Plain
from bot.render.slack import Slack
from bot.render.split import pack
from bot.render.telegram import Telegram
from bot.render.templates import environment, rendered, templates_dir
from bot.render.terminal import Terminal
from digests.edition.charts import plain
from digests.edition.charts.model import Chart

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
LONGEST_CAPTION = 1024
"""Telegram's, in UTF-16 units after entity parsing. https://core.telegram.org/bots/api#sendphoto"""
UNDRAWN = "The picture could not be made this time: the words are all that it would show."


class Renderer:
    """Draws replies for every platform; all templates are compiled at once, so that no first answer waits for it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._environment = environment(folder or templates_dir())
        for name in self._environment.list_templates(extensions=["j2"]):
            self._environment.get_template(name)

    def render(self, reply: Reply, canvas: Canvas) -> list[Message]:
        """The reply as messages within the platform's limits, at least one; buttons are on the last of words.

        ``beside`` in its data is another template with its data, or several, shown below. A file is a message of its
        own; where files cannot be sent (terminal, pipe) its text is shown. A chart is a picture over the first words
        in Telegram, one after the words in Slack, and lines of characters elsewhere.
        """
        items = self.items(reply)
        chart = chart_of(reply.data)
        if chart is None:
            drawn = _drawn(items, reply.buttons, canvas)
        elif canvas == "telegram":
            drawn = _captioned(items, reply, chart)
        elif canvas == "slack":
            picture = Picture(name=NAMES[reply.data["chart"]], chart=chart)
            drawn = [*_drawn(items, reply.buttons, canvas), Message(text=UNDRAWN, plain=UNDRAWN, picture=picture)]
        else:
            drawn = _drawn(((_characters(chart),), *items), reply.buttons, canvas)
        return drawn if reply.file is None else [*drawn, _attached(reply.file, canvas)]

    def items(self, reply: Reply) -> tuple[Item, ...]:
        """The reply before any palette has drawn it, at least one item."""
        text = rendered(self._environment, reply.template, reply.data)
        beside = reply.data.get("beside") or ()
        for each in [beside] if isinstance(beside, Mapping) else beside:
            text += SEPARATOR + rendered(self._environment, each["template"], each["data"])
        return parse(text) or NOTHING


def _drawn(items: Sequence[Item], buttons: Rows, canvas: Canvas, *, caption: bool = False) -> list[Message]:
    """Items as messages, the buttons on the last. ``caption``: the first must fit under a picture."""
    palette = PALETTES[canvas]
    limit = palette.limit(buttons)
    messages = pack(items, cost=palette.cost, limit=(LONGEST_CAPTION, limit[1]) if caption else limit)
    if caption and len(messages) > 1:
        rest = [item for message in messages[1:] for item in message]
        messages = [messages[0], *pack(rest, cost=palette.cost, limit=limit)]
    last = len(messages) - 1
    return [palette.draw(message, buttons=buttons if number == last else ()) for number, message in enumerate(messages)]


def _captioned(items: Sequence[Item], reply: Reply, chart: Chart) -> list[Message]:
    """Telegram knows no words for who cannot see a picture: the first words are its caption."""
    first, *rest = _drawn(items, reply.buttons, "telegram", caption=True)
    picture = Picture(name=NAMES[reply.data["chart"]], chart=chart, caption=first.text, plain=first.plain)
    text, bare = (f"{words}\n\n{UNDRAWN}" for words in (first.text, first.plain))
    return [replace(first, text=text, plain=bare, picture=picture), *rest]


def _characters(chart: Chart) -> Block:
    return Block(kind="text", runs=(Run(text="\n".join(plain.drawn(chart))),))


def _attached(file: Attachment, canvas: Canvas) -> Message:
    if canvas in ("telegram", "slack"):
        return Message(text=file.name, plain=file.name, file=file)
    return Message(text=file.text, plain=file.text)
