"""Titles beside a name: "Turkish Defence Minister Hulusi Akar", "the mayor, Luca Pastorino", "X, head of Y"."""

from __future__ import annotations

from dataclasses import dataclass

from digests.extract.people import lexicon
from digests.extract.people.pieces import OFFICES
from digests.extract.people.words import Words

_COMMA = frozenset({",", "(", "-", "--", "—", "–"})
_INNER = frozenset({"NN", "NNP", "NNPS", "NNS", "JJ", "VBG", "VBN", "HYPH", "JJS", "RB", "CD", "FW"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Tokens ``first`` to ``last`` (exclusive) are a title; ``head`` is its noun; ``before`` the name or after it."""

    first: int
    last: int
    head: int
    before: bool


def titles_of(words: Words, first: int, last: int) -> list[Title]:
    """The titles right before and in apposition to the name in tokens ``first`` to ``last``."""
    found = []
    before = _before(words, first)
    if before is not None:
        found.append(before)
    found += _after(words, last)
    return found


def _before(words: Words, first: int) -> Title | None:
    at = first - 1
    while at >= 0 and words.lower[at] in lexicon.HONORIFICS:
        at -= 1
    if at < 0:
        return None
    if words.text[at] == ",":
        return _long_before(words, at, first)
    head = _office_head(words, at)
    if head is None:
        return None
    return Title(first=_np_start(words, head), last=at + 1, head=head, before=True)


def _office_head(words: Words, at: int) -> int | None:
    """The role noun of a title that ends at ``at``: itself, or Minister in "Minister of Education"."""
    if _role(words, at):
        return at
    back = at
    while back > 0 and words.lower[back] in OFFICES and at - back < 5:
        back -= 1
    if back == at or back < 1 or words.lower[back] not in {"of", "for"}:
        return None
    return back - 1 if _role(words, back - 1) else None


def _long_before(words: Words, comma: int, first: int) -> Title | None:
    """The mayor, X; Slovenia's acting finance minister, X; the secretary of CEI, X: the name is in apposition."""
    name = first_head(words, first)
    head = words.head[name]
    if words.dep[name] == "appos" and head < comma and _role(words, head):
        return Title(first=_np_start(words, head), last=head + 1, head=head, before=True)
    if not _role(words, comma - 1) or words.tag[comma - 1] not in {"NN", "NNP"}:
        return None
    start = _np_start(words, comma - 1)
    known = start == words.first[words.sentence[start]] or words.lower[start - 1] in {"the", "his", "her", "its", "'s"}
    return Title(first=start, last=comma, head=comma - 1, before=True) if known else None


def first_head(words: Words, first: int) -> int:
    """The head token of the compound that opens at ``first``."""
    at = first
    while words.dep[at] in {"compound", "nmod", "amod"} and words.head[at] > at:
        at = words.head[at]
    return at


def _np_start(words: Words, head: int) -> int:
    """The leftmost word of the title: back over nouns and adjectives to the determiner, possessor or a comma."""
    at = head
    while at > 0 and words.sentence[at - 1] == words.sentence[head]:
        word = words.lower[at - 1]
        if word == "and" and at > 1 and _joins(words, at - 2):
            at -= 2
            continue
        if words.tag[at - 1] not in _INNER or word in {"the", "a", "an"}:
            break
        if words.text[head][0].isupper() and words.tag[at - 1] == "NN" and words.text[at - 1].islower():
            break  # "that was the message General Issaka's envoys carried"
        at -= 1
    return at


def _joins(words: Words, at: int) -> bool:
    """Interior and overseas minister; academic and professor: the word before "and" belongs to the title."""
    word = words.lower[at]
    return words.text[at].islower() and (lexicon.is_role(word) or word in lexicon.role_words()["modifiers"])


def _role(words: Words, at: int) -> bool:
    word = words.lower[at]
    if word in {"general", "elect"}:
        return True
    if not lexicon.is_role(word):
        return False
    return words.tag[at][:2] == "NN" or (word in lexicon.role_words()["common"] and words.tag[at] == "JJ")


def _calling(words: Words, at: int) -> bool:
    """A cleaner, an optician: a noun made from what one does."""
    word = words.lower[at]
    return (
        words.tag[at] in {"NN", "JJR", "RBR"}
        and word.endswith(("er", "or", "ist", "ian", "man", "woman"))
        and len(word) > 5
    )


def _after(words: Words, last: int) -> list[Title]:
    """X, 44, the former head of Y and chairman of Z."""
    at = last
    size = len(words)
    if at < size and words.text[at] == "'s":
        return []
    if at >= size or words.text[at] not in _COMMA:
        return []
    at += 1
    if at + 1 < size and words.text[at].isdigit() and words.text[at + 1] == ",":
        at += 2
    found = []
    title = _noun_phrase(words, at)
    while title is not None:
        found.append(title)
        at = _next_title(words, title.last)
        title = _noun_phrase(words, at) if at else None
    return found


def _next_title(words: Words, at: int) -> int:
    """Where a title joined to the one before by "and" would start, else 0."""
    limit = min(len(words), at + 14)
    while at < limit and words.text[at] not in {".", ";", '"'} and words.tag[at][:2] != "VB":
        if words.lower[at] == "and":
            return at + 1
        at += 1
    return 0


def _noun_phrase(words: Words, at: int) -> Title | None:
    size = len(words)
    one = at < size and words.lower[at] in {"a", "an"}
    if at < size and words.lower[at] in {"the", "a", "an", "its", "his", "her", "their", "then"}:
        at += 1
    start = at
    role = None
    while at < size and at - start < 8:
        if words.tag[at] in {"POS"}:
            start = at + 1
        elif _role(words, at) or (one and _calling(words, at)):
            role = at
        elif words.tag[at] not in _INNER:
            break
        elif role is not None and words.lower[at] not in {"general", "elect", "-"}:
            return None  # a name of its own: "Ann Lee, Mayor Bob Ray and"
        at += 1
    if role is None or at - 1 > role + 1:
        return None
    return Title(first=start, last=at, head=role, before=False)


def nouns_beside(words: Words, first: int, last: int, nouns: frozenset[str]) -> set[str]:
    """Which of the nouns describe the name: automaker Chrysler; a bank, Uralsib; NPD Group, a market research firm."""
    found = set()
    if first and words.lower[first - 1] in nouns:
        found.add(words.lower[first - 1])
    if first > 1 and words.text[first - 1] == "," and words.lower[first - 2] in nouns:
        found.add(words.lower[first - 2])
    if last + 1 < len(words) and words.text[last] == "," and words.lower[last + 1] in {"a", "an", "the"}:
        at = last + 2
        while at < len(words) and at < last + 9 and words.tag[at] in _INNER:
            at += 1
        if words.lower[at - 1] in nouns:
            found.add(words.lower[at - 1])
    return found
