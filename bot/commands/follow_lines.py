"""What is followed, as replies show it, and how a follow is named by those who type. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.wishes import FOREVER, span_text
from bot.model import Button, Reply
from digests.edition.model import Follow
from digests.text.folding import fold

MOST_CHOICES = 8


def follow_line(follow: Follow, *, now: datetime, zone: str) -> dict[str, Any]:
    """A follow as templates show it; ``muted``: "" or "until" (with day and time of the chat) or "forever"."""
    until = follow.muted_until if follow.muted_until and follow.muted_until > now else None
    local = until.astimezone(ZoneInfo(zone)) if until and until != FOREVER else None
    return {
        "id": follow.id,
        "kind": follow.kind,
        "label": follow.label,
        "story": follow.story or 0,
        "any_of": list(follow.wanted.words),
        "all_of": list(follow.wanted.must),
        "none_of": list(follow.wanted.without),
        "urgent": follow.urgent,
        "remind": span_text(follow.remind_hours) if follow.remind_hours else "",
        "muted": ("until" if local else "forever") if until else "",
        "muted_day": local.date().isoformat() if local else "",
        "muted_time": local.strftime("%H:%M") if local else "",
    }


def named(text: str, follows: Sequence[Follow]) -> list[Follow]:
    """The follows that a number or (part of) a name means."""
    said = text.strip().removeprefix("#")
    if said.isascii() and said.isdigit():
        return [each for each in follows if each.id == int(said)]
    key = fold(said)
    if not key:
        return []
    same = [each for each in follows if fold(each.label) == key]
    return same or [each for each in follows if set(key.split()) <= set(fold(each.label).split())]


def which_follow(typed: str, found: Sequence[Follow], *, command: str, rest: str = "") -> Reply:
    """Ask which of several follows is meant; none: say so."""
    shown = found[:MOST_CHOICES]
    buttons = tuple((Button(label=each.label, command=f"/{command} {each.id} {rest}".strip()),) for each in shown)
    if not buttons:
        buttons = ((Button(label="What is followed here", command="/following"),),)
    data = {"typed": typed, "labels": [{"id": each.id, "label": each.label} for each in shown]}
    return Reply(template="which_follow", data=data, buttons=buttons)
