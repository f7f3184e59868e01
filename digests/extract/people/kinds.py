"""What a candidate names: a person, an organisation, a place, or nothing we follow.

Every candidate is described by features; each feature carries weight for the kinds; weights of all candidates of the
same name in the article add up, so that one clear sentence decides for the unclear ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from digests.extract.people import lexicon
from digests.extract.people.runs import Candidate
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
WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    # person, organisation, place, other
    "bias": (0.0, 0.3, 0.0, 0.2),
    "words=1": (0.0, 0.5, 0.4, 0.6),
    "words=2": (0.8, 0.3, 0.0, 0.0),
    "words=3": (0.3, 0.6, 0.0, 0.2),
    "words=4": (-1.0, 0.8, 0.0, 0.5),
    "given": (4.0, 0.0, 0.0, 0.0),
    "given_alone": (1.0, 0.0, 0.0, 0.0),
    "initial": (3.0, 0.0, 0.0, 0.0),
    "particle": (2.0, 0.0, 0.0, 0.0),
    "title": (3.0, 0.0, 0.0, 0.0),
    "honorific": (5.0, 0.0, 0.0, 0.0),
    "role_before": (2.5, 0.0, 0.0, 0.0),
    "organisation_head": (-2.0, 4.0, 0.0, 0.0),
    "organisation_word": (-1.0, 2.0, 0.0, 0.0),
    "organisation_suffix": (-2.0, 5.0, 0.0, 0.0),
    "known_organisation": (-2.0, 5.0, 0.0, 0.0),
    "country": (-3.0, 0.0, 9.0, 0.0),
    "seat": (-3.0, 9.0, 0.0, 0.0),
    "demonym": (-3.0, -1.0, 0.0, 7.0),
    "known_place": (-1.0, 0.0, 4.0, 0.0),
    "place_head": (-2.0, 0.5, 3.0, 0.5),
    "acronym": (-2.0, 2.5, 0.0, 0.5),
    "mixed_case": (-1.0, 1.5, 0.0, 0.5),
    "digits": (-3.0, 0.0, 0.0, 3.0),
    "joined": (-3.0, 3.0, 0.5, 0.5),
    "the": (-2.0, 1.2, 0.2, 0.8),
    "inside": (-1.0, 0.0, 2.5, 0.0),
    "at": (-0.5, 0.8, 0.5, 0.0),
    "speaks": (1.5, 0.5, 0.0, 0.0),
    "business": (-1.0, 2.0, 0.5, 0.0),
    "age": (4.0, 0.0, 0.0, 0.0),
    "who": (2.0, 0.0, 0.0, 0.0),
    "acronym_follows": (-1.0, 3.0, 0.0, 0.0),
    "adjective": (-0.5, 0.3, 0.0, 0.8),
    "subject": (0.4, 0.3, 0.0, 0.0),
    "headline": (0.0, 0.0, 0.0, 1.0),
    "plural": (-1.0, 0.3, 0.0, 0.8),
    "common": (-1.0, 0.0, 0.0, 1.5),
    "family": (6.0, 0.0, 0.0, 0.0),
}


def kinds_of(words: Words, found: list[Candidate]) -> list[Kind]:
    """The kind of each candidate, in order."""
    texts = [fold(name_of(words, each)) for each in found]
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(KINDS))
    for each, text in zip(found, texts, strict=True):
        for feature in set(features(words, each)):
            _add(totals[text], WEIGHTS.get(feature))
    families = _families(found, texts, totals)
    kinds: list[Kind] = []
    for text in texts:
        total = totals[text]
        if text in families and _best(total) != "place":
            total = [score + weight for score, weight in zip(total, WEIGHTS["family"], strict=True)]
        kinds.append(_best(total))
    return kinds


def name_of(words: Words, candidate: Candidate) -> str:
    """The candidate's words with the blanks they have in the text."""
    out = words.text[candidate.first]
    for i in range(candidate.first + 1, candidate.last):
        out += ("" if words.end[i - 1] == words.start[i] else " ") + words.text[i]
    return out


def _add(total: list[float], weights: tuple[float, ...] | None) -> None:
    if weights is not None:
        for at, weight in enumerate(weights):
            total[at] += weight


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
        yield "seat" if known.kind == "seat" else "country"
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
