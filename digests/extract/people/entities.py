"""Which names of one article are the same person, organisation or place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import OSA

from digests.extract.people import lexicon
from digests.extract.people.kinds import Kind, name_of
from digests.extract.people.lexicon import Gender
from digests.extract.people.runs import Candidate
from digests.extract.people.words import Words
from digests.model import EntityType
from digests.text.countries import place
from digests.text.folding import fold
from digests.text.names import name_parts, sound_key
from digests.text.nicknames import nicknames
from digests.text.organisations import is_acronym, organisation_key, same_organisation, short_within
from digests.text.wordlist import words as words_in

_MEETS = frozenset({"with", "by", "between", "against", "among"})
_GOING = words_in(
    "go goes went going travel travels travelled traveled travelling traveling fly flies flew flown flying come",
    "comes came  return returns returned returning arrive arrived head heads headed heading move moved drive drove",
    "visit visits trip flight tour journey back invite invited send sent way road transferred moved sail sailed",
)


@dataclass(slots=True, kw_only=True)
class Entity:
    """One person, organisation or place of an article while it is put together."""

    type: EntityType
    name: str
    key: tuple[str, ...]
    aliases: list[str] = field(default_factory=list)
    gender: Gender | None = None
    stands_for: str | None = None
    titles: set[str] = field(default_factory=set)
    """Folded head words of the titles seen beside the name (minister, chairman)."""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name in the text: tokens ``first`` to ``last`` (exclusive) and whom it names."""

    first: int
    last: int
    candidate: Candidate
    entity: Entity
    stands_for: str | None = None


def named(words: Words, found: Iterable[Candidate], kinds: Iterable[Kind]) -> list[Named]:
    """All names with their entities, in text order."""
    kept = [(each, kind, name_of(words, each)) for each, kind in zip(found, kinds, strict=True) if kind != "other"]
    people = _people([(each, text) for each, kind, text in kept if kind == "person"])
    organisations = _organisations(words, [(each, text) for each, kind, text in kept if kind == "organisation"])
    places: dict[str, Entity] = {}
    out = []
    for each, kind, text in kept:
        stands_for = None
        if kind == "person":
            entity = people[each.first]
        elif kind == "organisation":
            entity = organisations[each.first]
            stands_for = entity.stands_for
        else:
            entity, stands_for = _place(words, each, text, places)
        out.append(Named(first=each.first, last=each.last, candidate=each, entity=entity, stands_for=stands_for))
    return out


def same_person(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names of two words or more are spellings of one: last names agree, given names do not disagree."""
    if a == b:
        return True
    if a[-1] != b[-1] and not _typo(a[-1], b[-1]):
        return a[0] == b[0] and (a[-1] in b or b[-1] in a) and min(len(a), len(b)) > 1
    short, long = (a[:-1], b[:-1]) if len(a) <= len(b) else (b[:-1], a[:-1])
    return all(any(_given(x, y) for y in long) for x in short)


def _given(a: str, b: str) -> bool:
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return (
        a == b
        or _typo(a, b)
        or bool(nicknames(a) & nicknames(b))
        or (min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)))
    )


def _typo(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= 6 and OSA.distance(sound_key(a), sound_key(b), score_cutoff=1) <= 1


def _people(found: list[tuple[Candidate, str]]) -> dict[int, Entity]:
    """First token -> person. Full names first, then single names by the nearest full name before, or else after."""
    by_last: dict[str, list[Entity]] = defaultdict(list)
    out: dict[int, Entity] = {}
    places: dict[int, list[int]] = defaultdict(list)
    for each, text in found:
        key = tuple(name_parts(text)) or (fold(text),)
        if len(key) < 2:
            continue
        known = next((e for e in by_last[key[-1]] if same_person(e.key, key)), None) or next(
            (e for group in list(by_last.values()) for e in group if same_person(e.key, key)), None
        )
        entity = known or Entity(type="person", name=text, key=key)
        if known is None:
            by_last[key[-1]].append(entity)
        elif len(key) > len(known.key):
            known.key, known.name = key, text
        _note(entity, each, text)
        out[each.first] = entity
        places[id(entity)].append(each.first)
    _single_names(found, by_last, out, places)
    return out


def _single_names(
    found: list[tuple[Candidate, str]],
    by_last: dict[str, list[Entity]],
    out: dict[int, Entity],
    places: dict[int, list[int]],
) -> None:
    full = [entity for group in by_last.values() for entity in group]
    alone: dict[str, Entity] = {}
    for each, text in found:
        if each.first in out:
            continue
        key = tuple(name_parts(text)) or (fold(text),)
        fits = by_last.get(key[0]) or [e for e in full if key[0] in e.key]
        fits = fits or [e for e in full if _typo(e.key[-1], key[0])]
        fits = _agreeing(fits, each) or fits
        if fits:
            entity = max(fits, key=lambda e: _nearness(places[id(e)], each.first))
        else:
            entity = alone.setdefault(key[0], Entity(type="person", name=text, key=key))
        _note(entity, each, text)
        out[each.first] = entity
        places[id(entity)].append(each.first)


def _agreeing(fits: list[Entity], candidate: Candidate) -> list[Entity]:
    """Those whose gender does not speak against the Mr or Mrs before the name."""
    gender = _honorific_gender(candidate)
    return [e for e in fits if gender is None or e.gender in (None, gender)]


def _nearness(places: list[int], at: int) -> tuple[int, int]:
    """Who was named most often so far, then who was named last; nobody yet: who comes next."""
    before = [p for p in places if p < at]
    return (len(before), max(before)) if before else (0, -min(places))


def _note(entity: Entity, candidate: Candidate, text: str) -> None:
    if text not in entity.aliases:
        entity.aliases.append(text)
    entity.gender = entity.gender or _honorific_gender(candidate) or lexicon.given_gender(text)


def _honorific_gender(candidate: Candidate) -> Gender | None:
    if candidate.honorific in lexicon.MALE_HONORIFICS:
        return "m"
    return "f" if candidate.honorific in lexicon.FEMALE_HONORIFICS else None


def _organisations(words: Words, found: list[tuple[Candidate, str]]) -> dict[int, Entity]:
    """First token -> organisation; short forms and acronyms go with the long name."""
    out: dict[int, Entity] = {}
    bracketed = _in_brackets(words, found)
    by_key: dict[tuple[str, ...], Entity] = {}
    for each, text in sorted(found, key=lambda pair: (-len(pair[1].split()), pair[0].first)):
        key = organisation_key(text)
        entity = by_key.get(key) or _longer(text, by_key)
        if entity is None and each.first in bracketed:
            entity = out.get(bracketed[each.first])
        if entity is None:
            land = place(text)
            entity = Entity(type="organisation", name=land.name if land else text, key=key)
            entity.stands_for = land.country if land else None
        by_key.setdefault(key, entity)
        if text not in entity.aliases:
            entity.aliases.append(text)
        out[each.first] = entity
    return out


def _longer(text: str, by_key: dict[tuple[str, ...], Entity]) -> Entity | None:
    """The organisation whose longer name this is short for, within one article."""
    for entity in by_key.values():
        if same_organisation(text, entity.name):
            return entity
    return next((entity for entity in by_key.values() if short_within(text, entity.name)), None)


def _in_brackets(words: Words, found: list[tuple[Candidate, str]]) -> dict[int, int]:
    """First token of an acronym -> that of the long name beside it: Singapore Airlines (SIA), CEI (Italian ...)."""
    out = {}
    for (one, before), (two, after) in pairwise(found):
        if two.first != one.last + 1 or words.text[one.last] != "(" or words.text[two.last : two.last + 1] != [")"]:
            continue
        if is_acronym(after):
            out[two.first] = one.first
        elif is_acronym(before):
            out[one.first] = two.first
    return out


def _place(words: Words, each: Candidate, text: str, places: dict[str, Entity]) -> tuple[Entity, str | None]:
    known = place(text)
    if known is None:
        town = Entity(type="place", name=text, key=(fold(text),), aliases=[text])
        return places.setdefault(fold(text), town), None
    seat = known.kind in {"seat", "institution"}
    government = seat or (known.kind == "capital" and speaks_for_country(words, each.first, each.last))
    name = known.country if known.kind == "country" or (government and not seat) else known.name
    entity = places.setdefault(fold(name), Entity(type="place", name=name, key=(fold(name),)))
    if text not in entity.aliases:
        entity.aliases.append(text)
    return entity, known.country if government else None


def speaks_for_country(words: Words, first: int, last: int) -> bool:
    """Whether a capital here means its government ("Ankara said", "a deal with Moscow"), not the town."""
    if (
        last < len(words)
        and words.tag[last] in {"VBD", "VBZ", "VBP", "MD"}
        and words.lower[first - 1] in {"and", ",", "that"}
    ):
        return True  # "in Idlib and Ankara had conveyed": the parser joins the two towns
    at = last - 1
    for _ in range(4):
        if words.dep[at] not in {"conj", "appos"} or words.head[at] == at:
            break
        at = words.head[at]
    dep, head = words.dep[at], words.head[at]
    if dep in {"nsubj", "nsubjpass", "poss", "dobj", "dative", "iobj"}:
        return words.lower[head] not in _GOING
    if dep != "pobj":
        return False
    preposition = words.lower[head]
    if preposition in _MEETS:
        return True
    if preposition in {"to", "from"}:
        verb = words.lower[words.head[head]]
        return verb not in _GOING and words.tag[words.head[head]][:2] in {"VB", "NN"} and preposition == "to"
    return False
