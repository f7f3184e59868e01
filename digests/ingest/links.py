"""Whom of those already known an article names: candidates from the store, decided by ``digests.extract.linking``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digests.model import Extraction, Person
from digests.text.names import name_key


def names_of(extraction: Extraction) -> list[str]:
    """The names to look up, each once."""
    return list(dict.fromkeys(mention.name for mention in extraction.people if mention.kind == "name"))


def links(extraction: Extraction, candidates: Sequence[Person]) -> Mapping[int, int]:
    """Local entity id -> id of the person known; who is not in it is new."""
    known: dict[tuple[str, str], int] = {}
    for person in reversed(candidates):
        for name in (person.name, *person.aliases):
            known[person.type, name_key(name)] = person.id
    found = {}
    for mention in extraction.people:
        person_id = known.get((mention.type, name_key(mention.name)))
        if mention.kind == "name" and person_id is not None:
            found[mention.entity] = person_id
    return found
