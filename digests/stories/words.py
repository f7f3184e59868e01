"""An article -> the words it is grouped by: stems of its headline and opening, and which of them are names.

Only the opening counts: news says first what it is about, and what follows (background, reactions, other stories)
would draw articles together that merely share a background.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from digests.model import Article
from digests.text.folding import tokens

OPENING = 90
"""So many words of an article are read."""
_TOLD = ("headline", "heading", "body")
_SPELLED = re.compile(r"\S+")
_CAPITAL = re.compile(r"[^\W\d_]")
_ENDINGS = (
    *("ations", "ation", "ements", "ement", "ments", "ment", "ings", "ing", "ions", "ion", "ied", "ies", "ers", "ors"),
    *("ed", "er", "or", "es", "ly", "al", "s", "e", "y"),
)
_KEPT = 4
"""A stem keeps so many letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """``counts``: stem -> how often; ``names``: the stems with a capital. ``length``: how many words."""

    counts: Mapping[str, int]
    names: frozenset[str]
    length: int


def words_of(article: Article) -> Words:
    counts: Counter[str] = Counter()
    names: set[str] = set()
    length = 0
    for spelled, may_be_name in _opening(article):
        stems = [stem(token) for token in tokens(spelled)]
        counts.update(stems)
        length += len(stems)
        if may_be_name and _is_capital(spelled):
            names.update(stems)
        if length >= OPENING:
            break
    return Words(counts=counts, names=frozenset(names), length=length)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A folded word without its ending: rough, for comparing only.

    >>> [stem(word) for word in ("resigned", "resignation", "resigns", "talks", "2020")]
    ['resign', 'resign', 'resign', 'talk', '2020']
    """
    if word[0].isdigit() or len(word) < _KEPT:
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _KEPT:
            return _single(word[: -len(ending)])
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _single(stem: str) -> str:
    """``stopp`` of stopped and stopping is ``stop``; ``kill`` and ``press`` stay."""
    return stem[:-1] if stem[-1] == stem[-2] and stem[-1] not in "aeioulsz" else stem


def _opening(article: Article) -> Iterator[tuple[str, bool]]:
    """Words as they are spelled, and whether a capital says something: in a headline every word may have one."""
    told = [(article.text[part.start : part.end], part.kind) for part in article.parts if part.kind in _TOLD]
    if article.title and not any(article.title in stretch for stretch, _ in told[:1]):
        told.insert(0, (article.title, "headline"))
    bodied = any(kind == "body" for _, kind in told)
    for stretch, kind in told or [(article.text, "body")]:
        for found in _SPELLED.finditer(stretch):
            yield found.group(), kind == "body" or not bodied


def _is_capital(spelled: str) -> bool:
    letter = _CAPITAL.search(spelled)
    return letter is not None and letter.group().isupper()
