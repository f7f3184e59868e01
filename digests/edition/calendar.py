"""What is due in the days ahead and what just passed, each once however many sources and wordings tell it. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from digests.edition import rank
from digests.edition.items import Item
from digests.edition.naming import doubtful_day, is_named, is_own
from digests.edition.rank import telling_words
from digests.model import Actor, Deadline, Event, Found, Placed

AHEAD = timedelta(days=7)
VAGUE = timedelta(days=7)
"""What is due some time in a longer stretch has no day that a calendar could show."""
STALE = timedelta(days=3)
FORGOTTEN = timedelta(days=300)
"""So long after one outlet told of a deadline nobody else names, it is no news that it comes."""
_PUT_OFF = re.compile(
    r"\b(?:postpon|reschedul|put off|pushed? (?:back|to)|brought forward|extend|delayed"
    r"|moved (?:to|from|back|forward))",
    re.IGNORECASE,
)
_SAME_TASK = 0.5
_CLOCK = re.compile(
    r"(?:about |around )?\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?\s?m\.?)?(?:\s*\(?(?:[A-Z]{2,4}|local time)\)?)?"
    r"|noon|midnight",
    re.IGNORECASE,
)


def ahead_items(
    found: Sequence[Found],
    placed: Mapping[int, Placed],
    *,
    today: date,
    new: Collection[int],
    top: Collection[int],
) -> list[Item]:
    """What ends between today and a week later. ``new``: articles of this digest; ``top``: those of its top stories."""
    fitting = [each for each in found if today <= _due(each).due_to <= today + AHEAD and _has_day(_due(each))]
    current = [group for group in groups(fitting, placed) if not _stale(group, today) and _is_sure(group)]
    gone, moved = _replaced(current, placed)
    items = [
        _item("ahead", group, placed, today=today, new=new, top=top, moved=group[0].fact.id in moved)
        for group in current
        if group[0].fact.id not in gone
    ]
    return sorted(items, key=lambda item: (-item.score, _due(item.found[0]).due_to, item.found[0].fact.id))


def passed_items(
    found: Sequence[Found],
    placed: Mapping[int, Placed],
    *,
    since: date,
    today: date,
    top: Collection[int],
) -> list[Item]:
    """What was due from ``since`` on and is over: deadlines, and events that more than one outlet or a top story told.

    What was told only on its very day was news that day, not an appointment.
    """
    fitting = [
        each
        for each in found
        if since <= _due(each).due_to < today and each.source.published_day < _due(each).due_to and _has_day(_due(each))
    ]
    sure = [group for group in groups(fitting, placed) if _is_sure(group)]
    gone, _ = _replaced(sure, placed)
    items = [
        _item("passed", group, placed, today=today, new=(), top=top) for group in sure if group[0].fact.id not in gone
    ]
    told = [
        item
        for item in items
        if _binds(item.found) or (_is_day(item) and (item.outlets > 1 or item.source.article_id in top))
    ]
    return sorted(told, key=lambda item: (-item.score, item.found[0].fact.id))


def groups(found: Sequence[Found], placed: Mapping[int, Placed]) -> list[list[Found]]:
    """Facts that tell one deadline: due on the same days, and told by one story or in nearly the same words."""
    made: list[list[Found]] = []
    by_days: dict[tuple[date, date], list[list[Found]]] = defaultdict(list)
    for each in found:
        same_days = by_days[_due(each).due_from, _due(each).due_to]
        home = next((group for group in same_days if _same(group[0], each, placed)), None)
        if home is None:
            made.append([each])
            same_days.append(made[-1])
        else:
            home.append(each)
    return made


def in_days(items: Sequence[Item], *, latest: bool = False) -> list[Item]:
    """Lines in the order of their days."""
    ordered = sorted(items, key=lambda item: (_due(item.found[0]).due_to, _due(item.found[0]).due_from))
    return ordered[::-1] if latest else ordered


def _item(
    section: str,
    group: Sequence[Found],
    placed: Mapping[int, Placed],
    *,
    today: date,
    new: Collection[int],
    top: Collection[int],
    moved: bool = False,
) -> Item:
    best = max(
        group, key=lambda each: (_is_sure([each]), _fullness(_due(each)), _own(each, placed), each.source.published_day)
    )
    others = [each for each in group if each is not best]
    articles = {each.source.article_id for each in group}
    first_told = articles <= set(new)
    outlets = len({each.source.publisher for each in group})
    item = Item(
        section="passed" if section == "passed" else "ahead",
        tag="passed" if section == "passed" else "updated" if moved and first_told else "new" if first_told else "",
        source=best.source,
        found=(best, *others),
        outlets=outlets,
        origins=len({placed[each].origin for each in articles if each in placed}) or 1,
    )
    reasons = rank.of_due(best, today=today, new=first_told, outlets=outlets, top=bool(articles & set(top)))
    return replace(item, reasons=reasons)


def _is_day(item: Item) -> bool:
    """Whether it was for a day or a weekend: what was for "next week" passes on no day."""
    fact = _due(item.found[0])
    return (fact.due_to - fact.due_from).days <= 1


def _binds(group: Sequence[Found]) -> bool:
    return any(each.fact.kind == "deadline" for each in group)


def _replaced(made: Sequence[Sequence[Found]], placed: Mapping[int, Placed]) -> tuple[set[int], set[int]]:
    """Which groups a later one of the same story puts off or brings forward, and which do so, by their first facts."""
    gone, moved = set(), set()
    for newer in made:
        if not any(_PUT_OFF.search(each.fact.quote) for each in newer):
            continue
        for older in made:
            one, other = older[0], newer[0]
            if (
                _told(older) < _told(newer)
                and _story(one, placed) == _story(other, placed)
                and _same(one, other, placed)
            ):
                gone.add(one.fact.id)
                moved.add(other.fact.id)
    return gone, moved


def _told(group: Sequence[Found]) -> tuple[date, int]:
    """When a group was told last: its newest article."""
    return max((each.source.published_day, each.source.article_id) for each in group)


def _is_sure(group: Sequence[Found]) -> bool:
    """Whether the line's own source says which day: a calendar must not guess what "on Monday" means in Monday's paper,
    nor on which day "4 p.m." is."""
    return any(doubtful_day(each) is None and not _CLOCK.fullmatch(_due(each).time.text.strip()) for each in group)


def _stale(group: Sequence[Found], today: date) -> bool:
    """Whether one outlet told it and nobody since: an event days ago, a deadline most of a year ago."""
    told = max(each.source.published_day for each in group)
    once = len({each.source.publisher for each in group}) == 1
    return once and told < today - (FORGOTTEN if _binds(group) else STALE)


def _own(found: Found, placed: Mapping[int, Placed]) -> bool:
    known = placed.get(found.source.article_id)
    return known is None or is_own(known.origin, found.source.publisher)


def _same(one: Found, other: Found, placed: Mapping[int, Placed]) -> bool:
    mine, yours = _due(one), _due(other)
    if _same_actor(mine.actor, yours.actor):
        return _story(one, placed) == _story(other, placed) or _same_task(mine, yours)
    return _story(one, placed) == _story(other, placed) and _same_task(mine, yours)


def _same_actor(one: Actor | None, other: Actor | None) -> bool:
    """Whether two may be the same: "Syrian troops" and "Syrian forces"; nobody named may be anybody."""
    if one is None or other is None:
        return True
    if one.entity is not None and one.entity == other.entity:
        return True
    return bool(telling_words(f"{one.text} {one.name}") & telling_words(f"{other.text} {other.name}"))


def _task(fact: Deadline | Event) -> str:
    return fact.action.text if fact.action else fact.quote


def _same_task(one: Deadline | Event, other: Deadline | Event) -> bool:
    mine, yours = telling_words(_task(one)), telling_words(_task(other))
    return len(mine & yours) >= _SAME_TASK * (min(len(mine), len(yours)) or 1)


def _story(found: Found, placed: Mapping[int, Placed]) -> int:
    known = placed.get(found.source.article_id)
    return known.story_id if known else -found.source.article_id


def _fullness(fact: Deadline | Event) -> tuple[bool, bool, bool]:
    """Of several wordings the one that says who, does what, whether it must."""
    actor = fact.actor is not None and is_named(fact.actor)
    return fact.kind == "deadline", actor, fact.action is not None


def _has_day(fact: Deadline | Event) -> bool:
    return fact.due_to - fact.due_from <= VAGUE


def _due(found: Found) -> Deadline | Event:
    assert isinstance(found.fact, Deadline | Event)
    return found.fact
