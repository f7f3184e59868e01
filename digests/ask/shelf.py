"""Articles in memory, searched by their terms: what ``onrecord ask --jsonl`` answers from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from digests.ask.question import Question
from digests.ask.ranking import K1, NEWS, TITLE, USUAL, B, Passage, Searched, freshness, ranked, telling
from digests.text.passages import windows
from digests.text.terms import terms

CLOSELY = 60
"""So many passages go from the first look to the second."""
BEST, MORE, WIDER = 10, 12, 0.3
"""From so many passages so many further terms, which together count so much beside the question's own."""
ABOUT, OFTEN = 0.5, 4
"""A term that stands in ``OFTEN`` passages of an article is what all of it is about: to a passage that leaves it out
it counts as ``ABOUT`` of one mention, less where it stands in fewer ("Yoon stole the show" far below "South Korea")."""
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packed:
    """All that is on the shelf, as arrays: the article, and the penalty for the length, of each passage; postings."""

    articles: Places
    length: Numbers
    postings: Mapping[str, tuple[Places, Numbers]]


class Shelf:
    """Articles are put on it, then it is asked. Not for use by several threads."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []
        self._lengths: list[int] = []
        self._postings: dict[str, tuple[list[int], list[int]]] = {}
        self._titles: list[frozenset[str]] = []
        self._days: list[date | None] = []
        self._arrays: _Packed | None = None

    def add(self, text: str, *, title: str, day: date | None) -> int:
        """The number the article has on this shelf, from 0."""
        article = len(self._titles)
        known: dict[tuple[int, int], tuple[str, ...]] = {}
        cut = windows(text)
        for window in cut:
            for stretch in window.sentences:
                if stretch not in known:
                    known[stretch] = tuple(terms(text[slice(*stretch)]))
        self._arrays = None
        self._titles.append(frozenset(terms(title)))
        self._days.append(day)
        for window in cut:
            sentences = tuple(
                ((start - window.start, end - window.start), known[start, end]) for start, end in window.sentences
            )
            self._put(
                Passage(
                    article=article,
                    start=window.start,
                    text=text[window.start : window.end],
                    sentences=sentences,
                    title=self._titles[-1],
                    day=day,
                )
            )
        return article

    def ask(self, question: Question) -> Searched:
        """The best passages; none where no term of the question stands in an article."""
        seen = {term: len(self._postings[term][0]) for term in question.weights if term in self._postings}
        tells = telling(question, passages=len(self._passages), seen=seen)
        scores = self._scores(question, tells)
        widened = tells | self._kindred(scores, tells)
        scores = self._scores(question, widened) if len(widened) > len(tells) else scores
        best = np.argsort(-scores, kind="stable")[:CLOSELY]
        found = [(self._passages[at], float(scores[at])) for at in best.tolist() if scores[at] > 0]
        return Searched(found=tuple(ranked(question, found, tells)), tells=tells)

    def _kindred(self, scores: Numbers, tells: Mapping[str, float]) -> dict[str, float]:
        """Terms that the best passages share, weighed (the relevance model RM3; Abdul-Jaleel et al., TREC 2004)."""
        found: dict[str, float] = {}
        articles: dict[str, set[int]] = {}
        for at in np.argsort(-scores, kind="stable")[:BEST].tolist():
            passage = self._passages[at]
            for term, often in Counter(term for _, own in passage.sentences for term in own).items():
                if len(term) > 2 and term not in tells and scores[at] > 0:
                    rare = math.log(len(self._passages) / len(self._postings[term][0]))
                    found[term] = found.get(term, 0.0) + scores[at] * min(often, 3) * rare
                    articles.setdefault(term, set()).add(passage.article)
        shared = sorted((term for term in found if len(articles[term]) > 1), key=lambda term: (-found[term], term))[
            :MORE
        ]
        total = sum(found[term] for term in shared) or 1.0
        return {term: WIDER * sum(tells.values()) * found[term] / total for term in shared}

    def _put(self, passage: Passage) -> None:
        number = len(self._passages)
        counts = Counter(term for _, own in passage.sentences for term in own)
        for term, often in counts.items():
            where, how_often = self._postings.setdefault(term, ([], []))
            where.append(number)
            how_often.append(often)
        self._passages.append(passage)
        self._lengths.append(counts.total())

    def _packed(self) -> _Packed:
        """Made once after the last article was put up."""
        if self._arrays is None:
            lengths = np.array(self._lengths, dtype=np.float64)
            self._arrays = _Packed(
                articles=np.array([passage.article for passage in self._passages], dtype=np.intp),
                length=K1 * (1 - B + B * lengths / USUAL),
                postings={
                    term: (np.array(where, dtype=np.intp), np.array(often, dtype=np.float64))
                    for term, (where, often) in self._postings.items()
                },
            )
        return self._arrays

    def _scores(self, question: Question, tells: Mapping[str, float]) -> Numbers:
        """The first score of every passage; 0 for those with no term of the question."""
        packed = self._packed()
        scores = np.zeros(len(self._passages))
        hit = np.zeros(len(self._passages), dtype=np.bool_)
        for term, value in tells.items():
            if term not in packed.postings:
                continue
            where, often = packed.postings[term]
            own = self._about(packed.articles[where])[packed.articles] if term in question.weights else 0 * scores
            own[where] = np.maximum(own[where], often * (K1 + 1) / (often + packed.length[where]))
            hit[where] = True
            scores += value * own
        beside = np.array(
            [TITLE * sum(value for term, value in tells.items() if term in title) for title in self._titles]
        )
        fresh = np.array([NEWS * freshness(day, question.asked) for day in self._days])
        total = sum(tells.values()) or 1.0
        if not hit.any():
            return scores
        return np.where(hit, (scores + beside[packed.articles]) / total + fresh[packed.articles], 0.0)

    def _about(self, holding: Places) -> Numbers:
        """What a term counts in any passage of each article; ``holding``: the article of each passage that has it."""
        return ABOUT * np.minimum(1.0, np.bincount(holding, minlength=len(self._titles)) / OFTEN)
