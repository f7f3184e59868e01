"""Who is answered, and who may write: decided from names alone, by the settings ``ACCESS`` and ``ONRECORD_ADMINS``."""

from __future__ import annotations

from typing import Literal

from bot.config import Settings
from bot.model import Origin, Reply

Verdict = Literal["answer", "refuse", "silence"]


def is_admin(origin: Origin, *, settings: Settings) -> bool:
    """Whether who asks may use writing commands: a named person, or anybody in a named chat."""
    return origin.user in settings.onrecord_admins or origin.chat in settings.onrecord_admins


def verdict(origin: Origin, *, settings: Settings) -> Verdict:
    """What somebody gets. A Telegram group that is not invited hears nothing: a line there would disturb everybody."""
    if settings.access == "open" or is_admin(origin, settings=settings) or _invited(origin, settings=settings):
        return "answer"
    return "refuse" if origin.private or origin.platform == "slack" else "silence"


def refusal(origin: Origin) -> Reply:
    """The line for somebody who is not invited: their names, and which setting an admin must change."""
    return Reply(template="refused", data={"user": origin.user, "chat": origin.chat, "private": origin.private})


def _invited(origin: Origin, *, settings: Settings) -> bool:
    """A listed chat; a listed person is a private chat by another name."""
    return origin.chat in settings.access_chats or (origin.private and origin.user in settings.access_chats)
