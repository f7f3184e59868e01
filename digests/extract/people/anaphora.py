"""Whom "he", "her" and "the minister" mean: nearest fitting person by place, number, gender and the rules of speech.

Weights are small whole numbers found on development news; what matters most comes first: gender, who speaks, how near.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from digests.extract.people import lexicon
from digests.extract.people.entities import Entity, Named
from digests.extract.people.lexicon import Gender
from digests.extract.people.words import Words
from digests.extract.reading import Reading

PRONOUNS: dict[str, Gender] = {
    "he": "m",
    "him": "m",
    "his": "m",
    "himself": "m",
    "she": "f",
    "her": "f",
    "hers": "f",
    "herself": "f",
}
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
_REACH = 12
"""How many sentences back an antecedent may lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Tokens ``first`` to ``last`` (exclusive) mean a person named elsewhere."""

    first: int
    last: int
    kind: Literal["nominal", "pronoun"]
    entity: Entity


@dataclass(slots=True, kw_only=True)
class _Seen:
    """The last mention of somebody so far."""

    entity: Entity
    head: int
    count: int
    subject: int
    """The last token at which it was a subject, or -1."""


class Speech:
    """Who speaks where: the contents of attributions and the bare quotations."""

    def __init__(self, reading: Reading) -> None:
        self._quotes = [(each.start, each.end) for each in reading.quotations]
        self._contents = sorted(
            (
                content.start,
                content.end,
                each.speaker.start if each.speaker else -1,
                each.speaker.end if each.speaker else -1,
            )
            for each in reading.attributions
            for content in each.contents
        )

    def quoted(self, offset: int) -> bool:
        at = bisect_right(self._quotes, (offset, 1 << 60)) - 1
        return at >= 0 and self._quotes[at][0] <= offset < self._quotes[at][1]

    def speaker(self, offset: int) -> tuple[int, int] | None:
        """The span of the speaker of the innermost content at ``offset``."""
        best = None
        for start, end, first, last in self._contents[: bisect_right(self._contents, (offset, 1 << 60))]:
            if start <= offset < end and first >= 0:
                best = (first, last)
        return best


def resolve(words: Words, reading: Reading, names: list[Named]) -> list[Resolved]:
    """All pronouns and role nouns that can be told, in text order."""
    speech = Speech(reading)
    seen: dict[int, _Seen] = {}
    by_offset = {
        offset: name.entity for name in names for offset in range(words.start[name.first], words.end[name.last - 1])
    }
    people = iter([name for name in names if name.entity.type == "person"])
    upcoming = next(people, None)
    out: list[Resolved] = []
    inside = {i for name in names for i in range(name.first, name.last)}
    for at in _targets(words, inside):
        while upcoming is not None and upcoming.first < at:
            _see(seen, words, upcoming.entity, upcoming.last - 1)
            upcoming = next(people, None)
        found = (
            _pronoun(words, at, seen, speech, by_offset) if words.lower[at] in PRONOUNS else _nominal(words, at, seen)
        )
        if found is not None:
            out.append(found)
            _see(seen, words, found.entity, at)
            by_offset.update(dict.fromkeys(range(words.start[at], words.end[at]), found.entity))
    return out


def _targets(words: Words, inside: set[int]) -> Iterator[int]:
    for at, word in enumerate(words.lower):
        if word in PRONOUNS or (lexicon.is_role(word) and at not in inside and _definite(words, at)):
            yield at


def _see(seen: dict[int, _Seen], words: Words, entity: Entity, head: int) -> None:
    known = seen.setdefault(id(entity), _Seen(entity=entity, head=head, count=0, subject=-1))
    known.head = head
    known.count += 1
    if words.dep[head] in _SUBJECTS:
        known.subject = head


def _pronoun(
    words: Words, at: int, seen: dict[int, _Seen], speech: Speech, by_offset: dict[int, Entity]
) -> Resolved | None:
    gender = PRONOUNS[words.lower[at]]
    offset = words.start[at]
    quoted = speech.quoted(offset)
    span = speech.speaker(offset)
    speaker = next((by_offset[o] for o in range(*span) if o in by_offset), None) if span else None
    best: tuple[float, Entity] | None = None
    for known in seen.values():
        if known.entity.gender not in (None, gender) or (quoted and known.entity is speaker):
            continue
        if _same_clause(words, at, known.head):
            continue
        score = _score(words, at, known) + (2.0 if speaker is known.entity and not quoted else 0.0)
        score += 1.0 if known.entity.gender == gender else 0.0
        if best is None or score > best[0]:
            best = (score, known.entity)
    if best is None or best[0] < -_REACH:
        return None
    entity = best[1]
    entity.gender = entity.gender or gender
    return Resolved(first=at, last=at + 1, kind="pronoun", entity=entity)


def _score(words: Words, at: int, known: _Seen) -> float:
    gap = words.sentence[at] - words.sentence[known.head]
    score = -1.5 * min(gap, 4) - 0.5 * max(gap - 4, 0) + min(known.count, 6) * 0.25
    if known.subject >= 0:
        since = words.sentence[at] - words.sentence[known.subject]
        score += 2.0 if since <= 1 else 0.5
    if words.dep[known.head] in {"compound", "amod", "poss"}:
        score -= 0.5
    return score


def _same_clause(words: Words, at: int, head: int) -> bool:
    """Whether an object pronoun and a subject hang on one verb ("Erdogan met him"), which bars them from being one."""
    if words.lower[at] not in {"him", "her", "he", "she"} or words.dep[at] == "poss":
        return False
    verb = words.head[at]
    if words.dep[at] == "pobj":
        verb = words.head[verb]
    return words.sentence[at] == words.sentence[head] and words.head[head] == verb and words.dep[head] != "poss"


def _definite(words: Words, at: int) -> bool:
    """the minister, the Turkish leader, this president; not "the foreign minister Lavrov" nor "a spokesman"."""
    if words.tag[at] not in {"NN", "NNP"} or words.dep[at] in {"compound", "appos", "attr", "amod"}:
        return False
    start = _start(words, at)
    return words.lower[start] in {"the", "this", "that"} and not _modified(words, at)


def _start(words: Words, at: int) -> int:
    start = at
    while start > 0 and at - start < 5 and words.lower[start] not in {"the", "this", "that"}:
        if words.tag[start - 1][:2] not in {"DT", "JJ", "NN", "HY", "VB"} and words.lower[start - 1] != "-":
            break
        start -= 1
    return start


def _modified(words: Words, at: int) -> bool:
    """Whether the noun says itself whom it means ("the leader of the opposition", "the man who ...")."""
    after = words.lower[at + 1] if at + 1 < len(words) else ""
    return (
        after in {"of", "who", "whose", "for", "at", "in", "from"} or words.tag[at + 1][:2] == "NN" if after else False
    )


def _nominal(words: Words, at: int, seen: dict[int, _Seen]) -> Resolved | None:
    noun = words.lower[at]
    gender = lexicon.role_gender(noun)
    best: tuple[float, Entity] | None = None
    for known in seen.values():
        if noun not in known.entity.titles or (gender and known.entity.gender not in (None, gender)):
            continue
        score = _score(words, at, known)
        if best is None or score > best[0]:
            best = (score, known.entity)
    if best is None:
        return None
    return Resolved(first=_start(words, at), last=at + 1, kind="nominal", entity=best[1])
