"""The roll of all known names in memory, for "did you mean": likeness is no question that an index can answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from digests.text.names import last_name_key, name_key, similar

if TYPE_CHECKING:
    from digests.store.connection import Connection

_SHORTLIST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Names with their keys and whose they are; a new roll is made when people were added."""

    names: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    last_keys: list[str] = field(default_factory=list)
    newest: int = 0

    def grown(self, connection: Connection) -> Roll:
        """This roll, or one with the people added since."""
        rows = connection.execute("SELECT id, name FROM people WHERE id > ? ORDER BY id", (self.newest,)).fetchall()
        if not rows:
            return self
        names = [row["name"] for row in rows]
        return Roll(
            names=self.names + names,
            ids=self.ids + [row["id"] for row in rows],
            keys=self.keys + [name_key(name) for name in names],
            last_keys=self.last_keys + [last_name_key(name) for name in names],
            newest=rows[-1]["id"],
        )

    def nearest(self, name: str, limit: int) -> list[int]:
        """Ids of the nearest names, best first; none that is not near at all."""
        near: dict[int, None] = {}
        for key, pool in ((name_key(name), self.keys), (last_name_key(name), self.last_keys)):
            found = process.extract(key, pool, scorer=fuzz.ratio, limit=_SHORTLIST, score_cutoff=55)
            near |= dict.fromkeys(at for _, _, at in found)
        places: dict[str, int] = {}
        for at in sorted(near):
            places.setdefault(self.names[at], self.ids[at])
        return [places[each] for each in similar(name, places, limit)]
