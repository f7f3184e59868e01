"""Facts as templates get them: plain dictionaries that can be stored as JSON. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.model import Button
from digests.model import Actor, Article, Deadline, Event, Fact, Found, Source, Statement
from digests.text.wordlist import words

Line = dict[str, Any]
_PRONOUNS = words("i he she it they we you one who which that this these those others both some his her its their")
Rows = tuple[tuple[Button, ...], ...]


def line(found: Found) -> Line:
    """What every line shows: who, the words, the day, the source, and the command that shows the evidence."""
    fact = found.fact
    return {
        "id": fact.id,
        "kind": fact.kind,
        "who": speaker_name(fact),
        "summary": fact.summary,
        "quote": fact.quote,
        "status": fact.status,
        "press": f"/evidence {fact.id}",
        **source_line(found.source),
        "day": day_of(found).isoformat(),
    }


def source_line(source: Source) -> Line:
    return {
        "article": source.article_id,
        "title": source.title,
        "source": source_name(source),
        "url": source.url,
        "day": source.published_day.isoformat(),
    }


def article_line(article: Article) -> Line:
    """The head of an article that may have borne no fact."""
    name = article.publisher or article.byline or urlsplit(article.url).hostname or f"article {article.id}"
    day = article.published_day
    return {"title": article.title, "source": name, "url": article.url, "day": day.isoformat() if day else ""}


def source_name(source: Source) -> str:
    """The publisher, else who wrote it, else where it stood."""
    return source.publisher or source.byline or urlsplit(source.url).hostname or f"article {source.article_id}"


def day_of(found: Found) -> date:
    """The day a statement was made if known, else the article's."""
    fact = found.fact
    said_on = fact.said_on if isinstance(fact, Statement) else None
    return said_on or found.source.published_day


def speaker_of(fact: Fact) -> Actor | None:
    return fact.speaker if isinstance(fact, Statement) else fact.said_by


def speaker_name(fact: Fact) -> str:
    """Who says so, with whom a place stands for (``Kremlin (Russia)``); "" when nobody is named."""
    speaker = speaker_of(fact)
    return actor_name(speaker) if speaker and is_named(speaker) else ""


def is_named(actor: Actor) -> bool:
    """Whether an actor's name names somebody: a pronoun nobody could resolve does not."""
    return actor.name.casefold() not in _PRONOUNS and any(map(str.isalnum, actor.name))


def actor_name(actor: Actor) -> str:
    if actor.stands_for and actor.stands_for != actor.name:
        return f"{actor.name} ({actor.stands_for})"
    return actor.name


def due_line(found: Found, *, today: date) -> Line:
    """A deadline or event: when, how it stands relative to the chat's day, who must do what."""
    fact = found.fact
    assert isinstance(fact, Deadline | Event)
    return {
        **line(found),
        "due_from": fact.due_from.isoformat(),
        "due_to": fact.due_to.isoformat(),
        "boundary": fact.boundary,
        "standing": standing(fact.due_from, fact.due_to, today=today),
        "distance": distance(fact.due_from, fact.due_to, today=today),
        "actor": actor_name(fact.actor) if fact.actor else "",
        "action": fact.action.text if fact.action else "",
        "condition": fact.condition.text if fact.condition else "",
    }


def standing(first: date, last: date, *, today: date) -> str:
    """``ahead``, ``today`` (also: under way) or ``passed``."""
    if last < today:
        return "passed"
    return "ahead" if first > today else "today"


def distance(first: date, last: date, *, today: date) -> str:
    """How far off, in words: "in 14 days", "tomorrow", "today", "under way", "yesterday", "3 days ago"."""
    if first <= today <= last:
        return "today" if last == today else "under way"
    days = (first - today).days if first > today else (last - today).days
    if abs(days) == 1:
        return "tomorrow" if days == 1 else "yesterday"
    return f"in {days:,} days" if days > 0 else f"{-days:,} days ago"


def pager(command: str, *, page: int, more: bool) -> Rows:
    """Buttons to the pages before and after; ``command`` is the question without its page."""
    row = []
    if page > 1:
        row.append(Button(label="Previous", command=command if page == 2 else f"{command} page {page - 1}"))
    if more:
        row.append(Button(label="More", command=f"{command} page {page + 1}"))
    return (tuple(row),) if row else ()
