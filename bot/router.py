"""Text in, reply out: the only door into the commands. It never raises.

Adapters decide what is addressed to the bot and strip what addresses it; the rest is the same on every platform.
"""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.access import allowed
from bot.commands import ask, conversing
from bot.commands.add import link_in
from bot.commands.registry import COMMANDS, by_word
from bot.commands.replies import refusal
from bot.commands.spec import Registered, Services
from bot.model import Button, ChatSettings, Command, Origin, ReceivedFile, Reply
from digests.errors import StoreError, UserError

LOG = logging.getLogger(__name__)
LONGEST_ARGUMENT = 300
"""Characters a question may have; a writing command takes whole articles."""
_SHORT = 80
_CALL = re.compile(r"/?\s*([^\s@_]+)(?:@([^\s@]+))?(?:_(\d{1,18}))?(?:\s+(.*))?", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
_WORDS = by_word()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was typed: ``word`` may be no command at all; ``slashed`` when it was meant as one."""

    word: str
    text: str
    slashed: bool


async def answer(
    text: str,
    origin: Origin,
    *,
    services: Services,
    now: datetime,
    bot_name: str = "",
    file: ReceivedFile | None = None,
) -> Reply:
    """The reply to what somebody typed, pressed or dropped; ``now`` is aware, ``/who@bot_name`` is understood.

    ``UserError`` becomes its own text; anything else is logged under an id that the apology names.
    """
    try:
        settings = await services.books.settings(origin.place)
        typed = with_file(text, file) if file else text
        reply = await _answer(
            typed, origin, services=services, now=now, settings=settings, bot_name=bot_name, file=file
        )
        return replace(reply, data={"language": settings.language, **reply.data})
    except UserError as error:
        return Reply(template="error", data={"text": str(error)})
    except Exception as error:
        return _apology(error, origin)


async def _answer(
    text: str,
    origin: Origin,
    *,
    services: Services,
    now: datetime,
    settings: ChatSettings,
    bot_name: str,
    file: ReceivedFile | None,
) -> Reply:
    line = meant(text, bot_name=bot_name)
    found = _WORDS.get(line.word)
    if found is None:
        return not_a_command(line, text)
    if not allowed(origin, found.spec.role):
        return refusal(found.spec.name, origin, needs=found.spec.role)
    if len(line.text) > LONGEST_ARGUMENT and found.spec.role == "reader" and not link_in(line.text):
        return _too_long(found, line)
    command = Command(
        name=found.spec.name,
        text=line.text,
        origin=origin,
        asked_at=now,
        today=day_in(settings.zone, now),
        file=file,
    )
    if found.spec.role == "reader" and not found.spec.changes(command):
        return await conversing.noted(await found.handle(command, services), command, services)
    return await conversing.noted(await _noted(found, command, services), command, services)


def meant(text: str, *, bot_name: str = "") -> Line:
    """What was typed, as the line it stands for: a link asks for its facts, a question is one for /ask."""
    line = parse(f"/facts {link}" if (link := link_in(text)) else text, bot_name=bot_name)
    if asks_freely(line, text):
        return Line(word=ask.SPEC.name, text=" ".join(text.split()), slashed=False)
    return line


def command_in(text: str, *, file: ReceivedFile | None = None) -> str:
    """The name of the command that answers what was typed or dropped, "" where none does.

    >>> command_in("/SAID Oktay"), command_in("hello there")
    ('said', 'ask')
    """
    found = _WORDS.get(meant(with_file(text, file) if file else text).word)
    return found.spec.name if found else ""


async def _noted(found: Registered, command: Command, services: Services) -> Reply:
    """The answer to what changes something: who asks for what is in the audit log before it is done."""
    origin, file = command.origin, f" ({command.file.name})" if command.file else ""
    did = f"/{command.name} {command.text}".strip() + file
    number = await services.members.note(did, who=origin.user, chat=origin.chat, at=command.asked_at)
    outcome = "failed"
    try:
        reply = await found.handle(command, services)
        outcome = reply.template
    finally:
        await services.members.noted(number, outcome)
    return reply


def asks_else(text: str) -> bool:
    """Whether what is written beside a file asks for something else than to take the file in."""
    line = parse(text)
    found = _WORDS.get(line.word) if line.slashed else None
    return found is not None and found.spec.name not in ("add", "import")


def with_file(text: str, file: ReceivedFile) -> str:
    """What is meant by dropping a file: to import a list of feeds, or else to add the article in it.

    Of what is written with it only ``/add`` with a day and ``/import`` count.
    """
    line = parse(text)
    if line.word in ("add", "import"):
        return text
    if file.name.lower().endswith(".opml"):
        return "/import"
    return f"/add {text}" if line.word in ("published", "--published") else "/add"


def parse(text: str, *, bot_name: str = "") -> Line:
    """What was typed, as a command word and its argument. ``/evidence_12`` is ``/evidence 12``.

    >>> parse("/who@onrecord_bot Oktay", bot_name="onrecord_bot")
    Line(word='who', text='Oktay', slashed=True)
    """
    stripped = text.strip()
    slashed = stripped.startswith("/")
    call = _CALL.fullmatch(stripped)
    if call is None:
        return Line(word="", text=stripped, slashed=slashed)
    word, name, number, rest = call.groups()
    if name is not None and name.casefold() != bot_name.removeprefix("@").casefold():
        return Line(word="", text=stripped, slashed=slashed)
    return Line(word=word.casefold(), text=" ".join(part for part in (number, rest) if part).strip(), slashed=slashed)


def day_in(zone: str, now: datetime) -> date:
    """The day it is in a zone; an unknown zone counts as UTC."""
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return now.astimezone(ZoneInfo("UTC")).date()


def not_a_command(line: Line, text: str) -> Reply:
    """An answer to what is no command: the nearest one, or what else the words could ask."""
    words = " ".join(text.split())
    nearest = nearest_command(line.word, certain=not line.slashed)
    if nearest:
        meant = f"/{nearest} {line.text}"[:LONGEST_ARGUMENT].strip()
        data = {"typed": words[:_SHORT], "meant": meant}
        return Reply(template="unknown", data=data, buttons=((Button(label=meant, command=meant),),))
    if line.slashed or not words or len(words) > _SHORT:
        buttons = ((Button(label="All commands", command="/help"),),)
        return Reply(template="unknown", data={"typed": words[:_SHORT], "meant": ""}, buttons=buttons)
    asks = tuple(Button(label=f"/{name} {words}", command=f"/{name} {words}") for name in ("who", "about", "said"))
    return Reply(template="plain_text", data={"typed": words}, buttons=tuple((ask,) for ask in asks))


def asks_freely(line: Line, text: str) -> bool:
    """Whether plain text is a question for /ask: it names no command, or asks more than a command's word.

    >>> asks_freely(parse("who is Turkey's defence minister?"), "who is Turkey's defence minister?")
    True
    """
    if line.slashed or len(text) > LONGEST_ARGUMENT or not _LETTER.search(text) or line.text.startswith("http"):
        return False
    if ask.is_question(text):
        return True
    return line.word not in _WORDS and not nearest_command(line.word, certain=True)


def nearest_command(word: str, *, certain: bool) -> str:
    """The command a mistyped word most likely meant, or "": plain text must be nearer than a slashed word."""
    from rapidfuzz import fuzz, process

    if not 2 <= len(word) <= 20:
        return ""
    best = process.extractOne(word, list(_WORDS), scorer=fuzz.ratio, score_cutoff=85 if certain else 60)
    return _WORDS[best[0]].spec.name if best else ""


def _too_long(found: Registered, line: Line) -> Reply:
    data = {
        "name": found.spec.name,
        "length": len(line.text),
        "longest": LONGEST_ARGUMENT,
        "usage": found.spec.usage,
        "examples": list(found.spec.examples),
    }
    return Reply(template="too_long", data=data)


def _apology(error: Exception, origin: Origin) -> Reply:
    """Log what went wrong under a short id and say so; an admin also reads what the database says."""
    number = secrets.token_hex(4)
    LOG.error("command failed, id %s, chat %s", number, origin.chat, exc_info=error)
    detail = str(error) if isinstance(error, StoreError) and origin.admin else ""
    return Reply(template="apology", data={"id": number, "detail": detail, "store": isinstance(error, StoreError)})


__all__ = ["COMMANDS", "answer", "command_in", "day_in", "nearest_command", "not_a_command", "parse"]
