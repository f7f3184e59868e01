"""Stretches that may be names: runs of capitalised words, to be cut into pieces (``pieces``)."""

from __future__ import annotations

from collections.abc import Sequence

from digests.extract.people import lexicon
from digests.extract.people.candidate import Candidate
from digests.extract.people.headlines import style_of, told_below
from digests.extract.people.pieces import OFFICES, parted, pieces
from digests.extract.people.words import Words
from digests.text.countries import country, demonym
from digests.text.folding import fold
from digests.text.names import ARTICLES
from digests.text.wordlist import words as words_in

_NAME_TAGS = frozenset({"NNP", "NNPS"})
_NOT_NAME_PARTS = words_in("led based born era like wide run held made owned free only plus bred style rich")
_MONTH_NAMES = frozenset({"april", "may", "june", "august"})
_BEFORE_MONTHS = frozenset(
    {"in", "on", "by", "since", "until", "of", "from", "last", "next", "this", "early", "late", "to"}
)


def candidates(words: Words, heads: Sequence[tuple[int, int]] = ()) -> list[Candidate]:
    """All candidates in text order; they do not overlap. ``heads``: where title-cased headlines stand."""
    plain = {word for word in words.text if word.islower()}
    proper = {
        words.text[i] for i in range(1, len(words)) if words.tag[i] in _NAME_TAGS and words.text[i - 1][-1:].islower()
    }
    found: list[Candidate] = []
    for sentence, first in enumerate(words.first[:-1]):
        last = words.first[sentence + 1]
        head = any(start <= words.start[last - 1] and words.start[first] < end for start, end in heads)
        style = style_of(words, first, last, head=head)
        if style == "capitals":
            continue
        at = first
        while at < last:
            if not _starts(words, at, last, plain, proper, headline=style == "headline"):
                at += 1
                continue
            end = _run_end(words, at, last, headline=style == "headline")
            found += pieces(words, at, end, headline=style == "headline")
            at = end
    return parted(words, told_below(words, found))


def _capital(words: Words, i: int) -> bool:
    word = words.text[i]
    if not word[0].isupper() or "$" in word or words.tag[i] in {"LS", "CD"} or (word.endswith(".") and len(word) > 6):
        return False
    return words.lower[i] not in lexicon.CLOSED and words.lower[i] not in lexicon.NOT_NAMES


def _known(word: str) -> bool:
    return (
        country(word) is not None
        or demonym(word) is not None
        or word in lexicon.ORGANISATIONS
        or word in lexicon.CITIES
        or fold(word) in lexicon.first_names()
    )


def _starts(words: Words, i: int, last: int, plain: set[str], proper: set[str], *, headline: bool) -> bool:
    if words.lower[i] in ARTICLES and i + 2 < last and words.glued(i + 1) and _capital(words, i + 2):
        return True
    if words.text[i] in lexicon.ORGANISATIONS:
        return True
    if not _capital(words, i):
        return words.lower[i] in _MONTH_NAMES and _is_april(words, i, last)
    named = words.tag[i] in _NAME_TAGS
    if headline:
        return named or (_known(words.text[i]) and words.lower[i] not in plain)
    if not words.opens(i):
        return True
    follows = i + 1 < last and _capital(words, i + 1)
    if lexicon.is_role(words.lower[i]) and i + 2 < last and words.lower[i + 1] in {"of", "for"}:
        return words.lower[i + 2] in OFFICES and words.text[i + 2][0].isupper()
    if not named:
        if words.text[i] in proper:
            return True
        return _known(words.text[i]) or (follows and (lexicon.is_role(words.lower[i]) or _title_word(words, i)))
    return follows or words.lower[i] not in plain or _known(words.text[i])


def _is_april(words: Words, i: int, last: int) -> bool:
    """Whether a month's name is a person's first ("said April Reed", not "in May Britain voted")."""
    if i + 1 >= last or words.text[i].islower() or not _capital(words, i + 1) or words.tag[i + 1] not in _NAME_TAGS:
        return False
    return not lexicon.land(words.text[i + 1]) and (i == 0 or words.lower[i - 1] not in _BEFORE_MONTHS)


def _title_word(words: Words, i: int) -> bool:
    return words.lower[i] in lexicon.role_words()["modifiers"] or words.tag[i] in {"JJ", "NN", "NNS"}


def _run_end(words: Words, first: int, last: int, *, headline: bool) -> int:
    """The end of the run that starts at ``first``, within the sentence that ends at ``last``."""
    end = first + 1
    joined = False
    while end < last:
        step = _step(words, first, end, last, joined=joined, headline=headline)
        if not step:
            break
        joined = joined or words.lower[end] in {"of", "for", "on"}
        end += step
    return end


def _step(words: Words, first: int, at: int, last: int, *, joined: bool, headline: bool) -> int:
    """How many tokens from ``at`` on belong to the run; 0 when it ends before ``at``."""
    if _capital(words, at):
        return 1 if not headline or words.tag[at] in _NAME_TAGS or _known(words.text[at]) else 0
    lower = words.lower[at]
    if lower in lexicon.NOT_NAMES and words.text[at][0].isupper() and fold(words.text[at - 1]) in lexicon.first_names():
        return 1  # Theresa May, Fredric March
    if lower in lexicon.SUFFIXES or at + 1 >= last:
        return int(lower in lexicon.SUFFIXES and words.text[at][0].isupper())
    if words.glued(at):
        nxt = words.text[at + 1]
        if nxt[0].isupper():
            return 0 if lexicon.land(words.text[at - 1]) and lexicon.land(nxt) else 2  # Turkish-Syrian border
        short = nxt.isalpha() and len(nxt) <= 5 and nxt not in _NOT_NAME_PARTS
        return 2 if short and at - first >= 2 and words.tag[at + 1] in _NAME_TAGS else 0
    if lower == "&":
        return 2 if _capital(words, at + 1) else 0
    article = lower in ARTICLES and words.glued(at + 1)
    if (article or lower in lexicon.PARTICLES) and words.text[at].islower():
        return _particle(words, at, last)
    if lower in {"of", "for", "on", "and", "in", "at"}:
        return _connector(words, first, at, last, joined=joined)
    return 0


def _particle(words: Words, at: int, last: int) -> int:
    reach = at + 1
    while reach < last and reach - at < 3 and (words.lower[reach] in lexicon.PARTICLES or words.glued(reach)):
        reach += 1
    return reach - at + 1 if reach < last and words.text[reach][0].isupper() else 0


def _connector(words: Words, first: int, at: int, last: int, *, joined: bool) -> int:
    """of, for, on, and between capitals: inside "Bank of England", not inside "Erdogan of Turkey"."""
    nxt = at + 1 if words.lower[at + 1] != "the" or at + 2 >= last else at + 2
    if not _capital(words, nxt):
        return 0
    lower = words.lower[at]
    head = words.lower[at - 1] in lexicon.JOINING_HEADS
    role = lexicon.is_role(words.lower[at - 1]) and words.text[at - 1][0].isupper()
    if lower == "of" and (head or joined):
        return nxt - at + 1
    if lower in {"of", "for"} and role and words.lower[nxt] in OFFICES:
        return nxt - at + 1  # Secretary of State, Minister for Foreign Affairs
    if lower in {"for", "on"} and head:
        return nxt - at + 1
    if lower == "and" and nxt == at + 1:
        return 2 if _and_joins(words, first, at, last, joined=joined) else 0
    return nxt - at + 1 if lower == "at" and words.lower[first] == "university" else 0


def _and_joins(words: Words, first: int, at: int, last: int, *, joined: bool) -> bool:
    """Food and Drug Administration, Department of Health and Human Services; not Russia and Iran."""
    end = at + 1
    while end < last and _capital(words, end):
        end += 1
    if words.lower[at - 1] in lexicon.ORG_HEADS or country(words.text[at - 1]) or demonym(words.text[at - 1]):
        return False
    if fold(words.text[at + 1]) in lexicon.first_names() or country(words.text[at + 1]):
        return False
    if joined and not country(" ".join(words.text[first:at])):
        return words.lower[at - 1] in OFFICES or words.lower[end - 1] in lexicon.ORG_HEADS
    return words.lower[end - 1] in lexicon.ORG_HEADS and fold(words.text[first]) not in lexicon.first_names()
