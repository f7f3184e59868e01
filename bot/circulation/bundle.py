"""What goes into one alert, and when a place may be sent one. Pure.

The first line of a burst is told at once, what follows within seconds in one message; a place that was sent many within
an hour hears less often, with more in each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.books.follows import WaitingLine
from bot.commands.lines import Line
from bot.model import Button, Reply
from digests.edition.follows import entities
from digests.edition.model import Follow
from digests.edition.naming import speaker_of
from digests.edition.sentences import is_whole
from digests.model import Evidence, Fact, Found, Statement

GAP = timedelta(seconds=20)
"""Between two alerts to a place; with the look every five seconds an article is told within a minute."""
LONG_GAP = timedelta(minutes=5)
MANY = 10
"""So many alerts within an hour, and the gap is the long one; urgent ones keep the short one."""
HOUR = timedelta(hours=1)
MOST_LINES = 8
LINES_EACH = 3
MOST_BUTTONS = 3
_LABEL = 30
HEADLINE = 3.0
"""So much less a headline is worth than a sentence of the body."""
_WORTH = {"deadline": 6, "statement": 5, "commitment": 5, "event": 4, "happening": 3, "figure": 2, "role": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line as it is shown, of which follow, what it is worth beside others, and where in its article it stands."""

    follow: Follow
    line: Line
    worth: float
    start: int = 0


def free_at(recent: Sequence[datetime], *, urgent: bool) -> datetime | None:
    """From when on a place may be sent another alert; ``None``: it was sent none lately. ``recent``: oldest first."""
    if not recent:
        return None
    many = len([at for at in recent if at > recent[-1] - HOUR]) >= MANY
    return recent[-1] + (LONG_GAP if many and not urgent else GAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A place's lines: to be told now (or dropped, as nobody follows that any more), and held until a moment."""

    now: tuple[WaitingLine, ...]
    held: tuple[tuple[tuple[WaitingLine, ...], datetime], ...] = ()


def part(
    lines: Sequence[WaitingLine],
    follows: Mapping[int, Follow],
    recent: Sequence[datetime],
    *,
    quiet_until: datetime | None,
    now: datetime,
) -> Parted:
    """What a place is told now, and what waits for the end of quiet hours or of the gap after the last alert.

    ``recent``: when it was sent alerts within the last hour, oldest first.
    """
    gone = tuple(each for each in lines if each.follow_id not in follows)
    urgent = tuple(each for each in lines if each.follow_id in follows and follows[each.follow_id].urgent)
    usual = tuple(each for each in lines if each.follow_id in follows and not follows[each.follow_id].urgent)
    told, held = list(gone), []
    soonest = {True: free_at(recent, urgent=True) or now, False: free_at(recent, urgent=False) or now}
    for some, until in ((urgent, soonest[True]), (usual, max(soonest[False], quiet_until or now))):
        if until > now and some:
            held.append((some, until))
        else:
            told += some
    return Parted(now=tuple(told), held=tuple(held))


def worth(fact: Fact, follow: Follow, sentence: str) -> float:
    """What a line of a follow is worth beside others: deadlines and the person's own words first, headlines last.

    ``sentence``: the whole of what it stands in.
    """
    speaker = speaker_of(fact)
    own = follow.entity is not None and speaker is not None and speaker.entity == follow.entity
    direct = isinstance(fact, Statement) and fact.style != "indirect"
    acts = follow.entity is not None and follow.entity in entities(fact)
    headline = HEADLINE * (not is_whole(sentence))
    return _WORTH[fact.kind] + 4 * own + 2 * direct + acts + fact.confidence - headline


def best_first(facts: Iterable[Found], follow: Follow, sentences: Mapping[int, Evidence]) -> list[Found]:
    """The facts of one article that a follow found, best first; a sentence counts once, for its best fact.

    ``sentences``: by fact, the whole sentence that it stands in.
    """
    rated = [(worth(each.fact, follow, sentences[each.fact.id].quote), each) for each in facts]
    rated.sort(key=lambda each: (-each[0], each[1].fact.start, each[1].fact.id))
    kept: list[Found] = []
    for _, each in rated:
        mine = sentences[each.fact.id]
        if not any(_overlap(mine, sentences[other.fact.id]) for other in kept):
            kept.append(each)
    return kept


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end


def alert(told: Sequence[Told], *, waited: bool, language: str) -> Reply:
    """One message: each follow with the number of its articles and its best lines. ``waited``: for quiet hours' end."""
    sections = [_section(follow, lines) for follow, lines in _by_follow(told)]
    shown = 0
    for section in sections:
        most = max(1, min(LINES_EACH if len(sections) > 1 else MOST_LINES, MOST_LINES - shown))
        best = section["lines"][:most]
        section["more"] = section["count"] - len(best)
        section["lines"] = [each.line for each in _as_read(best)]
        shown += most
    data = {"sections": sections, "articles": _articles(told), "waited": waited, "language": language}
    return Reply(template="alert", data=data, buttons=_buttons(sections))


def _by_follow(told: Sequence[Told]) -> list[tuple[Follow, list[Told]]]:
    groups: dict[int, list[Told]] = {}
    for each in told:
        groups.setdefault(each.follow.id, []).append(each)
    return [(lines[0].follow, lines) for lines in groups.values()]


def _section(follow: Follow, told: Sequence[Told]) -> dict[str, Any]:
    """A follow's lines, as ``Told``: the best of each article before a second one of any."""
    rounds: dict[int, int] = {}
    placed = []
    for each in sorted(told, key=lambda each: -each.worth):
        article = each.line["article"]
        rounds[article] = rounds.get(article, 0) + 1
        placed.append((rounds[article], each))
    placed.sort(key=lambda pair: (pair[0], -pair[1].worth))
    return {
        "id": follow.id,
        "label": follow.label,
        "kind": follow.kind,
        "urgent": follow.urgent,
        "articles": _articles(told),
        "count": len(told),
        "lines": [each for _, each in placed],
        "ask": f"/story {follow.story}" if follow.kind == "story" else "",
    }


def _as_read(told: Sequence[Told]) -> list[Told]:
    """Lines of one article in its own order: "It was wrong" says nothing before what was wrong."""
    first: dict[int, int] = {}
    for each in told:
        first.setdefault(each.line["article"], len(first))
    return sorted(told, key=lambda each: (first[each.line["article"]], each.start))


def _articles(told: Sequence[Told]) -> int:
    return len({each.line["article"] for each in told})


def _buttons(sections: Sequence[dict[str, Any]]) -> tuple[tuple[Button, ...], ...]:
    """A Mute button for each of the first follows; the others are muted from the list."""
    mutes = tuple(
        (Button(label=f"Mute {_short(each['label'])}", command=f"/mute {each['id']} 3 hours"),)
        for each in sections[:MOST_BUTTONS]
    )
    return (*mutes, (Button(label="All that is followed", command="/following"),))


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1].rstrip() + "…"
