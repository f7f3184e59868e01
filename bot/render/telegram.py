"""Telegram's HTML: b, i, a, code, blockquote and nothing else; split by UTF-16 units of the text without tags.

https://core.telegram.org/bots/api#html-style: 1-4096 characters after entity parsing, at most 100 entities a message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.model import Button
from bot.render.markup import Block, Item, Run
from bot.render.message import Message
from bot.render.palette import Rows, label_of
from bot.render.plain import plain_text
from bot.render.split import Cost, units

_LABEL = 64
_NUMBERED = re.compile(r"/([a-z]{1,20}) (\d{1,10})")
_TAGS = {"bold": "b", "italic": "i", "code": "code"}


class Telegram:
    def limit(self, _buttons: Rows, /) -> Cost:
        return 4096, 100

    def cost(self, block: Block) -> Cost:
        """Characters, with the fallback's mark and empty line, and entities (a press becomes a command: one)."""
        styled = sum(1 for run in block.runs if run.style or run.url)
        return units("".join(_words(run) for run in block.runs)) + 4, styled + (block.kind != "text")

    def draw(self, items: Sequence[Item], *, buttons: Rows) -> Message:
        html = "\n\n".join("\n".join(_block(block) for block in item) for item in items)
        rows = tuple(
            tuple(Button(label=label_of(button, size=_LABEL), command=button.command) for button in row)
            for row in buttons
        )
        return Message(text=html, plain=plain_text(items), buttons=rows)


def escape(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return escaped.replace("\x00", "\ufffd")


def _words(run: Run) -> str:
    """A press with a number is written so that Telegram itself makes it pressable: ``/evidence_12``."""
    if run.style == "press":
        numbered = _NUMBERED.fullmatch(run.command)
        return f"/{numbered[1]}_{numbered[2]}" if numbered else run.command
    return run.text


def _run(run: Run) -> str:
    text = escape(_words(run))
    if run.url:
        return f'<a href="{escape(run.url)}">{text}</a>'
    tag = _TAGS.get(run.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _block(block: Block) -> str:
    if block.kind == "quote":
        return f"<blockquote>{escape(block.text)}</blockquote>"
    if block.kind == "heading":
        return f"<b>{escape(block.text)}</b>"
    return "".join(_run(run) for run in block.runs)
