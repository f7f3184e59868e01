"""The alerts of one moment: what many places are told of an article is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from bot.books.follows import WaitingLine
from bot.circulation.bundle import Told, alert, worth
from bot.circulation.found import passage_line, shown
from bot.commands.lines import Line
from bot.model import ChatSettings, Reply
from bot.router import day_in
from digests.edition.model import Follow
from digests.edition.schedule import quiet
from digests.edition.sentences import sentence_of
from digests.model import FactQuery, Found
from digests.store.base import Store

MOST_FACTS = 5000


class Telling:
    """``follows``: those that may be told, by their ids."""

    def __init__(self, store: Store, follows: Mapping[int, Follow], *, now: datetime) -> None:
        self.follows = follows
        self._store = store
        self._now = now
        self._facts: dict[int, dict[int, Found]] = {}
        self._texts: dict[int, str] = {}
        self._passages: dict[tuple[int, int, int, int], Line | None] = {}

    async def reply(self, lines: Sequence[WaitingLine], settings: ChatSettings) -> Reply | None:
        """The message that tells a place its lines; ``None`` when nothing in them stands any more."""
        today = day_in(settings.zone, self._now)
        own = [each for each in lines if each.follow_id in self.follows]
        told = [each for waiting in own if (each := await self._told(waiting, today)) is not None]
        waited = any(quiet(settings, each.since_at) and not self.follows[each.follow_id].urgent for each in own)
        return alert(told, waited=waited, language=settings.language) if told else None

    async def _told(self, waiting: WaitingLine, today: date) -> Told | None:
        """A line as it is shown, of what still stands."""
        follow = self.follows[waiting.follow_id]
        if waiting.fact_id is None:
            passage = await self._passage(waiting)
            return Told(follow=follow, line=passage, worth=0.0) if passage else None
        if waiting.article_id not in self._facts:
            found = await facts_of(self._store, [waiting.article_id])
            self._facts[waiting.article_id] = {each.fact.id: each for each in found}
            self._texts |= await self._store.texts([waiting.article_id])
        fact = self._facts[waiting.article_id].get(waiting.fact_id)
        if fact is None:
            return None
        sentence = sentence_of(fact, self._texts[waiting.article_id]).quote
        value = worth(fact.fact, follow, sentence)
        return Told(follow=follow, line=shown(fact, sentence, today=today), worth=value, start=fact.fact.start)

    async def _passage(self, waiting: WaitingLine) -> Line | None:
        """A sentence of an article that bore no fact, if its newest version still says it."""
        key = (waiting.article_id, waiting.version, waiting.start, waiting.end)
        if key not in self._passages:
            then = await self._store.article(waiting.article_id, version=waiting.version)
            newest = await self._store.article(waiting.article_id)
            quote = then.text[waiting.start : waiting.end] if then else ""
            stands = newest is not None and quote and quote in newest.text
            self._passages[key] = passage_line(newest, quote) if newest and stands else None
        return self._passages[key]


async def facts_of(store: Store, articles: Iterable[int]) -> list[Found]:
    """The standing facts of articles."""
    return await store.facts(FactQuery(articles=tuple(articles), order="oldest", limit=MOST_FACTS))
