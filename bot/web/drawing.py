"""A chat's reply as a part of a page: headings, paragraphs and quotations, without any style of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from bot.render.html import escape
from bot.render.markup import Block, Item, Run

Link = Callable[[str], str]
"""The address that a command leads to on the web, "" where it leads nowhere."""
_TAGS = {"bold": "strong", "italic": "em"}


def drawn(items: Sequence[Item], *, link: Link) -> Markup:
    """The items as HTML; what is pressed in a chat is a link here, or else what is typed."""
    return Markup("\n".join(_item(item, first=number == 0, link=link) for number, item in enumerate(items)))  # noqa: S704 - each run is escaped below


def title_of(items: Sequence[Item]) -> str:
    """The first heading on one line, "" where there is none."""
    headings = (block.text for item in items for block in item if block.kind == "heading")
    return " ".join(next(headings, "").split())


def _item(item: Item, *, first: bool, link: Link) -> str:
    blocks = "\n".join(_block(block, title=first and number == 0, link=link) for number, block in enumerate(item))
    return f'<div class="part">\n{blocks}\n</div>'


def _block(block: Block, *, title: bool, link: Link) -> str:
    if block.kind == "quote":
        return f'<blockquote dir="auto">{escape(block.text)}</blockquote>'
    if block.kind == "heading":
        tag = "h1" if title else "h2"
        return f'<{tag} dir="auto">{escape(block.text)}</{tag}>'
    return f'<p dir="auto">{"".join(_run(run, link) for run in block.runs)}</p>'


def _run(run: Run, link: Link) -> str:
    text = escape(run.text)
    if run.url:
        return f'<a href="{escape(run.url)}" rel="noopener noreferrer">{text}</a>'
    if run.style == "press" and (url := link(run.command)):
        return f'<a href="{escape(url)}">{text} {escape(run.command.rpartition(" ")[2])}</a>'
    if run.style in ("press", "command", "code"):
        return f"<code>{escape(run.command or run.text)}</code>"
    tag = _TAGS.get(run.style)
    return f"<{tag}>{text}</{tag}>" if tag else text
