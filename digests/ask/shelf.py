"""Articles in memory, searched by their terms: what ``onrecord ask --jsonl`` answers from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
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
Numbers = NDArray[np.float64]


class Shelf:
    """Articles are put on it, then it is asked. Not for use by several threads."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []
        self._lengths: list[int] = []
        self._postings: dict[str, tuple[list[int], list[int]]] = {}
        self._titles: list[frozenset[str]] = []
        self._days: list[date | None] = []

    def add(self, text: str, *, title: str, day: date | None) -> int:
        """The number the article has on this shelf, from 0."""
        article = len(self._titles)
        known: dict[tuple[int, int], tuple[str, ...]] = {}
        cut = windows(text)
        for window in cut:
            for stretch in window.sentences:
                if stretch not in known:
                    known[stretch] = tuple(terms(text[slice(*stretch)]))
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

    def _scores(self, question: Question, tells: Mapping[str, float]) -> Numbers:
        """The first score of every passage; 0 for those with no term of the question."""
        lengths = np.array(self._lengths, dtype=np.float64)
        norm = K1 * (1 - B + B * lengths / USUAL)
        scores = np.zeros(len(self._passages))
        for term, value in tells.items():
            if term in self._postings:
                where, often = (np.array(each) for each in self._postings[term])
                scores[where] += value * often * (K1 + 1) / (often + norm[where])
        hit = scores > 0
        beside = np.array(
            [TITLE * sum(value for term, value in tells.items() if term in title) for title in self._titles]
        )
        fresh = np.array([NEWS * freshness(day, question.asked) for day in self._days])
        articles = np.array([passage.article for passage in self._passages], dtype=np.intp)
        total = sum(tells.values()) or 1.0
        if not hit.any():
            return scores
        return np.where(hit, (scores + beside[articles]) / total + fresh[articles], 0.0)
