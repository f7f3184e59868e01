"""/evidence ID: the words a line rests on, rechecked against the article, and what editors said about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.commands.edits import history_lines
from bot.commands.lines import due_line, line, remind_asks, source_line
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.commands.versions import between_versions
from bot.model import Command, Reply
from digests.model import Article, Deadline, Event, Evidence, Found

SPEC = Spec(
    name="evidence",
    summary="The verbatim words a line rests on, and where they stand",
    usage="/evidence NUMBER",
    examples=("/evidence 12",),
    aliases=("proof",),
)
AROUND = 220
"""Characters of the article shown before and after."""
_END = re.compile(r"^[.!?…][\"'”’)\]]*\s+")
"""The full stop of the quote's own sentence: nothing begins a line with it."""
_NUMBER = re.compile(r"(?:fact\s+)?#?(\d{1,18})", re.IGNORECASE)


async def handle(command: Command, services: Services) -> Reply:
    number = _NUMBER.fullmatch(command.text)
    if number is None:
        return usage(SPEC, typed=command.text)
    return await about(int(number[1]), command=command, services=services)


async def about(fact_id: int, *, command: Command, services: Services) -> Reply:
    """The evidence of one fact, with a link to its page where there is a web side."""
    reply = await known(fact_id, today=command.today, services=services)
    if services.links is None or reply.template not in ("evidence", "evidence_retracted"):
        return reply
    return replace(reply, data={**reply.data, "web": services.links.evidence(fact_id, at=command.asked_at)})


async def known(fact_id: int, *, today: date, services: Services) -> Reply:
    """The evidence of one fact; what does not stand in its article any more is not shown."""
    found = await services.store.fact(fact_id)
    if found is None:
        return Reply(template="no_evidence", data={"id": fact_id})
    edits = history_lines((await services.store.history([fact_id])).get(fact_id, []))
    if found.fact.status == "retracted":
        return Reply(template="evidence_retracted", data={**source_line(found.source), "id": fact_id, "edits": edits})
    version = found.fact.evidence[0].version
    article = await services.store.article(found.source.article_id, version=version)
    if article is None or not all(stands(each, article) for each in found.fact.evidence):
        return Reply(template="evidence_refused", data={"id": found.fact.id, **source_line(found.source)})
    versions = await between_versions(found, article, services)
    return shown(found, article, today=today, versions=versions, edits=edits)


def shown(
    found: Found,
    article: Article,
    *,
    today: date,
    versions: dict[str, Any] | None = None,
    edits: Sequence[dict[str, Any]] = (),
) -> Reply:
    """``versions``: what became of the words from one version to the next; ``edits``: what editors said of the fact."""
    fact = found.fact
    head = due_line(found, today=today) if isinstance(fact, Deadline | Event) else line(found)
    passages = [passage(each, article) for each in fact.evidence]
    data = {**head, "passages": passages, "published": found.source.published_day.isoformat(), "origin": fact.origin}
    buttons = remind_asks([found], today=today)
    return Reply(template="evidence", data={**data, "versions": versions, "edits": list(edits)}, buttons=buttons)


def stands(evidence: Evidence, article: Article) -> bool:
    """Whether the quote is in the article, to the character, where the fact says it is."""
    within = 0 <= evidence.start < evidence.end <= len(article.text)
    return within and article.text[evidence.start : evidence.end] == evidence.quote


def passage(evidence: Evidence, article: Article) -> dict[str, Any]:
    """The quote with what stands around it in its paragraph, cut at blanks."""
    return {
        "before": _telling(before(article.text, evidence.start)),
        "quote": evidence.quote,
        "after": _telling(_END.sub("", after(article.text, evidence.end))),
    }


def _telling(around: str) -> str:
    """What stands around a quote, unless it is no more than a full stop."""
    return around if any(map(str.isalnum, around)) else ""


def before(text: str, start: int) -> str:
    near = text[max(0, start - AROUND) : start]
    cut = start > AROUND and "\n\n" not in near
    near = near.rpartition("\n\n")[2]
    if not cut:
        return near.strip()
    return "… " + near.partition(" ")[2].strip()


def after(text: str, end: int) -> str:
    near = text[end : end + AROUND]
    cut = end + AROUND < len(text) and "\n\n" not in near
    near = near.partition("\n\n")[0]
    if not cut:
        return near.strip()
    return near.rpartition(" ")[0].strip() + " …"
