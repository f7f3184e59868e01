"""Which names of one article are the same person's: full names first, then last or first names alone.

Names are looked up by how their words sound, so that an article with thousands of people takes no longer a name.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict

from rapidfuzz.distance import OSA

from digests.extract.people import lexicon
from digests.extract.people.candidate import Candidate
from digests.extract.people.entity import Entity
from digests.extract.people.lexicon import Gender
from digests.text.folding import fold
from digests.text.names import name_parts
from digests.text.nicknames import nicknames
from digests.text.sounds import consonants, sound_key

_NAMESAKES = 50
"""So many people of one name are compared at most; no article has more."""


def persons(found: list[tuple[Candidate, str]]) -> dict[int, Entity]:
    """First token of each name -> whose it is."""
    people = _People()
    keys = [tuple(name_parts(text)) or (fold(text),) for _, text in found]
    for (each, text), key in zip(found, keys, strict=True):
        if len(key) > 1:
            people.full(each, text, key)
    for (each, text), key in zip(found, keys, strict=True):
        if len(key) == 1:
            people.single(each, text, key)
    return people.of


def same_person(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names of two words or more are spellings of one: last names agree, given names do not disagree."""
    if a == b:
        return True
    if a[-1] != b[-1] and not _typo(a[-1], b[-1]):
        return a[0] == b[0] and (a[-1] in b or b[-1] in a)
    short, long = (a[:-1], b[:-1]) if len(a) <= len(b) else (b[:-1], a[:-1])
    return all(any(_given(x, y) for y in long) for x in short)


def _fullness(key: tuple[str, ...]) -> tuple[int, int]:
    """How much of a name is written out: "Peter Hall" before "P. Hall", "Peter J. Hall" before "Peter Hall"."""
    return sum(len(word) > 1 for word in key), len(key)


def _given(a: str, b: str) -> bool:
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    if a == b or _typo(a, b) or nicknames(a) & nicknames(b):
        return True
    return min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a))


def _typo(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= 6 and OSA.distance(sound_key(a), sound_key(b), score_cutoff=1) <= 1


class _People:
    """The people of one article, to be asked by a word of their name."""

    def __init__(self) -> None:
        self.of: dict[int, Entity] = {}
        self._by_word: dict[str, list[Entity]] = defaultdict(list)
        self._by_bones: dict[str, list[Entity]] = defaultdict(list)
        """By the consonants of the last name, for misspelt vowels."""
        self._places: dict[int, list[int]] = defaultdict(list)

    def full(self, each: Candidate, text: str, key: tuple[str, ...]) -> None:
        near = [*self._near(key[-1]), *self._near(key[0])]
        known = next((entity for entity in near if same_person(entity.key, key)), None)
        entity = known or Entity(type="person", name=text, key=key)
        if known is not None and _fullness(key) > _fullness(known.key):
            known.key, known.name = key, text
        if known is None or known.key == key:
            self._index(entity, key)
        self._note(entity, each, text)

    def single(self, each: Candidate, text: str, key: tuple[str, ...]) -> None:
        word = key[0]
        near = self._near(word)
        fits = [entity for entity in near if entity.key[-1] == word] or [e for e in near if word in e.key]
        fits = fits or [e for e in self._by_bones[consonants(word)][:_NAMESAKES] if _typo(e.key[-1], word)]
        fits = _agreeing(fits, each) or fits
        if fits:
            entity = max(fits, key=lambda e: self._nearness(e, each.first))
        else:
            entity = Entity(type="person", name=text, key=key)
            self._index(entity, key)
        self._note(entity, each, text)

    def _near(self, word: str) -> list[Entity]:
        return self._by_word[sound_key(word)][:_NAMESAKES]

    def _index(self, entity: Entity, key: tuple[str, ...]) -> None:
        for word in dict.fromkeys(sound_key(word) for word in key):
            if entity not in self._by_word[word][:_NAMESAKES]:
                self._by_word[word].append(entity)
        if entity not in self._by_bones[consonants(key[-1])][:_NAMESAKES]:
            self._by_bones[consonants(key[-1])].append(entity)

    def _nearness(self, entity: Entity, at: int) -> tuple[int, int]:
        """Who was named most often so far, then who was named last; nobody yet: who comes next."""
        places = self._places[id(entity)]
        before = bisect_left(places, at)
        return (before, places[before - 1]) if before else (0, -places[0])

    def _note(self, entity: Entity, each: Candidate, text: str) -> None:
        if text not in entity.aliases:
            entity.aliases.append(text)
        entity.gender = entity.gender or _honorific_gender(each) or lexicon.given_gender(text)
        insort(self._places[id(entity)], each.first)
        self.of[each.first] = entity


def _agreeing(fits: list[Entity], candidate: Candidate) -> list[Entity]:
    """Those whose gender does not speak against the Mr or Mrs before the name."""
    gender = _honorific_gender(candidate)
    return [e for e in fits if gender is None or e.gender in (None, gender)]


def _honorific_gender(candidate: Candidate) -> Gender | None:
    if candidate.honorific in lexicon.MALE_HONORIFICS:
        return "m"
    return "f" if candidate.honorific in lexicon.FEMALE_HONORIFICS else None
