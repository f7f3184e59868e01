"""/said NAME [about TOPIC] [since DAY]: what somebody said, word for word."""

from __future__ import annotations

from bot.commands.asked import Asked, read, search_words
from bot.commands.lines import line, pager
from bot.commands.people import person_named
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.model import FactQuery, Person

SPEC = Spec(
    name="said",
    summary="What somebody said, word for word",
    usage="/said NAME [about TOPIC] [since DAY | last week | in February]",
    examples=("/said Oktay", "/said Cavusoglu about Idlib since 10 Feb"),
    aliases=("quotes", "says", "statements"),
)
SIZE = 5


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today, with_topic=True)
    if not asked.words and asked.dated:
        asked = Asked(words=asked.question, page=asked.page, question=asked.question)
    name = asked.words if asked.words.startswith("#") else search_words(asked.words)
    if not name:
        return usage(SPEC, typed=command.text)
    rest = asked.question.replace(asked.words, "", 1) if asked.words in asked.question else ""
    person = await person_named(name, " ".join(rest.split()), command=command, services=services)
    if isinstance(person, Reply):
        return person
    return await _statements(person, asked, command=command, services=services)


async def _statements(person: Person, asked: Asked, *, command: Command, services: Services) -> Reply:
    topic = search_words(asked.topic)
    found = await services.store.facts(
        FactQuery(
            kinds=("statement",),
            said_by=(person.id,),
            about=topic,
            since=asked.since,
            until=asked.until,
            limit=SIZE + 1,
            offset=(asked.page - 1) * SIZE,
        )
    )
    if not found:
        return nothing(command, asked, what="statements", who=person.name, topic=topic)
    data = {"name": person.name, "lines": [line(each) for each in found[:SIZE]], **scope(asked, topic=topic)}
    return Reply(
        template="said", data=data, buttons=pager(f"/said {asked.question}", page=asked.page, more=len(found) > SIZE)
    )
