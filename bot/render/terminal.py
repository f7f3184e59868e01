"""The terminal: rich text with styles, buttons spelled out as commands. rich is imported when first needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.render.markup import Block, Item, Run
from bot.render.message import Message
from bot.render.palette import Rows, spelled
from bot.render.plain import Plain, shown, words
from bot.render.split import Cost

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"bold": "bold", "italic": "italic", "code": "cyan", "command": "cyan", "press": "cyan"}


class Terminal:
    """One message, however long: a terminal scrolls."""

    def limit(self, _buttons: Rows, /) -> Cost:
        return 10**9, 10**9

    def cost(self, block: Block) -> Cost:
        return len(block.text), 1

    def draw(self, items: Sequence[Item], *, buttons: Rows) -> Message:
        from rich.text import Text

        text = Text("\n\n").join(Text("\n").join(_block(block) for block in item) for item in items)
        for number, (label, command) in enumerate(spelled(buttons)):
            text.append("\n" if number else "\n\n")
            text.append(shown(label)).append(shown(command), style="cyan")
        plain = Plain().draw(items, buttons=buttons).text
        return Message(text=plain, plain=plain, buttons=buttons, rich=text)


def _block(block: Block) -> Text:
    from rich.text import Text

    text = Text("> ", style="dim") if block.kind == "quote" else Text()
    for run in block.runs:
        text.append(shown(words(run)), style=_style(block, run))
    return text


def _style(block: Block, run: Run) -> str:
    if block.kind == "heading":
        return "bold"
    if block.kind == "quote":
        return "green"
    return f"link {run.url}" if run.url else STYLES.get(run.style, "")
