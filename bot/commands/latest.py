"""/latest [TOPIC]: the newest articles."""

from __future__ import annotations

from bot.commands.asked import read, search_words
from bot.commands.lines import pager, source_line
from bot.commands.replies import nothing, scope
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply

SPEC = Spec(
    name="latest",
    summary="The newest articles",
    usage="/latest [TOPIC]",
    examples=("/latest", "/latest Idlib"),
    aliases=("news", "articles"),
)
SIZE = 8


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today)
    topic = search_words(asked.words or asked.question)
    if asked.question and not topic:
        return nothing(command, asked, what="articles", topic=asked.question)
    found = await services.store.latest(about=topic, limit=SIZE + 1, offset=(asked.page - 1) * SIZE)
    if not found:
        return nothing(command, asked, what="articles", topic=topic)
    lines = [{**source_line(source), "press": f"/facts {source.article_id}"} for source in found[:SIZE]]
    pages = pager(f"/latest {asked.question}".strip(), page=asked.page, more=len(found) > SIZE)
    return Reply(template="latest", data={"lines": lines, **scope(asked, topic=topic)}, buttons=pages)
