"""How much of a question a fact or a sentence tells: every name must stand there, and most of the other words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from digests.ask.question import WEIGHTS
from digests.ask.wanted import Wanted, telling_of
from digests.model import Actor, Deadline, Event, Fact, Figure, Found, Role
from digests.text.countries import demonym, names_of_countries, stands_for
from digests.text.terms import country_term, terms

ENOUGH = 0.6
"""The share of a question's weight that a fact tells, or it does not answer."""
OFFICE = 0.95
"""The same for who holds an office: the foreign minister is no finance minister."""
TOPIC = 0.25
"""The share of what somebody is asked to have spoken about that a statement tells."""
_SPELT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|dozen|half)\b", re.IGNORECASE
)
_HOW_MUCH = re.compile(r"\bhow much\b", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{3}")
_FLED = frozenset(terms("refugees migrants displaced hosts"))
_LANDS = frozenset(country_term(land) for _, land in names_of_countries())
"""A country that is only in the headline is not the fact's: "in Russia Deal" makes no Russian forces of Syrian ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact that answers, and how much of the question it tells, 0 to 1."""

    found: Found
    share: float


def told(wanted: Wanted, found: Found, *, lead: frozenset[str] = frozenset()) -> Told | None:
    """How much a fact tells; None where a name is missing or too little stands there.

    ``lead``: terms of its article's beginning, which may name what the fact itself leaves unsaid.
    """
    if isinstance(found.fact, Figure) and not (_tells_how_many(wanted, found.fact) and _of_kind(wanted, found.fact)):
        return None
    if others(wanted, terms(" ".join(each.quote for each in found.fact.evidence))):
        return None
    own = frozenset(_terms_of(found.fact))
    title = frozenset(terms(found.source.title))
    if wanted.shape == "number" and not _done(wanted, own):
        return None
    if wanted.shape == "said" and not _on_topic(wanted, own, title, lead):
        return None
    share = covered(wanted, own, beside=title - _LANDS) or _left_unsaid(wanted, own, lead | title)
    if share < (OFFICE if wanted.shape == "office" else ENOUGH):
        return None
    return Told(found=found, share=share)


def _on_topic(wanted: Wanted, own: frozenset[str], title: frozenset[str], lead: frozenset[str]) -> bool:
    """Whether enough of what was asked about is told: the full name of who said it is no answer by itself."""
    weights = telling_of(wanted)
    about = {term: weights[term] for term in terms(wanted.topic) if term in weights}
    named = own | {one for one, other in wanted.same if other in own}
    beside = title | {term for term in lead if about.get(term) == WEIGHTS["name"]}
    got = sum(weight * (1.0 if term in named else 0.5 * (term in beside)) for term, weight in about.items())
    return got >= TOPIC * sum(about.values())


def others(wanted: Wanted, told_of: Sequence[str]) -> bool:
    """Whether words tell of another country's: Turkish soldiers, where Syrian soldiers are asked about."""
    pairs = {(land, noun) for land, noun in pairwise(told_of) if land in _LANDS}
    for land, noun in pairwise(terms(wanted.question.text)):
        if land in _LANDS and (land, noun) not in pairs and any(noun == other for _, other in pairs):
            return True
    return False


def _of_kind(wanted: Wanted, figure: Figure) -> bool:
    """A sum where a sum is asked for, a share where a share is; a count is neither."""
    money, percent = _CURRENCY.fullmatch(figure.unit) is not None, figure.unit.startswith("percent")
    kind = wanted.question.kind
    if kind == "count" and _HOW_MUCH.search(wanted.question.text):
        return not percent
    return money if kind == "money" else percent if kind == "percent" else not money and not percent


def _done(wanted: Wanted, own: frozenset[str]) -> bool:
    """Whether a figure tells what was done: soldiers that were killed are not those that were sent."""
    plain = (WEIGHTS["word"], WEIGHTS["beside"])
    wanted_words = [term for term, weight in telling_of(wanted).items() if weight in plain]
    return not wanted_words or 2 * sum(term in own for term in wanted_words) >= len(wanted_words)


def _tells_how_many(wanted: Wanted, figure: Figure) -> bool:
    """Not "several", and no number that the question gives itself (737 in the name of an aircraft)."""
    printed = figure.number.text
    return bool(_SPELT.search(printed)) and not set(terms(printed)) <= wanted.question.own


def _left_unsaid(wanted: Wanted, own: frozenset[str], lead: frozenset[str]) -> float:
    """The share of a fact that tells every word of the question but leaves a name to its article.

    "The parliament will meet again", in an article on Ireland; but not when it names another country itself.
    """
    weights = telling_of(wanted)
    said = [term for term, weight in weights.items() if weight not in (WEIGHTS["name"], WEIGHTS["filler"])]
    lands = {term for term in own if term.startswith("=")}
    if not said or lands or not set(said) <= own:
        return 0.0
    return covered(wanted, own, beside=lead)


def covered(wanted: Wanted, own: frozenset[str], *, beside: frozenset[str] = frozenset()) -> float:
    """The share of the question's weight in ``own``, half of what is only ``beside`` it; 0 without its names."""
    weights = telling_of(wanted)
    if not weights:
        return 0.0
    same: dict[str, set[str]] = {}
    for one, other in wanted.same:
        same.setdefault(one, set()).add(other)
    got = 0.0
    for term, weight in weights.items():
        ways = {term} | same.get(term, set())
        if ways & own:
            got += weight
        elif ways & beside:
            got += 0.5 * weight
        elif weight in (WEIGHTS["name"], WEIGHTS["number"]):
            return 0.0
    return got / sum(weights.values())


def _terms_of(fact: Fact) -> list[str]:
    """Everything a fact says and names; a capital that stands for its country names the country too."""
    texts = [fact.summary, *(each.quote for each in fact.evidence)]
    for each in fields(fact):
        value = getattr(fact, each.name)
        if isinstance(value, Actor):
            texts += [value.name, value.stands_for or ""]
    if isinstance(fact, Role):
        texts += [fact.name, fact.title, fact.of or ""]
    found = terms(" ".join(texts))
    if (
        isinstance(fact, Figure)
        and any(demonym(word) for word in re.findall(r"[A-Z]\w+", fact.quote))
        and _living(fact)
    ):
        found += list(_FLED)
    return found + _lands(" ".join(texts))


def _living(fact: Figure) -> bool:
    """Whether people of a country are counted: "3.6 million Syrians" who live in Turkey are refugees there."""
    return demonym(fact.unit.split()[-1].title()) is not None if fact.unit.split() else False


def _lands(text: str) -> list[str]:
    names = re.findall(r"\b[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?", text)
    lands = {land for name in names for each in (name, name.split()[0]) if (land := stands_for(each))}
    return [country_term(land) for land in sorted(lands)]


def value_of(fact: Fact) -> object:
    """What two sources may give differently: the number, the day, the holder; None where there is no such thing."""
    if isinstance(fact, Figure):
        return (fact.value, fact.low, fact.high)
    if isinstance(fact, Deadline | Event):
        return fact.due_to
    if isinstance(fact, Role):
        return tuple(terms(fact.name)[-1:])
    return None
