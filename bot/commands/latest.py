"""/latest [TOPIC]: the newest stories, each once however many outlets tell it."""

from __future__ import annotations

from bot.commands.asked import read, search_words
from bot.commands.lines import pager
from bot.commands.replies import nothing, scope
from bot.commands.spec import Services, Spec
from bot.commands.tellings import story_line
from bot.model import Command, Reply

SPEC = Spec(
    name="latest",
    summary="The newest stories",
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
    found = await services.store.stories(about=topic, limit=SIZE + 1, offset=(asked.page - 1) * SIZE)
    if not found:
        return nothing(command, asked, what="articles", topic=topic)
    lines = [story_line(story) for story in found[:SIZE]]
    pages = pager(f"/latest {asked.question}".strip(), page=asked.page, more=len(found) > SIZE)
    return Reply(template="latest", data={"lines": lines, **scope(asked, topic=topic)}, buttons=pages)
