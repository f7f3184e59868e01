"""Which figures moved since the last digest, and which disagree. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from digests.edition import rank
from digests.edition.differences import GRAVEST, REVISED, Difference, differences, period_of
from digests.edition.figures import counted, grouped, is_bare
from digests.edition.items import Item, Tag
from digests.edition.rank import telling_words
from digests.edition.sentences import sentence_of
from digests.edition.texts import Texts
from digests.model import Figure, Found
from digests.text.dates import day_range, find

_LIKE = 0.25
_FAR = 20
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_MOVED = re.compile(
    r"\b(?:from|up|down|rose|fell|raised|cut|earlier|previous(?:ly)?|before|instead|correct\w*)\b", re.IGNORECASE
)


def figure_items(
    found: Sequence[Found],
    *,
    texts: Texts,
    said_in: Mapping[int, str],
    new: Collection[int],
    top: bool,
) -> list[Item]:
    """Of one story's figures (newest first) those that another one differs from, one line for each thing counted.

    Only what an article of this digest says differs is told; what merely counts something else is left out.
    ``said_in``: the articles' texts by id: figures are compared as their whole sentences put them.
    """
    own = {each.fact.id: each for each in found}
    items = []
    for group in grouped([whole(each, said_in) for each in found]):
        told = [each for each in differences(group.found, texts).values() if _is_news(each, new)]
        if told:
            best = min(told, key=lambda each: (GRAVEST.index(each.kind), -each.older.source.published_day.toordinal()))
            items.append(_item(best, own, unit=group.unit, top=top))
    return items


def ranked(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (-item.score, item.found[0].fact.id))


def whole(found: Found, said_in: Mapping[int, str]) -> Found:
    """The figure with the sentence it stands in for evidence, which names the days and places it counts."""
    sentence = sentence_of(found, said_in.get(found.source.article_id, ""))
    return replace(found, fact=replace(found.fact, evidence=(sentence, *found.fact.evidence[1:])))


def _is_news(difference: Difference, new: Collection[int]) -> bool:
    """Whether an article of this digest makes the difference, and it is one."""
    if difference.kind == "scope" or not _telling(difference):
        return False
    told = {difference.newer.source.article_id, difference.older.source.article_id}
    if difference.kind == "copy":
        return difference.older.source.article_id in new
    return bool(told & set(new)) and difference.newer.source.article_id in new and not _of_two_days(difference)


def _telling(difference: Difference) -> bool:
    """Whether both say how many of what: "thousands" is no figure, and what became of nobody is of one thing only where
    the sentences are alike: a lead of 400 delegates has nothing to do with a state's 20."""
    newer, older = difference.newer.fact, difference.older.fact
    assert isinstance(newer, Figure)
    assert isinstance(older, Figure)
    if any(each.value is None and (each.low is None or each.high is None) for each in (newer, older)):
        return False
    _, states = counted(newer.unit)
    if states:
        return True
    if is_bare(newer.unit) and (_far(newer, older) or _says(newer, older) or _says(older, newer)):
        return False
    mine, yours = telling_words(newer.quote), telling_words(older.quote)
    return len(mine & yours) >= _LIKE * len(mine | yours)


def _far(one: Figure, other: Figure) -> bool:
    """Whether two sums cannot be of one thing: dollars beside billions."""
    sizes = sorted(abs(each.value if each.value is not None else each.high or 0) for each in (one, other))
    return sizes[0] * _FAR < sizes[1]


def _says(one: Figure, other: Figure) -> bool:
    """Whether the sentence of one gives the other's sum, too, and not as what it was: then they are two things."""
    given = set(_NUMBER.findall(other.number.text))
    return bool(given) and given <= set(_NUMBER.findall(one.quote)) and not _MOVED.search(one.quote)


def _of_two_days(difference: Difference) -> bool:
    """Whether one counts what happened on a day and the other what happened on another day, or in a longer time."""
    if _spans(difference.newer) != _spans(difference.older):
        return True
    one, other = _days(difference.newer), _days(difference.older)
    return bool(one and other) and not one & other


def _spans(found: Found) -> bool:
    """Whether a figure's sentence says that it counts what happened within some time; "since" some day is all of it."""
    quote = found.fact.quote
    period = period_of(quote)
    within = bool(period) and not period.casefold().startswith("since")
    return within or any(time.type == "DURATION" for time in find(quote, today=None))


def _days(found: Found) -> frozenset[tuple[object, object]]:
    """The single days named in a figure's sentence."""
    times = find(found.fact.quote, today=found.source.published_day)
    ranges = (day_range(time.value, today=found.source.published_day) for time in times if time.type == "DATE")
    return frozenset(each for each in ranges if each and each[0] == each[1])


def _item(difference: Difference, own: Mapping[int, Found], *, unit: str, top: bool) -> Item:
    """A line on the newer figure beside the older; of a misprint, on what the copy has beside what it copies."""
    pair = (difference.older, difference.newer) if difference.kind == "copy" else (difference.newer, difference.older)
    item = Item(
        section="figures",
        tag=_tag(difference),
        source=pair[0].source,
        found=tuple(own[each.fact.id] for each in pair),
        passages=tuple(each.fact.evidence[0] for each in pair),
        difference=difference,
    )
    return replace(item, reasons=rank.of_difference(difference, unit=unit, top=top))


def _tag(difference: Difference) -> Tag:
    if difference.kind != "older":
        return ""
    return "corrected" if REVISED.search(difference.newer.fact.quote) else "updated"
