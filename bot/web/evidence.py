"""The page of a fact: the passage of its article with the fact's words marked, where it stands, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from bot.commands import evidence
from bot.commands.spec import Services
from bot.web.page import Pages
from digests.model import Article, Evidence

MOST_AROUND = 1500
"""Characters of the article before and after what is marked, where its paragraph is longer."""

Piece = dict[str, Any]


async def fact_page(fact_id: int, *, services: Services, pages: Pages, today: date) -> Response:
    """What became of a retracted fact is shown, what it rested on is not."""
    reply = await evidence.known(fact_id, today=today, services=services)
    match reply.template:
        case "evidence":
            passages = await _passages(fact_id, services)
            return pages.page("evidence", {**reply.data, "marked": passages, "retracted": False})
        case "evidence_retracted":
            head: dict[str, Any] = {"summary": f"Evidence {fact_id}", "passages": [], "versions": None, "marked": []}
            return pages.page("evidence", {**head, **reply.data, "retracted": True})
        case "evidence_refused":
            lines = ["Its words do not stand in the article any more where they were read. Please tell an admin."]
            return pages.told(f"Evidence {fact_id} cannot be shown", lines, status=410)
    return pages.told("Nothing here", [f"There is no evidence {fact_id}."], status=404)


async def _passages(fact_id: int, services: Services) -> list[list[Piece]]:
    found = await services.store.fact(fact_id)
    if found is None:
        return []
    article = await services.store.article(found.source.article_id, version=found.fact.evidence[0].version)
    return marked(article, found.fact.evidence) if article is not None else []


def marked(article: Article, rests_on: Sequence[Evidence]) -> list[list[Piece]]:
    """The paragraphs that a fact rests on, each in pieces; those that are its own words are ``marked``."""
    passages: list[list[Piece]] = []
    upto = -1
    for each in sorted(rests_on, key=lambda one: (one.start, one.end)):
        start, end = paragraph(article.text, each.start, each.end)
        if start > upto or not passages:
            passages.append([])
            written = start
        else:
            passages[-1].pop()  # the end of the paragraph so far: another stretch of it is marked
        begin = max(each.start, written)
        stretches = ((written, begin, False), (begin, max(begin, each.end), True), (max(begin, each.end), end, False))
        passages[-1] += [{"text": article.text[a:b], "marked": mark} for a, b, mark in stretches]
        written, upto = max(begin, each.end), end
    return [[piece for piece in passage if piece["text"]] for passage in passages]


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The paragraph around a stretch, cut at blanks where it is very long."""
    first = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    last = text.find("\n\n", end)
    last = len(text) if last < 0 else last
    if start - first > MOST_AROUND:
        first = text.find(" ", start - MOST_AROUND, start) + 1 or start
    if last - end > MOST_AROUND:
        blank = text.rfind(" ", end, end + MOST_AROUND)
        last = blank if blank > 0 else end
    return first, last
