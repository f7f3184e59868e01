"""/facts ARTICLE: what was read from one article, in the order of its text; by its link an admin also adds it."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import add
from bot.commands.add import link_in
from bot.commands.asked import read
from bot.commands.lines import line, pager, source_line
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.model import FactQuery
from digests.sources.links import canonical_url

SPEC = Spec(
    name="facts",
    summary="What was read from one article",
    usage="/facts ARTICLE-NUMBER or LINK",
    examples=("/facts 1", "/facts https://example.org/news/ferries"),
    aliases=("article",),
)
SIZE = 8


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
        return Reply(template="no_facts", data={"number": number, "page": asked.page})
    data = {"lines": [line(each) for each in found[:SIZE]], **source_line(found[0].source), "page": asked.page}
    pages = pager(f"/facts {number}", page=asked.page, more=len(found) > SIZE)
    return Reply(template="facts", data=data, buttons=pages)


async def _of_link(link: str, command: Command, services: Services) -> Reply:
    """The facts of the article under a link: known ones are shown, others are added first where an admin asks."""
    known = await services.store.known(canonical_url=canonical_url(link))
    if known is not None:
        return await handle(replace(command, text=str(known.article_id)), services)
    if command.origin.admin:
        return await add.handle(replace(command, name=add.SPEC.name, text=link), services)
    return Reply(template="no_such_link", data={"link": link})
