"""Folding: one plain ASCII form of any text, for comparing names and for search.

What would surprise a reader: the result holds only ``a-z``, ``0-9`` and single spaces, so that every store may index it
with whatever tokeniser it has and still agree with the others.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻʾʿ`´′＇", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_POSSESSIVE = re.compile(r"(?<=[a-z0-9.])'s(?![a-z0-9])")
_INITIALS = re.compile(r"(?<![a-z0-9])(?:[a-z]\.){2,}")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_OTHER = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """The text in ``a-z0-9`` and single spaces: no case, diacritics, apostrophes; other scripts transliterated.

    Possessive 's is dropped, dotted initials close up (U.S. -> us), a thousands comma goes (5,000 -> 5000).

    >>> fold("Oktaý's"), fold("al-Assad"), fold("Лавров"), fold("U.S. O’Brien")
    ('oktay', 'al assad', 'lavrov', 'us obrien')
    """
    plain = text if text.isascii() else _ascii(text)
    plain = plain.lower()
    if "'" in plain:
        plain = _POSSESSIVE.sub("", plain).replace("'", "")
    if "." in plain:
        plain = _INITIALS.sub(lambda found: found.group().replace(".", ""), plain)
    if "," in plain:
        plain = _THOUSANDS.sub("", plain)
    return _OTHER.sub(" ", plain).strip()


def tokens(text: str) -> list[str]:
    """The folded words of a text, in order: what every search index holds.

    >>> tokens("Oktaý told NTV")
    ['oktay', 'told', 'ntv']
    """
    return fold(text).split()


def _ascii(text: str) -> str:
    text = _INVISIBLE.sub("", text.translate(_APOSTROPHES))
    if text.isascii():
        return text
    kept = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return kept if kept.isascii() else str(anyascii(kept.casefold()))
