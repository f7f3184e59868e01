"""/facts ARTICLE: what was read from one article, in the order of its text; by its link an editor also adds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.access import allowed
from bot.commands import add
from bot.commands.add import link_in
from bot.commands.asked import read
from bot.commands.lines import article_line, line, pager, source_line
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.model import CopyOf, FactQuery
from digests.text.links import canonical_url

SPEC = Spec(
    name="facts",
    summary="What was read from one article",
    usage="/facts ARTICLE-NUMBER or LINK",
    examples=("/facts 1", "/facts https://example.org/news/ferries"),
    aliases=("article",),
    changes=lambda command: bool(link_in(command.text)) and allowed(command.origin, "editor"),
)
SIZE = 8
NEAR_VERBATIM = 0.8
"""Of an article's runs of four words, as many stand in another one: it is printed, not written."""


async def handle(command: Command, services: Services) -> Reply:
    link = link_in(command.text)
    if link:
        return await _of_link(link, command, services)
    asked = read(command.text, today=command.today)
    number = asked.question.removeprefix("#").strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return usage(SPEC, typed=command.text)
    found = await services.store.facts(
        FactQuery(article_id=int(number), order="oldest", limit=SIZE + 1, offset=(asked.page - 1) * SIZE)
    )
    if not found:
        article = await services.store.article(int(number))
        data = {
            "number": number,
            "page": asked.page,
            "head": article_line(article) if article is not None else None,
            "article_language": article.language if article is not None else "",
        }
        return Reply(template="no_facts", data=data)
    copies = await services.store.copies([int(number)])
    shown = {
        "lines": [line(each) for each in found[:SIZE]],
        **source_line(found[0].source),
        "copy": copy_line(copies.get(int(number))),
        "page": asked.page,
    }
    pages = pager(f"/facts {number}", page=asked.page, more=len(found) > SIZE)
    return Reply(template="facts", data=shown, buttons=pages)


def copy_line(copy: CopyOf | None) -> dict[str, Any] | None:
    """Whose words an article mostly is, with the reason."""
    if copy is None:
        return None
    shown = source_line(copy.source)
    return {
        "article": shown["article"],
        "source": shown["source"],
        "percent": int(100 * copy.share),
        "verbatim": copy.share >= NEAR_VERBATIM,
        "press": f"/facts {shown['article']}",
    }


async def _of_link(link: str, command: Command, services: Services) -> Reply:
    """The facts of the article under a link: known ones are shown, others are added first where an editor asks."""
    known = await services.store.known(canonical_url=canonical_url(link))
    if known is not None:
        return await handle(replace(command, text=str(known.article_id)), services)
    if allowed(command.origin, "editor"):
        return await add.handle(replace(command, name=add.SPEC.name, text=link), services)
    return Reply(template="no_such_link", data={"link": link})
