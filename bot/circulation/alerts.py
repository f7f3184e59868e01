"""Follows: what the changes bring is looked up, kept as lines that wait, and told in as few messages as possible.

Two steps, each one transaction: lines are written with the move of the cursor, messages with the removal of their
lines. Wherever the program ends, every line is told once.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.access import Still, everywhere
from bot.books.base import Books
from bot.books.follows import Follows, NewLine, Place, WaitingLine
from bot.circulation.bundle import HOUR, part
from bot.circulation.found import is_fresh, muted, new_lines, platform_of
from bot.circulation.telling import Telling, facts_of
from bot.model import Address, ChatSettings, Platform, Reply
from digests.edition.follows import Arrival, FollowIndex, Hit
from digests.edition.model import Follow
from digests.edition.same import keys_with
from digests.edition.schedule import quiet
from digests.edition.sentences import sentence_of
from digests.errors import StoreError
from digests.history import Change
from digests.model import Deadline, Event, Fact, FactQuery
from digests.store.base import Store

log = logging.getLogger(__name__)

READER = "alerts"
TICK = 5.0
PAGE = 500
"""Changes that are read at once."""
PAGES = 4
"""So many pages are read before what they brought is told: a large import must not keep the first lines back."""
AT_ONCE = 100
"""Places whose messages are written in one transaction: others who write wait no longer than for that."""
MOST_DUES = 200
KEPT = timedelta(days=365)
TOLD = frozenset({"new", "version", "moved"})
_ORDER = {"deadlines": 0, "person": 1, "story": 2, "words": 3}


class Alerts:
    """``once`` looks at what is new and tells what is due; ``run`` does so all the time."""

    def __init__(
        self,
        *,
        store: Store,
        books: Books,
        follows: Follows,
        platforms: Collection[Platform],
        queued: Callable[[], None],
        still: Still = everywhere,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``queued`` is called when a message lies in the outbox; ``platforms``: those that are served."""
        self._store = store
        self._books = books
        self._follows = follows
        self._platforms = frozenset(platforms)
        self._queued = queued
        self._still = still
        self._now = now
        self._behind = False
        self._known: tuple[int, dict[int, Follow], FollowIndex] | None = None

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        tidied = None
        while True:
            now = self._now()
            try:
                await self.once(now)
                if tidied != now.date():
                    await self._follows.tidy(before=now - KEPT)
                    tidied = now.date()
            except StoreError as error:
                self._behind = False
                log.error("alerts: the database failed: %s", error)
            except Exception:
                self._behind = False
                log.exception("alerts: a look failed")
            await asyncio.sleep(0 if self._behind else TICK)

    async def once(self, now: datetime) -> int:
        """Look at what is new, then tell what may be told; how many messages were queued."""
        await self.look(now)
        return await self.tell(now)

    async def look(self, now: datetime) -> int:
        """Read on in the changes, some pages at most; how many lines wait that did not before."""
        stands = await self._follows.begin_at(READER, await self._store.last_change())
        waiting = 0
        self._behind = True
        for _ in range(PAGES):
            changes = await self._store.changes(stands, limit=PAGE)
            if not changes:
                self._behind = False
                break
            found = await self._found(changes, now)
            took = await self._follows.take_in(READER, found, after=stands, upto=changes[-1].id, at=now)
            if took is None:  # another process reads the same
                self._behind = False
                break
            waiting += took
            stands = changes[-1].id
        return waiting

    async def tell(self, now: datetime) -> int:
        """Queue a message for every place that has something to be told and may be; how many."""
        done = 0
        while lines := await self._follows.waiting(now=now):
            places: dict[Place, list[WaitingLine]] = {}
            for each in lines:
                places.setdefault((each.chat, each.thread), []).append(each)
            telling = Telling(self._store, await self._still_followed(lines), now=now)
            recent = await self._follows.messages_since(now - HOUR)
            open_places = list(places.items())
            for first in range(0, len(open_places), AT_ONCE):
                done += await self._settle(open_places[first : first + AT_ONCE], telling, recent, now)
        if done:
            self._queued()
        return done

    async def _still_followed(self, lines: Sequence[WaitingLine]) -> dict[int, Follow]:
        """The follows that lines are of, if they are still there and their places may still be told."""
        _, known, _ = await self._index()
        wanted = {each.follow_id for each in lines}
        follows = [each for number, each in known.items() if number in wanted]
        let_in = await self._still({(each.chat, each.user) for each in follows})
        return {each.id: each for each in follows if (each.chat, each.user) in let_in}

    async def _settle(
        self,
        places: Sequence[tuple[Place, list[WaitingLine]]],
        telling: Telling,
        recent: Mapping[Place, Sequence[datetime]],
        now: datetime,
    ) -> int:
        """Queue the messages of some places, and let wait what cannot be told yet; how many messages."""
        messages: list[tuple[Sequence[WaitingLine], Address, Reply | None]] = []
        held: list[tuple[Sequence[WaitingLine], datetime]] = []
        chosen = await self._books.settings_of({chat for (chat, _), _ in places})
        for place, lines in places:
            settings = chosen[place[0]]
            parted = part(lines, telling.follows, recent.get(place, ()), quiet_until=quiet(settings, now), now=now)
            held += parted.held
            if parted.now:
                address = Address(platform=platform_of(place[0]), chat=place[0], thread=place[1])
                messages.append((parted.now, address, await telling.reply(parted.now, settings)))
        return await self._follows.settle(messages, held=held, at=now)

    async def _index(self) -> tuple[int, dict[int, Follow], FollowIndex]:
        """The follows of the places that can be reached; read again only when one of them changed."""
        changed = await self._follows.changed()
        if self._known is None or self._known[0] != changed:
            own = [each for each in await self._follows.follows() if platform_of(each.chat) in self._platforms]
            index = await asyncio.to_thread(FollowIndex, own)  # ten thousand take a while: chats are answered meanwhile
            self._known = changed, {each.id: each for each in own}, index
        return self._known

    async def _found(self, changes: Sequence[Change], now: datetime) -> list[NewLine]:
        """What the changes bring to whom."""
        _, follows, index = await self._index()
        fresh = [each for each in changes if each.kind in TOLD and is_fresh(each.day, now.date())]
        if not follows or not fresh:
            return []
        articles = list(dict.fromkeys(each.article_id for each in fresh))
        stories = await self._store.stories_of(articles)
        leads = await self._store.merged(index.stories)
        hours: dict[str, ChatSettings] = {}
        lines: list[NewLine] = []
        for article_id in articles:
            own = [each for each in fresh if each.article_id == article_id]
            story = stories.get(article_id, 0)
            followed = {story, *(old for old, new in leads.items() if new == story)}
            try:
                lines += await self._of_article(own, followed, index, hours, now)
            except (LookupError, TypeError, ValueError, AssertionError):  # one article must not hold up all others
                log.exception("alerts: article %d was passed over", article_id)
        return lines

    async def _of_article(
        self,
        changes: Sequence[Change],
        stories: Collection[int],
        index: FollowIndex,
        hours: dict[str, ChatSettings],
        now: datetime,
    ) -> list[NewLine]:
        article = await self._store.article(changes[0].article_id)
        if article is None:
            return []
        since = min((each.first_fact for each in changes if each.kind != "moved"), default=sys.maxsize)
        moved = {each.fact_id for each in changes if each.kind == "moved"}
        facts = await facts_of(self._store, [article.id])
        arrival = Arrival(
            article=article,
            facts=tuple(each for each in facts if each.fact.id >= since or each.fact.id in moved),
            stories=stories,
            whole=any(each.kind == "new" for each in changes),
        )
        hits = [each for each in index.hits(arrival, today=now.date()) if not muted(each.follow, now)]
        if not hits:
            return []
        known = [*await self._repeated(article.id), *await self._due_before(article.id, stories, hits)]
        keys = {each.fact.id: keys_with(each.fact, known) for hit in hits for each in hit.facts}
        sentences = {each.fact.id: sentence_of(each, article.text) for hit in hits for each in hit.facts}
        unknown = {each.follow.chat for each in hits} - hours.keys()
        hours |= await self._books.settings_of(unknown) if unknown else {}
        lines: list[NewLine] = []
        for hit in sorted(hits, key=lambda each: (not each.follow.urgent, _ORDER[each.follow.kind], each.follow.id)):
            lines += new_lines(hit, keys, sentences, not_before=_from_when(hit.follow, hours[hit.follow.chat], now))
        return lines

    async def _repeated(self, article_id: int) -> list[Fact]:
        """Facts that an article may only repeat: those of the text it copies, and what its last version told."""
        copies = await self._store.copies([article_id])
        originals = [each.source.article_id for each in copies.values()]
        found = [each.fact for each in await facts_of(self._store, originals)] if originals else []
        for fact_id in await self._follows.told_of(article_id):
            told = await self._store.fact(fact_id)
            found += [told.fact] if told is not None and told.fact.status != "standing" else []
        return found

    async def _due_before(self, article_id: int, stories: Collection[int], hits: Sequence[Hit]) -> list[Fact]:
        """What other articles of the story tell to be due on the same days: it may be the same in other words."""
        dues = [each.fact for hit in hits for each in hit.facts if isinstance(each.fact, Deadline | Event)]
        story = min((each for each in stories if each), default=0)
        if not dues or not story:
            return []
        asked = FactQuery(
            kinds=("deadline", "event"),
            story_id=story,
            due_since=min(each.due_from for each in dues),
            due_until=max(each.due_to for each in dues),
            limit=MOST_DUES,
        )
        return [each.fact for each in await self._store.facts(asked) if each.source.article_id != article_id]


def _from_when(follow: Follow, settings: ChatSettings, now: datetime) -> datetime:
    """From when on a line may be told: at once, or at the end of the chat's quiet hours."""
    return now if follow.urgent else quiet(settings, now) or now
