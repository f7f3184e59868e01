"""A chat's reply as a part of a page: headings, paragraphs and quotations, without any style of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from bot.render.markup import Block, Item, Run
from bot.render.plain import shown

Link = Callable[[str], str]
"""The address that a command leads to on the web, "" where it leads nowhere."""
_TAGS = {"bold": "strong", "italic": "em"}
_LINES, _TEXT = Markup("\n"), Markup("")


def drawn(items: Sequence[Item], *, link: Link) -> Markup:
    """The items as HTML; what is pressed in a chat is a link here, or else what is typed."""
    return _LINES.join(_item(item, first=number == 0, link=link) for number, item in enumerate(items))


def title_of(items: Sequence[Item]) -> str:
    """The first heading on one line, "" where there is none."""
    headings = (block.text for item in items for block in item if block.kind == "heading")
    return " ".join(next(headings, "").split())


def _item(item: Item, *, first: bool, link: Link) -> Markup:
    blocks = _LINES.join(_block(block, title=first and number == 0, link=link) for number, block in enumerate(item))
    return Markup('<div class="part">\n{}\n</div>').format(blocks)


def _block(block: Block, *, title: bool, link: Link) -> Markup:
    if block.kind == "quote":
        return Markup('<blockquote dir="auto">{}</blockquote>').format(shown(block.text))
    if block.kind == "heading":
        tag = "h1" if title else "h2"
        return Markup('<{0} dir="auto">{1}</{0}>').format(tag, shown(block.text))
    return Markup('<p dir="auto">{}</p>').format(_TEXT.join(_run(run, link) for run in block.runs))


def _run(run: Run, link: Link) -> Markup | str:
    """What is no markup yet is escaped where it is put in."""
    text = shown(run.text)
    if run.url:
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(shown(run.url), text)
    if run.style == "press" and (url := link(run.command)):
        return Markup('<a href="{}">{} {}</a>').format(shown(url), text, shown(run.command.rpartition(" ")[2]))
    if run.style in ("press", "command", "code"):
        return Markup("<code>{}</code>").format(shown(run.command or run.text))
    tag = _TAGS.get(run.style)
    return Markup("<{0}>{1}</{0}>").format(tag, text) if tag else text
