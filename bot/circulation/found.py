"""What an article brings to a follow, as lines to be kept and lines to be shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import cast

from bot.books.follows import NewLine
from bot.circulation.bundle import best_first
from bot.commands.lines import Line, article_line, due_line, line
from bot.model import Platform
from digests.edition.follows import Hit
from digests.edition.model import Follow
from digests.edition.same import key_of_words
from digests.edition.sentences import is_whole
from digests.model import Article, Deadline, Event, Evidence, Fact, Found

FRESH = timedelta(days=2)
"""What was published longer ago is history, however lately it was imported: nobody is told."""
AHEAD = timedelta(days=1)
"""A printed day may be tomorrow's where we are; later ones are mistakes."""
MOST_AN_ARTICLE = 6
"""Lines of one article for one follow; the others count as told."""


def is_fresh(day: date | None, today: date) -> bool:
    """Whether an article of that day is news; one without a day is."""
    return day is None or today - FRESH <= day <= today + AHEAD


def muted(follow: Follow, now: datetime) -> bool:
    return follow.muted_until is not None and follow.muted_until > now


def platform_of(chat: str) -> Platform:
    """The platform in a chat's name."""
    return cast(Platform, chat.partition(":")[0])


def new_lines(
    hit: Hit, keys: Mapping[int, tuple[str, ...]], sentences: Mapping[int, Evidence], *, not_before: datetime
) -> list[NewLine]:
    """What a place is told of a hit: its best facts; the others count as told with them.

    ``keys``: by fact, what it is known by; ``sentences``: by fact, the whole sentence it stands in.
    """
    if hit.passage is not None:
        return [_new_line(hit.follow, hit.passage, None, (key_of_words(hit.passage.quote),), not_before)]
    ordered = best_first(hit.facts, hit.follow, sentences)
    whole = [each for each in ordered if is_whole(sentences[each.fact.id].quote)]
    best = (whole or ordered)[:MOST_AN_ARTICLE]  # a headline only says again what the article says
    rest = [each for each in hit.facts if each not in best]
    lines = []
    for each in (*best, *rest):
        said = sentences[each.fact.id]
        known = (*keys[each.fact.id], key_of_words(said.quote))
        lines.append(_new_line(hit.follow, said, each.fact, known, not_before if each in best else None))
    return lines


def _new_line(
    follow: Follow, evidence: Evidence, fact: Fact | None, keys: tuple[str, ...], not_before: datetime | None
) -> NewLine:
    return NewLine(
        chat=follow.chat,
        thread=follow.thread,
        follow_id=follow.id,
        article_id=evidence.article_id,
        version=evidence.version,
        fact_id=fact.id if fact else None,
        start=evidence.start,
        end=evidence.end,
        keys=keys,
        not_before=not_before,
    )


def shown(found: Found, sentence: str, *, today: date) -> Line:
    """A fact as the alert shows it: with the whole sentence that it stands in."""
    own = due_line(found, today=today) if isinstance(found.fact, Deadline | Event) else line(found)
    return {**own, "quotes": [sentence]}


def passage_line(article: Article, quote: str) -> Line:
    """A sentence of an article that bore no fact."""
    return {
        **article_line(article),
        "id": 0,
        "article": article.id,
        "kind": "passage",
        "who": "",
        "status": "standing",
        "press": f"/facts {article.id}",
        "quote": quote,
        "quotes": [quote],
    }
