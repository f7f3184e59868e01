"""Countries, their demonyms, capitals and the seats that stand for their governments.

What would surprise a reader: a capital is two things. "Ankara said" is Turkey, "in Ankara" is a town; which of them a
sentence means is decided where the grammar is known (``digests.extract.people``), not here. The table is
``data/countries.txt``, ours; order and spelling of country names follow news usage (Turkey, Russia, South Korea).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

PlaceKind = Literal["country", "capital", "seat", "institution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a name means: ``country`` is whose it is; a seat (Kremlin) or institution (Knesset) keeps its own name."""

    kind: PlaceKind
    name: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    places: dict[str, Place]
    demonyms: dict[str, str]


def place(text: str) -> Place | None:
    """The country, capital or seat of government of that name; a leading "the" and case do not matter for long names.

    >>> place("the Kremlin").country, place("Ankara").country, place("U.S.").name
    ('Russia', 'Turkey', 'United States')
    """
    return _tables().places.get(_key(text))


def country(text: str) -> str | None:
    """The usual name of the country that goes by that name, else None.

    >>> country("Türkiye"), country("the UK"), country("Paris")
    ('Turkey', 'United Kingdom', None)
    """
    found = place(text)
    return found.name if found and found.kind == "country" else None


def demonym(word: str) -> str | None:
    """The country of an adjective or people's name (Turkish, Turks -> Turkey), else None. Case matters: "polish"."""
    return _tables().demonyms.get(word)


def names_of_countries() -> list[tuple[str, str]]:
    """Every name, adjective and people's name of a country with the country's usual name."""
    tables = _tables()
    own = [(key, place.name) for key, place in tables.places.items() if place.kind == "country"]
    return [*own, *tables.demonyms.items()]


def stands_for(text: str) -> str | None:
    """The country for which a capital or seat may speak, else None.

    >>> stands_for("Downing Street"), stands_for("Damascus"), stands_for("Turkey")
    ('United Kingdom', 'Syria', None)
    """
    found = place(text)
    return found.country if found and found.kind != "country" else None


def _key(text: str) -> str:
    key = text.strip()
    if key[:4].lower() == "the ":
        key = key[4:]
    return key if len(key) <= 4 else key.casefold()


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    places: dict[str, Place] = {}
    demonyms: dict[str, str] = {}
    table = files("digests.text").joinpath("data/countries.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        name, names, people, capitals, seats, bodies = (_cells(cell) for cell in (line + " |" * 5).split("|")[:6])
        for each in (*name, *names):
            places[_key(each)] = Place(kind="country", name=name[0], country=name[0])
        for each in capitals:
            places.setdefault(_key(each), Place(kind="capital", name=each, country=name[0]))
        for each in seats:
            places.setdefault(_key(each), Place(kind="seat", name=each, country=name[0]))
        for each in bodies:
            places.setdefault(_key(each), Place(kind="institution", name=each, country=name[0]))
        demonyms.update(dict.fromkeys(people, name[0]))
    return _Tables(places=places, demonyms=demonyms)


def _cells(cell: str) -> list[str]:
    if "D.C." in cell:
        cell = cell.replace("Washington, D.C.", "Washington\0 D.C.")
    return [each.strip().replace("\0", ",") for each in cell.split(",") if each.strip()]
