"""What a question typed in a chat is after: its shape, who it is about, which days. Pure.

``question.read`` weighs the words; this tells which facts of the archive can answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from digests.ask.question import Question, read
from digests.text.countries import stands_for
from digests.text.dates import parse_period
from digests.text.terms import country_term, terms

Shape = Literal["who", "office", "said", "spoke", "denied", "changed", "due", "number", "open"]

_WHO = re.compile(r"^(?:who(?:'s|’s| is| was| are)|tell me (?:about|who is))\s+(?P<who>.+?)\s*[?.!]*$", re.IGNORECASE)
_SAID = re.compile(
    r"^what (?:did|does|has|have|do|had)\s+(?P<who>.+?)\s+(?:sa(?:y|id|ys)|think|claim|tell|told|promise|demand|warn"
    r"|want|announce|ask(?:ed)? for|write|wrote|mean|call for)\w*\b\s*(?:(?:about|on|of|regarding|over|concerning)\s+)?"
    r"(?P<topic>.*?)\s*[?.!]*$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"^(?:who|which \w+)\s+(?:has |have )?(?:den(?:y|ies|ied)|reject(?:s|ed)?|disput(?:es|ed))\b", re.IGNORECASE
)
_SPOKE = re.compile(
    r"^who\s+(?:has |had |have )?(?:said|says|warn\w*|promis\w*|told|threaten\w*|call(?:s|ed)|accus\w+|critici[sz]\w+"
    r"|want\w*|demand\w*|announc\w+|ask(?:s|ed))\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:anything|something|what(?:'s|’s| is| has| else)?)\s+(?:is |has )?(?:new|chang\w+|happen\w*)\b"
    r"|\bany (?:news|changes?)\b|^(?:did|has) .*\bchang\w+",
    re.IGNORECASE,
)
_CHANGING = frozenset(terms("anything something change changed changes happen happened new news latest else"))
_DENYING = frozenset(terms("deny denies denied reject rejects rejected dispute disputes disputed"))
_OFFICE = re.compile(r"[’']s\b|^(?:the|a|an)\s|\bof\b")
_NUMERIC = ("money", "percent", "count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``who``: whose words, or who is asked about; ``topic``: about what. Days of publication, inclusive.

    ``same``: terms that stand for one of the question's (Ankara for Turkey); they count like it.
    """

    question: Question
    shape: Shape
    who: str = ""
    topic: str = ""
    since: date | None = None
    until: date | None = None
    same: tuple[tuple[str, str], ...] = ()


def understand(text: str, *, today: date) -> Wanted:
    """What is asked, on the asker's day.

    >>> understand("What did the Kremlin say about Ankara?", today=date(2020, 2, 15)).who
    'the Kremlin'
    """
    typed = " ".join(text.split())
    shape, who, topic = _shape(typed)
    since = until = None
    asked = typed
    if shape in ("said", "spoke", "denied", "changed"):
        period = parse_period(typed, today=today, ahead=False)
        if period is not None:
            since, until = period.first, period.last
            asked = " ".join(f"{typed[: period.start]} {typed[period.end :]}".split())
            shape, who, topic = _shape(asked)
    question = read(asked, asked=today)
    if shape == "open" and question.kind in _NUMERIC:
        shape = "number"
    if shape == "open" and question.kind == "date":
        shape = "due"
    return Wanted(question=question, shape=shape, who=who, topic=topic, since=since, until=until, same=_same(asked))


def telling_of(wanted: Wanted) -> dict[str, float]:
    """The terms that must be told of, with weights: those that only say what shape the question has left out."""
    left_out = {"changed": _CHANGING, "denied": _DENYING}.get(wanted.shape, frozenset())
    return {term: weight for term, weight in wanted.question.weights.items() if term not in left_out}


def _shape(text: str) -> tuple[Shape, str, str]:
    if _CHANGED.search(text):
        return "changed", "", ""
    said = _SAID.match(text)
    if said:
        return "said", said["who"], said["topic"]
    if _DENIED.match(text):
        return "denied", "", ""
    if _SPOKE.match(text):
        return "spoke", "", ""
    who = _WHO.match(text)
    if who and not re.match(r"\w+ed\b", who["who"]):
        return ("office" if _OFFICE.search(who["who"]) else "who"), who["who"], ""
    return "open", "", ""


def _same(text: str) -> tuple[tuple[str, str], ...]:
    """Capitals and seats with the country they speak for, as terms."""
    found = []
    for match in re.finditer(r"\b[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+)?", text):
        for name in (match[0], match[0].split()[0]):
            land = stands_for(re.sub(r"[’']s$", "", name))
            if land:
                found.append((terms(name)[0], country_term(land)))
                break
    return tuple(found)
