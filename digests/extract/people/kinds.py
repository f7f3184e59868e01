"""What a candidate names: a person, an organisation, a place, or nothing we follow.

Every candidate is described by features; a linear model weighs them (``model``); the scores of all candidates of the
same name in the article add up, so that one clear sentence decides for the unclear ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from digests.extract.people import lexicon
from digests.extract.people.candidate import Candidate
from digests.extract.people.lexicon import BODY_NOUNS, COMPANY_NOUNS
from digests.extract.people.model import score
from digests.extract.people.words import Words
from digests.text.countries import demonym, place
from digests.text.folding import fold
from digests.text.wordlist import words as words_in

Kind = Literal["person", "organisation", "place", "other"]
KINDS: tuple[Kind, ...] = ("person", "organisation", "place", "other")

_INSIDE = frozenset({"in", "near", "outside", "across", "throughout", "around"})
_SPEECH = words_in(
    "said says told tells added asked wrote tweeted argued replied explained warned insisted recalled joked noted"
)
_BUSINESS = words_in(
    "officials spokesman spokeswoman spokesperson executives employees shares stock shareholders workers officers",
    "members staff headquarters website newspaper magazine analysts researchers scientists troops soldiers fighters",
    "militants",
)
_STORMS = frozenset({"storm", "hurricane", "typhoon", "cyclone"})
_PRIORS: dict[str, tuple[float, float, float, float]] = {
    # person, organisation, place, other
    "honorific": (4.0, 0.0, 0.0, 0.0),
    "role_before": (2.5, 0.0, 0.0, 0.0),
    "title": (1.5, 0.0, 0.0, 0.0),
    "age": (2.0, 0.0, 0.0, 0.0),
    "given": (1.0, 0.0, 0.0, 0.0),
    "body_before": (0.0, 2.5, 0.0, 0.0),
    "organisation_suffix": (0.0, 3.0, 0.0, 0.0),
    "known_organisation": (0.0, 3.0, 0.0, 0.0),
    "country": (0.0, 0.0, 5.0, 0.0),
    "seat": (0.0, 0.0, 4.0, 0.0),
    "institution": (0.0, 4.0, 0.0, 0.0),
    "capital": (0.0, 0.0, 3.0, 0.0),
    "known_place": (0.0, 0.0, 2.0, 0.0),
    "demonym": (0.0, 0.0, 0.0, 4.0),
    "thing": (0.0, 0.0, 0.0, 3.0),
}
"""What we know without counting: added once a mention to what the model has learnt from texts with noisy labels."""
_FAMILY = 4.0
"""What it counts that the name is part of a person's full name in the same article."""


def kinds_of(words: Words, found: list[Candidate]) -> list[Kind]:
    """The kind of each candidate, in order."""
    texts = [fold(name_of(words, each)) for each in found]
    totals: dict[str, list[float]] = {}
    for each, text in zip(found, texts, strict=True):
        seen = list(features(words, each))
        scores = score(seen).tolist()
        for feature in seen:
            if feature in _PRIORS:
                scores = [a + b for a, b in zip(scores, _PRIORS[feature], strict=True)]
        known = totals.get(text)
        totals[text] = scores if known is None else [a + b for a, b in zip(known, scores, strict=True)]
    families = _families(found, texts, totals)
    counts = Counter(texts)
    kinds: list[Kind] = []
    for text in texts:
        total = totals[text]
        if text in families and _best(total) != "place":
            total = [total[0] + _FAMILY * counts[text], *total[1:]]
        kinds.append(_best(total))
    return kinds


def name_of(words: Words, candidate: Candidate) -> str:
    """The candidate's words with the blanks they have in the text."""
    out = words.text[candidate.first]
    for i in range(candidate.first + 1, candidate.last):
        out += ("" if words.end[i - 1] == words.start[i] else " ") + words.text[i]
    return out


def _best(total: list[float]) -> Kind:
    return KINDS[max(range(len(KINDS)), key=total.__getitem__)]


def _families(found: list[Candidate], texts: list[str], totals: dict[str, list[float]]) -> set[str]:
    """Folded last names (and given names) of the names of two or more words that are a person's."""
    names: set[str] = set()
    for each, text in zip(found, texts, strict=True):
        parts = text.split()
        if each.last - each.first > 1 and len(parts) > 1 and _best(totals[text]) == "person":
            names |= {parts[-1], parts[0], " ".join(parts[1:]), " ".join(parts[-2:])}
    return names


def features(words: Words, candidate: Candidate) -> Iterable[str]:
    """What is known of one candidate."""
    yield "bias"
    yield from _form(words, candidate)
    yield from _company(words, candidate)
    yield from _wording(words, candidate)


def _wording(words: Words, candidate: Candidate) -> Iterable[str]:
    """The words themselves, in the name and beside it."""
    first, last = candidate.first, candidate.last
    lower = words.lower
    size = min(last - first, 3)
    for i in range(first, min(last, first + 8)):
        yield f"w:{lower[i]}"
    yield f"f:{lower[first]}:{size}"
    yield f"l:{lower[last - 1]}:{size}"
    yield f"e:{lower[last - 1][-3:]}:{size}"
    yield f"s:{_shape(words.text[first])}:{size}"
    yield f"t:{words.tag[last - 1]}:{size}"
    before = _beside(words, first - 1)
    yield f"b:{before}"
    yield f"bb:{_beside(words, first - 2)}:{before}"
    after = _beside(words, last)
    yield f"a:{after}"
    yield f"aa:{after}:{_beside(words, last + 1)}"
    dep = words.dep[last - 1]
    yield f"d:{dep}"
    yield f"h:{dep}:{lower[words.head[last - 1]]}"


def _beside(words: Words, at: int) -> str:
    """A neighbouring word; digits are one."""
    if not 0 <= at < len(words):
        return "$"
    return "0" if words.text[at][0].isdigit() else words.lower[at]


def _shape(word: str) -> str:
    """Xx, XX, XxX, X.X and the like."""
    out = ""
    for char in word[:8]:
        kind = "X" if char.isupper() else "x" if char.islower() else "9" if char.isdigit() else char
        if not out.endswith(kind):
            out += kind
    return out


def _form(words: Words, candidate: Candidate) -> Iterable[str]:
    """Features of the name's own words."""
    first, last = candidate.first, candidate.last
    lower = words.lower[first:last]
    text = name_of(words, candidate)
    yield f"words={min(last - first, 4)}"
    given = fold(lower[0]) in lexicon.first_names()
    if given:
        yield "given" if last - first > 1 else "given_alone"
    if any(len(word) == 2 and word[1] == "." for word in lower[:-1]) and not any(w in lexicon.ORG_HEADS for w in lower):
        yield "initial"
    if any(
        word in lexicon.PARTICLES and raw.islower() for word, raw in zip(lower, words.text[first:last], strict=True)
    ):
        yield "particle"
    if lower[-1] in lexicon.ORG_HEADS:
        yield "organisation_head"
    elif any(word in lexicon.ORG_HEADS for word in lower):
        yield "organisation_word"
    if lower[-1] in lexicon.ORG_SUFFIXES and last - first > 1:
        yield "organisation_suffix"
    if text in lexicon.ORGANISATIONS:
        yield "known_organisation"
    if text in lexicon.THINGS or (last - first > 1 and lower[0] in _STORMS):
        yield "thing"
    yield from _land(text)
    if last - first > 1 and lower[-1] in lexicon.PLACE_HEADS:
        yield "place_head"
    if last - first == 1 and text.isupper() and 2 <= len(text) <= 6 and text.isalpha():
        yield "acronym"
    if last - first == 1 and any(char.isupper() for char in text[1:]) and not text.isupper() and "-" not in text:
        yield "mixed_case"
    if any(char.isdigit() for char in text):
        yield "digits"
    if any(word in {"of", "for", "and", "&"} for word in lower):
        yield "joined"
    if last - first == 1 and lower[0].endswith("s") and words.tag[first] == "NNPS":
        yield "plural"
    if candidate.headline:
        yield "headline"


def _land(text: str) -> Iterable[str]:
    known = place(text)
    if known is not None:
        yield known.kind
    elif demonym(text):
        yield "demonym"
    elif text in lexicon.CITIES:
        yield "known_place"


def _company(words: Words, candidate: Candidate) -> Iterable[str]:
    """Features of the words around."""
    first, last = candidate.first, candidate.last
    if candidate.title is not None and candidate.title[1] >= first - 1:
        yield "title"
    if candidate.honorific:
        yield "honorific"
    before = words.lower[first - 1] if first else ""
    after = words.lower[last] if last < len(words) else ""
    beyond = words.text[last + 1] if last + 1 < len(words) else ""
    if lexicon.is_role(before) and words.text[first - 1].islower():
        yield "role_before"
    if before in BODY_NOUNS | COMPANY_NOUNS and words.text[first - 1].islower():
        yield "body_before"
    if before == "the":
        yield "the"
    elif before in _INSIDE:
        yield "inside"
    elif before == "at":
        yield "at"
    if after in _SPEECH or before in _SPEECH:
        yield "speaks"
    if after == "who" or (after == "," and beyond == "who"):
        yield "who"
    if after == "," and beyond.isdigit() and len(beyond) == 2:
        yield "age"
    if after in _BUSINESS or (after == "'s" and beyond in _BUSINESS):
        yield "business"
    if after == "(" and beyond.isupper() and len(beyond) > 1:
        yield "acronym_follows"
    dep = words.dep[last - 1]
    if dep in {"compound", "amod", "nmod"} and after and after.islower():
        yield "adjective"
    if dep == "nsubj":
        yield "subject"
    if last - first == 1 and words.tag[first] not in {"NNP", "NNPS"}:
        yield "common"
