"""How a name sounds in any Latin spelling: one key for the usual transliterations of one word."""

from __future__ import annotations

import re

_SOUNDS = (
    ("tsch", "ch"),
    ("tch", "ch"),
    ("tj", "ch"),
    ("dzh", "j"),
    ("dj", "j"),
    ("zh", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("sch", "sh"),
    ("ou", "u"),
    ("oo", "u"),
    ("ck", "k"),
    ("q", "k"),
    ("w", "v"),
    ("x", "ks"),
)
_VOWELS = str.maketrans({"e": "a", "o": "u", "y": "i", "j": "i"})
_TWICE = re.compile(r"(.)\1+")
_NOT_CONSONANTS = re.compile(r"[aeiouyhw]")


def sound_key(word: str) -> str:
    """One key for the usual transliterations of one folded word.

    >>> sound_key("mohammed") == sound_key("muhammad"), sound_key("zelensky") == sound_key("zelenskyy")
    (True, True)
    >>> sound_key("hassan") == sound_key("hussein")
    False
    """
    for spelt, sounds in _SOUNDS:
        word = word.replace(spelt, sounds)
    return _TWICE.sub(r"\1", word.translate(_VOWELS))


def consonants(word: str) -> str:
    """What scripts without vowels keep of a word."""
    return _TWICE.sub(r"\1", _NOT_CONSONANTS.sub("", word))
