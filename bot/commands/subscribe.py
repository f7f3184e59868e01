"""/subscribe: order a digest for this chat, topic or thread, or with its number change one; alone it lists them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.commands.managing import refused
from bot.commands.ordered import lines, number_in, thread_of
from bot.commands.people import person_line, spelling
from bot.commands.places import language_named, zone_named
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Button, ChatSettings, Command, Reply
from digests.edition.model import Frequency, Schedule, Subscription, Wanted
from digests.edition.ordering import Order, read
from digests.edition.schedule import next_at
from digests.errors import UserError
from digests.model import Person
from digests.store.base import Store

SPEC = Spec(
    name="subscribe",
    summary="Order a digest: daily, on weekdays, weekly or hourly, about all or what you name",
    usage="/subscribe [daily 08:00 | weekdays 07:30 | weekly mon 09:00 | hourly] [CITY] [people NAMES] [WORDS]",
    examples=(
        "/subscribe daily 08:00 Istanbul",
        "/subscribe weekdays 7:30 people Oktay full",
        '/subscribe weekly mon 9 "peace talks" +Turkey -football sources Reuters',
    ),
    aliases=("subscriptions", "sub", "digests"),
    changes=lambda command: bool(command.text),
)
MOST = 20
MOST_PEOPLE = 8
_CHANGE = re.compile(r"#?(\d{1,18})\s+(?!(?:[ap]\.?m\b))(.+)", re.IGNORECASE | re.DOTALL)
REACH: dict[Frequency, timedelta] = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekdays": timedelta(days=1),
    "weekly": timedelta(days=7),
}
"""How far back the first digest looks."""
FIRST = (
    (Button(label="Daily 08:00", command="/subscribe daily 08:00"),),
    (Button(label="Weekdays 07:30", command="/subscribe weekdays 07:30"),),
    (Button(label="Mondays 09:00", command="/subscribe weekly mon 09:00"),),
)


async def handle(command: Command, services: Services) -> Reply:
    kept = await services.subscriptions.subscriptions(command.origin.place)
    if not command.text:
        return await _list(kept, command, services)
    if command.origin.platform == "console":
        raise UserError(
            "A terminal cannot be written to later. Order digests in Telegram or Slack; /digest shows one now."
        )
    if (no := await refused(command, services)) is not None:
        return no
    numbered = _CHANGE.fullmatch(command.text)
    changed = next((each for each in kept if numbered and each.id == int(numbered[1])), None)
    if numbered and changed is None and number_in(numbered[1]) is not None and not _is_time(command.text):
        return Reply(template="no_such_subscription", data={"number": numbered[1]})
    text = numbered[2] if numbered and changed else command.text
    order = read(text, zone_named=zone_named, language_named=language_named)
    if order == Order():
        return usage(SPEC, typed=command.text)
    people = await _people(order, command, services)
    if isinstance(people, Reply):
        return people
    if changed is not None:
        return await _change(changed, order, people, command, services)
    return await _new(kept, order, people, command, services)


def _is_time(text: str) -> bool:
    """Whether an order begins with a bare hour: ``8 daily``."""
    hour = number_in(text.split()[0])
    return hour is not None and hour < 24 and bool(re.search(r"\b(?:daily|weekdays|weekly)\b", text, re.IGNORECASE))


async def _new(
    kept: Sequence[Subscription], order: Order, people: Sequence[Person], command: Command, services: Services
) -> Reply:
    settings = await services.books.settings(command.origin.place)
    wished = wish(order, people, command, settings)
    same = next((each for each in kept if _same(each, wished)), None)
    if same is not None:
        return await _said("known", same, order, command, services)
    if len(kept) >= MOST:
        raise UserError(
            f"This chat has {MOST} digests already. Stop one first: /unsubscribe NUMBER; /subscribe lists them."
        )
    due_at = next_at(wished, after=command.asked_at, quiet_hours=settings)
    told_upto = await change_at(services.store, due_at - REACH[wished.schedule.frequency])
    new = await services.subscriptions.subscribe(wished, due_at=due_at, told_upto=told_upto)
    return await _said("new", new, order, command, services)


async def _change(
    old: Subscription, order: Order, people: Sequence[Person], command: Command, services: Services
) -> Reply:
    """Change what an order speaks of and leave the rest; what it is about is replaced as a whole."""
    settings = await services.books.settings(command.origin.place)
    new = wish(order, people, command, settings)
    schedule = Schedule(
        frequency=order.frequency or old.schedule.frequency,
        at=order.at or old.schedule.at,
        weekday=old.schedule.weekday if order.weekday is None else order.weekday,
        zone=order.zone or old.schedule.zone,
    )
    changed = replace(
        old,
        schedule=schedule,
        wanted=old.wanted if new.wanted == Wanted() else new.wanted,
        length=order.length or old.length,
        language=order.language or old.language,
        when_empty=order.when_empty or old.when_empty,
    )
    due_at = next_at(changed, after=command.asked_at, quiet_hours=settings)
    if not await services.subscriptions.change_subscription(changed, at=command.asked_at, due_at=due_at):
        return Reply(template="no_such_subscription", data={"number": str(old.id)})
    return await _said("changed", changed, order, command, services)


def wish(order: Order, people: Sequence[Person], command: Command, settings: ChatSettings) -> Subscription:
    """The subscription that an order means in a chat with these settings."""
    schedule = Schedule(
        frequency=order.frequency or "daily",
        at=order.at or Schedule().at,
        weekday=order.weekday or 0,
        zone=order.zone or settings.zone,
    )
    wanted = Wanted(
        words=order.words,
        must=order.must,
        without=order.without,
        people=tuple(person.id for person in people),
        sources=order.sources,
    )
    return Subscription(
        chat=command.origin.place,
        thread=command.origin.thread if order.thread else thread_of(command),
        user=command.origin.user,
        schedule=schedule,
        wanted=wanted,
        length=order.length or settings.length,
        language=order.language or settings.language,
        when_empty=order.when_empty or settings.when_empty,
        created_at=command.asked_at,
    )


async def change_at(store: Store, moment: datetime) -> int:
    """The id of the last change written before a moment, 0 when there is none; looked for by halving."""
    low, high = 0, await store.last_change()
    while low < high:
        middle = (low + high) // 2
        following = await store.changes(middle, limit=1)
        if following and following[0].at < moment:
            low = following[0].id
        else:
            high = middle
    return low


async def _people(order: Order, command: Command, services: Services) -> list[Person] | Reply:
    """Those whom an order names, or the reply that asks who is meant."""
    found: list[Person] = []
    for name in order.people[:MOST_PEOPLE]:
        number = number_in(name) if name.startswith("#") else None
        known = await services.store.person(number) if number is not None else None
        fitting = [known] if known else await services.store.people([name])
        if len(fitting) != 1:
            return await _who(name, fitting, command, services)
        found += fitting
    return found


async def _who(name: str, fitting: Sequence[Person], command: Command, services: Services) -> Reply:
    """Ask which of several is meant, or offer the nearest names; a button types the whole order again."""
    near = fitting[:MOST_PEOPLE] or await services.store.similar_names(name, limit=3)
    buttons = [
        (Button(label=each.name, command=_with(command.text, name, spelling(each, name, near))),) for each in near
    ]
    if not fitting:
        quoted = command.text.replace(f"people {name}", f'"{name}"') if f"people {name}" in command.text else ""
        buttons += [(Button(label=f"The words “{name}”", command=f"/subscribe {quoted}"),)] if quoted else []
    data = {"name": name, "several": bool(fitting), "people": [person_line(each) for each in near]}
    return Reply(template="subscribe_who", data=data, buttons=tuple(buttons))


def _with(text: str, name: str, spelt: str) -> str:
    return f"/subscribe {text.replace(name, spelt, 1)}"


def _same(kept: Subscription, wished: Subscription) -> bool:
    mine = (kept.thread, kept.schedule, kept.wanted, kept.length, kept.when_empty)
    return mine == (wished.thread, wished.schedule, wished.wanted, wished.length, wished.when_empty)


async def _said(what: str, subscription: Subscription, order: Order, command: Command, services: Services) -> Reply:
    (line,) = await lines([subscription], command, services)
    number = subscription.id
    other = "short" if subscription.length == "full" else "full"
    rows: list[tuple[Button, ...]] = [
        (
            Button(label=f"Make it {other}", command=f"/subscribe {number} {other}"),
            Button(label="Stop it", command=f"/unsubscribe {number}"),
        ),
        (Button(label="Show it now", command="/digest"), Button(label="All digests here", command="/subscribe")),
    ]
    settings = await services.books.settings(command.origin.place)
    zone = subscription.schedule.zone
    if zone != settings.zone == ChatSettings().zone:
        label = f"{zone.rpartition('/')[2].replace('_', ' ')} time for this chat"
        rows.append((Button(label=label, command=f"/settings zone {zone}"),))
    if order.town and what != "known":
        about = f"/subscribe {number} zone {settings.zone} about {order.town}"
        rows.insert(0, (Button(label=f"No, news about {order.town.title()}", command=about),))
    data = {"what": what, "town": order.town.title() if what != "known" else "", "s": line}
    return Reply(template="subscribed", data=data, buttons=tuple(rows))


async def _list(kept: Sequence[Subscription], command: Command, services: Services) -> Reply:
    data = {"lines": await lines(kept, command, services), "most": MOST}
    stops = tuple((Button(label=f"Stop {each.id}", command=f"/unsubscribe {each.id}"),) for each in kept)
    pause = ((Button(label="Pause all", command="/pause"),),) if kept else ()
    return Reply(template="subscriptions", data=data, buttons=(*stops, *pause) or FIRST)
