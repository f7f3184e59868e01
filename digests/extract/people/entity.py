"""An entity of one article while it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from digests.extract.people.lexicon import Gender
from digests.model import EntityType


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
