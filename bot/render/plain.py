"""Plain text: for pipes, and the words behind every other palette."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.render.markup import Block, Item, Run
from bot.render.message import Message
from bot.render.palette import Rows, spelled
from bot.render.split import Cost

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def shown(text: str) -> str:
    """Text with control characters made visible one for one: an article must not steer a terminal."""
    return _CONTROL.sub(_picture, text.replace("\r\n", "\n"))


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def words(run: Run) -> str:
    """A run without any markup: what a link is called, what a press types."""
    return run.command or run.text


def plain_block(block: Block) -> str:
    text = "".join(words(run) for run in block.runs)
    return f"> {text}" if block.kind == "quote" else text


def plain_text(items: Sequence[Item]) -> str:
    """Items parted by an empty line, their blocks by a line break."""
    return "\n\n".join("\n".join(plain_block(block) for block in item) for item in items)


class Plain:
    """One message, however long: a pipe has no limits."""

    def limit(self, _buttons: Rows, /) -> Cost:
        return 10**9, 10**9

    def cost(self, block: Block) -> Cost:
        return len(block.text), 1

    def draw(self, items: Sequence[Item], *, buttons: Rows) -> Message:
        lines = "\n".join(label + command for label, command in spelled(buttons))
        text = shown("\n\n".join(part for part in (plain_text(items), lines) if part))
        return Message(text=text, plain=text, buttons=buttons)
