"""Which names of one article are the same person, organisation or place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digests.extract.people.bodies import bodies
from digests.extract.people.candidate import Candidate
from digests.extract.people.entity import Entity
from digests.extract.people.kinds import Kind, name_of
from digests.extract.people.persons import persons
from digests.extract.people.words import Words
from digests.text.countries import place
from digests.text.folding import fold
from digests.text.wordlist import words as words_in

_MEETS = frozenset({"with", "by", "between", "against", "among"})
_GOING = words_in(
    "go goes went going travel travels travelled traveled travelling traveling fly flies flew flown flying come",
    "comes came  return returns returned returning arrive arrived head heads headed heading move moved drive drove",
    "visit visits trip flight tour journey back invite invited send sent way road transferred moved sail sailed",
)


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
    people = persons([(each, text) for each, kind, text in kept if kind == "person"])
    organisations = bodies(words, [(each, text) for each, kind, text in kept if kind == "organisation"])
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
