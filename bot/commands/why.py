"""/why NUMBER: why a line stands in the last digest that was shown here, with the points each reason counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.commands.ordered import thread_of
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply

SPEC = Spec(
    name="why",
    summary="Why a line stands in the last digest here",
    usage="/why NUMBER",
    examples=("/why 3",),
)
_NUMBER = re.compile(r"(?:line\s+)?#?(\d{1,4})\.?", re.IGNORECASE)


async def handle(command: Command, services: Services) -> Reply:
    digest = await services.previews.last_digest(command.origin.place, thread_of(command))
    lines = dict(_lines(digest.data)) if digest else {}
    number = _NUMBER.fullmatch(command.text)
    found = lines.get(int(number[1])) if number else None
    if digest is None or found is None:
        return Reply(template="why_none", data={"lines": max(lines, default=0)})
    section, shown = found
    data = {
        "number": shown["number"],
        "section": section,
        "title": (shown["who"] if section in ("record", "denials") else "") or shown["title"],
        "day": digest.data["day"],
        "reasons": shown["reasons"],
        "total": shown["score"],
        "f": {name: shown[name] for name in ("source", "url", "day")},
    }
    return Reply(template="why", data=data, buttons=((Button(label="Show it", command=shown["press"]),),))


def _lines(data: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, Mapping[str, Any]]]]:
    """The numbered lines of a digest's data with their sections' names."""
    for section in data.get("sections", ()):
        for shown in section["items"]:
            yield shown["number"], (section["name"], shown)
