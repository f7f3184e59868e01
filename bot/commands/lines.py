"""Facts as templates get them: plain dictionaries that can be stored as JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.model import Button
from digests.edition.charts.amounts import extent
from digests.edition.naming import (
    actor_name,
    day_of,
    distance,
    doubtful_day,
    is_named,
    source_name,
    speaker_name,
    standing,
)
from digests.edition.seen import print_of
from digests.edition.sentences import sentence_of
from digests.model import Article, Deadline, Event, Figure, Found, Source

Line = dict[str, Any]
Rows = tuple[tuple[Button, ...], ...]
MOST_REMINDED = 3


def line(found: Found) -> Line:
    """What every line shows: who, the words, the day, the source, and the command that shows the evidence.

    ``seen``: a print of all of it, so that a later correction knows whether this is what was shown.
    """
    fact = found.fact
    return {
        "id": fact.id,
        "kind": fact.kind,
        "who": speaker_name(fact),
        "summary": fact.summary,
        "quote": fact.quote,
        "status": fact.status,
        "edited": fact.origin == "editor",
        "proposed": fact.origin == "model",
        "seen": print_of(fact),
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


def due_line(found: Found, *, today: date) -> Line:
    """A deadline or event: when, how it stands relative to the chat's day, who must do what.

    ``doubt``: another day that its words may mean as well, or "".
    """
    fact = found.fact
    assert isinstance(fact, Deadline | Event)
    return {
        **line(found),
        "due_from": fact.due_from.isoformat(),
        "due_to": fact.due_to.isoformat(),
        "boundary": fact.boundary,
        "standing": standing(fact.due_from, fact.due_to, today=today),
        "distance": distance(fact.due_from, fact.due_to, today=today),
        "doubt": doubt.isoformat() if (doubt := doubtful_day(found)) else "",
        "actor": actor_name(fact.actor) if fact.actor and is_named(fact.actor) else "",
        "action": fact.action.text if fact.action else "",
        "condition": fact.condition.text if fact.condition else "",
    }


def whole_due_line(found: Found, texts: Mapping[int, str], *, today: date) -> Line:
    """The same with the whole sentence that it stands in for ``quotes``: a part of one may mislead.

    ``texts``: of the articles, by number.
    """
    sentence = sentence_of(found, texts.get(found.source.article_id, ""))
    return {**due_line(found, today=today), "quotes": [sentence.quote]}


def amount_line(figure: Figure) -> Line:
    """What a chart is drawn from: what is counted, and between which amounts the figure lies as it is given."""
    given = extent(figure)
    shown = {"low": given.low, "high": given.high, "shape": given.shape} if given else None
    return {"unit": figure.unit, "extent": shown}


def remind_asks(dues: Sequence[Found], *, today: date) -> Rows:
    """A row of buttons: be reminded, a day before, of the first that are far enough off."""
    ahead: dict[date, Button] = {}
    for each in dues:
        fact = each.fact
        if isinstance(fact, Deadline | Event) and fact.status == "standing":
            day = fact.due_to if isinstance(fact, Deadline) else fact.due_from
            if (day - today).days > 1:
                label = f"Remind me of {day.day} {day:%b}"
                ahead.setdefault(day, Button(label=label, command=f"/remind {fact.id} 1 day"))
    return (tuple(ahead.values())[:MOST_REMINDED],) if ahead else ()


def pager(command: str, *, page: int, more: bool) -> Rows:
    """Buttons to the pages before and after; ``command`` is the question without its page."""
    row = []
    if page > 1:
        row.append(Button(label="Previous", command=command if page == 2 else f"{command} page {page - 1}"))
    if more:
        row.append(Button(label="More", command=f"{command} page {page + 1}"))
    return (tuple(row),) if row else ()
