"""Names of people as keys: full name, last name, likeness. Folding itself stands in ``digests.text.folding``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from digests.text.alignment import likeness
from digests.text.folding import fold, tokens
from digests.text.sounds import sound_key
from digests.text.wordlist import words

__all__ = ["fold", "last_name_key", "name_key", "same_name", "similar", "sound_key", "tokens"]

HONORIFICS = words(
    "mr mrs ms miss mx dr prof sir dame lord lady sheikh shaikh hon rev reverend fr sen rep gov gen lt col capt sgt",
    "maj adm cmdr cpl pvt president senator mayor judge justice king queen prince princess pope",
)
"""Words before a name that are no part of it."""
SUFFIXES = words("jr sr ii iii iv phd md qc kc mp mep esq obe cbe mbe")
_VOWELLESS = re.compile("[\u0590-\u08ff\u1780-\u17ff]")
"""Hebrew, Arabic and Khmer letters: what is transliterated from them lacks vowels."""
ARTICLES = words("al el ul as ash ad ar an at az")
"""The Arabic article, as it is said before some consonants; part of a name only with a hyphen."""
_ARTICLE = re.compile(rf"\b(?:{'|'.join(sorted(ARTICLES))})[-‐‑](?=\w)", re.IGNORECASE)


def name_parts(name: str) -> list[str]:
    """The folded words of a name in reading order, without honorifics, suffixes and the Arabic article.

    >>> name_parts("Mr. Bashar al-Assad"), name_parts("Putin, Vladimir"), name_parts("Robert Downey, Jr.")
    (['bashar', 'assad'], ['vladimir', 'putin'], ['robert', 'downey'])
    """
    family, comma, rest = name.partition(",")
    if comma and rest.strip() and not set(tokens(rest)) <= SUFFIXES:
        name = f"{rest} {family}"
    parts = tokens(_ARTICLE.sub("", name))
    while len(parts) > 1 and parts[0] in HONORIFICS:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts = parts[:-1]
    return parts


def name_key(name: str) -> str:
    """One key for all spellings of a full name that differ in case, diacritics, title, article or order by comma.

    >>> name_key("President Bashar al-Assad") == name_key("Assad, Bashar")
    True
    """
    return " ".join(name_parts(name))


def last_name_key(name: str) -> str:
    """The key of the last name without its particles; the whole key for a single word.

    >>> last_name_key("Bashar al-Assad"), last_name_key("Ursula von der Leyen"), last_name_key("Cavusoglu")
    ('assad', 'leyen', 'cavusoglu')
    """
    parts = name_parts(name)
    return parts[-1] if parts else ""


def same_name(a: str, b: str) -> tuple[bool, float]:
    """Whether two names may be one person's, with a likeness of 0 to 1 (same from 0.5)."""
    score = likeness(name_parts(a), name_parts(b), vowels=_VOWELLESS.search(a + b) is None)
    return score >= 0.5, score


def similar(name: str, candidates: Iterable[str], limit: int = 5) -> list[str]:
    """The nearest of the candidates, best first, for "did you mean"; none that is not near at all.

    >>> similar("Erdogen", ["Recep Tayyip Erdoğan", "Sergei Lavrov"])
    ['Recep Tayyip Erdoğan']
    """
    pool = list(candidates)
    wanted = name_key(name)
    found = process.extract(wanted, [name_key(each) for each in pool], scorer=_nearness, limit=limit, score_cutoff=70)
    return [pool[index] for _, _, index in found]


def _nearness(a: str, b: str, *, score_cutoff: float | None = None) -> float:
    """Likeness of 0 to 100 of a typed name to a known one: best of the whole and of its best words."""
    known = b.split()
    typed = a.split()
    if not known or not typed:
        return 0.0
    near = sum(max(OSA.normalized_similarity(word, other) for other in known) for word in typed) / len(typed)
    score = max(fuzz.ratio(a, b), 95 * near)
    return score if score_cutoff is None or score >= score_cutoff else 0.0
