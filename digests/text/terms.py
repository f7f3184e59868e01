"""The terms by which a question finds a passage: folded words without endings, kindred words and countries as one.

Coarser than the search's words (``digests.store.words``): "expiry" and "expire", "British" and "the UK", "two" and "2"
are one term here. What would surprise a reader: a term is no word, it is only ever compared with other terms.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from digests.text.countries import names_of_countries
from digests.text.folding import fold, tokens

_ENDING = re.compile(r"(?<=\w{3})(?:ings?|edly|ed|ies|es|ly|e|y|(?<!s)s)$")
_CARDINALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBERS = {word: str(number) for number, word in enumerate(_CARDINALS)} | {
    word: {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th") for number, word in enumerate(_ORDINALS, 1)
}
_SHORT = 5
"""Words shorter than this keep their endings: "bus", "red", "ring"."""


def terms(text: str) -> list[str]:
    """The terms of a text, in order.

    >>> terms("Two Britons expired"), terms("the expiry of 2 British")
    (['2', '=unitedkingdom', 'expir'], ['the', 'expir', 'of', '2', '=unitedkingdom'])
    """
    return [term(token) for token in tokens(text)]


@lru_cache(maxsize=200_000)
def term(word: str) -> str:
    """The term of one folded word."""
    same = _same()
    if word in same:
        return same[word]
    cut = _cut(word)
    return same.get(cut, cut)


def country_term(name: str) -> str:
    """The term all names of a country have, by its usual name.

    >>> country_term("United Kingdom")
    '=unitedkingdom'
    """
    return "=" + fold(name).replace(" ", "")


def _cut(word: str) -> str:
    known = _NUMBERS.get(word, word)
    if len(known) < _SHORT:
        return known
    cut = _ENDING.sub("", known)
    return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] in "bdgmnprt" else cut


@lru_cache(maxsize=1)
def _same() -> dict[str, str]:
    """Words, and words without their endings -> the term of their kind."""
    found: dict[str, str] = {}
    table = files("digests.text").joinpath("data/kindred.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        group = [] if line.startswith("#") else line.split()
        for word in group:
            found.setdefault(word, _cut(group[0]))
            found.setdefault(_cut(word), _cut(group[0]))
    for name, country in names_of_countries():
        key = fold(name)
        if " " not in key:
            found[key] = country_term(country)
    return found
