"""/about TOPIC: what is said about somebody or something, by others."""

from __future__ import annotations

from collections.abc import Collection

from bot.commands.asked import read, search_words
from bot.commands.lines import line, pager
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.edition.naming import speaker_of
from digests.model import FactQuery, Found
from digests.text.names import name_key

SPEC = Spec(
    name="about",
    summary="What is said about somebody or something, by others",
    usage="/about NAME or TOPIC [since DAY]",
    examples=("/about Idlib", "/about Assad last week"),
    aliases=("regarding",),
)
SIZE = 5


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today)
    topic = search_words(asked.words or asked.question)
    if not topic:
        return usage(SPEC, typed=command.text)
    wanted = asked.page * SIZE + 1
    found = await services.store.facts(
        FactQuery(kinds=("statement",), about=topic, since=asked.since, until=asked.until, limit=2 * wanted)
    )
    others = by_others(found, name_key(topic))
    first = (asked.page - 1) * SIZE
    shown = others[first : first + SIZE]
    if not shown:
        return nothing(command, asked, what="statements", topic=topic)
    data = {"lines": [line(each) for each in shown], **scope(asked, topic=topic)}
    more = len(others) > first + SIZE
    return Reply(template="about", data=data, buttons=pager(f"/about {asked.question}", page=asked.page, more=more))


def by_others(found: Collection[Found], key: str) -> list[Found]:
    """Statements that are not the topic's own: ``/about Assad`` leaves out what Assad says."""
    return [each for each in found if not _is(key, each)]


def _is(key: str, found: Found) -> bool:
    speaker = speaker_of(found.fact)
    if speaker is None:
        return False
    own = name_key(speaker.name)
    return key == own or key == own.rpartition(" ")[2]
