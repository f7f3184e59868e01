"""HTML that can be sent as e-mail as it is: one document, styles in the elements, nothing fetched from anywhere.

Mail programs drop style sheets and scripts, and show no pictures from elsewhere; so there are none. Each block has its
own direction (``dir="auto"``): text that runs from right to left turns nothing around it.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from bot.render.markup import Block, Item, Run
from bot.render.message import Message
from bot.render.palette import Rows, spelled
from bot.render.plain import plain_text, shown
from bot.render.split import Cost

_FONT = "font-family:Georgia,'Times New Roman',serif;font-size:16px;line-height:1.45;color:#1a1a1a"
_PAGE = f"margin:0;padding:24px;background:#ffffff;{_FONT}"
_COLUMN = "max-width:640px;margin:0 auto"
_HEADING = "margin:28px 0 8px;font-size:18px;line-height:1.3;border-bottom:1px solid #cccccc;padding-bottom:4px"
_TITLE = "margin:0 0 8px;font-size:24px;line-height:1.2"
_TEXT = "margin:0 0 4px"
_QUOTE = "margin:4px 0 10px;padding:0 0 0 12px;border-left:3px solid #bbbbbb;color:#333333;white-space:pre-line"
_ITEM = "margin:0 0 14px"
_LINK = "color:#0b57a4"
_CODE = "font-family:Menlo,Consolas,monospace;font-size:13px;color:#555555"
_TAGS = {"bold": "strong", "italic": "em"}


class Html:
    """One document, however long."""

    def limit(self, _buttons: Rows, /) -> Cost:
        return 10**9, 10**9

    def cost(self, block: Block) -> Cost:
        return len(block.text), 1

    def draw(self, items: Sequence[Item], *, buttons: Rows) -> Message:
        plain = plain_text(items)
        title = next(
            (block.text for item in items for block in item if block.kind == "heading"), plain.split("\n", 1)[0]
        )
        foot = "".join(f"<br>{escape(label)}{_code(command)}" for label, command in spelled(buttons))
        body = "\n".join(_item(item, first=number == 0) for number, item in enumerate(items))
        asks = f'\n<p style="{_TEXT}">{foot.removeprefix("<br>")}</p>' if foot else ""
        text = (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<title>{escape(" ".join(title.split()))}</title>\n</head>\n<body style="{_PAGE}">\n'
            f'<div style="{_COLUMN}">\n{body}{asks}\n</div>\n</body>\n</html>'
        )
        return Message(text=text, plain=plain, buttons=buttons)


def escape(text: str) -> str:
    """Text as HTML shows it; what steers a terminal or is no character of HTML is made visible."""
    return html.escape(shown(text))


def _item(item: Item, *, first: bool) -> str:
    blocks = "\n".join(_block(block, title=first and number == 0) for number, block in enumerate(item))
    return f'<div style="{_ITEM}">\n{blocks}\n</div>'


def _block(block: Block, *, title: bool) -> str:
    if block.kind == "quote":
        return f'<blockquote dir="auto" style="{_QUOTE}">{escape(block.text)}</blockquote>'
    if block.kind == "heading":
        tag, style = ("h1", _TITLE) if title else ("h2", _HEADING)
        return f'<{tag} dir="auto" style="{style}">{escape(block.text)}</{tag}>'
    return f'<p dir="auto" style="{_TEXT}">{"".join(_run(run) for run in block.runs)}</p>'


def _run(run: Run) -> str:
    """A press cannot be pressed in a letter: it is shown as what is typed."""
    if run.url:
        return f'<a href="{html.escape(run.url)}" style="{_LINK}">{_lines(run.text)}</a>'
    if run.style in ("press", "command", "code"):
        return _code(run.command or run.text)
    tag = _TAGS.get(run.style)
    return f"<{tag}>{_lines(run.text)}</{tag}>" if tag else _lines(run.text)


def _code(text: str) -> str:
    return f'<code style="{_CODE}">{_lines(text)}</code>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
