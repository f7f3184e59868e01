"""A run of capitals cut up: what comes before, title, name ("Turkish Defence Minister Hulusi Akar")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from digests.extract.people import lexicon
from digests.extract.people.candidate import Candidate
from digests.extract.people.words import Words
from digests.text.countries import country, demonym
from digests.text.folding import fold
from digests.text.wordlist import words as words_in

OFFICES = words_in(
    "the state defence defense interior finance foreign affairs education health trade energy justice environment",
    "transport economy labor labour agriculture culture sports treasury commerce homeland security veterans housing",
    "urban development  republic commons and staff parliament industry tourism planning information communications",
    "women youth science",
)
"""What offices are of: Secretary of State, Minister for Foreign Affairs, President of the Republic."""
_TITLE_TAILS = frozenset({"general", "elect", "emeritus", "designate"})
_GIVEN_LANDS = frozenset({"Jordan", "Chad", "Georgia", "Israel", "Kenya", "America", "India", "China"})
_PARTISAN = frozenset({"Republican", "Democrat", "Democratic", "Conservative", "Labour", "Liberal", "Tory", "Green"})
_CALLING_ENDS = ("ist", "crat", "ican", "ologist")


def pieces(words: Words, first: int, last: int, *, headline: bool) -> Iterator[Candidate]:
    """The names in a run, each with the title before it."""
    at = first
    title: tuple[int, int] | None = None
    while at < last:
        cut = _title_at(words, first, at, last)
        if cut is not None:
            start, end = cut
            if start > at:
                yield from _named(words, at, start, title, headline=headline)
            title = (start, end)
            at = end
            continue
        yield from _named(words, at, last, title, headline=headline)
        return
    if title is not None and title[1] == last and title[1] - title[0] == 1 and not headline:
        return


def _title_at(words: Words, first: int, at: int, last: int) -> tuple[int, int] | None:
    """The first title in tokens ``at`` to ``last`` that has a name after it or ends the run."""
    for start in range(at, last):
        end = title_end(words, start, last)
        if end is None:
            continue
        before = words.text[start - 1] if start > at else ""
        formal = start == first or any(words.lower[i] in lexicon.role_words()["formal"] for i in range(start, end))
        if before and ((_given(before) and not lexicon.land(before)) or not formal):
            continue
        if start == first and end - start == 1 and fold(words.text[start]) in lexicon.first_names() and last - end < 2:
            continue  # Dean Kamen, Earl Warren
        if end - start == 1 and before and end == last and start - at < 2 and not lexicon.land(before):
            continue  # Stephen King, Jimmy Dean
        if any(words.lower[i] in lexicon.HEADS for i in range(end, last)):
            continue  # General Motors, King Fahd University
        return start, end
    return None


def title_end(words: Words, start: int, last: int) -> int | None:
    """The end of a title that starts at ``start`` ("Vice President", "Secretary of State"), else None."""
    roles = lexicon.role_words()
    at = start
    while at < last and (words.lower[at] in roles["modifiers"] or words.glued(at)) and not _role_ends(words, at, last):
        at += 1
    if at >= last or not lexicon.is_role(words.lower[at]) or words.lower[at] in lexicon.HONORIFICS:
        return None
    at += 1
    while at < last and (words.lower[at] in _TITLE_TAILS or (words.glued(at) and words.lower[at + 1] in _TITLE_TAILS)):
        at += 1
    if at + 1 < last and words.lower[at] in {"of", "for"} and words.lower[at + 1] in OFFICES:
        at += 2
        while at < last and words.lower[at] in OFFICES:
            at += 1
    return at


def _role_ends(words: Words, at: int, last: int) -> bool:
    """Whether a word that is both modifier and role (Secretary, Lieutenant) is the role here."""
    if not lexicon.is_role(words.lower[at]):
        return False
    return at + 1 >= last or not (lexicon.is_role(words.lower[at + 1]) or words.lower[at + 1] in _TITLE_TAILS)


def _given(word: str) -> bool:
    """Whether the word is a first name and not better known as a company (Ford)."""
    return fold(word) in lexicon.first_names() and word not in lexicon.ORGANISATIONS


def _named(
    words: Words, first: int, last: int, title: tuple[int, int] | None, *, headline: bool
) -> Iterator[Candidate]:
    """The candidate in ``first`` to ``last``, without honorifics, demonyms before a person, loose ends."""
    honorific = None
    while first < last and (words.lower[first] in lexicon.HONORIFICS or words.text[first] in {".", "-"}):
        honorific = words.lower[first] if words.lower[first] in lexicon.HONORIFICS else honorific
        first += 1
    while first < last and (words.lower[last - 1] in lexicon.PARTICLES | {"-", "&"} and words.text[last - 1].islower()):
        last -= 1
    model = next((i for i in range(first + 1, last) if _numbered(words.text[i])), last)
    lead = _lead(words, first, model)
    if lead > first:
        yield Candidate(first=first, last=lead, headline=headline)
        first = lead
    if first < model:
        yield Candidate(first=first, last=model, title=title, honorific=honorific, headline=headline)
    if model < last:
        yield Candidate(first=model, last=last, headline=headline)


def _numbered(word: str) -> bool:
    """A330, KC-30s: a model, no part of the maker's name."""
    return any(char.isdigit() for char in word) and any(char.isupper() for char in word)


def _lead(words: Words, first: int, last: int) -> int:
    """Where a name starts in a run that opens with something else: "Republican Mitt Romney", "Russia Talks"."""
    if last - first == 2 and country(words.text[first]) and words.text[first] not in _GIVEN_LANDS:
        return first if words.lower[last - 1] in lexicon.HEADS else first + 1
    if (
        words.text[first] in _PARTISAN
        and last - first > 2
        and not any(words.lower[i] in lexicon.HEADS for i in range(first, last))
    ):
        return first + 1
    for start in range(min(last - 2, first + 8), first, -1):
        named = fold(words.text[start]) in lexicon.first_names()
        before = " ".join(words.text[first:start])
        land = country(before) is not None or demonym(before) is not None
        if not (named or land) or any(words.lower[i] in lexicon.HEADS for i in range(start, last)):
            continue
        known = land or words.lower[start - 1].endswith(_CALLING_ENDS) or words.lower[start - 1] in lexicon.ORG_SUFFIXES
        known = known or words.text[start - 1] in lexicon.ORGANISATIONS or words.lower[start - 1] in lexicon.ORG_HEADS
        joined = {words.lower[i] for i in range(first, start)} & {"of", "on", "for"}
        known = known or bool(named and joined and last - start == 2 and start - first > 2)
        if known and fold(words.text[start - 1]) not in lexicon.first_names():
            return start
    return first


def parted(words: Words, found: list[Candidate]) -> list[Candidate]:
    """Acme Institute of Law Ann Lee: a person's name comes off when the last name stands alone elsewhere."""
    alone = {words.text[each.first] for each in found if each.last - each.first == 1}
    out = []
    for each in found:
        cut = each.last - 2
        long = cut - each.first >= 2 and any(words.lower[i] in lexicon.HEADS for i in range(each.first, cut))
        if (
            long
            and words.text[each.last - 1] in alone
            and not any(words.lower[i] in lexicon.HEADS for i in (cut, cut + 1))
        ):
            out += [replace(each, last=cut), Candidate(first=cut, last=each.last, headline=each.headline)]
        else:
            out.append(each)
    return out
