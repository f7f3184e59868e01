"""/digest [DAY] [short|full] [TOPIC]: what a digest says now, or said or would have said on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.commands.asked import read, search_words
from bot.commands.digest_lines import digest_data
from bot.commands.feeds import source_line
from bot.commands.lines import Line
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What an argument of ``/digest`` asks for. ``first`` to ``last``: the days; None for what came lately."""

    length: Length = "short"
    topic: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def wanted(self) -> Wanted:
        return read_words(self.topic, all_of=True)


def ordered(text: str, *, today: date) -> Ordered:
    """The argument taken apart; a period that is still going on ends today."""
    asked = read(text, today=today)
    words = search_words(asked.words).split()
    length: Length = "full" if "full" in map(str.casefold, words) else "short"
    topic = " ".join(word for word in words if word.casefold() not in ("full", "short"))
    if not asked.dated:
        return Ordered(length=length, topic=topic)
    last = min(asked.until or today, today)
    return Ordered(length=length, topic=topic, first=asked.since or last, last=last)


async def handle(command: Command, services: Services) -> Reply:
    order = ordered(command.text, today=command.today)
    if order.first and order.last and not 0 <= (order.last - order.first).days < MOST_DAYS:
        return usage(SPEC, typed=command.text)
    reply = await _reply(order, command, services)
    await services.previews.keep_digest(command.origin.chat, command.origin.thread, reply, at=command.asked_at)
    return reply


async def _reply(order: Ordered, command: Command, services: Services) -> Reply:
    store = services.store
    first, last = order.first or command.today - _DAY, order.last or command.today
    made = await compose_days(store, order.wanted, first=first, last=last, length=order.length)
    ill = await trouble_lines(store, now=command.asked_at) if last == command.today else []
    newest = None if made.articles or order.topic else (await store.counts()).newest_day
    return reply_of(made, troubled=ill, topic=order.topic, newest=newest, length=order.length)


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
    length: Length = "short",
) -> Reply:
    """A digest as a reply. ``newest``: the archive's newest day, to be offered where there is nothing."""
    data = digest_data(digest, troubled=troubled, topic=topic, newest=newest)
    return Reply(template="digest", data=data, buttons=_buttons(digest, topic=topic, length=length))


def _buttons(digest: Digest, *, topic: str, length: Length) -> tuple[tuple[Button, ...], ...]:
    day = digest.day.isoformat()
    row = []
    if length == "short" and any(section.more for section in digest.sections):
        row.append(Button(label="Longer", command=f"/digest {day} full {topic}".strip()))
    row.append(Button(label="Day before", command=f"/digest {digest.day - _DAY} {topic}".strip()))
    return (tuple(row),)
