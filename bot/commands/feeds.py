"""/feeds: what is watched for news and how it does. Editors add, admins change; folders never from a chat."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from bot.access import allowed
from bot.commands.add import link_in
from bot.commands.asked import read
from bot.commands.lines import pager
from bot.commands.replies import not_allowed, usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply, Role
from digests.sources.schedule import trouble
from digests.watch import NewsSource

_CHANGE = re.compile(r"(add|watch|pause|resume|remove|delete)\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_SAME = {"watch": "add", "delete": "remove"}
SPEC = Spec(
    name="feeds",
    summary="What is watched for news, and what is in trouble",
    usage="/feeds [add LINK | pause NUMBER | resume NUMBER | remove NUMBER]",
    examples=("/feeds", "/feeds add https://example.org", "/feeds pause 3"),
    aliases=("sources", "feed"),
    changes=lambda command: _CHANGE.fullmatch(command.text.strip()) is not None,
)
SIZE = 10
UNDATED = 5
"""So many files without a date are named."""


async def handle(command: Command, services: Services) -> Reply:
    change = _CHANGE.fullmatch(command.text.strip())
    if change is None:
        return await _list(command, services)
    word = _SAME.get(change[1].lower(), change[1].lower())
    needs: Role = "editor" if word == "add" else "admin"
    if not allowed(command.origin, needs):
        return not_allowed(command, needs=needs)
    return await _change(word, change[2].strip(), command, services)


async def _list(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today)
    if asked.question:
        return usage(SPEC, typed=command.text)
    found = await services.store.sources(limit=SIZE + 1, offset=(asked.page - 1) * SIZE)
    counts = await services.store.source_counts()
    adds = allowed(command.origin, "editor")
    undated = await services.store.undated_files(limit=UNDATED + 1) if adds and asked.page == 1 else []
    data = {
        "lines": [source_line(each, now=command.asked_at) for each in found[:SIZE]],
        "page": asked.page,
        "sources": counts.sources,
        "failing": counts.failing,
        "paused": counts.paused,
        "waiting": counts.waiting,
        "undated": [PurePath(each.url).name for each in undated[:UNDATED]],
        "undated_more": len(undated) > UNDATED,
        "adds": adds,
    }
    return Reply(template="feeds", data=data, buttons=pager("/feeds", page=asked.page, more=len(found) > SIZE))


async def _change(word: str, argument: str, command: Command, services: Services) -> Reply:
    if word == "add":
        link = link_in(argument)
        if not link:
            return usage(SPEC, typed=command.text)
        done = await services.ingest.subscribe(link)
        return _said("added" if done.new else "known", done.source, now=command.asked_at, entries=done.entries)
    number = argument.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return usage(SPEC, typed=command.text)
    source = await services.store.source(int(number))
    if source is None:
        return Reply(template="feed_said", data={"what": "unknown", "number": number})
    if word == "remove":
        await services.store.remove_source(source.id)
    else:
        await services.store.pause_source(source.id, word == "pause")
    return _said({"remove": "removed", "pause": "paused"}.get(word, "resumed"), source, now=command.asked_at)


def _said(what: str, source: NewsSource, *, now: datetime, entries: int = 0) -> Reply:
    data = {"what": what, "entries": entries, **source_line(source, now=now)}
    buttons = {
        "paused": (Button(label="Resume", command=f"/feeds resume {source.id}"),),
        "added": (Button(label="All feeds", command="/feeds"),),
    }.get(what, ())
    return Reply(template="feed_said", data=data, buttons=(buttons,) if buttons else ())


def source_line(source: NewsSource, *, now: datetime) -> dict[str, Any]:
    """A source as templates show it; a folder's path is nobody's business in a chat."""
    folder = source.kind == "folder"
    return {
        "id": source.id,
        "title": source.title or (source.url if not folder else "a folder"),
        "url": "" if folder else source.site or source.url,
        "address": "" if folder else source.url,
        "state": state(source, now=now),
        "read": ago(now - source.last_success_at) if source.last_success_at else "",
        "since": source.failing_since.date().isoformat() if source.failing_since else "",
        "new": ago(now - source.last_new_at) if source.last_new_at else "",
        "error": "" if folder and source.last_error else source.last_error,
        "next": ago(now - source.next_try_at) if source.next_try_at else "now",
    }


def state(source: NewsSource, *, now: datetime) -> str:
    """paused, failing or silent (for long), trouble (since lately), new, ok."""
    if source.paused:
        return "paused"
    if source.last_try_at is None:
        return "new"
    return trouble(source, now=now) or ("trouble" if source.failures else "ok")


def ago(gone: timedelta) -> str:
    """How long ago, or in how long: "5 min ago", "in 3 h", "2 days ago", "now"."""
    minutes = round(gone.total_seconds() / 60)
    size = abs(minutes)
    if size < 1:
        return "now"
    if size < 60:
        said = f"{size} min"
    elif size < 48 * 60:
        said = f"{round(size / 60)} h"
    else:
        said = f"{round(size / 1440):,} days"
    return f"{said} ago" if minutes > 0 else f"in {said}"
