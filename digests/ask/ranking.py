"""Which passages answer a question best: BM25 by term, then what the whole passage and its article look like.

The weights are set by hand and few: a linear model trained on the development questions did no better under
cross-validation over weeks (``python -m bench.ask --check`` tells how they do).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digests.ask.candidates import Candidate, candidates
from digests.ask.question import Question
from digests.text.passages import Stretch

K1 = 1.5
B = 0.4
USUAL = 110.0
"""Terms of a usual passage."""
TITLE = 0.5
NEWS = 0.2
"""What being news on the day of the question is worth: much, for people ask about the week."""
_FRESH, _FADING = 3, 10.0
LOOKED_AT = 40
"""So many passages are looked at closely."""
_TYPED, _NEAR, _AGREED, _FULL, _BEST, _NEW = 0.2, 0.1, 0.2, 0.1, 0.3, 0.3
OVERLAP = 0.3
"""Of two passages of an article that share more than this of their sentences one is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of an article as ranking sees it. ``sentences``: offsets in ``text`` and terms of each.

    ``article``: any key of the article; ``title``: its title's terms.
    """

    article: int
    start: int
    text: str
    sentences: tuple[tuple[Stretch, tuple[str, ...]], ...]
    title: frozenset[str]
    day: date | None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A passage with its score (0 to about 2.5) and the answers of the asked kind that it holds."""

    passage: Passage
    score: float
    found: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """The passages for a question, best first (overlapping ones among them), and how much each of its terms tells."""

    found: tuple[Ranked, ...]
    tells: Mapping[str, float]


def telling(question: Question, *, passages: int, seen: Mapping[str, int]) -> dict[str, float]:
    """How much each term of the question tells; ``seen``: in how many of the ``passages`` it stands."""
    return {
        term: weight * math.log(1 + (passages - seen.get(term, 0) + 0.5) / (seen.get(term, 0) + 0.5))
        for term, weight in question.weights.items()
    }


def bm25(often: float, length: float) -> float:
    """What a term that stands so often in a passage of so many terms counts there, 0 to ``K1 + 1``."""
    return often * (K1 + 1) / (often + K1 * (1 - B + B * length / USUAL))


def freshness(day: date | None, asked: date | None) -> float:
    """1 for what was news on the day of the question, fading over weeks; 0 where a day is unknown."""
    if day is None or asked is None:
        return 0.0
    return math.exp(-max(0, abs((asked - day).days) - _FRESH) / _FADING)


def first_score(passage: Passage, tells: Mapping[str, float], asked: date | None) -> float:
    """The score by terms alone."""
    counts = Counter(term for _, terms in passage.sentences for term in terms)
    length = counts.total()
    own = sum(value * bm25(counts[term], length) for term, value in tells.items() if term in counts)
    title = sum(value for term, value in tells.items() if term in passage.title)
    return (own + TITLE * title) / (sum(tells.values()) or 1.0) + NEWS * freshness(passage.day, asked)


def ranked(question: Question, found: Sequence[tuple[Passage, float]], tells: Mapping[str, float]) -> list[Ranked]:
    """The passages, best first; ``found``: with their first scores, best first."""
    best: dict[int, float] = {}
    for passage, score in found:
        best[passage.article] = max(best.get(passage.article, 0.0), score)
    answers = [candidates(question, passage.text) for passage, _ in found[:LOOKED_AT]]
    agreed = _agreement([passage.article for passage, _ in found], answers, [score for _, score in found])
    looked: list[Ranked] = []
    for (passage, score), held, votes in zip(found, answers, agreed, strict=False):
        more = _looks(question, passage, held, tells) + _AGREED * votes + _BEST * best[passage.article]
        looked.append(Ranked(passage=passage, score=score + more, found=tuple(held)))
    rest = [Ranked(passage=passage, score=0.5 * score) for passage, score in found[LOOKED_AT:]]
    return sorted(looked, key=lambda each: -each.score) + rest


def chosen(found: Sequence[Ranked], most: int) -> list[Ranked]:
    """The best of them that do not say the same: of overlapping passages only the better one."""
    kept: list[Ranked] = []
    known: set[str] = set()
    left = list(found)
    while left and len(kept) < most:
        best = max(left, key=lambda each: each.score - _NEW * _share_known(each, known))
        kept.append(best)
        known |= {answer.key for answer in best.found}
        left = [each for each in left if each is not best and not _shares(each.passage, best.passage)]
    return kept


def _share_known(ranked_passage: Ranked, known: set[str]) -> float:
    keys = {answer.key for answer in ranked_passage.found}
    return len(keys & known) / len(keys) if keys else 0.0


def _shares(one: Passage, other: Passage) -> bool:
    if one.article != other.article:
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > OVERLAP * len(one.text)


def _looks(question: Question, passage: Passage, held: Sequence[Candidate], tells: Mapping[str, float]) -> float:
    """What counts beside the terms: holds an answer of the kind, near the terms; is full; its article fits."""
    sets = [frozenset(terms) for _, terms in passage.sentences]
    covered = [sum(tells[term] for term in tells if term in each) for each in sets]
    at = max(range(len(covered)), key=covered.__getitem__)
    low = passage.sentences[max(0, at - 1)][0][0]
    high = passage.sentences[at][0][1]
    near = any(low <= each.start < high for each in held)
    words = len(passage.text.split()) / 120
    known = question.kind != "open"
    return _TYPED * (bool(held) if known else 0.5) + _NEAR * (near if known else 0.5) + _FULL * min(1.0, words)


def _agreement(articles: Sequence[int], answers: Sequence[Sequence[Candidate]], scores: Sequence[float]) -> list[float]:
    """For each passage how strongly other articles hold an answer that it holds."""
    votes: dict[str, dict[int, float]] = {}
    for article, held, score in zip(articles, answers, scores, strict=False):
        for each in held:
            own = votes.setdefault(each.key, {})
            own[article] = max(own.get(article, 0.0), score**3)
    found = []
    for article, held in zip(articles, answers, strict=False):
        others = (sum(by for other, by in votes[each.key].items() if other != article) for each in held)
        found.append(math.log1p(max(others, default=0.0)))
    return found
