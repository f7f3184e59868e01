"""What a question asks for, by its words alone: which kind of answer, and how much each of its terms tells.

Pure and quick; the rules know English question words and nothing of any topic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from digests.text.terms import terms
from digests.text.wordlist import words

Kind = Literal["money", "percent", "count", "date", "country", "state", "place", "name", "thing", "open"]
"""What the answer is: ``name`` a person or body, ``thing`` something named, ``open`` a reason or a manner."""

WEIGHTS = {"number": 0.7, "filler": 0.2, "focus": 0.6, "name": 1.2, "beside": 0.8, "word": 1.0}
"""How much a term tells, by where in the question it stands; set by hand, flat around these values."""

LONGEST = 1000
"""Characters of a question that are read."""
STOP = words(
    "a an the of to in on at for by with from and or but is are was were be been being it its this that these those as",
    "has have had do does did will would can could may might should there their they them he she his him her you your",
    "our we us i my me not no nor if so than then which what who whom whose when where why how many much any some such",
    "also about into over after before during between out up down more most other only own same too very s t",
)
_STOPPED = frozenset(terms(" ".join(STOP - {"us"})))
_FILLER = frozenset(
    terms(
        "week recently reportedly according approximately type kind new newly announced year following said say says"
        " know known named called time day month today people many also around latest just make made take took one"
        " photo above hint true false"
    )
)
_HEAD = re.compile(
    r"\b(?:which|what|whose|how many|how much|(?:what|which) percentage of)\s+((?:[\w’'.-]+\s+){0,3}?[\w’'-]+)"
    r"(?=\s+(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|must|may|to|in|on|of|for|from|that|who"
    r"|with|by|at|after|said|this|became|won|lost|made|took|got|gave|left|ran|began|sold|held|found|\w+ed)\b|[?:,’']|$)",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\bthis (?!week|month|year)((?:[\w’'.-]+\s+){0,4}?[\w-]+)(?=\s+(?:who|that|in|on|of|with|said)\b|,)", re.IGNORECASE
)
_PAYS = r"(?:costs?|pay|paid|spend|spent|worth|sell|sold|earn|owe|donate|raise|price|fine|compensation)"
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("percent", r"\b(?:what|which) (?:percentage|percent|proportion|share)\b"),
    (
        "money",
        rf"\bhow much money\b|\bhow much (?:\w+ )?(?:did|do|does|is|are|was|were|will|has|have|to)\b.*\b{_PAYS}\b",
    ),
    ("money", r"\b(?:what|how).*\bcosts?\b|\bcosts?\b.*:\s*$"),
    ("count", r"\bhow (?:many|much|old|long|tall|far|often|big|large|high)\b|\bwhat (?:is|was) (?:his|her) age\b"),
    ("date", r"\b(?:which|what) (?:month|year|day|date)\b|\bhow soon\b|\bsince(?: when)?\s*[:?]|\bby when\b"),
    ("country", r"\b(?:which|what|whose) (?:[\w-]+ ){0,3}?(?:country|nation)\b"),
    ("state", r"\b(?:which|what) (?:U\.?S\.? |American )?state\b(?! (?:dinner|visit))"),
    ("place", r"\b(?:which|what) (?:[\w.-]+ ){0,3}?(?:city|town|village|province|region|island|place)\b"),
    ("date", r"^\W*(?:(?:and|by|since|until) )?when\b"),
    ("place", r"^\W*(?:(?:and|from) )?where\b"),
    ("name", r"^\W*(?:(?:and|to|by|with|for) )?(?:who|whom|whose)\b"),
    ("open", r"^\W*(?:(?:and|but) )?(?:why|how)\b"),
    ("thing", r"\b(?:which|what)\b"),
    ("name", r"\b(?:who|whom|whose)\b(?=[^,]*\?)"),
    ("open", r"\b(?:why|how)\b(?=[^,]*\?)"),
    ("thing", r"\b[Tt]his \w+"),
)
_RULES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_ASKS = re.compile(r"\b(?:which|what|who|whom|whose|how|where|when|why)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z“\"])")
_TOKEN = re.compile(r"[^\s“”\"?!,;:()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``weights``: its telling terms, each once in order. ``own``: all its terms.

    ``head``: the noun asked for, as terms. ``asked``: the asker's day, which recency is reckoned from.
    """

    text: str
    kind: Kind
    weights: Mapping[str, float]
    own: frozenset[str]
    head: tuple[str, ...] = ()
    asked: date | None = None


def read(text: str, *, asked: date | None = None) -> Question:
    """What a question asks for.

    >>> read("Which country hosts the most refugees?").kind, read("When must the troops leave?").kind
    ('country', 'date')
    """
    text = text[:LONGEST]
    weights = _weights(text)
    head = _head(text)
    return Question(
        text=text,
        kind=_kind(text),
        weights=weights,
        own=frozenset(terms(text)),
        head=tuple(each for each in terms(head) if each in weights),
        asked=asked,
    )


def _kind(text: str) -> Kind:
    """The kind of the clause that asks; a sentence before it only tells the setting."""
    clause = _asking(text)
    return next((kind for kind, rule in _RULES if rule.search(clause)), "open")


def _asking(text: str) -> str:
    sentences = _SENTENCE.split(text)
    return next((each for each in sentences if _ASKS.search(each)), sentences[-1])


def _head(text: str) -> str:
    """The noun asked for: "which food chain", "this superstar" where nothing else asks."""
    found = _HEAD.search(text) or (None if _ASKS.search(text) else _THIS.search(text))
    return found[1] if found else ""


def _weights(text: str) -> dict[str, float]:
    asking = frozenset(terms(_asking(text)))
    focus = frozenset(terms(_head(text)))
    found: dict[str, float] = {}
    for match in _TOKEN.finditer(text):
        before = text[: match.start()].rstrip()
        begins = not before or before[-1] in ".?!:"
        for each in terms(match[0]):
            if each not in found and each not in _STOPPED:
                found[each] = WEIGHTS[_place(each, match[0], begins=begins, focus=focus, asking=asking)]
    return found


def _place(term: str, word: str, *, begins: bool, focus: frozenset[str], asking: frozenset[str]) -> str:
    if term[0].isdigit():
        return "number"
    if term in _FILLER:
        return "filler"
    if word[0].isupper() and not begins:
        return "name"
    if term in focus:
        return "focus"
    return "word" if term in asking else "beside"
