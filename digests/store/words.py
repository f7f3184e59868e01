"""The words that search knows: folded, singular and plural alike, so that every store answers the same.

Folding and stemming happen in Python on both sides, never in a database's own tokeniser.
"""

from __future__ import annotations

from collections.abc import Iterable

from digests.text.folding import tokens

_NO_PLURALS = frozenset({"news", "series", "species", "reuters", "times", "paris", "texas", "brussels", "wales"})


def index_words(texts: Iterable[str]) -> list[str]:
    """Each word of the texts once, in order of appearance.

    >>> index_words(["Refugees' talks", "a refugee's talk"])
    ['refugee', 'talk', 'a']
    """
    return list(dict.fromkeys(singular(token) for text in texts for token in tokens(text)))


def singular(word: str) -> str:
    """A folded word without its plural ending (Harman's s-stemmer: How effective is suffixing?, JASIS 42, 1991)."""
    if len(word) < 4 or not word.endswith("s") or word in _NO_PLURALS or word.endswith(("us", "ss", "is")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]
