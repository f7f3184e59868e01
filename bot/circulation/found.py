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


def new_lines(hit: Hit, keys: Mapping[int, tuple[str, ...]], *, not_before: datetime) -> list[NewLine]:
    """What a place is told of a hit: its best facts; the others count as told with them. ``keys``: by fact."""
    if hit.passage is not None:
        return [_new_line(hit.follow, hit.passage, None, (key_of_words(hit.passage.quote),), not_before)]
    best = best_first(hit.facts, hit.follow)[:MOST_AN_ARTICLE]
    rest = [each for each in hit.facts if each not in best]
    return [
        _new_line(
            hit.follow, each.fact.evidence[0], each.fact, keys[each.fact.id], not_before if each in best else None
        )
        for each in (*best, *rest)
    ]


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


def shown(found: Found, *, today: date) -> Line:
    """A fact as the alert shows it."""
    return due_line(found, today=today) if isinstance(found.fact, Deadline | Event) else line(found)


def passage_line(article: Article) -> Line:
    return {
        **article_line(article),
        "id": 0,
        "article": article.id,
        "kind": "passage",
        "who": "",
        "status": "standing",
        "press": f"/facts {article.id}",
    }
