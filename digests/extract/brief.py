"""A short summary of an article: at most three of its own sentences, at most ninety words, never rewritten.

A small linear model says how likely each word of the article is to stand in a summary (where it first appears, how
often it comes back, whether it is a function word); those sentences are taken whose words promise the best overlap with
a summary of usual length. The weights were fitted by ``bench/train_brief.py``; no parser runs.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from digests.model import Article, Span
from digests.text.sentences import sentence_spans
from digests.text.wordlist import words

if TYPE_CHECKING:
    from digests.extract.reading import Reading

MOST_SENTENCES = 3
MOST_WORDS = 90
USUAL_LENGTH = 55
"""Words of the summary that the overlap is reckoned with."""
NEWS_LENGTH = 28
"""The same for an article in paragraphs: news tells the story in its first sentence, and more dilutes it."""
_PARAGRAPHS = 3
_READ = 60
"""Sentences looked at: what comes later is hardly ever in a summary."""
_SHORTLIST = 14
_TIMES = 3
"""A word is expected in a summary at most so often."""
_WORD = re.compile(r"[a-z0-9]+")
_ENDING = re.compile(r"(?<=\w{3})(?:ings?|edly|ed|ies|es|ly|e|y|(?<!s)s)$")
_CAPTION = re.compile(r"\b(?:Image|Photo|Credit|Picture|Pictured)s?:|\bFile photo\b")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|says?|said|told|took|won|made|began|fell|rose|found|went"
    r"|\w{3,}(?:ed|es))\b"
)
_FULL = re.compile(rf"(?:\S+\s+){{{MOST_WORDS}}}")
_FUNCTION = words(
    "a about after again against all also am an and any are as at be because been before being between both but",
    "by can could did do does down during each even every few for from further had has have he her here him his",
    "how i if in into is it its just may me might more most much must my no nor not now of off on once only or",
    "other our out over own per same she should since so some still such than that the their them then there",
    "these they this those through to too under until up upon us very was we were what when where whether which",
    "while who whom whose why will with within without would yet you your",
)

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The sentences a summary may take, as counts of words: one row a sentence, one column a word."""

    spans: tuple[Span, ...]
    counts: Matrix
    features: Matrix
    vocabulary: tuple[str, ...]
    usual: int = USUAL_LENGTH

    @property
    def lengths(self) -> Matrix:
        return np.array([len(span.text.split()) for span in self.spans], dtype=np.float64)


def sentences(source: Article | Reading) -> list[Span]:
    """At most three sentences of the body, verbatim, in text order, of at most ninety words together.

    Empty only for an article without prose. A first sentence longer than ninety words is cut at a comma.
    """
    candidates = candidates_of(source if isinstance(source, Article) else source.article)
    if not candidates.spans:
        return []
    chosen = choose(candidates, likelihoods(candidates.features, weights()))
    return [candidates.spans[at] for at in sorted(chosen)]


@lru_cache(maxsize=1)
def weights() -> Matrix:
    """The fitted weights, one a feature."""
    packed = json.loads(files("digests.extract").joinpath("brief.json").read_text(encoding="utf-8"))
    return np.array(packed["weights"], dtype=np.float64)


def candidates_of(article: Article) -> Candidates:
    """The article's first sentences with their words and each word's features."""
    spans = tuple(_cut(article, start, end) for start, end in _prose(article))
    bags = [tokens(span.text) for span in spans]
    vocabulary = tuple(sorted(set().union(*bags))) if bags else ()
    column = {word: at for at, word in enumerate(vocabulary)}
    counts = np.zeros((len(spans), len(vocabulary)))
    for row, bag in enumerate(bags):
        for word in bag:
            counts[row, column[word]] += 1
    body = sum(part.kind == "body" for part in article.parts)
    return Candidates(
        spans=spans,
        counts=counts,
        features=_features(counts, vocabulary),
        vocabulary=vocabulary,
        usual=NEWS_LENGTH if body >= _PARAGRAPHS else USUAL_LENGTH,
    )


def tokens(text: str) -> list[str]:
    """Words and numbers in lower case without their endings, so that "strikes" is counted with "striking"."""
    return [word if len(word) < 5 else _ENDING.sub("", word) for word in _WORD.findall(text.lower())]


def likelihoods(features: Matrix, fitted: Matrix) -> Matrix:
    """How likely each word stands in a summary once, twice, three times: one row a number of times."""
    rows = [1 / (1 + np.exp(-(with_times(features, times) @ fitted))) for times in range(1, _TIMES + 1)]
    return np.vstack(rows)


def with_times(features: Matrix, times: int) -> Matrix:
    """The features of a word's first, second or third occurrence in a summary."""
    more = np.zeros((len(features), 4))
    more[:, 0], more[:, 1] = times == 2, times == 3
    if times > 1:
        more[:, 2], more[:, 3] = features[:, -4], features[:, 1]
    return np.hstack([features, more])


def choose(candidates: Candidates, likely: Matrix) -> tuple[int, ...]:
    """The rows that promise the best overlap with a summary of usual length."""
    counts, lengths = candidates.counts, candidates.lengths
    usual = candidates.usual
    promised = _promise(counts, counts.sum(axis=1), likely, usual=usual)
    short = sorted(sorted(np.flatnonzero(lengths <= MOST_WORDS).tolist(), key=lambda at: -promised[at])[:_SHORTLIST])
    best: tuple[float, tuple[int, ...]] = (-1.0, ())
    for size in range(1, MOST_SENTENCES + 1):
        picks = np.array(list(combinations(short, size)), dtype=np.intp).reshape(-1, size)
        picks = picks[lengths[picks].sum(axis=1) <= MOST_WORDS]
        if len(picks):
            together = counts[picks].sum(axis=1)
            scores = _promise(together, together.sum(axis=1), likely, usual=usual)
            top = int(scores.argmax())
            best = max(best, (float(scores[top]), tuple(picks[top].tolist())))
    return best[1]


def _promise(counts: Matrix, lengths: Matrix, likely: Matrix, *, usual: int) -> Matrix:
    hits = sum(((counts >= times + 1) @ likely[times] for times in range(_TIMES)), start=np.zeros(len(counts)))
    return np.asarray(2 * hits / (lengths + usual))


def _prose(article: Article) -> list[tuple[int, int]]:
    """The first sentences of the body (of everything, when no part is body), without captions and scraps."""
    body = [part for part in article.parts if part.kind == "body"] or list(article.parts)
    found: list[tuple[int, int]] = []
    for part in body:
        found += sentence_spans(article.text, start=part.start, end=part.end)
        if len(found) >= _READ + 3:
            break
    told = [span for at, span in enumerate(found[:_READ]) if _tells(article.text[span[0] : span[1]], early=at < 3)]
    return told or found[:1]


def _tells(sentence: str, *, early: bool) -> bool:
    """Not a scrap; near the top not a caption either, which credits a picture or has no verb."""
    if len(sentence[:200].split()) <= 3:
        return False
    return not early or (_VERB.search(sentence) is not None and _CAPTION.search(sentence) is None)


def _cut(article: Article, start: int, end: int) -> Span:
    """The sentence, or of an overlong one the clauses that fit."""
    fitting = _FULL.match(article.text, start, end)
    if fitting is not None and fitting.end() < end:
        head = article.text[start : fitting.end()].rstrip()
        at = max(head.rfind(mark) for mark in (", ", "; ", ": ", " – ", " — "))
        end = start + (at if at > len(head) // 3 else len(head))
    return Span(start=start, end=end, text=article.text[start:end])


def _features(counts: Matrix, vocabulary: tuple[str, ...]) -> Matrix:
    """One row a word: how often, in how many sentences, where first; the last four only for function words."""
    if not vocabulary:
        return np.zeros((0, 17))
    size = len(counts)
    often = np.log(counts.sum(axis=0))
    spread = (counts > 0).mean(axis=0)
    first = (counts > 0).argmax(axis=0).astype(np.float64)
    function = np.array([word in _FUNCTION for word in vocabulary], dtype=np.float64)
    return np.column_stack(
        [
            np.ones(len(vocabulary)), often, spread, 1 / (1 + first), first == 0, first == 1, first == 2, first < 5,
            [word.isdigit() for word in vocabulary], [len(word) <= 3 for word in vocabulary],
            [min(len(word), 10) / 10 for word in vocabulary], first / size,
            np.full(len(vocabulary), np.log(1 + size) / 4),
            function, function * often, function * spread, function / (1 + first),
        ]
    )  # fmt: skip


def word_counts(text: str) -> Counter[str]:
    """The words of a reference summary, counted as the candidates' are."""
    return Counter(tokens(text))
