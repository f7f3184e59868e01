"""A digest composed from the store: of what came after one change and up to another, or of what a day published.

Reads the store a bounded number of times, however much came; what is chosen, and why, is decided by pure functions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from digests.edition import calendar, changes, numbers, select
from digests.edition.batch import Batch, lets, of_days, since_change
from digests.edition.items import Digest, Item, SectionName
from digests.edition.model import Length, Wanted
from digests.edition.opening import opened
from digests.edition.pages import Room, laid_out
from digests.edition.rank import Telling
from digests.edition.sentences import sentence_of
from digests.edition.texts import texts_of
from digests.model import Evidence, FactQuery, Found, Placed, Source, Span
from digests.store.base import Store
from digests.store.withdrawn import retractions, withdrawn

STORIES = 16
"""So many stories are told in full to the ranking."""
DUES = 80
FIGURES = 60
SPEAKERS = 30
EARLIER = 12
"""So much of what somebody said before is compared with what is said now."""
KINDS = ("statement", "figure", "deadline", "event", "commitment")
DUE = ("deadline", "event")
_DAY = timedelta(days=1)


async def compose(
    store: Store,
    wanted: Wanted,
    *,
    after: int,
    upto: int,
    today: date,
    length: Length = "short",
    since: date | None = None,
) -> Digest:
    """The digest of all changes after ``after`` up to and with ``upto`` that ``wanted`` lets through.

    ``today``: the reader's day. ``since``: the day of the digest before (yesterday when not given): what passed since.
    """
    began = since or today - _DAY
    batch = await since_change(store, wanted, after=after, upto=upto, since=began, today=today)
    made = await _made(store, wanted, batch, today=today, since=began, length=length)
    return replace(made, after=after, upto=upto)


async def compose_days(store: Store, wanted: Wanted, *, first: date, last: date, length: Length = "short") -> Digest:
    """The digest of what was published on these days (both inclusive), as it would have been written on ``last``."""
    batch = await of_days(store, wanted, first=first, last=last)
    return await _made(store, wanted, batch, today=last, since=first - _DAY, length=length)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What every section is made from."""

    store: Store
    wanted: Wanted
    batch: Batch
    today: date
    since: date
    room: Room
    tellings: tuple[Telling, ...]
    top: tuple[Item, ...]

    @property
    def facts(self) -> tuple[Found, ...]:
        return tuple(found for telling in self.tellings for found in telling.facts)

    def beside(self, item: Item) -> tuple[Found, ...]:
        """The facts of the stories that a line is told in."""
        told = {each.source.article_id for each in item.found}
        return tuple(
            found
            for telling in self.tellings
            if any(article.source.article_id in told for article in telling.articles)
            for found in telling.facts
        )

    @property
    def top_articles(self) -> frozenset[int]:
        """The articles of this batch that tell the top stories."""
        told = {item.story.id for item in self.top[: self.room.top] if item.story}
        return frozenset(each.source.article_id for each in self.batch.articles if each.story_id in told)


async def _made(store: Store, wanted: Wanted, batch: Batch, *, today: date, since: date, length: Length) -> Digest:
    told = select.tellings(batch)
    room = Room.of(length)
    tellings = await _read(store, told, since=since)
    frame = _Frame(
        store=store,
        wanted=wanted,
        batch=batch,
        today=today,
        since=since,
        room=room,
        tellings=tuple(tellings),
        top=tuple(select.top_items(tellings, today=today)),
    )
    candidates: dict[SectionName, Sequence[Item]] = {"top": await _with_sentences(frame)}
    candidates |= await _said(frame)
    candidates |= await _due(frame)
    candidates["figures"] = await _figures(frame)
    candidates["changes"] = await _changed(frame)
    quoted = await _quoted(store, candidates, room)
    return Digest(
        day=today,
        since=since,
        first=since + _DAY,
        articles=len(batch.articles),
        outlets=len({each.source.publisher for each in batch.articles}),
        stories=len(told),
        older=batch.older,
        skipped=batch.skipped,
        sections=laid_out(quoted, room),
    )


async def _read(store: Store, told: Sequence[Telling], *, since: date) -> list[Telling]:
    """The most told stories with their facts, read at once."""
    articles = select.articles_to_read(told)
    if not articles:
        return []
    chosen = [each for each in told if {one.source.article_id for one in each.articles} & set(articles)]
    found = await store.facts(FactQuery(articles=articles, kinds=KINDS, order="oldest", limit=5000))
    stories = await asyncio.gather(*(store.story(each.story_id) for each in chosen[:STORIES]))
    known = {each.story_id: story for each, story in zip(chosen, stories, strict=False) if story is not None}
    return select.with_facts(chosen, found, known, since=since)


async def _with_sentences(frame: _Frame) -> list[Item]:
    """The top stories with sentences of the article each is told from; the others as they are, to be counted."""
    from digests.extract.brief import sentences  # numpy: only where a digest is made

    shown = frame.top[: frame.room.top]
    articles = await asyncio.gather(*(frame.store.article(item.source.article_id) for item in shown))
    retracted = await retractions(frame.store, {item.source.article_id for item in shown})
    items = []
    for item, article in zip(shown, articles, strict=True):
        edits = retracted.get(item.source.article_id, ())
        chosen = [each for each in sentences(article) if not withdrawn(each.text, edits)] if article else []
        spans = [each for each in opened(chosen, article) if not withdrawn(each.text, edits)] if article else []
        passages = tuple(
            Evidence(
                start=span.start,
                end=span.end,
                quote=span.text,
                article_id=item.source.article_id,
                version=item.source.version,
            )
            for span in spans
        )
        items.append(replace(item, passages=passages))
    return [*items, *frame.top[frame.room.top :]]


def _evidence(span: Span, source: Source) -> Evidence:
    return Evidence(
        start=span.start, end=span.end, quote=span.text, article_id=source.article_id, version=source.version
    )


async def _said(frame: _Frame) -> dict[SectionName, Sequence[Item]]:
    """On the record, and who denies what."""
    quoted = select.quotations(frame.tellings)
    speakers = list(dict.fromkeys(who for each in quoted if (who := select.speaker_id(each.found[0]))))[:SPEAKERS]
    people = await frame.store.persons(speakers)
    offices = select.offices_on({each.id: each for each in people}, day=frame.today)
    short = select.shortlist(quoted, offices)
    items = select.record_items(
        short,
        offices=offices,
        earlier=await _earlier(frame, short),
        facts=frame.facts,
        top=frame.top_articles,
    )
    denials = [select.denied_by(item, frame.beside(item)) for item in items if item.section == "denials"]
    return {"record": [item for item in items if item.section == "record"], "denials": denials}


async def _earlier(frame: _Frame, quoted: Sequence[select.Quoted]) -> dict[int, list[Found]]:
    """What those who are quoted said before this batch."""
    who = list(dict.fromkeys(one for each in quoted if (one := select.speaker_id(each.found[0]))))
    asked = [FactQuery(kinds=("statement",), said_by=(each,), until=frame.today, limit=EARLIER) for each in who]
    found = await frame.store.facts_each(asked)
    new = frame.batch.new
    return {
        each: [one for one in said if one.source.article_id not in new] for each, said in zip(who, found, strict=True)
    }


async def _due(frame: _Frame) -> dict[SectionName, Sequence[Item]]:
    """What is due in the days ahead, and what just passed, as far as it was told by that day."""
    today = frame.today
    coming = FactQuery(
        kinds=DUE, due_since=today, due_until=today + calendar.AHEAD, until=today, order="due", limit=DUES
    )
    over = FactQuery(
        kinds=DUE, due_since=frame.since, due_until=today - _DAY, until=today, order="due_latest", limit=DUES
    )
    ahead, passed = await frame.store.facts_each([coming, over])
    ahead, passed = ([each for each in some if _is_let(frame, each)] for some in (ahead, passed))
    placed = await _places(frame, [*ahead, *passed])
    top, new = frame.top_articles, frame.batch.new
    return {
        "ahead": calendar.ahead_items(ahead, placed, today=today, new=new, top=top),
        "passed": calendar.passed_items(passed, placed, since=frame.since, today=today, top=top),
    }


def _is_let(frame: _Frame, found: Found) -> bool:
    return found.source.article_id in frame.batch.new or lets(frame.wanted, found)


async def _places(frame: _Frame, found: Collection[Found]) -> Mapping[int, Placed]:
    placed = await frame.store.placed({each.source.article_id for each in found})
    return {each.source.article_id: each for each in placed}


async def _figures(frame: _Frame) -> list[Item]:
    """What moved or disagrees in the stories that came."""
    told = [each for each in frame.tellings[:STORIES] if any(found.fact.kind == "figure" for found in each.facts)]
    asked = [FactQuery(kinds=("figure",), story_id=each.story_id, until=frame.today, limit=FIGURES) for each in told]
    stored = await frame.store.facts_each(asked)
    found = [[each for each in figures if each.fact.origin != "model"] for figures in stored]
    every = [each for figures in found for each in figures]
    known, texts = await asyncio.gather(
        frame.store.texts({each.source.article_id for each in every}), texts_of(every, frame.store)
    )
    top = {item.story.id for item in frame.top[: frame.room.top] if item.story}
    items = [
        item
        for each, figures in zip(told, found, strict=True)
        for item in numbers.figure_items(
            figures, texts=texts, said_in=known, new=frame.batch.new, top=each.story_id in top
        )
    ]
    return numbers.ranked(items)


async def _changed(frame: _Frame) -> list[Item]:
    """What articles say otherwise in a new version, and what editors said."""
    items: list[Item] = []
    for each in frame.batch.revised[: frame.room.revised]:
        items += await _revised(frame, each)
    for change in frame.batch.edits[-frame.room.edits :]:
        found = await frame.store.fact(change.fact_id) if change.fact_id is not None else None
        if found is not None and lets(frame.wanted, found):
            items.append(changes.edit_item(change, found))
    once: dict[object, Item] = {}
    for item in items:
        once.setdefault((item.tag, item.revision or item.passages, item.source.article_id), item)
    return sorted(once.values(), key=lambda item: -item.score)


async def _revised(frame: _Frame, placed: Placed) -> list[Item]:
    number = placed.source.article_id
    newer = await frame.store.article(number)
    older = await frame.store.article(number, version=newer.version - 1) if newer and newer.version > 1 else None
    if newer is None or older is None:
        return []
    found = await frame.store.facts(FactQuery(article_id=number, kinds=KINDS, order="oldest", limit=200))
    first = frame.batch.versions.get(number, 0)
    told = [each for each in found if each.fact.id >= first or each.fact.id in frame.batch.moved]
    return changes.revision_items(told, newer, older)


async def _quoted(
    store: Store, candidates: Mapping[SectionName, Sequence[Item]], room: Room
) -> dict[SectionName, list[Item]]:
    """The lines that may be shown, with the whole sentences their facts stand in."""
    items = {name: list(some[: room.candidates(name)]) for name, some in candidates.items()}
    articles = {found.source.article_id for some in items.values() for item in some for found in item.found}
    texts = await store.texts(articles)
    return {
        name: [*(_with_passages(item, texts) for item in some), *candidates[name][len(some) :]]
        for name, some in items.items()
    }


def _with_passages(item: Item, texts: Mapping[int, str]) -> Item:
    if item.passages or not item.found:
        return item
    wide = item.found if item.section == "denials" else item.found[:1]
    passages = tuple(sentence_of(each, texts.get(each.source.article_id, "")) for each in wide[:2])
    return replace(item, passages=passages)
