"""A digest as templates get it: plain data, each line with its number, its words and its reasons. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.commands.lines import Line, amount_line, due_line, line, source_line
from bot.commands.tellings import story_line
from digests.edition.figures import measure
from digests.edition.items import Digest, Item, Section
from digests.model import Deadline, Event, Figure, Found

MOST_TROUBLES = 3


def digest_data(
    digest: Digest, *, troubled: Sequence[Line] = (), topic: str = "", newest: date | None = None
) -> dict[str, Any]:
    return {
        "day": digest.day.isoformat(),
        "first": digest.first.isoformat(),
        "since": digest.since.isoformat(),
        "composed": "changes" if digest.upto else "days",
        "articles": digest.articles,
        "outlets": digest.outlets,
        "stories": digest.stories,
        "older": digest.older,
        "skipped": digest.skipped,
        "topic": topic,
        "newest": newest.isoformat() if newest else None,
        "sections": [_section(each, today=digest.day) for each in digest.sections],
        "troubles": list(troubled[:MOST_TROUBLES]),
        "more_troubles": max(0, len(troubled) - MOST_TROUBLES),
    }


def _section(section: Section, *, today: date) -> dict[str, Any]:
    items = [item_data(item, today=today) for item in section.items]
    return {"name": section.name, "items": items, "more": section.more}


def item_data(item: Item, *, today: date) -> dict[str, Any]:
    """A line: what every line has, and what its section shows."""
    return {
        **_own(item, today=today),
        "number": item.number,
        "tag": item.tag,
        "office": item.office,
        "outlets": item.outlets,
        "origins": item.origins,
        "reasons": [{"points": round(each.points, 2), "text": each.text} for each in item.reasons],
        "score": round(item.score, 2),
    }


def _own(item: Item, *, today: date) -> Line:
    quotes = [passage.quote for passage in item.passages]
    match item.section:
        case "top":
            return {**_story(item), "quotes": quotes}
        case "changes":
            return _changed(item)
        case "ahead" | "passed":
            return {**_due(item.found[0], today=today), "quotes": quotes[:1]}
        case "figures":
            return {**_measured(item.found[0]), **_beside(item), "note": {"kind": _kind(item)}}
    return {**line(item.found[0]), **_beside(item)}


def _story(item: Item) -> Line:
    """A story headed by the article it is told from."""
    head = source_line(item.source)
    press = f"/facts {item.source.article_id}"
    if item.story is None:
        return {**head, "articles": 1, "story_outlets": 1, "story_origins": 1, "named": [], "press": press}
    told = story_line(item.story)
    return {
        **head,
        "story": told["story"],
        "articles": told["articles"],
        "story_outlets": told["outlets"],
        "story_origins": told["origins"],
        "named": told["named"],
        "press": told["press"],
    }


def _due(found: Found, *, today: date) -> Line:
    assert isinstance(found.fact, Deadline | Event)
    told = due_line(found, today=today)
    return {**told, "task": told["action"] or found.fact.quote}


def _measured(found: Found) -> Line:
    assert isinstance(found.fact, Figure)
    return {**line(found), "measure": measure(found.fact), **amount_line(found.fact)}


def _beside(item: Item) -> dict[str, Any]:
    """The line's own words, and the other fact that stands beside it with its own."""
    if len(item.found) < 2 or (item.section == "record"):
        return {"quotes": [each.quote for each in item.passages[:1]], "other": None}
    one, other = item.found[:2]
    shown = _measured(other) if isinstance(other.fact, Figure) else line(other)
    return {"quotes": _words_of(one, item), "other": {**shown, "quotes": _words_of(other, item)}}


def _words_of(found: Found, item: Item) -> list[str]:
    """The passage that a fact stands in, if it was not shown above: then there is none, and not another one's."""
    own = found.fact.evidence[0]
    passages = (each for each in item.passages if each.article_id == found.source.article_id)
    return [each.quote for each in passages if each.start <= own.start and own.end <= each.end][:1]


def _kind(item: Item) -> str:
    return item.difference.kind if item.difference else ""


def _changed(item: Item) -> Line:
    shown = line(item.found[0]) if item.found else source_line(item.source)
    revision = item.revision
    after = revision.after if revision else "".join(passage.quote for passage in item.passages)
    return {
        "id": 0,
        "press": f"/facts {item.source.article_id}",
        **shown,
        "before": revision.before if revision else "",
        "after": after,
        "by": revision.by if revision else "",
        "why": revision.why if revision else "",
    }
