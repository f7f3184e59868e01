"""Which names of one article are the same organisation's: long names first, then short forms and acronyms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from digests.extract.people.candidate import Candidate
from digests.extract.people.entity import Entity
from digests.extract.people.words import Words
from digests.text.countries import place
from digests.text.organisations import (
    is_acronym,
    organisation_key,
    organisation_keys,
    same_organisation,
    short_within,
    starts_within,
)

_NAMESAKES = 50
"""So many bodies of one name are compared at most."""


def bodies(words: Words, found: list[tuple[Candidate, str]]) -> dict[int, Entity]:
    """First token of each name -> which organisation it names; short forms and acronyms go with the long name."""
    known = _Bodies()
    bracketed = _in_brackets(words, found)
    for each, text in sorted(found, key=lambda pair: (-len(pair[1].split()), pair[0].first)):
        entity = known.like(text)
        if entity is None and each.first in bracketed:
            entity = known.of.get(bracketed[each.first])
        known.note(entity or _new(text), each, text)
    return known.of


def _new(text: str) -> Entity:
    land = place(text)
    entity = Entity(type="organisation", name=land.name if land else text, key=organisation_key(text))
    entity.stands_for = land.country if land else None
    return entity


class _Bodies:
    """The organisations of one article, to be asked by any of their names."""

    def __init__(self) -> None:
        self.of: dict[int, Entity] = {}
        self._by_key: dict[str, list[Entity]] = defaultdict(list)
        self._by_start: dict[str, list[Entity]] = defaultdict(list)

    def like(self, text: str) -> Entity | None:
        """The organisation whose name this is, or is short for within one article."""
        for key in sorted(organisation_keys(text, asking=True)):
            for entity in self._by_key[key][:_NAMESAKES]:
                if same_organisation(text, entity.name) or any(same_organisation(text, a) for a in entity.aliases):
                    return entity
        starting = self._by_start[" ".join(organisation_key(text))]
        return next((entity for entity in starting if short_within(text, entity.name)), None)

    def note(self, entity: Entity, each: Candidate, text: str) -> None:
        self.of[each.first] = entity
        if text in entity.aliases:
            return
        entity.aliases.append(text)
        for key in organisation_keys(text):
            self._by_key[key].append(entity)
        for start in starts_within(text):
            self._by_start[start].append(entity)


def _in_brackets(words: Words, found: list[tuple[Candidate, str]]) -> dict[int, int]:
    """First token of an acronym -> that of the long name beside it: Singapore Airlines (SIA), CEI (Italian ...)."""
    return dict(_pairs(words, found))


def _pairs(words: Words, found: list[tuple[Candidate, str]]) -> Iterator[tuple[int, int]]:
    for (one, before), (two, after) in pairwise(found):
        if two.first != one.last + 1 or words.text[one.last] != "(" or words.text[two.last : two.last + 1] != [")"]:
            continue
        if is_acronym(after):
            yield two.first, one.first
        elif is_acronym(before):
            yield one.first, two.first
