"""/digest [DAY] [short|full] [TOPIC]: what a digest says now, or said or would have said on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.books.subscriptions import Told
from bot.commands.asked import read, search_words
from bot.commands.digest_lines import digest_data
from bot.commands.feeds import source_line
from bot.commands.lines import Line
from bot.commands.ordered import about_line, people_names, thread_of
from bot.commands.put_right import as_now
from bot.commands.replies import usage
from bot.commands.spec import Links, Services, Spec
from bot.commands.subscribe import REACH
from bot.commands.wishes import read_words
from bot.model import Button, Command, Reply
from digests.edition.digest import compose, compose_days
from digests.edition.items import Digest
from digests.edition.model import Length, Wanted
from digests.ingest.troubles import troubles
from digests.store.base import Store

SPEC = Spec(
    name="digest",
    summary="The digest: of now, or of a day",
    usage="/digest [DAY or PERIOD] [short or full] [TOPIC]",
    examples=("/digest", "/digest 2020-02-15", "/digest full Idlib"),
    aliases=("brief", "briefing"),
)
_DAY = timedelta(days=1)
MOST_DAYS = 31
LONGER = "Longer"
_LENGTHS: Mapping[str, Length] = {"short": "short", "full": "full"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an argument of ``/digest`` asks for. ``first`` to ``last``: the days; None for what is new now.

    ``length``: None where none was named.
    """

    length: Length | None = None
    topic: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def wanted(self) -> Wanted:
        return read_words(self.topic, all_of=True)


def asked_for(text: str, *, today: date) -> Asked:
    """The argument taken apart; a period that is still going on ends today."""
    asked = read(text, today=today)
    words = search_words(asked.words).split()
    lengths: list[Length] = [_LENGTHS[word.casefold()] for word in words if word.casefold() in _LENGTHS]
    topic = " ".join(word for word in words if word.casefold() not in _LENGTHS)
    length = lengths[0] if lengths else None
    if not asked.dated:
        return Asked(length=length, topic=topic)
    last = min(asked.until or today, today)
    return Asked(length=length, topic=topic, first=asked.since or last, last=last)


async def handle(command: Command, services: Services) -> Reply:
    asked = asked_for(command.text, today=command.today)
    if asked.first and asked.last and not 0 <= (asked.last - asked.first).days < MOST_DAYS:
        return usage(SPEC, typed=command.text)
    reply = await _ordered(asked, command, services) or await _composed(asked, command, services)
    if services.links is not None:
        language = (await services.books.settings(command.origin.place)).language
        reply = replace(reply, data={"language": language, **reply.data})
        reply = await with_page(reply, services.links, at=command.asked_at)
    await services.previews.keep_digest(command.origin.place, thread_of(command), reply, at=command.asked_at)
    return reply


async def with_page(reply: Reply, links: Links | None, *, at: datetime) -> Reply:
    """A digest with the address of its page; what says nothing, or where there is no web side, has none."""
    if links is None or not reply.data["sections"]:
        return reply
    data = {key: value for key, value in reply.data.items() if key != "web"}
    url = await links.digest(Reply(template=reply.template, data=data), at=at)
    return replace(reply, data={**data, "web": url})


async def _ordered(asked: Asked, command: Command, services: Services) -> Reply | None:
    """What was sent here on the day asked for, or would be sent now; None where nothing is ordered or more is asked."""
    chat, thread = command.origin.place, thread_of(command)
    if asked.topic or asked.first != asked.last:
        return None
    if asked.last is not None:
        sent = await services.subscriptions.digests_of(chat, thread, asked.last)
        return await _again(sent[-1], asked, asked.last, services) if sent else None
    standing = await services.previews.standing(chat, thread)
    orders = await services.subscriptions.subscriptions(chat) if standing else []
    order = next((each for each in orders if standing and each.id == standing.subscription_id), None)
    if standing is None or order is None:
        return None
    made = await compose(
        services.store,
        order.wanted,
        after=standing.told_upto,
        upto=await services.store.last_change(),
        today=command.today,
        since=standing.last_day,
        length=asked.length or order.length,
    )
    troubled = await trouble_lines(services.store, now=command.asked_at)
    return reply_of(made, troubled=troubled, preview=True, length=asked.length or order.length)


async def _again(told: Told, asked: Asked, day: date, services: Services) -> Reply:
    """A digest that was sent, as it reads now; in another length, what it covered is told anew."""
    order, store = told.subscription, services.store
    length = asked.length or order.length
    if length == order.length:
        return await as_now(told.reply, store, today=day)
    since = told.before or day - REACH[order.schedule.frequency]
    made, _ = await digest_reply(
        store, order.wanted, after=told.after, upto=told.upto, today=day, since=since, length=length
    )
    ordered = about_line(order.wanted, await people_names([order.wanted], store))
    data = {**made.data, "language": order.language, "ordered": ordered, "dropped": []}
    return Reply(template="ordered_digest", data=data, buttons=buttons_of(order.wanted, made))


def buttons_of(wanted: Wanted, digest: Reply) -> tuple[tuple[Button, ...], ...]:
    """The buttons under an ordered digest. What leads to other days would tell there what was not ordered, too."""
    if wanted == Wanted():
        return digest.buttons
    return tuple((button,) for row in digest.buttons for button in row if button.label == LONGER)


async def _composed(asked: Asked, command: Command, services: Services) -> Reply:
    """What was published on the days asked for: without any, yesterday and today."""
    store, length = services.store, asked.length or "short"
    first, last = asked.first or command.today - _DAY, asked.last or command.today
    made = await compose_days(store, asked.wanted, first=first, last=last, length=length)
    ill = await trouble_lines(store, now=command.asked_at) if last == command.today else []
    newest = None if made.articles or asked.topic else (await store.counts()).newest_day
    return reply_of(made, troubled=ill, topic=asked.topic, newest=newest, length=length)


async def trouble_lines(store: Store, *, now: datetime) -> list[Line]:
    """The sources in trouble, as the foot of a digest tells them; ``now`` is aware."""
    return [source_line(each.source, now=now) for each in await troubles(store, now=now)]


async def digest_reply(
    store: Store,
    wanted: Wanted,
    *,
    after: int,
    upto: int,
    today: date,
    since: date,
    troubled: Sequence[Line] = (),
    topic: str = "",
    length: Length = "short",
) -> tuple[Reply, bool]:
    """The digest of an order, and whether there is news in it (without any, some orders want silence).

    ``after`` and ``upto``: the changes it covers; ``since``: the day of the digest before; ``topic``: what it is about.
    """
    made = await compose(store, wanted, after=after, upto=upto, today=today, since=since, length=length)
    return reply_of(made, troubled=troubled, topic=topic, length=length), made.news


def reply_of(
    digest: Digest,
    *,
    troubled: Sequence[Line] = (),
    topic: str = "",
    newest: date | None = None,
    preview: bool = False,
    length: Length = "short",
) -> Reply:
    """A digest as a reply. ``newest``: the archive's newest day, to be offered where there is nothing.

    ``preview``: it is what the next ordered digest would say if it were due now.
    """
    data = {**digest_data(digest, troubled=troubled, topic=topic, newest=newest), "preview": preview}
    return Reply(template="digest", data=data, buttons=_buttons(digest, topic=topic, length=length))


def _buttons(digest: Digest, *, topic: str, length: Length) -> tuple[tuple[Button, ...], ...]:
    day = digest.day.isoformat()
    row = []
    if length == "short" and any(section.more for section in digest.sections):
        row.append(Button(label=LONGER, command=f"/digest {day} full {topic}".strip()))
    row.append(Button(label="Day before", command=f"/digest {digest.day - _DAY} {topic}".strip()))
    return (tuple(row),)
