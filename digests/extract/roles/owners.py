"""Whose office it is, read from inside a title: "USA TODAY editor", "AFL-CIO president", "new German chancellor"."""

from __future__ import annotations

from digests.extract.people import lexicon
from digests.extract.people.pieces import OFFICES
from digests.extract.people.words import Words
from digests.text.countries import country, demonym
from digests.text.wordlist import words as words_in

_SCHOOLS = words_in("state university college tech county")
_TAUGHT = words_in("teacher professor tutor translator lecturer interpreter")
_BODY_NOUNS = words_in(
    "committee commission department council service services agency studies center centre association institute",
    "affairs board authority administration bureau office ministry group partnership works union federation trust",
    "society fund foundation organization organisation school college university museum research medicaid security",
    "innovation technology medicine health development reform",
)
_CHIEFS = words_in("ceo coo cfo cto")
_KEPT = words_in("vice deputy acting interim assistant associate first chief senior lead prime foreign")


def outlet(words: Words, at: int, head: int) -> tuple[int, str] | None:
    """A country's name in front of a word in capitals is a body's name: where it ends, and the name."""
    if at + 1 >= head or country(words.text[at]) is None:
        return None
    after = words.text[at + 1]
    if not (after.isupper() and after.isalpha() and len(after) > 2) or lexicon.is_role(after.lower()):
        return None
    return at + 2, f"{words.text[at]} {after}"


def longer(words: Words, stop: int, head: int, name: str) -> tuple[int, str]:
    """A name that goes on: "AFL" of "AFL-CIO", "Ball" of "Ball State"."""
    if stop + 1 < head and words.text[stop] in {"-", "/"} and words.end[stop - 1] == words.start[stop]:
        return stop + 2, f"{name}{words.text[stop]}{words.text[stop + 1]}"
    if stop < head and words.lower[stop] in _SCHOOLS and words.text[stop][0].isupper() and demonym(name) is None:
        return stop + 1, f"{name} {words.text[stop]}"
    return stop, name


def owner_inside(words: Words, start: int, head: int) -> tuple[int, str | None]:
    """Where the title proper starts, and whose it is: "company's new director", "new German chancellor"."""
    for i in range(head - 1, start, -1):
        if words.lower[i] in {"'s", "’s"}:
            return i + 1, " ".join(words.text[start:i])
    for i in range(head - 1, start - 1, -1):
        land = demonym(words.text[i])
        if land is None or words.lower[head] in _TAUGHT or words.text[i - 1] == "-":
            continue
        if not any(_is_of_office(words.lower[j]) for j in range(start, i)):
            return i + 1, land
    opens = words.text[start]
    if words.lower[head] in _CHIEFS and start == head - 1 and opens[0].isupper() and not _is_of_office(opens.lower()):
        return head, opens
    return start, None


def _is_of_office(word: str) -> bool:
    return word in _KEPT or word in OFFICES or lexicon.is_role(word)


def joined_by_and(words: Words, stop: int) -> int:
    """Where a body's name ends that goes on after "and": "Oversight and Accountability Committee"."""
    if stop + 1 >= len(words) or words.lower[stop] not in {"and", "&"}:
        return stop
    at = stop + 1
    while at < len(words) and at - stop < 5 and words.text[at][0].isupper() and words.tag[at][:2] == "NN":
        at += 1
    return at if at > stop + 1 and words.lower[at - 1] in _BODY_NOUNS else stop
