"""Who is who in one article: names, pronouns and role nouns with the person, organisation or place they mean."""

from __future__ import annotations

from digests.extract.people.anaphora import Resolved, resolve
from digests.extract.people.entities import Named, named
from digests.extract.people.entity import Entity
from digests.extract.people.headlines import title_cased
from digests.extract.people.kinds import kinds_of
from digests.extract.people.lexicon import BODY_NOUNS, COMPANY_NOUNS
from digests.extract.people.runs import candidates
from digests.extract.people.titles import nouns_beside, titles_of
from digests.extract.people.words import Words, words_of
from digests.extract.reading import Reading
from digests.model import Mention


def find(reading: Reading) -> tuple[Mention, ...]:
    """All mentions in text order; ``entity`` counts from 1 by first mention; ``name`` is the fullest form seen."""
    words = words_of(reading.doc)
    found = candidates(words, _heads(reading))
    names = named(words, found, kinds_of(words, found))
    _note_titles(words, names)
    resolved = resolve(words, reading, names)
    return _mentions(reading, words, sorted([*names, *resolved], key=lambda each: each.first))


def _heads(reading: Reading) -> list[tuple[int, int]]:
    """The headlines and headings whose capitals tell nothing."""
    text = reading.article.text
    return [
        (part.start, part.end)
        for part in reading.article.parts
        if part.kind in {"headline", "heading"} and title_cased(text[part.start : part.end])
    ]


def _note_titles(words: Words, names: list[Named]) -> None:
    """What each is said to be beside the name, for "the minister" and "the company" later on."""
    for name in names:
        if name.entity.type == "person":
            for title in titles_of(words, name.first, name.last):
                name.entity.titles |= _nouns(words.lower[title.first : title.last], words.lower[title.head])
            if name.candidate.title is not None:
                first, last = name.candidate.title
                name.entity.titles |= _nouns(words.lower[first:last], words.lower[last - 1])
        elif name.entity.type == "organisation":
            name.entity.titles |= nouns_beside(words, name.first, name.last, COMPANY_NOUNS | BODY_NOUNS)


def _nouns(title: list[str], head: str) -> set[str]:
    """What the holder of a title may be called later: the minister; the CEO for a chief executive officer."""
    found = {head, "".join(word[0] for word in title)} if len(title) > 1 else {head}
    return found | {"ceo"} if title[-2:] == ["chief", "executive"] else found


def _mentions(reading: Reading, words: Words, found: list[Named | Resolved]) -> tuple[Mention, ...]:
    numbers: dict[int, int] = {}
    return tuple(_mention(reading, words, each, numbers) for each in found)


def _mention(reading: Reading, words: Words, each: Named | Resolved, numbers: dict[int, int]) -> Mention:
    entity: Entity = each.entity
    start, end = words.start[each.first], words.end[each.last - 1]
    return Mention(
        start=start,
        end=end,
        text=reading.article.text[start:end],
        kind=each.kind if isinstance(each, Resolved) else "name",
        type=entity.type,
        name=entity.name,
        entity=numbers.setdefault(id(entity), len(numbers) + 1),
        stands_for=entity.stands_for if isinstance(each, Resolved) else each.stands_for,
    )
