"""What a conversation is about: whom, what, which story and days, so that the next question may leave it out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from digests.ask.question import WEIGHTS
from digests.ask.wanted import Wanted, telling_of, understand
from digests.text.terms import terms

_ABOUT = re.compile(
    r"\b(?:about|on|over|regarding|concerning)\s+(?!when\b|how\b)(?P<topic>\S.*?)\s*[?.!]*$", re.IGNORECASE
)
_CLAIM = re.compile(
    r"^(?:who|which \w+)\s+(?:has |have |had )?\w+\s+(?:what (?:is|was) )?(?:said )?(?:about )?"
    r"(?P<topic>.+?)\s*[?.!]*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w.])[A-Z][\w’'.-]*[\w](?:\s+(?:(?:al|de|bin|von|van|der)\s+)?[A-Z][\w’'.-]*\w)*")
_BEGINS = re.compile(
    r"^(?:Who|What|When|Where|Which|Whose|Why|How|Did|Does|Do|Is|Are|Was|Were|Has|Have|Will|Can|Any|Anything|Tell|And)\b\s*"
)
_MUST = frozenset({"must", "shall", "need", "needs"})
_BEFORE_MARK = re.compile(r"\s+(?=[?.!,]+$)")
_OWN = re.compile(r"[’']s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """``people``: names as the archive spells them, the one spoken of most lately first.

    ``question``: the last one, whole, without its days; ``who``: its words for whose words, or who, is asked after;
    ``topic``: what it is about. ``since``, ``until``: its days of publication. ``story``: of the answer; 0 for none.
    """

    people: tuple[str, ...] = ()
    who: str = ""
    topic: str = ""
    story: int = 0
    since: date | None = None
    until: date | None = None
    question: str = ""


def following(
    before: Context | None, question: str, *, today: date, people: tuple[str, ...] = (), who: str = "", story: int = 0
) -> Context:
    """What is spoken of after a question (with nothing left out) was answered.

    ``people``: those it names, or whom the answer named; ``who``: how the question names the first of them. What a
    question does not speak of stays as it was.
    """
    earlier = before or Context()
    wanted = understand(question, today=today)
    return Context(
        people=people or earlier.people,
        who=wanted.who or who,
        topic=topic_of(wanted, besides=people) or earlier.topic,
        story=story or earlier.story,
        since=wanted.since,
        until=wanted.until,
        question=_BEFORE_MARK.sub("", wanted.question.text),
    )


def topic_of(wanted: Wanted, *, besides: tuple[str, ...] = ()) -> str:
    """What a question is about, in its own words; "" where it asks only after somebody. ``besides``: whom it names.

    >>> topic_of(understand("What did the Kremlin say about Ankara?", today=date(2020, 2, 15)))
    'Ankara'
    """
    text = wanted.question.text
    if wanted.shape in ("said", "who", "office"):
        return wanted.topic
    if wanted.shape == "denied" and (claim := _CLAIM.match(text)):
        return claim["topic"]
    about = _ABOUT.search(text)
    return about["topic"] if about else told_words(wanted, besides=besides)


def told_words(wanted: Wanted, *, besides: tuple[str, ...] = ()) -> str:
    """The telling words of a question, in order, as they were typed, without these names."""
    named = {term for name in besides for term in terms(name)}
    telling = telling_of(wanted).items()
    weights = {term: weight for term, weight in telling if weight != WEIGHTS["filler"] and term not in named}
    words = (word for word in _words(wanted.question.text) if word.casefold() not in _MUST)
    return " ".join(word for word in words if any(term in weights for term in terms(word)))


def _words(text: str) -> list[str]:
    return [word.strip('?!.,;:“”"') for word in text.split()]


def names_in(question: str) -> list[str]:
    """What may be names in a question: runs of words with capitals, the longest first, without a possessive.

    >>> names_in("Did Fuat Oktay meet Putin's envoy?")
    ['Fuat Oktay', 'Putin']
    """
    rest = _BEGINS.sub("", question)
    found = [_OWN.sub("", match[0]) for match in _NAME.finditer(rest)]
    return list(dict.fromkeys(found))
