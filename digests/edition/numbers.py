"""Which figures moved since the last digest, and which disagree. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from digests.edition import rank
from digests.edition.differences import GRAVEST, REVISED, Difference, differences
from digests.edition.figures import grouped
from digests.edition.items import Item, Tag
from digests.model import Found


def figure_items(found: Sequence[Found], *, new: Collection[int], top: bool) -> list[Item]:
    """Of one story's figures (newest first) those that another one differs from, one line for each thing counted.

    Only what an article of this digest says differs is told; what merely counts something else is left out.
    """
    items = []
    for group in grouped(found):
        told = [
            each
            for each in differences(group.found).values()
            if each.kind != "scope" and each.newer.source.article_id in new
        ]
        if not told:
            continue
        best = min(told, key=lambda each: (GRAVEST.index(each.kind), -each.older.source.published_day.toordinal()))
        items.append(_item(best, unit=group.unit, top=top))
    return items


def ranked(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (-item.score, item.found[0].fact.id))


def _item(difference: Difference, *, unit: str, top: bool) -> Item:
    newer, older = difference.newer, difference.older
    item = Item(
        section="figures",
        tag=_tag(difference),
        source=newer.source,
        found=(newer, older),
        difference=difference,
        outlets=len({newer.source.publisher, older.source.publisher}),
    )
    return replace(item, reasons=rank.of_difference(difference, unit=unit, top=top))


def _tag(difference: Difference) -> Tag:
    if difference.kind == "contradiction":
        return ""
    return "corrected" if REVISED.search(difference.newer.fact.quote) else "updated"
