"""Reminders of deadlines: those that follows ask for, those asked for by themselves, and what becomes of them.

Three steps, each of one transaction a cursor: the record of changes moves or ends reminders; the clock's advance brings
those of follows; what is due is sent. Nothing is counted from "now", so a sleep of six hours leaves no reminder out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.access import Still, everywhere
from bot.books.base import Books
from bot.books.follows import Follows
from bot.books.reminders import Reminder, Reminders
from bot.circulation.found import muted, platform_of
from bot.circulation.reminding import address_of, reminder_of, reminder_reply, replaced
from bot.commands.lines import whole_due_line
from bot.commands.wishes import span_text
from bot.model import Address, ChatSettings, Platform, Reply
from bot.router import day_in
from digests.edition.follows import Arrival, FollowIndex
from digests.edition.model import Follow
from digests.edition.reminding import days_reached, due_day, successor
from digests.edition.schedule import quiet
from digests.errors import StoreError
from digests.model import Article, Deadline, Event, FactQuery, Found
from digests.store.base import Store

log = logging.getLogger(__name__)

CHANGES = "reminders"
CLOCK = "reminders until"
TICK = 20.0
PAGE = 500
MOST_FACTS = 2000
LONGEST_SLEEP = timedelta(days=7)


class ReminderLoop:
    """``once`` does what is due; ``run`` does so all the time."""

    def __init__(
        self,
        *,
        store: Store,
        books: Books,
        follows: Follows,
        reminders: Reminders,
        platforms: Collection[Platform],
        queued: Callable[[], None],
        still: Still = everywhere,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``queued`` is called when a message lies in the outbox; ``platforms``: those that are served."""
        self._store = store
        self._books = books
        self._follows = follows
        self._reminders = reminders
        self._platforms = frozenset(platforms)
        self._queued = queued
        self._still = still
        self._now = now

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        while True:
            try:
                await self.once(self._now())
            except StoreError as error:
                log.error("reminders: the database failed: %s", error)
            except Exception:
                log.exception("reminders: a look failed")
            await asyncio.sleep(TICK)

    async def once(self, now: datetime) -> int:
        """Follow the changes, then remind of what is due; how many messages were queued."""
        done = await self._changed(now)
        await self._reached(now)
        done += await self._send(now)
        if done:
            self._queued()
        return done

    async def _changed(self, now: datetime) -> int:
        """Move or end the reminders whose deadlines changed, and say so."""
        stands = await self._reminders.begin_at(CHANGES, await self._store.last_change())
        said = 0
        while changes := await self._store.changes(stands, limit=PAGE):
            touched = {each.article_id for each in changes if each.kind != "new"}
            own = await self._reminders.of_articles(touched) if touched else []
            moved, gone, messages = await self._settled(own, now)
            let_in = {chat for chat, _ in await self._still({(each.chat, each.user) for each in own})}
            messages = [each for each in messages if each[0].chat in let_in]
            upto = changes[-1].id
            if not await self._reminders.move_on(
                CHANGES, after=stands, upto=upto, moved=moved, gone=gone, messages=messages, at=now
            ):
                break
            said += len(messages)
            stands = upto
        return said

    async def _settled(
        self, own: Sequence[Reminder], now: datetime
    ) -> tuple[list[Reminder], list[Reminder], list[tuple[Address, Reply]]]:
        """What becomes of reminders whose articles changed: moved, gone, and the words about those that matter."""
        moved, gone, messages = [], [], []
        for each in own:
            settings = await self._books.settings(each.chat)
            heir = await self._heir(each)
            after = replaced(each, heir, settings.zone) if heir else None
            if after == each:
                continue
            moved += [after] if after else []
            gone += [] if after else [each]
            if each.follow_id is None and (after is None or after.key != each.key):
                today = day_in(settings.zone, now)
                reply = await self._word(each, heir, after, today=today, language=settings.language)
                messages += [(address_of(each), reply)] if reply else []
        return moved, gone, messages

    async def _heir(self, reminder: Reminder) -> Found | None:
        """The deadline as it stands now, or the one that took its place; none when it was retracted or is gone."""
        found = await self._store.fact(reminder.fact_id)
        if found is None or found.fact.status == "retracted" or not isinstance(found.fact, Deadline | Event):
            return None
        if found.fact.status == "standing":
            return found
        others = await self._store.facts(
            FactQuery(kinds=("deadline", "event"), article_id=reminder.article_id, limit=MOST_FACTS)
        )
        return successor(found.fact, others)

    async def _word(
        self, reminder: Reminder, heir: Found | None, after: Reminder | None, *, today: date, language: str
    ) -> Reply | None:
        """What whoever waits for a reminder is told when its deadline moved or went."""
        before = await self._store.fact(reminder.fact_id)
        shown = heir or before
        if shown is None or not isinstance(shown.fact, Deadline | Event) or before is None:
            return None
        data: dict[str, Any] = {
            "what": "moved" if after else "gone",
            "line": whole_due_line(shown, await self._store.texts([shown.source.article_id]), today=today),
            "lead": span_text(reminder.hours),
            "was": reminder.key.rpartition(":")[0].partition(":")[0],
            "language": language,
        }
        return Reply(template="reminder_changed", data=data)

    async def _reached(self, now: datetime) -> None:
        """Make reminders of the follows' deadlines whose moment came since the last look."""
        upto = int(now.timestamp())
        stands = await self._reminders.begin_at(CLOCK, upto)
        if upto <= stands:
            return
        after = max(datetime.fromtimestamp(stands, UTC), now - LONGEST_SLEEP)
        new: list[Reminder] = []
        for (zone, hours), follows in (await self._reminding(now)).items():
            days = days_reached(hours, zone, after=after, upto=datetime.fromtimestamp(upto, UTC))
            for day in (each for each in days if each >= day_in(zone, now)):
                new += await self._of_day(day, hours, zone, follows)
        await self._reminders.move_on(CLOCK, after=stands, upto=upto, new=new, at=now)

    async def _reminding(self, now: datetime) -> dict[tuple[str, int], list[Follow]]:
        """The follows that ask for reminders, by the zone of their chat and how long before."""
        groups: dict[tuple[str, int], list[Follow]] = {}
        zones: dict[str, str] = {}
        for each in await self._follows.follows():
            if each.remind_hours and not muted(each, now) and platform_of(each.chat) in self._platforms:
                if each.chat not in zones:
                    zones[each.chat] = (await self._books.settings(each.chat)).zone
                groups.setdefault((zones[each.chat], each.remind_hours), []).append(each)
        return groups

    async def _of_day(self, day: date, hours: int, zone: str, follows: Sequence[Follow]) -> list[Reminder]:
        """The reminders of what is due on a day."""
        dues = await self._store.facts(
            FactQuery(kinds=("deadline", "event"), due_since=day, due_until=day, order="due", limit=MOST_FACTS)
        )
        index = FollowIndex(follows)
        articles: dict[int, list[Found]] = {}
        for each in dues:
            if isinstance(each.fact, Deadline | Event) and due_day(each.fact) == day:
                articles.setdefault(each.source.article_id, []).append(each)
        stories = await self._store.stories_of(articles)
        leads = await self._store.merged(index.stories)
        new = []
        for article_id, own in articles.items():
            story = stories.get(article_id, 0)
            head = Article(text="", parts=(), content_hash="", title=own[0].source.title, id=article_id)
            followed = {story, *(old for old, into in leads.items() if into == story)}
            arrival = Arrival(article=head, facts=tuple(own), stories=followed, whole=False)
            for hit in index.hits(arrival, today=day):
                new += [reminder_of(each, hit.follow, hours, zone) for each in hit.facts]
        return new

    async def _send(self, now: datetime) -> int:
        """Queue a message for every place that is to be reminded; how many."""
        places: dict[tuple[str, str], list[Reminder]] = {}
        due = [each for each in await self._reminders.due(now) if platform_of(each.chat) in self._platforms]
        let_in = await self._still({(each.chat, each.user) for each in due})
        for each in due:
            if (each.chat, each.user) in let_in:
                places.setdefault((each.chat, each.thread), []).append(each)
            else:
                await self._reminders.sent([each], address_of(each), None, at=now)
        done = 0
        for place, own in places.items():
            done += await self._remind(await self._books.settings(place[0]), own, now)
        return done

    async def _remind(self, settings: ChatSettings, due: Sequence[Reminder], now: datetime) -> bool:
        """Remind a place, at the end of its quiet hours where that is soon enough."""
        today = day_in(settings.zone, now)
        stand: list[Found] = []
        waiting: list[Reminder] = []
        told: list[Reminder] = []
        until = quiet(settings, now)
        for each in due:
            found = await self._store.fact(each.fact_id)
            if found is None or not isinstance(found.fact, Deadline | Event) or found.fact.status != "standing":
                told.append(each)
            elif until is not None and day_in(settings.zone, until) < due_day(found.fact):
                waiting.append(each)
            else:
                told.append(each)
                stand += [found] if found.fact.due_to >= today else []
        if until is not None and waiting:
            await self._reminders.hold(waiting, until=until)
        if not told:
            return False
        texts = await self._store.texts({each.source.article_id for each in stand})
        reply = reminder_reply(stand, texts, today=today, language=settings.language) if stand else None
        return await self._reminders.sent(told, address_of(told[0]), reply, at=now)
