"""Words that tell people, organisations and places apart: read once from the tables in ``digests/text/data``."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from digests.text.countries import country, demonym
from digests.text.folding import fold
from digests.text.wordlist import sections, words

Gender = Literal["m", "f"]

HONORIFICS = words(
    "mr mr. mrs mrs. ms ms. miss mx mx. dr dr. prof prof. sir dame lord lady rev rev. hon hon. fr fr. madam madame",
    "monsieur herr frau senor señor señora don mister",
)
MALE_HONORIFICS = words("mr mr. sir lord fr fr. monsieur herr señor mister")
FEMALE_HONORIFICS = words("mrs mrs. ms ms. miss dame lady madam madame frau señora")
COMPANY_NOUNS = words(
    "company firm group automaker carmaker manufacturer retailer giant maker planemaker insurer brewer supplier",
    "conglomerate startup start-up business corporation chain brand drugmaker chipmaker",
)
BODY_NOUNS = words(
    "airline bank agency organisation organization church union party court ministry network newspaper magazine",
    "university club team lender watchdog regulator charity broadcaster league federation association institute",
    "council committee parliament commission department alliance movement senate",
)
SUFFIXES = words("jr jr. sr sr. ii iii iv")
PARTICLES = words("al el bin ibn ben bint van von der den de del della di da dos das du la le ul ur e y")

_TABLE = sections("name_words.txt")
NOT_NAMES = frozenset(_TABLE["not names"])
CLOSED = frozenset(_TABLE["closed"])
"""Words whose capital means nothing: closed classes and the openings of sentences."""
ORG_HEADS = frozenset(_TABLE["organisation heads"])
JOINING_HEADS = ORG_HEADS | frozenset(_TABLE["joining heads"])
"""Heads after which "of", "for", "on" and "and" belong to the name."""
ORG_SUFFIXES = frozenset(_TABLE["organisation suffixes"])
PLACE_HEADS = frozenset(_TABLE["place heads"])
HEADS = ORG_HEADS | ORG_SUFFIXES | PLACE_HEADS
"""Words that make a name one of an organisation or place."""
ORGANISATIONS = frozenset(_TABLE["organisations*"])
"""Well-known organisations by their usual short names."""
CITIES = frozenset(_TABLE["places*"])
"""Well-known towns, states and regions that are not countries or capitals."""
THINGS = frozenset(_TABLE["things*"])
"""Products, prizes, beliefs and peoples: written with a capital, but nobody who acts."""


def land(word: str) -> bool:
    """Whether the word is a country's name, adjective or people."""
    return country(word) is not None or demonym(word) is not None


@lru_cache(maxsize=1)
def first_names() -> dict[str, Gender]:
    """Folded first name -> gender."""
    found: dict[str, Gender] = {}
    for section, names in sections("first_names.txt").items():
        gender: Gender = "f" if section == "female" else "m"
        found.update(dict.fromkeys(names, gender))
    return found


@lru_cache(maxsize=1)
def role_words() -> dict[str, frozenset[str]]:
    """The sections of roles.txt: formal, common, m, f, kin, modifiers."""
    return {section: frozenset(names) for section, names in sections("roles.txt").items()}


def is_role(word: str) -> bool:
    """Whether a lower-case word names a person by office, job or function."""
    sections = role_words()
    return word in sections["formal"] or word in sections["common"]


def role_gender(word: str) -> Gender | None:
    sections = role_words()
    if word in sections["m"]:
        return "m"
    return "f" if word in sections["f"] else None


@lru_cache(maxsize=4096)
def given_gender(name: str) -> Gender | None:
    """The gender a name's first word usually has, else None (unknown names, initials)."""
    parts = fold(name).split()
    return first_names().get(parts[0]) if len(parts) > 1 else None
