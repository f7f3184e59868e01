"""/ask QUESTION, and plain text: an answer from the record with the words it rests on, or that there is none."""

from __future__ import annotations

import re
from typing import Any

from bot.commands import conversing
from bot.commands.lines import Line, line, source_line
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.commands.worded import time_left, worded
from bot.model import Button, Command, Reply
from digests.ask.answering import Answer, Quoted, answer
from digests.ask.context import Context
from digests.ask.followup import Understood, resolved
from digests.edition.denials import denies

SPEC = Spec(
    name="ask",
    summary="Ask anything: answered from the archive, word for word",
    usage="/ask QUESTION",
    examples=("/ask who is Turkey's defence minister?", "/ask when must Syrian forces withdraw?"),
    aliases=("question",),
)
_QUESTION = re.compile(
    r"(?:who|whom|whose|what|when|where|which|how|why|did|does|do|is|are|was|were|has|have|will|can|any)\b.*\?\s*$"
    r"|who\s+(?:is|are|was|were|has|have|had|will|said|says|den(?:y|ies|ied)|accused|warned|promised|threatened)\s",
    re.IGNORECASE | re.DOTALL,
)
SHORT = 3
"""So few words may be a name or a topic rather than a question."""
_WORD = re.compile(r"[^\W_]")


async def handle(command: Command, services: Services) -> Reply:
    if not _WORD.search(command.text):
        return usage(SPEC, typed=command.text)
    left = time_left()
    before = await conversing.spoken_of(command, services)
    asked = resolved(command.text, before, today=command.today)
    if asked.lacking:
        return conversing.lacking(asked, command)
    found = await answer(asked.text, store=services.store, today=command.today, denies=denies)
    context = await conversing.after(found, asked, before, services, today=command.today)
    told = reply(found, asked, context)
    told = await worded(told, found.facts, services, chat=command.origin.chat, left=left)
    return await conversing.kept(told, context, command, services)


def is_question(text: str) -> bool:
    """Whether what was typed without a slash is a question, though it begins like a command ("who is ...").

    >>> is_question("who is Turkey's defence minister?"), is_question("who Oktay")
    (True, False)
    """
    return _QUESTION.match(text.strip()) is not None


def reply(found: Answer, asked: Understood, context: Context) -> Reply:
    wanted = found.wanted
    facts = [line(each) for each in found.facts]
    shown = [each["quote"] for each in facts] + ([found.sentence.text] if found.sentence else [])
    data = {
        "question": " ".join(asked.text.split()),
        "understood": conversing.understood(asked),
        "shape": wanted.shape,
        "since": wanted.since.isoformat() if wanted.since else None,
        "facts": facts,
        "sentence": {**quoted(found.sentence), "short": found.short} if found.sentence else None,
        "disagree": found.disagree,
        "nearest": [quoted(each) for each in found.nearest if not _told_already(each.text, shown)],
        "as_of": found.as_of.isoformat() if found.as_of else None,
    }
    return Reply(template="ask", data=data, buttons=_buttons(found, facts, asked, context))


def quoted(passage: Quoted) -> dict[str, Any]:
    """A passage as templates get it: its words, and where they stand."""
    return {**source_line(passage.source), "text": " ".join(passage.text.split())}


def _told_already(text: str, shown: list[str]) -> bool:
    return any(text in each or each in text for each in shown)


def _buttons(found: Answer, facts: list[Line], asked: Understood, context: Context) -> tuple[tuple[Button, ...], ...]:
    """Where to go on from an answer; a few words that nothing answers may be a name or a topic."""
    if found.held:
        return conversing.buttons(found, asked, context, evidence=facts[0]["press"] if facts else "")
    topic = " ".join(found.wanted.question.text.split())
    if len(topic.split()) <= SHORT and not is_question(topic):
        return (tuple(Button(label=f"/{name} {topic}", command=f"/{name} {topic}") for name in ("who", "about")),)
    return ()
