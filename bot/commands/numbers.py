"""/numbers TOPIC: the figures given, those of the same thing together, and where sources differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.commands.asked import read, search_words
from bot.commands.figures import Group, grouped, measure
from bot.commands.lines import line, pager
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.model import FactQuery, Figure, Found

SPEC = Spec(
    name="numbers",
    summary="Figures side by side, and where sources differ",
    usage="/numbers TOPIC [PERIOD]",
    examples=("/numbers refugees", "/numbers Idlib since 10 Feb"),
    aliases=("figures",),
)
LOOK = 60
"""The newest figures that are grouped."""
SIZE = 8


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today)
    topic = search_words(asked.words or ("" if asked.dated else asked.question))
    if not topic and not asked.dated:
        return usage(SPEC, typed=command.text)
    query = FactQuery(kinds=("figure",), about=topic, since=asked.since, until=asked.until, limit=LOOK)
    found = await services.store.facts(query)
    groups, more = page_of(grouped(found), page=asked.page)
    if not groups:
        return nothing(command, asked, what="figures", topic=topic)
    data = {"groups": groups, "clipped": LOOK if len(found) == LOOK else 0, **scope(asked, topic=topic)}
    return Reply(template="numbers", data=data, buttons=pager(f"/numbers {asked.question}", page=asked.page, more=more))


def page_of(groups: Sequence[Group], *, page: int) -> tuple[list[dict[str, Any]], bool]:
    """One page of lines under their groups' heads; a group that is parted has its head on both pages."""
    rows = [(number, each) for number, group in enumerate(groups) for each in group.found]
    first = (page - 1) * SIZE
    shown: dict[int, dict[str, Any]] = {}
    for number, each in rows[first : first + SIZE]:
        group = groups[number]
        head = {"unit": group.unit, "differ": group.differ, "sources": len(group.found), "lines": []}
        shown.setdefault(number, head)["lines"].append(figure_line(each))
    return list(shown.values()), len(rows) > first + SIZE


def figure_line(found: Found) -> dict[str, Any]:
    assert isinstance(found.fact, Figure)
    return {**line(found), "measure": measure(found.fact), "qualifier": found.fact.qualifier.replace("_", " ")}
