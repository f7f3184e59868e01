"""Which language an article is in: English is told by its small words, the rest by py3langid, loaded when needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the of to and in a is that for on was said by with as at it from has have had be his her he she they will not"
        " are were who which this its an but after would been their or more than about over up out into if we our you",
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_KNOWN = re.findall(
    r"\w+",
    "en ar az bg bn ca cs da de el es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sq sr sv th"
    " tr uk ur vi zh",
)


def language_of(text: str) -> str:
    """An ISO 639-1 code. Too short to tell ("Talks fail") counts as English.

    >>> language_of("The minister said on Monday that talks would go on.")
    'en'
    """
    sample = text[:20_000]
    words = [word.casefold() for word in _WORD.findall(sample)]
    small = sum(word in _SMALL_WORDS for word in words)
    if small >= 0.2 * len(words) or (small >= 0.1 * len(words) and sample.isascii()):
        return "en"
    if sum(map(len, words)) < 40:
        return "en"
    return _classified(sample)


def _classified(sample: str) -> str:
    return _classifier()(sample)[0]


@lru_cache(maxsize=1)
def _classifier() -> Callable[[str], tuple[str, float]]:
    import py3langid

    py3langid.set_languages(_KNOWN)
    classify: Callable[[str], tuple[str, float]] = py3langid.classify
    return classify
