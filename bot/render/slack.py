"""Slack's Block Kit. Quotations are always plain_text, so nothing in them is parsed; so is every line whose data holds
a character that formats and cannot be escaped. https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from bot.model import Button
from bot.render.markup import Block, Item, Run
from bot.render.message import Message
from bot.render.palette import Rows, label_of
from bot.render.plain import plain_text
from bot.render.split import Cost, cut, units

Json = Mapping[str, Any]
ACTION_PREFIX = "command"
"""Every button's action_id begins with this; its value is the command it types."""
_SECTION = 2900
"""Of the 3,000 a section may hold."""
_HEADER = 150
_LABEL = 75
_VALUE = 2000
_MESSAGE = 13_000
"""Of the 13,200 characters that all blocks of a message may have, counted as JSON."""
_ESCAPED_SIZES = {"&": 5, "<": 4, ">": 4}
_FORMATS = re.compile(r"[*_~`>]|:[\w+'-]+:|@|\bhttps?:|\bmailto:")
_STYLES = {"bold": "*", "italic": "_", "code": "`"}


class Slack:
    def limit(self, buttons: Rows, /) -> Cost:
        """Characters of JSON, and blocks: 50 less the rows of buttons (and a cut block's marks)."""
        return max(_MESSAGE - _json_size(_actions(_flat(buttons))), _SECTION + 2 * _HEADER), 42

    def cost(self, block: Block) -> Cost:
        drawn = _drawn(block)
        return _json_size(drawn), len(drawn)

    def draw(self, items: Sequence[Item], *, buttons: Rows) -> Message:
        blocks: list[Json] = []
        for item in items:
            for block in item:
                blocks += _drawn(block)
        plain = plain_text(items)
        blocks += _actions(_flat(buttons))
        return Message(text=escape(plain), plain=plain, blocks=tuple(blocks), buttons=buttons)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=256)
def _drawn(block: Block) -> tuple[Json, ...]:
    """A block's sections; asked for twice, when a message is packed and when it is drawn."""
    return tuple(_sections(block))


def _sections(block: Block) -> Iterator[Json]:
    """A block as sections, each below 3,000 characters; the first takes the press of its line as a button."""
    if block.kind == "heading" and units(block.text) <= _HEADER:
        yield {"type": "header", "text": _plain(block.text)}
        return
    press = next((run for run in block.runs if run.style == "press"), None)
    for part in _by_safety(_without(press, block)):
        for piece in cut(part, size=_SECTION, measure=_size):
            text = _plain(piece.text) if block.kind == "quote" else _line(piece)
            if text["text"].strip():
                section: dict[str, Any] = {"type": "section", "text": text}
                if press is not None:
                    section["accessory"] = _button(Button(label=press.text, command=press.command), "press")
                    press = None
                yield section
        if block.kind != "quote" and not _is_safe(part):
            yield from _links(part)


def _without(press: Run | None, block: Block) -> Block:
    """The block without the run that becomes a button, and without the dot that led to it."""
    if press is None:
        return block
    runs = [run for run in block.runs if run is not press]
    if runs and block.runs[-1] is press:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" ·"))
    return Block(kind=block.kind, runs=tuple(runs))


def _by_safety(block: Block) -> Iterator[Block]:
    """A text block's lines in stretches that are safe to mark up and stretches that are not."""
    if block.kind != "text" or _is_safe(block):
        yield block
        return
    for _, lines in groupby(_lines(block), key=_is_safe):
        runs = tuple(run for line in lines for run in line.runs)
        last = replace(runs[-1], text=runs[-1].text.rstrip("\n"))
        yield Block(kind=block.kind, runs=(*runs[:-1], last))


def _lines(block: Block) -> Iterator[Block]:
    """A block's lines, each with the line break that ends it."""
    runs: list[Run] = []
    for run in block.runs:
        for text in run.text.splitlines(keepends=True):
            runs.append(replace(run, text=text))
            if text.endswith("\n"):
                yield Block(kind=block.kind, runs=tuple(runs))
                runs = []
    if runs:
        yield Block(kind=block.kind, runs=tuple(runs))


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _line(block: Block) -> Json:
    if not _is_safe(block):
        return _plain(block.text)
    return {"type": "mrkdwn", "text": "".join(_mrkdwn(run) for run in block.runs), "verbatim": True}


def _is_safe(block: Block) -> bool:
    """Whether nothing in the words themselves could format, link or mention."""
    return not any(_FORMATS.search(run.text) for run in block.runs)


def _mrkdwn(run: Run) -> str:
    if run.url:
        return f"<{escape(run.url)}|{escape(run.text)}>"
    text = escape(run.text)
    if run.style == "command":
        return f"`{text.removeprefix('/')}`"
    mark = _STYLES.get(run.style, "")
    core = text.strip()
    return text.replace(core, f"{mark}{core}{mark}", 1) if mark and core else text


def _links(block: Block) -> Iterator[Json]:
    """The links of a line that had to be plain text, under the names of their hosts."""
    links = [f"<{escape(run.url)}|{escape(urlsplit(run.url).netloc)}>" for run in block.runs if run.url]
    if links:
        yield {"type": "section", "text": {"type": "mrkdwn", "text": " ".join(links), "verbatim": True}}


def _size(text: str) -> int:
    """Length once escaped; a single character is measured without building anything (a cut asks for each)."""
    if len(text) == 1:
        return _ESCAPED_SIZES.get(text) or (2 if text > "\uffff" else 1)
    return units(escape(text))


def _json_size(blocks: Iterable[Json]) -> int:
    """UTF-16 units of the blocks' JSON, with the commas between them."""
    return sum(units(json.dumps(block, ensure_ascii=False)) + 2 for block in blocks)


def _flat(buttons: Rows) -> list[Button]:
    return [button for row in buttons for button in row]


def _button(button: Button, place: str) -> Json:
    return {
        "type": "button",
        "text": _plain(label_of(button, size=_LABEL)),
        "value": button.command[:_VALUE],
        "action_id": f"{ACTION_PREFIX}_{place}",
    }


def _actions(buttons: Sequence[Button]) -> Iterator[Json]:
    for first in range(0, len(buttons), 5):
        row = buttons[first : first + 5]
        yield {"type": "actions", "elements": [_button(each, f"b{first + place}") for place, each in enumerate(row)]}
