"""Whom "he", "the minister", "the company" and "it" mean: the nearest that fits by kind, number, gender and speech.

Weights are small numbers found on development news; what matters comes in this order: gender or kind, who speaks, who
was a subject, how near, how often named.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from digests.extract.people import lexicon
from digests.extract.people.entities import Named
from digests.extract.people.entity import Entity
from digests.extract.people.lexicon import BODY_NOUNS, COMPANY_NOUNS, Gender
from digests.extract.people.speech import Speech
from digests.extract.people.words import Words
from digests.extract.reading import Reading
from digests.text.countries import country
from digests.text.wordlist import words as words_in

PERSONAL: dict[str, Gender] = {
    "he": "m",
    "him": "m",
    "his": "m",
    "himself": "m",
    "she": "f",
    "her": "f",
    "hers": "f",
    "herself": "f",
}
FIRST_PERSON = frozenset({"i", "me", "my", "myself", "mine"})
RELATIVE = frozenset({"which", "who"})
NEUTER = frozenset({"it", "its", "itself"})
_BODY_STEMS = {"airline": "airlines", "organisation": "organization", "organization": "organisation"}
_NOT_COMPANIES = BODY_NOUNS | words_in(
    "states nations house congress government republic police army navy force office"
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
_REACH = 12
"""How many sentences back somebody may last have been mentioned."""
_EMPTY = words_in("clear possible likely unlikely important necessary hard difficult easy time unclear not too true")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Tokens ``first`` to ``last`` (exclusive) mean somebody named elsewhere."""

    first: int
    last: int
    kind: Literal["nominal", "pronoun"]
    entity: Entity


@dataclass(slots=True, kw_only=True)
class _Seen:
    """The mentions of somebody so far: the last one, how many, and the last as a subject (-1: none)."""

    entity: Entity
    head: int
    count: int
    subject: int


class Resolver:
    """Goes through an article once; what it resolves counts as a mention for what follows."""

    def __init__(self, words: Words, reading: Reading, names: list[Named]) -> None:
        self._words = words
        self._speech = Speech(reading)
        self._seen: dict[int, _Seen] = {}
        self._at: dict[int, Entity] = {}
        """Offset in the text -> whom a mention there means."""
        for name in names:
            self._mark(name.first, name.last, name.entity)
        self._names = names
        self._holders: dict[str, dict[int, Entity]] = defaultdict(dict)
        """Title -> the people who have it."""
        for name in names:
            if name.entity.type == "person":
                for title in name.entity.titles:
                    self._holders[title][id(name.entity)] = name.entity

    def resolve(self) -> Iterator[Resolved]:
        """All pronouns and nouns that can be told, in text order."""
        upcoming = iter(self._names)
        name = next(upcoming, None)
        for at, how in self._targets():
            while name is not None and name.first < at:
                self._see(name.entity, name.last - 1)
                name = next(upcoming, None)
            entity = how(at)
            if entity is None:
                continue
            nominal = self._words.lower[at] not in _PRONOUNS
            first = self._np_start(at) if nominal else at
            self._see(entity, at)
            self._mark(first, at + 1, entity)
            yield Resolved(first=first, last=at + 1, kind="nominal" if nominal else "pronoun", entity=entity)

    def _targets(self) -> Iterator[tuple[int, Callable[[int], Entity | None]]]:
        inside = {i for name in self._names for i in range(name.first, name.last)}
        for at, word in enumerate(self._words.lower):
            if word in PERSONAL:
                yield at, self._personal
            elif word in FIRST_PERSON:
                yield at, self._first_person
            elif word in NEUTER:
                yield at, self._neuter
            elif word in RELATIVE:
                yield at, self._relative
            elif at in inside:
                continue
            elif word in COMPANY_NOUNS or word in BODY_NOUNS:
                if self._definite(at):
                    yield at, self._body
            elif lexicon.is_role(word) and self._apposed(at) is not None:
                yield at, self._apposed
            elif lexicon.is_role(word) and self._of_body(at):
                yield at, self._only
            elif lexicon.is_role(word) and self._definite(at):
                yield at, self._office

    def _mark(self, first: int, last: int, entity: Entity) -> None:
        self._at.update(dict.fromkeys(range(self._words.start[first], self._words.end[last - 1]), entity))

    def _see(self, entity: Entity, head: int) -> None:
        known = self._seen.pop(id(entity), None) or _Seen(entity=entity, head=head, count=0, subject=-1)
        self._seen[id(entity)] = known  # who was mentioned last stands last
        known.head = head
        known.count += 1
        words = self._words
        apposed = words.dep[head] == "appos" and words.dep[words.head[head]] in _SUBJECTS
        if apposed or words.dep[head] in _SUBJECTS:
            known.subject = head

    def _best(self, at: int, fits: Callable[[_Seen], float | None]) -> Entity | None:
        """The one with the highest score; ``fits`` gives a bonus, or None for who is out of the question."""
        best: tuple[float, Entity] | None = None
        for known in self._lately(at):
            bonus = fits(known)
            if bonus is None:
                continue
            score = bonus + self._score(at, known)
            if best is None or score > best[0]:
                best = (score, known.entity)
        return best[1] if best else None

    def _lately(self, at: int) -> Iterator[_Seen]:
        """Everybody mentioned within reach, the last one first."""
        oldest = self._words.sentence[at] - _REACH
        for known in reversed(self._seen.values()):
            if self._words.sentence[known.head] < oldest:
                return
            yield known

    def _score(self, at: int, known: _Seen) -> float:
        words = self._words
        gap = words.sentence[at] - words.sentence[known.head]
        score = -1.5 * min(gap, 4) - 0.5 * max(gap - 4, 0) + min(known.count, 6) * 0.25
        if known.subject >= 0:
            score += 2.0 if words.sentence[at] - words.sentence[known.subject] <= 1 else 0.5
        return score - (0.5 if words.dep[known.head] in {"compound", "amod", "poss"} else 0.0)

    def _speaker(self, at: int) -> Entity | None:
        """Whom the head of the speaker's words means: not "his" in "his father X", not X in "a spokesman for X"."""
        span = self._speech.speaker(self._words.start[at])
        if span is None:
            return None
        words = self._words
        first, last = bisect_left(words.start, span[0]), bisect_left(words.start, span[1])
        head = next((i for i in range(first, last) if not first <= words.head[i] < last), last - 1)
        found = self._at.get(words.start[head]) if last > first else None
        if found is None and not {"of", "for"} & set(words.lower[first:last]):
            found = next((self._at[o] for o in range(span[1] - 1, span[0] - 1, -1) if o in self._at), None)
        return found

    def _personal(self, at: int) -> Entity | None:
        gender = PERSONAL[self._words.lower[at]]
        quoted = self._speech.quoted(self._words.start[at])
        speaker = self._speaker(at)

        def fits(known: _Seen) -> float | None:
            entity = known.entity
            if entity.type != "person" or entity.gender not in (None, gender) or (quoted and entity is speaker):
                return None
            if self._same_clause(at, known.head):
                return None
            return (2.0 if speaker is entity else 0.0) + (1.0 if entity.gender == gender else 0.0)

        found = self._best(at, fits)
        if found is not None:
            found.gender = found.gender or gender
        return found

    def _same_clause(self, at: int, head: int) -> bool:
        """Whether pronoun and name hang on one verb ("Erdogan met him"), which bars them from being one."""
        words = self._words
        if words.lower[at] not in {"him", "her", "he", "she"} or words.dep[at] == "poss":
            return False
        verb = words.head[words.head[at]] if words.dep[at] == "pobj" else words.head[at]
        return words.sentence[at] == words.sentence[head] and words.head[head] == verb and words.dep[head] != "poss"

    def _first_person(self, at: int) -> Entity | None:
        """I, in a quotation, is its speaker."""
        words = self._words
        if not self._speech.quoted(words.start[at]):
            return None
        speaker = self._speaker(at)
        if speaker is None and not self._somebody_else(at):
            near = [s for s in self._lately(at) if s.entity.type == "person" and s.subject >= 0]
            near = [s for s in near if words.sentence[at] - words.sentence[s.subject] <= 3]
            near = [s for s in near if not self._speech.quoted(words.start[s.subject])]
            speaker = max(near, key=lambda s: s.subject).entity if near else None
        return speaker if speaker is not None and speaker.type == "person" else None

    def _somebody_else(self, at: int) -> bool:
        """Whether the quotation's speaker is a person or people without a name: a witness, officials."""
        span = self._speech.speaker(self._words.start[at])
        if span is None:
            return False
        words = self._words
        inside = range(bisect_left(words.start, span[0]), bisect_left(words.start, span[1]))
        if any(words.lower[i] in PERSONAL for i in inside):
            return False
        return any(lexicon.is_role(words.lower[i]) or words.tag[i] in {"NNS", "NNPS"} for i in inside)

    def _neuter(self, at: int) -> Entity | None:
        """It: the organisation or country that speaks, or that was the subject of the sentence before."""
        words = self._words
        verb = words.head[at]
        after = words.lower[verb + 1 : verb + 3]
        if self._speech.quoted(words.start[at]) or any(word in _EMPTY for word in after):
            return None
        speaker = self._speaker(at)
        if speaker is not None:
            return speaker if _body(speaker) else None
        if words.dep[at] not in {"nsubj", "poss"} or words.sentence[at] == 0:
            return None
        sentence = words.sentence[at]
        near = [
            s for s in self._seen.values() if s.subject >= 0 and words.sentence[s.subject] in (sentence, sentence - 1)
        ]
        near = [s for s in near if _body(s.entity)]
        opening = words.dep[at] == "poss" or words.first[sentence] == at
        return max(near, key=lambda s: s.subject).entity if near and opening else None

    def _relative(self, at: int) -> Entity | None:
        """Turkey, which hosts refugees; Lavrov, who spoke: the name right before the comma."""
        words = self._words
        if at < 2 or words.text[at - 1] != ",":
            return None
        entity = self._at.get(words.end[at - 2] - 1)
        if entity is None:
            return None
        return entity if (entity.type == "person" if words.lower[at] == "who" else _body(entity)) else None

    def _definite(self, at: int) -> bool:
        """the minister, the Turkish leader, this company; not "the foreign minister Lavrov" nor "a spokesman"."""
        words = self._words
        if words.tag[at] not in {"NN", "NNP"} or words.dep[at] in {"compound", "appos", "attr", "amod"}:
            return False
        if words.sentence[at] == 0 and words.dep[at] == "nsubj" and words.lower[at] in COMPANY_NOUNS:
            return True  # headlines leave out the article
        return words.lower[self._start(at)] in {"the", "this", "that"} and not self._modified(at)

    def _np_start(self, at: int) -> int:
        """The first word of the noun phrase that ends at ``at``, possessors included."""
        words = self._words
        start = at
        while start > words.first[words.sentence[at]] and at - start < 8:
            tag = words.tag[start - 1]
            if tag[:2] not in {"DT", "JJ", "NN", "HY", "PO"} and tag not in {"PRP$", "VBG", "VBN"}:
                break
            start -= 1
            if tag in {"DT", "PRP$"}:
                break
        return start

    def _start(self, at: int) -> int:
        words = self._words
        start = at
        while start > 0 and at - start < 5 and words.lower[start] not in {"the", "this", "that"}:
            if words.tag[start - 1][:2] not in {"DT", "JJ", "NN", "HY", "VB"} and words.text[start - 1] != "-":
                break
            start -= 1
        return start

    def _modified(self, at: int) -> bool:
        """Whether the noun says itself whom it means: the leader of the opposition, the man who called."""
        words = self._words
        after = words.lower[at + 1] if at + 1 < len(words) else "."
        return after in {"of", "who", "whose", "for", "at", "in", "from", "that"} or words.tag[at + 1 : at + 2] in (
            ["NN"],
            ["NNP"],
            ["NNPS"],
            ["NNS"],
        )

    def _apposed(self, at: int) -> Entity | None:
        """The team's coach, Ann Lee: the title before the comma is she."""
        words = self._words
        if at + 2 >= len(words) or words.text[at + 1] != ",":
            return None
        entity = self._at.get(words.start[at + 2])
        if entity is None or entity.type != "person" or words.lower[at] not in entity.titles:
            return None
        return entity

    def _of_body(self, at: int) -> bool:
        """CEO of GM, the head of the bank: a title with the name it belongs to."""
        words = self._words
        nxt = at + 2 if words.lower[at + 2 : at + 3] != ["the"] else at + 3
        return words.lower[at + 1 : at + 2] == ["of"] and nxt < len(words) and words.start[nxt] in self._at

    def _only(self, at: int) -> Entity | None:
        """The only person of the article who has the title."""
        holders = self._holders.get(self._words.lower[at], {})
        return next(iter(holders.values())) if len(holders) == 1 else None

    def _office(self, at: int) -> Entity | None:
        noun = self._words.lower[at]
        gender = lexicon.role_gender(noun)
        return self._best(
            at,
            lambda known: (
                0.0
                if noun in known.entity.titles and not (gender and known.entity.gender not in (None, gender))
                else None
            ),
        )

    def _body(self, at: int) -> Entity | None:
        words = self._words
        noun = words.lower[at]
        speaker = self._speaker(at)
        person = speaker is not None and speaker.type == "person"

        def fits(known: _Seen) -> float | None:
            bonus = _fits_noun(known.entity, noun)
            if bonus is None:
                return None
            beside = words.dep[known.head] in {"compound", "nmod", "poss", "pobj", "amod"}
            own = person and beside and words.sentence[known.head] == words.sentence[at]
            return bonus + (3.5 if own else 0.0)  # "the Airbus chief executive said the company"

        return self._best(at, fits)


_PRONOUNS = frozenset(PERSONAL) | FIRST_PERSON | NEUTER | RELATIVE


def _body(entity: Entity) -> bool:
    return entity.type == "organisation" or (entity.type == "place" and country(entity.name) is not None)


def _fits_noun(entity: Entity, noun: str) -> float | None:
    """How well an organisation goes with "the company", "the bank"; None when it does not."""
    if entity.type != "organisation" or entity.stands_for is not None:
        return None
    own = set(entity.key)
    if noun in entity.titles or noun in own or _BODY_STEMS.get(noun, noun + "s") in own:
        return 4.0 if noun in entity.titles else 2.0
    if noun in COMPANY_NOUNS:
        return None if own & _NOT_COMPANIES else 0.0
    return None


def resolve(words: Words, reading: Reading, names: list[Named]) -> list[Resolved]:
    """All pronouns and nouns that can be told, in text order."""
    return list(Resolver(words, reading, names).resolve())
