"""/numbers TOPIC: the figures given, those of the same thing together, and why they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.commands.asked import Asked, read, search_words
from bot.commands.charts import asks_for_chart, from_chart, to_chart
from bot.commands.lines import amount_line, line, pager
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.edition.charts.amounts import FEWEST, MOST, extent
from digests.edition.differences import Difference, differences, verdict
from digests.edition.figures import Group, grouped, measure
from digests.edition.naming import day_of, source_name
from digests.edition.texts import Texts, once, texts_of
from digests.model import FactQuery, Figure, Found

SPEC = Spec(
    name="numbers",
    summary="Figures side by side, and why they differ",
    usage="/numbers TOPIC or STORY [PERIOD] [chart]",
    examples=("/numbers refugees", "/numbers Idlib since 10 Feb", "/numbers story 3", "/numbers refugees chart"),
    aliases=("figures",),
)
LOOK = 60
"""The newest figures that are grouped."""
SIZE = 8
MOST_PANELS = 4
"""So many things counted are drawn in one chart."""


async def handle(command: Command, services: Services) -> Reply:
    question, charted = asks_for_chart(command.text)
    asked = read(question, today=command.today, with_story=True)
    topic = search_words(asked.words or ("" if asked.dated or asked.story else asked.question))
    if not topic and not asked.dated and asked.story is None:
        return usage(SPEC, typed=command.text)
    query = FactQuery(
        kinds=("figure",), about=topic, story_id=asked.story, since=asked.since, until=asked.until, limit=LOOK
    )
    found = await services.store.facts(query)
    texts = await texts_of(found, services.store)
    clipped = LOOK if len(found) == LOOK else 0
    drawable = drawn_pages(grouped(found), texts)
    if charted and drawable:
        return _chart(drawable, command, asked, topic=topic, clipped=clipped)
    groups, more = page_of(grouped(found), page=asked.page, texts=texts)
    if not groups:
        return nothing(command, asked, what="figures", topic=topic)
    data = {"groups": groups, "clipped": clipped, "few": charted, **scope(asked, topic=topic)}
    buttons = pager(f"/numbers {asked.question}", page=asked.page, more=more)
    if drawable:
        buttons += to_chart(f"/numbers {asked.question}")
    return Reply(template="numbers", data=data, buttons=buttons)


def _chart(pages: Sequence[list[dict[str, Any]]], command: Command, asked: Asked, *, topic: str, clipped: int) -> Reply:
    """What can be compared as a chart, each line with what it is drawn from."""
    if asked.page > len(pages):
        return nothing(command, asked, what="figures", topic=topic)
    data = {"chart": "figures", "groups": pages[asked.page - 1], "clipped": clipped, **scope(asked, topic=topic)}
    buttons = from_chart(f"/numbers {asked.question}", page=asked.page, more=asked.page < len(pages))
    return Reply(template="numbers_chart", data=data, buttons=buttons)


def drawn_pages(groups: Sequence[Group], texts: Texts) -> list[list[dict[str, Any]]]:
    """The groups of which enough can be drawn, a chart's worth of them a page; their lines run from old to new."""
    pages: list[list[dict[str, Any]]] = []
    for group in groups:
        told = [each for each in once(group.found, texts).found if _is_drawable(each)]
        if len(told) < FEWEST:
            continue
        room = MOST - sum(len(each["lines"]) for each in pages[-1]) if pages else 0
        if room < min(len(told), MOST) or len(pages[-1]) == MOST_PANELS:
            pages.append([])
        before = sum(len(each["lines"]) for each in pages[-1])
        lines = [
            {**figure_line(each), "number": before + place} for place, each in enumerate(reversed(told[:MOST]), start=1)
        ]
        noted = differences(group.found, texts)
        pages[-1].append({**_head(group, noted.values()), "lines": lines, "left": max(0, len(told) - MOST)})
    return pages


def _is_drawable(found: Found) -> bool:
    return isinstance(found.fact, Figure) and found.fact.status == "standing" and extent(found.fact) is not None


def page_of(groups: Sequence[Group], *, page: int, texts: Texts | None = None) -> tuple[list[dict[str, Any]], bool]:
    """One page of lines under their groups' heads; a group that is parted has its head on both pages.

    ``texts``: what copies one text says counts once.
    """
    known = texts or Texts()
    told = [once(group.found, known) for group in groups]
    rows = [(number, each) for number, group in enumerate(told) for each in group.found]
    first = (page - 1) * SIZE
    shown: dict[int, dict[str, Any]] = {}
    noted: dict[int, dict[int, Difference]] = {}
    for number, each in rows[first : first + SIZE]:
        if number not in shown:
            noted[number] = differences(groups[number].found, known)
            shown[number] = _head(groups[number], noted[number].values())
        note = note_of(noted[number].get(each.fact.id))
        carried = told[number].carried.get(each.fact.id, 0)
        shown[number]["lines"].append({**figure_line(each), "note": note, "carried": carried})
    return list(shown.values()), len(rows) > first + SIZE


def _head(group: Group, noted: Iterable[Difference]) -> dict[str, Any]:
    return {"unit": group.unit, "verdict": verdict(noted), "lines": []}


def note_of(difference: Difference | None) -> dict[str, Any] | None:
    """A figure's difference from a newer one, as templates get it."""
    if difference is None:
        return None
    newer = difference.newer
    assert isinstance(newer.fact, Figure)
    return {
        "kind": difference.kind,
        "scope": difference.scope,
        "own": difference.own,
        "other": difference.other,
        "measure": measure(newer.fact),
        "source": source_name(newer.source),
        "day": day_of(newer).isoformat(),
    }


def figure_line(found: Found) -> dict[str, Any]:
    assert isinstance(found.fact, Figure)
    shown = {"measure": measure(found.fact), "qualifier": found.fact.qualifier.replace("_", " ")}
    return {**line(found), **shown, **amount_line(found.fact)}
