"""What a palette makes: one message, within every limit of its platform, ready for a sender.

A sender adds where it goes and nothing else; long button commands are its business (Telegram's 64 bytes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.model import Attachment, Button
from digests.edition.charts.model import Chart

if TYPE_CHECKING:
    from rich.text import Text

Canvas = Literal["telegram", "slack", "terminal", "plain", "html"]
"""What a reply is drawn for: the console platform is a ``terminal`` for people and ``plain`` for pipes.

``html``: one document, to be sent by e-mail.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart that goes with a message, drawn when it is sent. ``png`` is empty until then.

    ``caption``: the words under it, where a platform has such, and the same without markup in ``plain``.
    """

    name: str
    chart: Chart
    caption: str = ""
    plain: str = ""
    png: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``text``: HTML for Telegram and e-mail, the escaped fallback for Slack, the words themselves otherwise.

    ``plain``: the same without any markup, for the second try after "can't parse entities". ``blocks``: Slack only,
    buttons included. ``buttons``: rows, on the last message of an answer. ``rich``: terminal only. ``file``: sent as
    it is, instead of the words. ``picture``: the same, and the words stand in for it where it could not be drawn.
    ``part``: the part of an earlier message that this takes the place of; ``instead``: what is sent where it cannot.
    """

    text: str
    plain: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    rich: Text | None = None
    file: Attachment | None = None
    picture: Picture | None = None
    part: int | None = None
    instead: tuple[Message, ...] = ()
