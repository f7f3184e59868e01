"""What a platform must know about drawing, and what palettes share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.model import Button
from bot.render.markup import Block, Item, seen
from bot.render.message import Message
from bot.render.split import Cost, units

Rows = tuple[tuple[Button, ...], ...]


class Palette(Protocol):
    def limit(self, buttons: Rows, /) -> Cost:
        """What one message holds beside these buttons."""
        ...

    def cost(self, block: Block) -> Cost: ...

    def draw(self, items: Sequence[Item], *, buttons: Rows) -> Message: ...


def label_of(button: Button, *, size: int) -> str:
    """A button's label on one line, cut with an ellipsis where the platform has no room."""
    label = " ".join(seen(button.label).split()) or "…"
    if units(label) <= size:
        return label
    label = label[: size - 1]
    while units(label) > size - 1:
        label = label[:-1]
    return label.rstrip() + "…"


def spelled(buttons: Rows) -> list[tuple[str, str]]:
    """Buttons for platforms without any: label and command of each; no label where it only repeats the command."""
    every = [(label_of(button, size=200), seen(button.command)) for row in buttons for button in row]
    return [("" if label == command else f"{label}: ", command) for label, command in every]
