"""/add TEXT: save an article pasted into the chat. Admins only; never a path of the server, never a link to fetch."""

from __future__ import annotations

import re

from bot.commands.replies import usage
from bot.commands.spec import AddedArticle, Services, Spec
from bot.model import Button, Command, Reply
from digests.errors import UndatedArticle

SPEC = Spec(
    name="add",
    summary="Save an article: paste its text",
    usage="/add [published YYYY-MM-DD] TEXT",
    examples=("/add published 2020-02-15 TEXT OF THE ARTICLE",),
    writes=True,
)
_PUBLISHED = re.compile(r"(?:--)?published[ \t]+(\S+)\s*(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<?(?:https?://|www\.)\S+>?(?:\|\S*>)?", re.IGNORECASE)
_PATH = re.compile(r"(?:file:)?(?:[A-Za-z]:)?[./\\~]\S*|\S+\.(?:md|txt|html?|pdf|docx?)", re.IGNORECASE)


async def handle(command: Command, services: Services) -> Reply:
    published, text = split(command.text)
    if not text:
        return usage(SPEC, typed=command.text)
    if _LINK.fullmatch(text):
        return Reply(template="add_refused", data={"why": "link"})
    if _PATH.fullmatch(text):
        return Reply(template="add_refused", data={"why": "path"})
    try:
        added = await services.ingest.add_text(text, published=published)
    except UndatedArticle:
        return Reply(template="add_refused", data={"why": "undated"})
    return reply(added)


def split(argument: str) -> tuple[str | None, str]:
    """The day given in front, if any, and the article's text."""
    found = _PUBLISHED.fullmatch(argument.strip())
    return (found[1], found[2].strip()) if found else (None, argument.strip())


def reply(added: AddedArticle) -> Reply:
    data = {
        "article": added.article_id,
        "title": added.title,
        "source": added.publisher,
        "day": added.published_day,
        "outcome": added.outcome,
        "kinds": [{"kind": kind, "count": count} for kind, count in added.facts_by_kind if count],
        "article_language": added.language,
        "press": f"/facts {added.article_id}",
    }
    buttons = ((Button(label="What was read", command=f"/facts {added.article_id}"),),)
    return Reply(template="added", data=data, buttons=buttons)
