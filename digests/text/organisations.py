"""Names of organisations: legal forms, acronyms, short forms and countries spelt in several ways."""

from __future__ import annotations

from functools import lru_cache

from digests.text.countries import country, demonym
from digests.text.folding import fold
from digests.text.wordlist import sections, words

_TABLE = sections("name_words.txt")
SUFFIXES = frozenset(_TABLE["organisation suffixes"])
_HEADS = frozenset(_TABLE["organisation heads"])
_SMALL = frozenset({"of", "for", "and", "in", "on", "de", "la", "to", "at"})
_GENERIC = SUFFIXES | words(
    "motor motors computer computers technologies technology systems industries enterprises entertainment media",
    "international worldwide airlines airways pharmaceuticals electronics stores brands newspaper magazine news party",
    "movement website network airplanes",
)
"""What may be left out of a company's name: Ford (Motor Company), Apple (Computer)."""


_STATE_BODIES = words("senate congress parliament treasury navy army government ministry court police cabinet")
_USUAL = {"fed": "federal reserve", "tories": "conservative party", "gop": "republican party", "bbc news": "bbc"}


@lru_cache(maxsize=20_000)
def organisation_key(name: str) -> tuple[str, ...]:
    """The folded words of a name without "the" and legal forms; a leading country under its usual name.

    >>> organisation_key("Apple Inc."), organisation_key("the U.S. Air Force")
    (('apple',), ('united', 'states', 'air', 'force'))
    """
    parts = [part for part in fold(name).split() if part != "the"]
    while len(parts) > 1 and (parts[-1] in SUFFIXES or parts[-1] + "." in SUFFIXES):
        parts = parts[:-1]
    usual = _USUAL.get(" ".join(parts))
    return tuple(usual.split()) if usual else tuple(_landed(name, parts))


def _landed(name: str, parts: list[str]) -> list[str]:
    written = name.removeprefix("the ").removeprefix("The ").replace("'s", "").replace("’s", "").split()
    for size in (2, 1):
        head = " ".join(written[:size])
        land = country(head) or demonym(head) if len(written) > size else None
        if land is not None:
            return [*fold(land).split(), *parts[len(fold(head).split()) :]]
    return parts


def organisation_keys(name: str, *, asking: bool = False) -> set[str]:
    """Keys to keep a name under, or (``asking``) to look one up with; two names of one body share at least one.

    An acronym is kept under ``=eu`` and looked up under ``a:eu``, a long name the other way round: thousands of names
    with the same initials are never compared with each other.
    """
    key = organisation_key(name)
    keys = {_bare(key)}
    if len(key) == 1 and is_acronym(name):
        return keys | {f"a:{key[0]}" if asking else f"={key[0]}"}
    if key[:2] == ("church", "of"):
        keys.add(key[-1])
    if len(key) > 1 and all(part in _GENERIC for part in key[1:]):
        keys.add(key[0])
    return keys | {f"={short}" if asking else f"a:{short}" for short in acronyms(key)}


def acronyms(key: tuple[str, ...]) -> set[str]:
    """The acronyms a name of several words may go by, folded (gm; who; eads)."""
    if len(key) < 2:
        return set()
    return {
        "".join(part[0] for part in key),
        "".join(part[0] for part in key if part not in _SMALL),
    }


def is_acronym(name: str) -> bool:
    """Whether a name looks like one: capitals, with or without stops (EU, U.N., McD is none)."""
    plain = name.replace(".", "").replace("&", "")
    return 2 <= len(plain) <= 8 and plain.isalpha() and sum(char.isupper() for char in plain) >= len(plain) - 1


def same_organisation(a: str, b: str) -> bool:
    """Whether two names are the same one's: legal form, country's spelling, small words, acronym apart."""
    left, right = organisation_key(a), organisation_key(b)
    if _bare(left) == _bare(right):
        return True
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if len(short) == 1 and is_acronym(a if short is left else b):
        return short[0] in acronyms(long)
    if short == long[-1:] and long[:-1] == ("church", "of"):
        return True  # Scientology
    return (
        len(short) < len(long) and long[: len(short)] == short and all(part in _GENERIC for part in long[len(short) :])
    )


def short_within(short: str, long: str) -> bool:
    """Whether, in an article that has the long name, the short one means the same.

    The Church (of Scientology), the (US) Air Force, the (Italian) Supreme Court (of Cassation), Northrop (Grumman).
    """
    mine, theirs = organisation_key(short), organisation_key(long)
    if not 0 < len(mine) < len(theirs):
        return False
    start = next((i for i in range(len(theirs)) if theirs[i : i + len(mine)] == mine), None)
    if start is None:
        return False
    tail = theirs[start + len(mine) :]
    head = " ".join(theirs[:start])
    if head and not country(head):
        return False
    if not tail or tail[0] == "of":
        return len(mine) > 1 or mine[0] in _STATE_BODIES or bool(tail)
    if head or len(mine) > 1 or len(tail) > 1 or country(tail[0]):
        return False
    return mine[0] not in _HEADS and tail[0] not in _GENERIC | _STATE_BODIES


def starts_within(long: str) -> set[str]:
    """The short forms, as keys joined by blanks, that ``short_within`` may find in a long name."""
    key = organisation_key(long)
    found = set()
    for start in range(len(key)):
        if start == 0 or country(" ".join(key[:start])):
            found |= {" ".join(key[start:end]) for end in range(start + 1, len(key) + 1)}
    return found - {" ".join(key)}


def _bare(key: tuple[str, ...]) -> str:
    return "".join(part for part in key if part not in _SMALL)
