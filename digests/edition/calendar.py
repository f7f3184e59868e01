"""What is due in the days ahead and what just passed, each once however many sources and wordings tell it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from digests.edition import rank
from digests.edition.items import Item
from digests.edition.naming import is_named, is_own
from digests.edition.rank import telling_words
from digests.model import Actor, Deadline, Event, Found, Placed

AHEAD = timedelta(days=7)
VAGUE = timedelta(days=7)
"""What is due some time in a longer stretch has no day that a calendar could show."""
_SAME_TASK = 0.5


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
    items = [_item("ahead", group, placed, today=today, new=new, top=top) for group in groups(fitting, placed)]
    return sorted(items, key=lambda item: (-item.score, _due(item.found[0]).due_to, item.found[0].fact.id))


def passed_items(
    found: Sequence[Found],
    placed: Mapping[int, Placed],
    *,
    since: date,
    today: date,
    top: Collection[int],
) -> list[Item]:
    """What was due from ``since`` on and is over, if it was told before its day was over."""
    fitting = [
        each
        for each in found
        if since <= _due(each).due_to < today
        and each.source.published_day <= _due(each).due_to
        and _has_day(_due(each))
    ]
    items = [_item("passed", group, placed, today=today, new=(), top=top) for group in groups(fitting, placed)]
    return sorted(items, key=lambda item: (-item.score, item.found[0].fact.id))


def groups(found: Sequence[Found], placed: Mapping[int, Placed]) -> list[list[Found]]:
    """Facts that tell the same deadline: one day, one story or nearly the same words, the same who or what."""
    made: list[list[Found]] = []
    for each in found:
        home = next((group for group in made if _same(group[0], each, placed)), None)
        if home is None:
            made.append([each])
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
) -> Item:
    best = max(group, key=lambda each: (_fullness(_due(each)), _own(each, placed), each.source.published_day))
    others = [each for each in group if each is not best]
    articles = {each.source.article_id for each in group}
    first_told = articles <= set(new)
    outlets = len({each.source.publisher for each in group})
    item = Item(
        section="passed" if section == "passed" else "ahead",
        tag="passed" if section == "passed" else "new" if first_told else "",
        source=best.source,
        found=(best, *others),
        outlets=outlets,
        origins=len({placed[each].origin for each in articles if each in placed}) or 1,
    )
    reasons = rank.of_due(best, today=today, new=first_told, outlets=outlets, top=bool(articles & set(top)))
    return replace(item, reasons=reasons)


def _own(found: Found, placed: Mapping[int, Placed]) -> bool:
    known = placed.get(found.source.article_id)
    return known is None or is_own(known.origin, found.source.publisher)


def _same(one: Found, other: Found, placed: Mapping[int, Placed]) -> bool:
    mine, yours = _due(one), _due(other)
    if (mine.due_from, mine.due_to) != (yours.due_from, yours.due_to):
        return False
    tasks = _likeness(_task(mine), _task(yours))
    if _story(one, placed) == _story(other, placed):
        return _same_actor(mine.actor, yours.actor) or tasks >= _SAME_TASK
    return tasks >= _SAME_TASK and _same_actor(mine.actor, yours.actor)


def _same_actor(one: Actor | None, other: Actor | None) -> bool:
    """Whether two may be the same: "Syrian troops" and "Syrian forces"; nobody named may be anybody."""
    if one is None or other is None:
        return True
    if one.entity is not None and one.entity == other.entity:
        return True
    return bool(telling_words(f"{one.text} {one.name}") & telling_words(f"{other.text} {other.name}"))


def _task(fact: Deadline | Event) -> str:
    return fact.action.text if fact.action else fact.quote


def _likeness(one: str, other: str) -> float:
    mine, yours = telling_words(one), telling_words(other)
    return len(mine & yours) / (min(len(mine), len(yours)) or 1)


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
