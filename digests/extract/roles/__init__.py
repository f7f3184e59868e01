"""Role facts: which office a named person holds, and of which country or organisation.

What would surprise a reader: ``of`` of a national office may rest on another sentence of the article; that sentence is
then the second evidence.
"""

from __future__ import annotations

from collections import defaultdict

from digests.extract.people.words import words_of
from digests.extract.reading import Reading
from digests.extract.roles.offices import Offices
from digests.extract.roles.patterns import Held, Text, held
from digests.model import Evidence, Fact, Role
from digests.text.countries import country
from digests.text.folding import fold


def find(reading: Reading) -> list[Fact]:
    """One fact for each person and title, in text order."""
    words = words_of(reading.doc)
    text = Text(reading, words)
    found = _once(list(held(text)))
    offices = Offices(reading, words, found)
    return [_role(reading, text, each, offices) for each in found]


def _once(found: list[Held]) -> list[Held]:
    """Each title of a person once: the fullest, the one that says of whom, else the first."""
    best: dict[tuple[int, str, str], Held] = {}
    for each in found:
        key = (each.mention.entity, fold(each.title), "")
        first = best.get(key)
        if first is not None and first.of and each.of and not _same_body(first.of, each.of):
            key = (*key[:2], fold(each.of))
        known = best.get(key)
        if known is None or (known.of is None and each.of is not None and known.mirrors is None):
            best[key] = each
    of_one: dict[int, list[Held]] = defaultdict(list)
    for each in best.values():
        of_one[each.mention.entity].append(each)
    kept = [each for group in of_one.values() for each in group if not any(_says_more(other, each) for other in group)]
    return sorted(kept, key=lambda each: each.first)


def _same_body(one: str, other: str) -> bool:
    """Whether two names may be of one country or organisation: "US" and "United States", "NATO" and "the NATO"."""
    here, there = country(one), country(other)
    if here is not None and there is not None:
        return here == there
    mine, theirs = fold(one), fold(other)
    short = min(mine, theirs, key=len)
    letters = "".join(word[0] for word in max(mine, theirs, key=len).split())
    return mine in theirs or theirs in mine or letters.startswith(short.replace(".", ""))


def _says_more(other: Held, each: Held) -> bool:
    """Whether another role of the same person has the same title and more: Ambassador to X after Ambassador."""
    if other.former != each.former:
        return False
    mine, theirs = fold(each.title).split(), fold(other.title).split()
    return set(mine) < set(theirs) and mine[-1] in theirs and (each.of is None or each.of == other.of)


def _role(reading: Reading, text: Text, each: Held, offices: Offices) -> Role:
    words = text.words
    start, end = words.start[each.first], words.end[each.last - 1]
    evidence = [reading.evidence(start, end)]
    title, of = each.title, each.of
    note = ""
    mirrored = offices.mirrored(each)
    if mirrored is not None:
        title = mirrored.title if each.head == "counterpart" else f"deputy {mirrored.title}"
        of = of if each.head == "counterpart" else mirrored.of
        evidence.append(_evidence(reading, text, mirrored))
        note = f" (counterpart of {mirrored.mention.name})" if each.head == "counterpart" else ""
    if of is None:
        guess = offices.country(each)
        if guess is not None:
            of = guess.country
            evidence.append(reading.evidence(guess.start, guess.end))
    return Role(
        evidence=tuple(dict.fromkeys(evidence)),
        summary=_summary(each, title, of) + note,
        name=each.mention.name,
        title=title,
        of=of,
        former=each.former,
        mention=reading.span(start, end),
        entity=each.mention.entity,
    )


def _summary(each: Held, title: str, of: str | None) -> str:
    former = "former " if each.former else ""
    return f"{each.mention.name}, {former}{title}" + (f" of {of}" if of else "")


def _evidence(reading: Reading, text: Text, each: Held) -> Evidence:
    return reading.evidence(text.words.start[each.first], text.words.end[each.last - 1])
