"""Whose office it is when the title does not say: a president's country, a counterpart's post."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from digests.extract.people.words import Words
from digests.extract.reading import Reading
from digests.extract.roles.patterns import Held
from digests.text.countries import country, demonym
from digests.text.folding import fold
from digests.text.wordlist import words as words_in

_NATIONAL = words_in(
    "president premier minister chancellor king queen emperor sultan emir vice-president parliamentarian",
)
_LEAD = 1.5
"""How far the likeliest country must lead the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A country and the words it rests on."""

    country: str
    start: int
    end: int


class Offices:
    """What the whole article says about offices."""

    def __init__(self, reading: Reading, words: Words, found: list[Held]) -> None:
        self._words = words
        self._found = found
        self._places = _countries(reading, words)

    def mirrored(self, each: Held) -> Held | None:
        """The office that "his counterpart" or "her deputy" mirrors."""
        if each.mirrors is None or each.head not in {"counterpart", "deputy"} or fold(each.title) not in _MIRRORS:
            return None
        offices = [
            other for other in self._found if other.mention.entity == each.mirrors and other.head not in _MIRRORS
        ]
        return next((other for other in offices if not other.former), None)

    def country(self, each: Held) -> Guess | None:
        """The country of a national office that names none: the one the article is about, if one clearly is."""
        if each.head not in _NATIONAL or (each.head == "president" and fold(each.title) not in _HEADS_OF_STATE):
            return None
        taken = {
            country(other.of)
            for other in self._found
            if other.of and other.mention.entity != each.mention.entity and fold(other.title) == fold(each.title)
        }
        scores = {name: self._score(each, places) for name, places in self._places.items() if name not in taken}
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] < _LEAD * ranked[1][1]):
            return None
        at = min(self._places[ranked[0][0]], key=lambda place: (abs(place[0] - self._words.start[each.first]), place))
        return Guess(country=ranked[0][0], start=at[0], end=at[1])

    def _score(self, each: Held, places: list[tuple[int, int, int]]) -> float:
        sentence = self._words.sentence[each.first]
        return len(places) + sum(2.0 for *_, where in places if where == sentence)


_MIRRORS = frozenset({"counterpart", "deputy"})
_HEADS_OF_STATE = frozenset({"president", "vice president", "acting president", "interim president", "president elect"})


def _countries(reading: Reading, words: Words) -> dict[str, list[tuple[int, int, int]]]:
    """Country -> (start, end, sentence) of its mentions, capitals that act for it and adjectives."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for i, word in enumerate(words.text):
        land = demonym(word) if word[0].isupper() else None
        if land is not None:
            found[land].append((words.start[i], words.end[i], words.sentence[i]))
    starts = {start: i for i, start in enumerate(words.start)}
    for mention in reading.mentions:
        land = mention.stands_for or (country(mention.name) if mention.type == "place" else None)
        if land is not None and mention.kind == "name":
            found[land].append((mention.start, mention.end, words.sentence[starts.get(mention.start, 0)]))
    return found
