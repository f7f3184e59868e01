"""/deadlines [TOPIC] [PERIOD]: what is due, the nearest ahead first, then the latest that passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

from bot.commands.asked import Asked, read, search_words
from bot.commands.lines import Line, due_line, pager, remind_asks
from bot.commands.replies import nothing, scope
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.model import Deadline, Event, FactQuery, Found
from digests.store.base import Store
from digests.text.folding import fold

SPEC = Spec(
    name="deadlines",
    summary="What is due and scheduled: ahead, today, passed",
    usage="/deadlines [TOPIC or NAME] [PERIOD]",
    examples=("/deadlines", "/deadlines next week", "/deadlines Turkey", "/deadlines Turkey in March"),
    aliases=("due", "deadline", "agenda"),
)
KINDS = ("deadline", "event")
HEAD = ("due_from", "due_to", "boundary", "standing", "distance", "actor", "condition")
FOOT = ("id", "who", "day", "source", "url", "status", "edited", "proposed", "seen", "press")
SIZE = 6
DAY = timedelta(days=1)
DueOrder = Literal["due", "due_latest"]


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today, ahead=True)
    topic = search_words(asked.words)
    if command.text and not topic and not asked.dated and asked.question:
        return nothing(command, asked, what="deadlines", topic=asked.question)
    found = await due(services.store, topic, asked, today=command.today)
    shown = found[:SIZE]
    if not shown:
        return nothing(command, asked, what="deadlines", topic=topic)
    data = {
        "today": command.today.isoformat(),
        "dues": merged([due_line(each, today=command.today) for each in shown]),
        **scope(asked, topic=topic),
    }
    return Reply(
        template="deadlines",
        data=data,
        buttons=(
            *remind_asks(shown, today=command.today),
            *pager(f"/deadlines {asked.question}".strip(), page=asked.page, more=len(found) > SIZE),
        ),
    )


def merged(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines that several sources give alike as one, with all their sources under it."""
    dues: dict[tuple[str, ...], dict[str, Any]] = {}
    for each in lines:
        task = each["action"] or each["summary"]
        key = (each["due_from"], each["due_to"], each["boundary"], fold(f"{each['actor']} {task}"))
        head = {name: each[name] for name in HEAD}
        foot = {name: each[name] for name in FOOT}
        dues.setdefault(key, {**head, "task": task, "sources": []})["sources"].append(foot)
    return list(dues.values())


async def due(store: Store, topic: str, asked: Asked, *, today: date) -> list[Found]:
    """A page (and one more if there is more) of: what is not over, nearest first; then what passed, latest first."""
    first = (asked.page - 1) * SIZE
    ahead: list[Found] = []
    if asked.until is None or asked.until >= today:
        since = max(asked.since or today, today)
        ahead = await store.facts(_query(topic, since, asked.until, order="due", limit=SIZE + 1, offset=first))
        if len(ahead) > SIZE:
            return ahead
        if first:
            ahead = await store.facts(_query(topic, since, asked.until, order="due", limit=first + SIZE))
    if asked.since is not None and asked.since >= today:
        return ahead[first:]
    running = sum(1 for each in ahead if _first(each) < today)
    passed = await store.facts(
        _query(
            topic,
            asked.since,
            min(asked.until or today, today - DAY),
            order="due_latest",
            limit=first + SIZE + 1 - len(ahead) + running,
        )
    )
    return [*ahead, *(each for each in passed if _last(each) < today)][first : first + SIZE + 1]


def _query(
    topic: str, since: date | None, until: date | None, *, order: DueOrder, limit: int, offset: int = 0
) -> FactQuery:
    return FactQuery(
        kinds=KINDS, about=topic, due_since=since, due_until=until, order=order, limit=limit, offset=offset
    )


def _first(found: Found) -> date:
    assert isinstance(found.fact, Deadline | Event)
    return found.fact.due_from


def _last(found: Found) -> date:
    assert isinstance(found.fact, Deadline | Event)
    return found.fact.due_to
