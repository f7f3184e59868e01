"""From subscriptions that are due to digests in the outbox: slot and message are written in one transaction.

Who plans is no matter: a slot is settled by the first process that writes it, and the others pass over it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.access import Place, Still, everywhere
from bot.books.subscriptions import Planned, Settled, Subscriptions
from bot.circulation.shortening import Shortening
from bot.commands.digest import buttons_of, digest_reply, trouble_lines, with_page
from bot.commands.lines import Line
from bot.commands.ordered import about_line, people_names
from bot.commands.spec import Links, Shortens
from bot.commands.subscribe import REACH
from bot.model import Button, Reply
from digests.edition.model import Length, Wanted
from digests.edition.schedule import Due, decide, local
from digests.errors import StoreError
from digests.store.base import Store
from digests.tracing import about, fresh

log = logging.getLogger(__name__)

TICK = 5.0
BATCH = 500
"""So many slots are written in one transaction: others who write wait no longer than for that."""
MOST_REMEMBERED = 500
MOST_LOOKS = 5
"""How often one subscription is looked at in a row; somebody else may settle or change it in between."""
PUT_OFF = timedelta(minutes=5)
ORDERS = (Button(label="Digests here", command="/subscribe"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that the text of a digest depends on: subscriptions that agree in it share one."""

    wanted: Wanted
    after: int
    today: date
    since: date
    length: Length
    language: str


class Digests:
    """``once`` at a moment, or ``run`` as a task. ``queued`` is called when digests lie in the outbox."""

    def __init__(
        self,
        *,
        subscriptions: Subscriptions,
        store: Store,
        queued: Callable[[], None],
        still: Still = everywhere,
        links: Links | None = None,
        shortens: Shortens | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shortens = shortens
        self._subscriptions = subscriptions
        self._store = store
        self._queued = queued
        self._still = still
        self._links = links
        self._now = now

    async def run(self) -> None:
        """Plan whatever is due, until cancelled."""
        while True:
            try:
                await self.once(self._now())
            except StoreError as error:
                log.error("digests: the database failed: %s", error)
            await asyncio.sleep(TICK)

    async def once(self, now: datetime) -> int:
        """Settle all slots that are open at ``now``; how many digests were queued."""
        sent = 0
        seen: Counter[int] = Counter()
        edition: _Edition | None = None
        while batch := await self._subscriptions.to_plan(now=now, limit=BATCH):
            seen.update(each.subscription.id for each in batch)
            if max(seen.values()) > MOST_LOOKS:  # whoever changes them all the time: the next look will do
                log.warning("digests: some subscriptions change faster than they can be planned")
                break
            edition = edition or await _Edition.begin(self._store, now, self._links, Shortening(self._shortens))
            let_in = await self._still({_place(each) for each in batch})
            settled = [
                await _settled(each, edition, now) if _place(each) in let_in else _passed_over(each, now)
                for each in batch
            ]
            queued = await self._subscriptions.settle(settled, at=now)
            sent += len(queued)
            if queued:
                self._queued()
        return sent


class _Edition:
    """The digests of one moment, each composed once however many ordered it."""

    def __init__(
        self,
        store: Store,
        *,
        now: datetime,
        upto: int,
        troubled: Sequence[Line],
        links: Links | None,
        shortening: Shortening,
    ) -> None:
        self._shortening = shortening
        self._store = store
        self._links = links
        self._now = now
        self._troubled = troubled
        self._made: dict[Asked, tuple[Reply, bool]] = {}
        self._latest: tuple[tuple[object, ...], tuple[Reply, bool]] | None = None
        self.upto = upto

    @classmethod
    async def begin(cls, store: Store, now: datetime, links: Links | None, shortening: Shortening) -> _Edition:
        troubled = await trouble_lines(store, now=now)
        upto = await store.last_change()
        return cls(store, now=now, upto=upto, troubled=troubled, links=links, shortening=shortening)

    async def digest(self, planned: Planned) -> tuple[Reply, bool]:
        """The digest for a subscription, and whether there is any news in it."""
        own = planned.subscription
        alike = (own.wanted, own.schedule, own.length, own.language, planned.told_upto, planned.last_key)
        if self._latest is None or self._latest[0] != alike:  # thousands in a row ordered the same
            self._latest = alike, await self._digest(_asked(planned, self.upto, self._now))
        return self._latest[1]

    async def _digest(self, asked: Asked) -> tuple[Reply, bool]:
        if asked not in self._made:
            if len(self._made) >= MOST_REMEMBERED:
                self._made.clear()
            self._made[asked] = await self._composed(asked)
        return self._made[asked]

    async def _composed(self, asked: Asked) -> tuple[Reply, bool]:
        reply, news = await digest_reply(
            self._store,
            asked.wanted,
            after=asked.after,
            upto=self.upto,
            today=asked.today,
            since=asked.since,
            troubled=self._troubled,
            length=asked.length,
        )
        reply = await self._shortening.shortened(reply)
        ordered = about_line(asked.wanted, await people_names([asked.wanted], self._store))
        own = {"language": asked.language, "ordered": ordered, "dropped": []}
        buttons = (*buttons_of(asked.wanted, reply), ORDERS)
        made = Reply(template="ordered_digest", data={**reply.data, **own}, buttons=buttons)
        return await with_page(made, self._links, at=self._now), news


async def _settled(planned: Planned, edition: _Edition, now: datetime) -> Settled:
    """What becomes of a subscription's slots. A fault in one digest holds up no other: it is tried again later."""
    due = decide(planned.subscription, now, planned.settings)
    if due.slot is None:
        return Settled(planned=planned, due=due)
    with about(request=fresh("digest"), subscription=planned.subscription.id, chat=planned.subscription.chat):
        try:
            reply, news = await edition.digest(planned)
        except StoreError:
            raise
        except Exception:
            log.exception("digests: subscription %d could not be composed", planned.subscription.id)
            return Settled(planned=planned, due=put_off(planned, due, now))
    if not news and planned.subscription.when_empty == "silence":
        return Settled(planned=planned, due=due, upto=edition.upto)
    lost = (*planned.dropped, *(slot.key for slot in due.dropped))
    if lost:
        reply = replace(reply, data={**reply.data, "dropped": [_said(key) for key in lost]})
    return Settled(planned=planned, due=due, reply=reply, upto=edition.upto)


def _place(planned: Planned) -> Place:
    return planned.subscription.chat, planned.subscription.user


def _passed_over(planned: Planned, now: datetime) -> Settled:
    """Who is let in no longer is sent nothing; let in again, they hear what came since."""
    return Settled(planned=planned, due=decide(planned.subscription, now, planned.settings))


def put_off(planned: Planned, due: Due, now: datetime) -> Due:
    """The slot stays open, to be looked at again in a while; when it is no longer fresh by then it is dropped."""
    settled = planned.subscription.settled_at or planned.subscription.created_at or now
    return replace(due, slot=None, dropped=(), settled_at=settled, next_at=now + PUT_OFF)


def _asked(planned: Planned, upto: int, now: datetime) -> Asked:
    subscription = planned.subscription
    today = local(now, subscription.schedule).date()
    before = date.fromisoformat(planned.last_key[:10]) if planned.last_key else None
    ordered = local(subscription.created_at, subscription.schedule).date() if subscription.created_at else today
    return Asked(
        wanted=subscription.wanted,
        after=min(planned.told_upto, upto),
        today=today,
        since=before or min(ordered, today - REACH[subscription.schedule.frequency]),
        length=subscription.length,
        language=subscription.language,
    )


def _said(key: str) -> dict[str, str]:
    """The key of a slot as templates show it: its day, and its hour if it was an hour's."""
    day, _, hour = key.partition("T")
    return {"day": day, "time": f"{hour}:00" if hour else ""}
