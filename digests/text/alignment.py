"""Whether two full names may be one person's: words are paired, what differs is weighed, what is left over counts.

A spelling may differ by a typing error or two, a transliteration, an initial, an order with a comma, a middle name. A
word that was replaced by another is another person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from digests.text.nicknames import nicknames
from digests.text.sounds import consonants, sound_key
from digests.text.wordlist import words

_FATHERS = frozenset({"bin", "ibn", "ben", "bint"})
_PARTICLES = _FATHERS | words("al el ul ur de la le van von der den di da do dos das du e y i")
_DIGITS = str.maketrans("013457", "oieast")
_LETTERS = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two words taken for one: their places, what it costs, whether one is an initial."""

    left: int
    right: int
    cost: float
    size: int
    initial: bool = False


def likeness(a: list[str], b: list[str], *, vowels: bool = True) -> float:
    """0 to 1; 0.5 and more means the names may be one person's. ``vowels``: both scripts write them."""
    a, b = _plain(a), _plain(b)
    if not a or not b:
        return 0.0
    a, b = _together(a, b), _together(b, a)
    if a == b or "".join(a) == "".join(b):
        return 1.0
    score = max(_aligned(a, b, vowels=vowels), _run_together(a, b))
    return round(score, 4)


def _plain(parts: list[str]) -> list[str]:
    """Digits typed for letters put right."""
    return [word.translate(_DIGITS) if _LETTERS.search(word) else word for word in parts]


def _together(a: list[str], b: list[str]) -> list[str]:
    """``a`` with a word said twice once, and two words that are one in ``b`` as one (Jan Daniel, JanDaniel)."""
    out: list[str] = []
    for word in a:
        joined = out[-1] + word if out else ""
        if len(a) > len(b) and out and word == out[-1] and b.count(word) < 2:
            continue
        if joined in b and word not in b:
            out[-1] = joined
        else:
            out.append(word)
    return out


def _run_together(a: list[str], b: list[str]) -> float:
    """The same letters with the blanks elsewhere."""
    one, two = "".join(a), "".join(b)
    distance = OSA.distance(sound_key(one), sound_key(two), score_cutoff=2)
    return 0.75 - 0.1 * distance if len(a) != len(b) and distance <= 1 and len(one) > 8 else 0.0


def _aligned(a: list[str], b: list[str], *, vowels: bool) -> float:
    pairs = _pairs(a, b, vowels=vowels)
    left = [word for i, word in enumerate(a) if i not in {pair.left for pair in pairs} and word not in _PARTICLES]
    right = [word for i, word in enumerate(b) if i not in {pair.right for pair in pairs} and word not in _PARTICLES]
    if not pairs or (left and right):
        return 0.3 * len(pairs) / max(len(a), len(b))
    cost = sum(pair.cost for pair in pairs)
    whole = [pair for pair in pairs if not pair.initial]
    extra = len(left) + len(right)
    if not whole or (extra and len(pairs) < 2 and cost > 0):
        return 0.2
    score = 1.0 - 0.21 * cost - 0.06 * extra - 0.05 * (len(pairs) - len(whole))
    if extra and len(pairs) == 1:
        score -= 0.35
    return max(0.0, score - _disorder(a, pairs))


def _disorder(a: list[str], pairs: list[Pair]) -> float:
    """What a changed order costs: turning round at one place is a surname put first; son and father change places."""
    order = [pair.right for pair in sorted(pairs, key=lambda pair: pair.left)]
    breaks = sum(x > y for x, y in pairwise(order))
    if not breaks:
        return 0.0
    return 0.6 if _FATHERS & set(a) else 0.15 * breaks


def _pairs(a: list[str], b: list[str], *, vowels: bool) -> list[Pair]:
    """The cheapest pairing, dearest words last."""
    possible = [pair for i, x in enumerate(a) for j, y in enumerate(b) if (pair := _pair(i, j, x, y, vowels=vowels))]
    possible.sort(key=lambda pair: (pair.cost, pair.initial, abs(pair.left - pair.right), -pair.size))
    taken: list[Pair] = []
    for pair in possible:
        if all(pair.left != other.left and pair.right != other.right for other in taken):
            taken.append(pair)
    return taken


def _pair(i: int, j: int, x: str, y: str, *, vowels: bool) -> Pair | None:
    """Two words as one, or None when they are too far apart."""
    size = min(len(x), len(y))
    if size == 1:
        return Pair(left=i, right=j, cost=0.0 if x == y else 0.3, size=1, initial=True) if x[0] == y[0] else None
    cost = 0.5 if x != y and nicknames(x) & nicknames(y) else _cost(x, y)
    if not vowels and consonants(x) == consonants(y):
        cost = min(cost, 0.5)
    limit = 1.0 if size <= 3 else 2.0
    if cost > limit and not (size == 3 and len(x) == len(y) and cost <= 2.0 and x not in _PARTICLES):
        return None
    return Pair(left=i, right=j, cost=cost, size=size)


def _cost(x: str, y: str) -> float:
    """Edits between two words; those that only spell a sound in another way cost half."""
    if x == y:
        return 0.0
    raw = OSA.distance(x, y)
    heard = OSA.distance(sound_key(x), sound_key(y))
    return min(float(raw), heard + 0.5 * (raw > heard))
