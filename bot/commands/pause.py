"""/pause [NUMBER] 3 days: no digests for a while. What would have come in the pause is not made up for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.managing import refused
from bot.commands.ordered import lines
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.commands.wishes import mute_until
from bot.model import Button, ChatSettings, Command, Reply
from digests.edition.model import Subscription
from digests.edition.schedule import next_at
from digests.text.dates import parse_period

SPEC = Spec(
    name="pause",
    summary="No digests for a while",
    usage="/pause [NUMBER] [3 days | 1 week | until Monday | forever]",
    examples=("/pause 3 days", "/pause 7 until Monday", "/pause forever"),
    changes=lambda command: bool(command.text),
)
_NUMBERED = re.compile(r"#?(\d{1,18})(?:\s+(?!(?:hours?|hrs?|h|days?|d|weeks?|w)\b)(.+))?", re.IGNORECASE | re.DOTALL)
_UNTIL = re.compile(r"(?:until|till|to)\s+(.+)", re.IGNORECASE | re.DOTALL)
LENGTHS = ("1 day", "3 days", "1 week", "forever")


async def handle(command: Command, services: Services) -> Reply:
    number, said = numbered(command.text)
    kept = await services.subscriptions.subscriptions(command.origin.place)
    meant = [each for each in kept if number in (None, each.id)]
    if not meant:
        return none_meant(number)
    if not said:
        return await _ask(number, meant, command, services)
    settings = await services.books.settings(command.origin.place)
    until = pause_until(said, command=command, settings=settings)
    if until is None or until <= command.asked_at:
        return usage(SPEC, typed=command.text)
    return await set_pause(meant, until, command, services, settings)


def numbered(text: str) -> tuple[int | None, str]:
    """The number of a subscription in front of a length of time, and that length.

    >>> numbered("7 3 days"), numbered("3 days"), numbered("7")
    ((7, '3 days'), (None, '3 days'), (7, ''))
    """
    found = _NUMBERED.fullmatch(text.strip())
    return (int(found[1]), (found[2] or "").strip()) if found else (None, text.strip())


def pause_until(said: str, *, command: Command, settings: ChatSettings) -> datetime | None:
    """When a pause ends: after a length of time, or when a day begins; ``None`` when neither is named."""
    until = _UNTIL.fullmatch(said)
    if until is None:
        return mute_until(said, now=command.asked_at, zone=settings.zone)
    if until[1].casefold() in ("tomorrow", "tomorrow morning"):
        return _begin_of(command.today + timedelta(days=1), settings)
    period = parse_period(until[1], today=command.today, ahead=True)
    first = period.first if period else None
    return _begin_of(first, settings) if first else None


def _begin_of(day: date, settings: ChatSettings) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.zone)).astimezone(UTC)


async def set_pause(
    meant: Sequence[Subscription],
    until: datetime | None,
    command: Command,
    services: Services,
    settings: ChatSettings,
) -> Reply:
    """Pause subscriptions until then, or (``None``) let them come again from now on."""
    if (no := await refused(command, services)) is not None:
        return no
    changed = [replace(each, paused_until=until) for each in meant]
    for each in changed:
        due_at = next_at(each, after=command.asked_at, quiet_hours=settings)
        await services.subscriptions.change_subscription(each, at=command.asked_at, due_at=due_at)
    data = {"what": "paused" if until else "resumed", "lines": await lines(changed, command, services)}
    button = (
        Button(label="Resume", command="/resume") if until else Button(label="All digests here", command="/subscribe")
    )
    return Reply(template="paused", data=data, buttons=((button,),))


async def _ask(number: int | None, meant: Sequence[Subscription], command: Command, services: Services) -> Reply:
    front = f"/pause {number} " if number is not None else "/pause "
    rows = tuple((Button(label=each, command=front + each),) for each in LENGTHS)
    return Reply(template="paused", data={"what": "ask", "lines": await lines(meant, command, services)}, buttons=rows)


def none_meant(number: int | None) -> Reply:
    if number is not None:
        return Reply(template="no_such_subscription", data={"number": str(number)})
    return Reply(template="paused", data={"what": "none", "lines": []})
