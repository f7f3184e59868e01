"""/facts ARTICLE: what was read from one article, in the order of its text."""

from __future__ import annotations

from bot.commands.asked import read
from bot.commands.lines import line, pager, source_line
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.model import FactQuery

SPEC = Spec(
    name="facts",
    summary="What was read from one article",
    usage="/facts ARTICLE-NUMBER",
    examples=("/facts 1",),
    aliases=("article",),
)
SIZE = 8


async def handle(command: Command, services: Services) -> Reply:
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
