"""Whose office it is when the title does not say: a president's country, a counterpart's post."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
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
        self._places = _countries(reading, words)
        self._here = Counter((name, where) for name, places in self._places.items() for *_, where in places)
        self._seats = {mention.stands_for for mention in reading.mentions if mention.stands_for}
        """Countries whose capital or institutions act in the article: "President X" sits in the White House."""
        self._of_person: dict[int, list[Held]] = defaultdict(list)
        self._holders: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        """Title -> country -> the people who hold it."""
        for each in found:
            self._of_person[each.mention.entity].append(each)
            land = country(each.of) if each.of else None
            if land is not None:
                self._holders[fold(each.title)][land].add(each.mention.entity)

    def mirrored(self, each: Held) -> Held | None:
        """The office that "his counterpart" or "her deputy" mirrors."""
        if each.mirrors is None or each.head not in _MIRRORS or fold(each.title) not in _MIRRORS:
            return None
        offices = [other for other in self._of_person[each.mirrors] if other.head not in _MIRRORS]
        return next((other for other in offices if not other.former), None)

    def country(self, each: Held) -> Guess | None:
        """The country of a national office that names none: the one the article is about, if one clearly is."""
        if each.head not in _NATIONAL or (each.head == "president" and fold(each.title) not in _HEADS_OF_STATE):
            return None
        before = self._words.lower[each.first - 1] if each.first else ""
        last = each.first + len(each.title.split())
        follows = self._words.lower[last] if last < len(self._words) else ""
        state = fold(each.title) in _HEADS_OF_STATE
        if before in _OF_A_FIRM or (state and (each.title[0].islower() or follows in {"on", "at", "for"})):
            return None
        holders = self._holders[fold(each.title)]
        crowned = {land for title in _CROWNED for land in self._holders.get(title, {})}
        crowned = crowned if state else set()
        free = [name for name in self._places if name not in crowned and not holders[name] - {each.mention.entity}]
        seats = [name for name in free if name in self._seats]
        free = seats if state and len(seats) == 1 else free
        sentence = self._words.sentence[each.first]
        scores = {name: len(self._places[name]) + 2.0 * self._here[name, sentence] for name in free}
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] < _LEAD * ranked[1][1]):
            return None
        near = [name for name in self._places if self._here[name, sentence] or self._here[name, sentence - 1]]
        if near and ranked[0][0] not in near:
            return None  # a minister of another country than the story's
        start, end, _ = self._nearest(ranked[0][0], self._words.start[each.first])
        return Guess(country=ranked[0][0], start=start, end=end)

    def _nearest(self, name: str, offset: int) -> tuple[int, int, int]:
        places = self._places[name]
        at = bisect_left(places, (offset, 0, 0))
        return min(places[max(0, at - 1) : at + 1], key=lambda place: abs(place[0] - offset))


_CROWNED = ("king", "queen", "crown prince", "emir", "sultan", "emperor")
"""Who reigns where no president does."""
_OF_A_FIRM = frozenset(
    {"company", "firm", "group", "union", "club", "college", "university", "school", "board", "bank"}
)
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
    return {name: sorted(places) for name, places in found.items()}
