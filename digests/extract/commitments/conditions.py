"""Conditions and extents: which words are the action, which the condition, where a trailing date is cut off."""

from __future__ import annotations

import re
from bisect import bisect_right

from spacy.tokens import Token

from digests.extract.clauses import is_verb, trim
from digests.extract.commitments.frames import Frame
from digests.extract.commitments.lexicon import IF
from digests.extract.reading import Reading
from digests.model import Span

_DATE_LEAD = re.compile(
    r"(?:\s*,)?(?:\s+(?:by|before|on|until|till|within|in|no\slater\sthan|not\slater\sthan|from|at|after|ahead\sof|for|over"
    r"|starting|beginning|effective|as\sof|during|early|late|later|(?:or|and)))*\s*\Z",
    re.IGNORECASE,
)
_BEFORE = frozenset(("neg", "auxpass"))
_FIRM = frozenset(("until", "unless", "till"))
_LEFT_OUT = frozenset({"punct", "cc", "mark", "aux", "auxpass", "nsubj", "nsubjpass", "expl", "dep", "intj", "meta"})


def condition_of(frame: Frame) -> tuple[int, int] | None:
    """The token range of the clause with its if, unless, until, "only when"."""
    seen: set[int] = set()
    for verb in (frame.verb, frame.governor, *(kid for kid in frame.verb.children if kid.dep_ in ("xcomp", "advcl"))):
        if verb.i in seen:
            continue
        seen.add(verb.i)
        for kid in verb.children:
            if (found := _conditional(kid)) is not None:
                return found
    return None


def _conditional(kid: Token) -> tuple[int, int] | None:
    opener = _opener(kid)
    if opener is None:
        return None
    low, high = kid.left_edge.i, kid.right_edge.i + 1
    low = max(low, opener.i)
    if low and kid.doc[low - 1].lower_ in ("only", "even", "but"):
        low -= 1 if kid.doc[low - 1].lower_ == "only" else 0
    return trim(kid.doc, low, high)


def _opener(kid: Token) -> Token | None:
    """The word that makes ``kid`` a condition."""
    if kid.dep_ == "prep" and kid.lower_ in ("until", "till", "unless") and any(is_verb(sub) for sub in kid.children):
        return kid
    if kid.dep_ not in ("advcl", "ccomp"):
        return None
    edge = kid.left_edge
    if edge.lower_ in _FIRM and edge.i < kid.i:
        return edge
    for sub in kid.children:
        if sub.dep_ in ("mark", "advmod", "aux") and sub.lower_ in IF and sub.i < kid.i:
            before = sub.nbor(-1).lower_ if sub.i else ""
            if (sub.lower_ == "when" and before != "only") or (kid.dep_ == "ccomp" and sub.lower_ not in _FIRM):
                continue
            if sub.lower_ == "should" and sub.i != kid.left_edge.i:
                continue
            return sub
    return None


def action_of(frame: Frame, condition: tuple[int, int] | None, reading: Reading) -> Span:
    """The action: from its verb (with "not") to the end of its objects, without condition and trailing date."""
    low, high = _noun_extent(frame) if frame.noun else _verb_extent(frame, condition)
    low, high = trim(frame.verb.doc, low, high)
    doc = frame.verb.doc
    start, end = doc[low].idx, doc[high - 1].idx + len(doc[high - 1])
    floor = frame.verb.idx + len(frame.verb)
    return reading.span(start, _without_date(reading, floor, end))


def _noun_extent(frame: Frame) -> tuple[int, int]:
    noun = frame.verb
    high = noun.i + 1
    for kid in noun.rights:
        if kid.dep_ in (
            "prep",
            "acl",
            "appos",
            "compound",
            "nmod",
            "npadvmod",
            "conj",
            "cc",
            "amod",
        ) and not _conditional(kid):
            if kid.dep_ == "cc" or (kid.dep_ == "conj" and is_verb(kid)):
                continue
            high = max(high, kid.right_edge.i + 1)
    told = [kid for kid in noun.lefts if kid.dep_ == "compound" and kid.tag_ == "NNS" and kid.i == noun.left_edge.i]
    return (told[0].i + 1 if told else noun.left_edge.i), high


def _verb_extent(frame: Frame, condition: tuple[int, int] | None) -> tuple[int, int]:
    verb = frame.verb
    low, high = verb.i, verb.i + 1
    for kid in verb.children:
        if (kid.dep_ == "neg" or kid.lower_ == "be") and kid.i < verb.i and not frame.whole and kid.dep_ in _BEFORE:
            low = min(low, kid.i - (kid.lower_ in ("n't", "n’t")))
        elif frame.whole and kid.dep_ in ("nsubj", "nsubjpass"):
            low = min(low, kid.left_edge.i)
        elif kid.i > verb.i and not _apart(kid, frame):
            high = max(high, _right(kid, condition) + 1)
    if condition is not None:
        if verb.i < condition[0] < high:
            high = condition[0]
        if low < condition[1] <= verb.i:
            low = condition[1]
    return low, high


def _right(kid: Token, condition: tuple[int, int] | None) -> int:
    """A dependent's right edge, before a condition nested in it."""
    edge = kid.right_edge.i
    return condition[0] - 1 if condition is not None and kid.i < condition[0] <= edge else edge


def _apart(kid: Token, frame: Frame) -> bool:
    """Dependents that are not of the action: subjects, other clauses, the alternative after "or"."""
    if kid.dep_ in _LEFT_OUT or (kid.dep_ in ("parataxis", "ccomp") and kid.i < frame.verb.i):
        return True
    if kid.left_edge.i <= frame.actor.i <= kid.right_edge.i:
        return True
    if kid.dep_ == "conj":
        return frame.alone or not _joins(kid, frame.verb)
    if kid.dep_ in ("advcl", "ccomp") and _conditional(kid) is not None:
        return True
    if kid.dep_ == "advcl":
        return kid.tag_ != "VB" or any(sub.dep_ == "mark" for sub in kid.children)
    return False


def _joins(kid: Token, verb: Token) -> bool:
    """A second verb of the same action: "cut taxes and build roads"."""
    own = any(sub.dep_ in ("nsubj", "nsubjpass", "aux") and sub.lower_ != "to" for sub in kid.children)
    return kid.tag_ == verb.tag_ == "VB" and not own


def _without_date(reading: Reading, floor: int, end: int) -> int:
    """The end of an action without the dates (and their prepositions) it ends in."""
    times = reading.times
    while True:
        at = bisect_right(times, end, key=lambda time: time.start) - 1
        if at < 0 or times[at].end < end or times[at].start <= floor:
            return end
        lead = _DATE_LEAD.search(reading.article.text[floor : times[at].start])
        cut = times[at].start - (len(lead[0]) if lead else 0)
        if cut < floor or cut >= end:
            return end
        end = cut
