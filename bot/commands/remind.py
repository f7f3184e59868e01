"""/remind NUMBER [1 day]: be reminded of one deadline; it goes along when the deadline moves."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.books.reminders import Reminder
from bot.commands.lines import whole_due_line
from bot.commands.managing import refused
from bot.commands.ordered import thread_of
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.commands.wishes import span_hours, span_text
from bot.model import Button, Command, Reply
from digests.edition.reminding import due_day, moment, reminder_key
from digests.model import Deadline, Event, Found

SPEC = Spec(
    name="remind",
    summary="Be reminded of a deadline",
    usage="/remind NUMBER [1 day | 3 hours | off]",
    examples=("/remind 12", "/remind 12 2 days", "/remind 12 off"),
    aliases=("reminder",),
    changes=lambda command: bool(command.text),
)
USUAL = 24
MOST_REMINDERS = 200
_ASKED = re.compile(r"(?:fact\s+)?#?(\d{1,18})(?:\s+(.+))?", re.IGNORECASE)
_OFF = ("off", "no", "never", "no more")
_LEADS = (24 * 7, 48, 24, 12, 3)


async def handle(command: Command, services: Services) -> Reply:
    asked = _ASKED.fullmatch(command.text.strip())
    said = (asked[2] or "").casefold().strip(" .!") if asked else ""
    hours = (span_hours(said.removesuffix("before").strip()) if said else USUAL) or 0
    if asked is None or not (hours or said in _OFF):
        return usage(SPEC, typed=command.text)
    if (no := await refused(command, services)) is not None:
        return no
    found = await services.store.fact(int(asked[1]))
    if found is None:
        return Reply(template="no_evidence", data={"id": int(asked[1])})
    if said in _OFF:
        return await _off(found, command, services)
    return await _on(found, hours, command, services)


async def _on(found: Found, hours: int, command: Command, services: Services) -> Reply:
    fact, place = found.fact, command.origin.place
    if not isinstance(fact, Deadline | Event) or fact.status != "standing":
        return Reply(template="reminder_said", data={"what": "none", "id": fact.id})
    zone = (await services.books.settings(place)).zone
    at = moment(due_day(fact), hours, zone)
    texts = await services.store.texts([found.source.article_id])
    line = whole_due_line(found, texts, today=command.today)
    if at <= command.asked_at:
        return _late(found, line, hours, zone, command)
    if len(await services.reminders.reminders(place)) >= MOST_REMINDERS:
        return Reply(template="reminder_said", data={"what": "full", "most": MOST_REMINDERS})
    await services.reminders.remind(
        Reminder(
            chat=place,
            thread=thread_of(command),
            user=command.origin.user,
            article_id=found.source.article_id,
            fact_id=fact.id,
            hours=hours,
            key=reminder_key(fact, hours),
            at=at,
        )
    )
    told = command.origin.platform != "console"
    data = {"what": "set", "line": line, "lead": span_text(hours), "told": told, **local(at, zone)}
    buttons = ((Button(label="No reminder", command=f"/remind {fact.id} off"),),)
    return Reply(template="reminder_said", data=data, buttons=buttons)


def _late(found: Found, line: dict[str, Any], hours: int, zone: str, command: Command) -> Reply:
    """The moment is past: what is still possible."""
    fact = found.fact
    assert isinstance(fact, Deadline | Event)
    left = [each for each in _LEADS if each < hours and moment(due_day(fact), each, zone) > command.asked_at]
    buttons = tuple((Button(label=span_text(each), command=f"/remind {fact.id} {span_text(each)}"),) for each in left)
    return Reply(
        template="reminder_said", data={"what": "late", "line": line, "lead": span_text(hours)}, buttons=buttons
    )


async def _off(found: Found, command: Command, services: Services) -> Reply:
    """No reminder of that deadline any more."""
    place = command.origin.place
    own = [each for each in await services.reminders.reminders(place) if each.fact_id == found.fact.id]
    for each in own:
        await services.reminders.forget(each.id, chat=place)
    return Reply(template="reminder_said", data={"what": "off" if own else "not_set", "id": found.fact.id})


def local(at: datetime, zone: str) -> dict[str, str]:
    """A moment as templates show it on the chat's clock."""
    here = at.astimezone(ZoneInfo(zone))
    return {"at_day": here.date().isoformat(), "at_time": here.strftime("%H:%M")}
