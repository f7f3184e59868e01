"""What is spoken of where a question is asked, and after it: every thread, topic and chain of replies by itself.

In a group without topics only a reply goes on from an answer: whoever asks beside it begins anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.books.shown import fact_of, mappings_in
from bot.commands.people import meant
from bot.commands.spec import Services
from bot.model import Button, Command, Origin, Reply
from digests.ask.answering import Answer
from digests.ask.context import Context, following, names_in
from digests.ask.followup import Understood
from digests.edition.naming import speaker_of
from digests.model import Found, Role
from digests.store.base import Store

MOST_NAMES = 4
_BESIDE = re.compile(r" \([^()]*\)$")
"""The country beside the seat that speaks for it: "Kremlin (Russia)"."""
_OF_PEOPLE = ("who", "office", "spoke", "denied")
"""Shapes of questions that ask for somebody."""
_MORE: Mapping[str, str] = {"due": "deadlines", "number": "numbers", "denied": "sides", "spoke": "sides"}
_OF_STORIES = ("numbers", "sides")


async def spoken_of(command: Command, services: Services) -> Context | None:
    """What was spoken of before a question: in the answer it is a reply to, else the last in its own conversation."""
    origin, now = command.origin, command.asked_at
    above = await _above(origin.replied_to, origin, services)
    if above is not None:
        number = above.data.get("conversation")
        told = shown_in(above) if number is None else await _kept_under(number, command, services)
        if told is not None:
            return told
    if not (origin.private or origin.alone or origin.thread):
        return None
    last = await services.conversations.last_context(origin.chat, thread_of(origin), now=now)
    if last is not None or origin.platform != "slack":
        return last
    above = await _above(origin.thread, origin, services)  # a thread that an alert or a digest began
    return shown_in(above) if above is not None else None


async def _above(message_id: str, origin: Origin, services: Services) -> Reply | None:
    """What a message of the bot's in that chat said."""
    return await services.books.sent_reply(origin.chat, message_id) if message_id else None


async def _kept_under(number: int, command: Command, services: Services) -> Context | None:
    return await services.conversations.context(number, chat=command.origin.chat, now=command.asked_at)


def thread_of(origin: Origin) -> str:
    """The thread of a conversation; what is for one person's eyes only is that person's own."""
    return f"{origin.user} {origin.thread}".strip() if origin.alone else origin.thread


async def kept(reply: Reply, context: Context, command: Command, services: Services) -> Reply:
    """The answer with its number, by which a reply to it goes on from there."""
    number = await services.conversations.keep_context(
        command.origin.chat, thread_of(command.origin), context, at=command.asked_at
    )
    return replace(reply, data={**reply.data, "conversation": number})


async def noted(reply: Reply, command: Command, services: Services) -> Reply:
    """The answer of a command, kept in mind if it speaks of somebody or something; else what it was asked under is."""
    if "conversation" in reply.data:
        return reply
    context = context_of(reply)
    if context is not None:
        return await kept(reply, context, command, services)
    above = await _above(command.origin.replied_to, command.origin, services)
    number = above.data.get("conversation") if above is not None else None
    return reply if number is None else replace(reply, data={**reply.data, "conversation": number})


def context_of(reply: Reply) -> Context | None:
    """What an answer of a command speaks of; ``None`` when it may be anything."""
    data = reply.data
    match reply.template:
        case "who":
            return Context(people=(data["name"],), who=data["name"], question=f"Who is {data['name']}?")
        case "said":
            about = f" about {data['topic']}" if data["topic"] else ""
            question = f"What did {data['name']} say{about}?"
            return _dated(
                Context(people=(data["name"],), who=data["name"], topic=data["topic"], question=question), data
            )
        case "about" | "sides" | "numbers" | "numbers_chart" | "timeline" | "timeline_chart" if data["topic"]:
            return _dated(_topical(data["topic"], story=data["story"] or 0), data)
        case "compare":
            people = tuple(side["name"] for side in data["sides"] if side["kind"] == "person")
            who, about = data["sides"][0]["name"], f" about {data['topic']}" if data["topic"] else ""
            return _dated(
                Context(people=people, who=who, topic=data["topic"], question=f"What did {who} say{about}?"), data
            )
        case "story" | "brief" if data["title"]:
            return _topical(data["title"], story=data["story"] or 0)
    return None


def shown_in(reply: Reply) -> Context | None:
    """What a message speaks of that answered no question, an alert say: its only speaker, the only thing followed."""
    lines = [each for each in mappings_in(reply.data) if fact_of(each) is not None]
    names = list(dict.fromkeys(_BESIDE.sub("", each["who"]) for each in lines if each.get("who")))
    sections: list[dict[str, Any]] = reply.data["sections"] if reply.template == "alert" else []
    topic = sections[0]["label"].rpartition(": ")[2] if len(sections) == 1 else ""
    who = names[0] if len(names) == 1 else ""
    if topic and topic != who:
        return replace(_topical(topic, story=0), people=(who,) if who else (), who=who)
    return Context(people=(who,), who=who, question=f"What did {who} say?") if who else None


def _topical(topic: str, *, story: int) -> Context:
    return Context(topic=topic, story=story, question=f"Did anything change on {topic}?")


def _dated(context: Context, data: Mapping[str, Any]) -> Context:
    since, until = (date.fromisoformat(data[key]) if data[key] else None for key in ("since", "until"))
    return replace(context, since=since, until=until)


async def after(
    found: Answer, asked: Understood, before: Context | None, services: Services, *, today: date
) -> Context:
    """What is spoken of after an answer: whom the question names or the answer tells of, and the answer's story."""
    if before is not None and not found.held and found.wanted.shape == found.wanted.question.kind == "open":
        return before  # "thanks" is no topic
    store = services.store
    people = await _asked_after(asked.text, store)
    if found.facts and found.wanted.shape in _OF_PEOPLE:
        people = list(dict.fromkeys([*await _told_of(found.facts[0], store), *people]))
    source = found.facts[0].source if found.facts else found.sentence.source if found.sentence else None
    story = (await store.stories_of([source.article_id])).get(source.article_id, 0) if source else 0
    return following(before, asked.text, today=today, people=tuple(people), story=story)


async def _asked_after(question: str, store: Store) -> list[str]:
    """Those whom a question names and the archive knows, in the archive's spelling."""
    found = []
    for name in names_in(question)[:MOST_NAMES]:
        people = meant(name, await store.people([name]))
        if len(people) == 1 and people[0].type == "person":
            found.append(people[0].name)
    return found


async def _told_of(found: Found, store: Store) -> list[str]:
    """The person an answer names."""
    fact, speaker = found.fact, speaker_of(found.fact)
    number = fact.entity if isinstance(fact, Role) else speaker.entity if speaker else None
    person = await store.person(number) if number is not None else None
    return [person.name] if person and person.type == "person" else []


def lacking(asked: Understood, command: Command) -> Reply:
    """Nobody was spoken of whom a pronoun could mean: ask for the name."""
    origin = command.origin
    by_reply = origin.platform == "telegram" and not origin.private
    return Reply(template="ask_whom", data={"pronoun": asked.lacking, "question": asked.text, "by_reply": by_reply})


def understood(asked: Understood) -> dict[str, Any] | None:
    """What was taken from before, as templates get it; ``None`` when the question said all itself."""
    if not (asked.kept or asked.changed):
        return None
    return {"kept": list(asked.kept), "question": asked.text[:1].upper() + asked.text[1:] if asked.changed else ""}


def buttons(found: Answer, asked: Understood, context: Context, *, evidence: str) -> tuple[tuple[Button, ...], ...]:
    """Where to go on from an answer; and whom else a pronoun could have meant."""
    more, follow = _more(found, context), _follow(found, context)
    timeline = _on("timeline", context)
    wanted = (("Evidence", evidence), ("More", more), ("Timeline", timeline), ("Follow", follow))
    row = tuple(Button(label=label, command=command) for label, command in wanted if command)
    others = tuple(
        Button(label=f"{name} instead", command=f"/ask {asked.text.replace(asked.kept[0], name, 1)}")
        for name in asked.others[:MOST_NAMES]
    )
    return tuple(each for each in (row, others) if each)


def _more(found: Answer, context: Context) -> str:
    """The command that shows all of what was asked for."""
    shape, person = found.wanted.shape, next(iter(context.people), "")
    if shape == "said" and found.facts and (speaker := speaker_of(found.facts[0].fact)):
        return f"/said {speaker.name}" + (f" about {found.wanted.topic}" if found.wanted.topic else "")
    if shape in ("who", "office") and person:
        return f"/who {person}"
    return _on(_MORE.get(shape, "about"), context)


def _on(command: str, context: Context) -> str:
    """A command on the story, where it knows stories, or else on the topic."""
    if context.story and command in (*_OF_STORIES, "timeline"):
        return f"/{command} story {context.story}"
    return f"/{command} {context.topic}" if context.topic else ""


def _follow(found: Answer, context: Context) -> str:
    if context.people and found.wanted.shape in ("who", "office", "said"):
        return f"/follow {context.people[0]}"
    return f"/follow story {context.story}" if context.story else ""
