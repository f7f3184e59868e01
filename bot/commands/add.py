"""/add TEXT or /add LINK: save an article pasted into the chat or fetched. For editors; never a path of the server."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.commands.replies import usage
from bot.commands.spec import AddedArticle, Services, Spec
from bot.model import Button, Command, Platform, ReceivedFile, Reply
from digests.errors import UndatedArticle

SPEC = Spec(
    name="add",
    summary="Save an article: its link, its text pasted, or its file dropped",
    usage="/add [published YYYY-MM-DD] LINK or TEXT",
    examples=("/add https://example.org/news/ferries", "/add published 2020-02-15 TEXT OF THE ARTICLE"),
    role="editor",
)
_PUBLISHED = re.compile(r"(?:--)?published[ \t]+(\S+)\s*(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<?((?:[a-z][a-z0-9+.-]*://|www\.)[^\s|<>]+)(?:\|\S*)?>?", re.IGNORECASE)
_PATH = re.compile(r"(?:file:)?(?:[A-Za-z]:)?[./\\~]\S*|\S+\.(?:md|txt|html?|pdf|docx?)", re.IGNORECASE)

_LONGEST: Mapping[Platform, int] = {"telegram": 4096, "slack": 12_000}
"""UTF-16 units a person can type into one message: https://core.telegram.org/bots/api#message and Slack's composer,
which makes a file of what is longer."""
_CALL = len("/add ")
_MARGIN = 100
"""Apps cut a long paste at the last blank before the limit."""


async def handle(command: Command, services: Services) -> Reply:
    published, text = split(command.text)
    if command.file is not None:
        return await _file(command.file, published, services)
    if not text:
        return usage(SPEC, typed=command.text)
    link = link_in(text)
    if not link and _PATH.fullmatch(text):
        return Reply(template="add_refused", data={"why": "path"})
    try:
        if link:
            return reply(await services.ingest.add_link(link, published=published))
        added = await services.ingest.add_text(text, published=published)
        return reply(added, cut=may_be_cut(command.text, command.origin.platform))
    except UndatedArticle:
        return Reply(template="add_refused", data={"why": "undated", "link": link})


async def _file(file: ReceivedFile, published: str | None, services: Services) -> Reply:
    try:
        return reply(await services.ingest.add_file(file.data, name=file.name, published=published))
    except UndatedArticle:
        return Reply(template="add_refused", data={"why": "undated_file", "link": ""})


def link_in(text: str) -> str:
    """The address that ``text`` is, alone; "" when it is anything else. What may be fetched is decided elsewhere.

    >>> link_in("www.example.org/ferries")
    'https://www.example.org/ferries'
    """
    found = _LINK.fullmatch(text.strip())
    if found is None:
        return ""
    return f"https://{found[1]}" if found[1][:4].lower() == "www." else found[1]


def split(argument: str) -> tuple[str | None, str]:
    """The day given in front, if any, and the article's text."""
    found = _PUBLISHED.fullmatch(argument.strip())
    return (found[1], found[2].strip()) if found else (None, argument.strip())


def may_be_cut(text: str, platform: Platform) -> bool:
    """Whether a pasted text is as long as one message of the platform can be, so that its end may be missing."""
    longest = _LONGEST.get(platform)
    units = len(text.encode("utf-16-le", errors="replace")) // 2
    return longest is not None and units + _CALL >= longest - _MARGIN


def reply(added: AddedArticle, *, cut: bool = False) -> Reply:
    """``cut``: the article was pasted, and perhaps not to its end."""
    data = {
        "article": added.article_id,
        "title": added.title,
        "source": added.publisher,
        "day": added.published_day,
        "outcome": added.outcome,
        "kinds": [{"kind": kind, "count": count} for kind, count in added.facts_by_kind if count],
        "article_language": added.language,
        "cut": cut,
        "press": f"/facts {added.article_id}",
    }
    buttons = ((Button(label="What was read", command=f"/facts {added.article_id}"),),)
    return Reply(template="added", data=data, buttons=buttons)
