"""A short answer out of the best passages: the name, number or day that stands where the question's words stand.

Silent when unsure: an answer comes with how sure it is, and only the caller's threshold lets it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from digests.ask.candidates import Candidate
from digests.ask.question import Question
from digests.ask.ranking import Passage, Ranked, chosen, freshness
from digests.text.terms import terms

SURE = 0.08
"""An answer less sure than this is kept back; set where two in five development questions are answered."""
_TOLD = 0.3
"""The best sentence with the answer has at least so much of the question's weight, else there is none."""
_NONE = 0.05
"""The weight of there being no answer at all."""
MOST, _FAVOUR = 10, 0.4
"""Passages whose answers count, and how much holding all of them is worth to a passage."""
READ = 5
"""Passages it is looked for in."""
_COVERED = 0.05
"""A sentence with less of the question's weight says nothing about it."""
_REACH = 120.0
"""Characters after which nearness to the question's words counts half."""
_WORD = re.compile(r"[\w’'$%-]+")
_PERSONS = frozenset(
    terms(
        "host star player actor singer leader senator figure dancer footballer president minister judge author director"
        " comedian politician billionaire musician artist athlete driver golfer boxer coach celebrity king queen chef"
    )
)
_WORKS = frozenset(terms("show series film song book album painting movie game play musical magazine slogan"))
_NAMED = (
    _PERSONS
    | _WORKS
    | frozenset(
        terms(
            "company airline retailer chain store agency network university team club newspaper firm organization bank"
            " brand city town airport island county river mountain planet party festival museum site landmark award"
            " policy app website ship restaurant channel"
        )
    )
)
_SAYS = re.compile(r"\s*,?\s*(?:said|says|reported|reports|told|wrote|adds|added)\b|[’']s\s+\w+\s+(?:said|reported)")
_JOINED = re.compile(r"\s(?:in|of|the|for|and|&)\s")
"""No person's name: "Romeo and Juliet", "Gone With the Wind"."""
_WHERE = re.compile(r"\b(?:in|at|near|from|to|of|outside|around)\s(?:the\s)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """``text`` as printed; ``sure``: 0 to 1."""

    text: str
    sure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    candidate: Candidate
    weight: float
    covered: float
    passage: Passage


def short_answer(question: Question, found: Sequence[Ranked], tells: Mapping[str, float]) -> Short | None:
    """The likeliest answer in passages ranked best first, or None where none of the kind stands in them."""
    seen = [each for ranked in found[:READ] for each in _seen(question, ranked, tells)]
    pools = _pools(seen)
    if not pools:
        return None
    weights = _weighed(question, pools)
    best = max(weights, key=lambda key: (weights[key], key))
    pool = sorted(pools[best], key=lambda each: -each.weight)
    covered = max(each.covered for each in pool)
    if covered < _TOLD:
        return None
    share = weights[best] / (sum(weights.values()) + _NONE)
    sure = share * min(1.0, 1.3 * covered) * _fitting(question)
    return Short(text=pool[0].candidate.text, sure=sure)


def favoured(question: Question, found: Sequence[Ranked], tells: Mapping[str, float]) -> list[Ranked]:
    """The passages ranked anew: those that hold the likeliest answers of the best ones before the others."""
    seen = [each for ranked in chosen(found, MOST) for each in _seen(question, ranked, tells)]
    weights = _weighed(question, _pools(seen))
    total = sum(weights.values()) + _NONE
    again = []
    for ranked in found:
        held = sum(weights.get(key, 0.0) for key in {answer.key for answer in ranked.found})
        again.append(replace(ranked, score=ranked.score + _FAVOUR * held / total))
    return sorted(again, key=lambda each: -each.score)


def _pools(seen: Sequence[_Seen]) -> dict[str, list[_Seen]]:
    """All places of each candidate."""
    pools: dict[str, list[_Seen]] = {}
    for each in seen:
        pools.setdefault(each.candidate.key, []).append(each)
    return pools


def _weighed(question: Question, pools: Mapping[str, Sequence[_Seen]]) -> dict[str, float]:
    return _joined(question, {key: _together(pool) for key, pool in pools.items()})


def _seen(question: Question, ranked: Ranked, tells: Mapping[str, float]) -> list[_Seen]:
    """Each candidate of a passage with what speaks for it where it stands."""
    total = sum(tells.values()) or 1.0
    passage = ranked.passage
    own = [frozenset(each) for _, each in passage.sentences]
    covers = [sum(tells[term] for term in tells if term in each) / total for each in own]
    found = []
    fresh = 0.5 + 0.5 * freshness(passage.day, question.asked)
    for at, ((start, end), _) in enumerate(passage.sentences):
        before = own[at - 1] if at else frozenset()
        both = sum(tells[term] for term in tells if term in own[at] or term in before) / total
        covered = 0.7 * covers[at] + 0.3 * both
        here = [each for each in ranked.found if start <= each.start < end]
        if covered < _COVERED or not here:
            continue
        hits = _hits(question, passage.text, start, end)
        for each in here:
            nearest = min((abs(each.start - hit) for hit in hits), default=200)
            weight = ranked.score * covered * fresh * _fit(question, each, passage.text) / (1 + nearest / _REACH)
            found.append(_Seen(candidate=each, weight=weight, covered=covered, passage=passage))
    return found


def _hits(question: Question, text: str, start: int, end: int) -> list[int]:
    """Where in a sentence the question's telling words stand."""
    found = []
    for match in _WORD.finditer(text, start, end):
        own = terms(match[0])
        if any(question.weights.get(each, 0.0) > 0.3 for each in own):
            found.append(match.start())
    return found


def _fit(question: Question, candidate: Candidate, text: str) -> float:
    """How well a candidate suits what is asked for, by its form and its neighbours."""
    fit = 1.0
    end = candidate.start + len(candidate.text)
    if question.head:
        beside = terms(text[max(0, candidate.start - 30) : candidate.start])[-3:] + terms(text[end : end + 30])[:3]
        if question.head[-1] in beside or question.head[-1] in candidate.terms:
            fit *= 1.5
    if question.kind in ("name", "thing"):
        wanted = set(question.head)
        size = len(candidate.terms)
        if question.kind == "name" or wanted & _PERSONS:
            fit *= 1.0 if 2 <= size <= 3 and not _JOINED.search(candidate.text) else 0.4
            fit *= 0.3 if size > 1 and candidate.terms[-1] in question.own else 1.0
        if wanted & _WORKS and text[max(0, candidate.start - 1) : candidate.start] in ("“", '"', "‘"):
            fit *= 1.6
        if _SAYS.match(text, end) and question.kind == "thing":
            fit *= 0.4
    if question.kind == "place" and not _WHERE.search(text, max(0, candidate.start - 12), candidate.start):
        fit *= 0.5
    return fit


def _fitting(question: Question) -> float:
    """How far names answer such a question at all: "which color" is hardly ever answered by one."""
    if question.kind != "thing":
        return 1.0
    return 1.0 if set(question.head) & _NAMED else 0.5


def _together(pool: Sequence[_Seen]) -> float:
    """What all places together say: each article once, and a little for each more."""
    by_article: dict[int, list[float]] = {}
    for each in pool:
        by_article.setdefault(each.passage.article, []).append(each.weight)
    return sum(max(weights) + 0.3 * sum(sorted(weights)[-3:-1]) for weights in by_article.values())


def _joined(question: Question, weights: Mapping[str, float]) -> dict[str, float]:
    """What speaks for one form of a name speaks for the other: for the full one of a person, else for the short one."""
    joined = dict(weights)
    if question.kind not in ("name", "thing", "place"):
        return joined
    person = question.kind == "name" or bool(set(question.head) & _PERSONS)
    for short, weight in weights.items():
        for full in weights:
            if short != full and f" {short} " in f" {full} " and len(full.split()) <= len(short.split()) + 2:
                joined[full if person else short] += 0.5 * (weight if person else weights[full])
    return joined
