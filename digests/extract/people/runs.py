"""Stretches that may be names: runs of capitalised words, cut into what comes before, title and name.

"Turkish Defence Minister Hulusi Akar" is one run and three pieces; only the last is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from digests.extract.people import lexicon
from digests.extract.people.words import Words
from digests.text.countries import country, demonym, place
from digests.text.folding import fold
from digests.text.wordlist import words as words_in

_WORD = re.compile(r"[^\W\d_]+")
_NAME_TAGS = frozenset({"NNP", "NNPS"})
_NOT_NAME_PARTS = words_in("led based born era like wide run held made owned free only plus bred style rich")
_TITLE_TAILS = frozenset({"general", "elect", "emeritus", "designate"})
OFFICES = words_in(
    "the state defence defense interior finance foreign affairs education health trade energy justice environment",
    "transport economy labor labour agriculture culture sports treasury commerce homeland security veterans housing",
    "urban development  republic commons and staff parliament industry tourism planning information communications",
    "women youth science",
)
"""What offices are of: Secretary of State, Minister for Foreign Affairs, President of the Republic."""
_HEADS = lexicon.ORG_HEADS | lexicon.ORG_SUFFIXES | lexicon.PLACE_HEADS
_GIVEN_LANDS = frozenset({"Jordan", "Chad", "Georgia", "Israel", "Kenya", "America", "India", "China"})
_MONTH_NAMES = frozenset({"april", "may", "june", "august"})
_BEFORE_MONTHS = frozenset(
    {"in", "on", "by", "since", "until", "of", "from", "last", "next", "this", "early", "late", "to"}
)
_PARTISAN = frozenset({"Republican", "Democrat", "Democratic", "Conservative", "Labour", "Liberal", "Tory", "Green"})
_CALLING_ENDS = ("ist", "crat", "ican", "ologist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Tokens ``first`` to ``last`` (exclusive) may name somebody; ``title``: tokens of the title right before."""

    first: int
    last: int
    title: tuple[int, int] | None = None
    honorific: str | None = None
    headline: bool = False


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
        style = _style(words, first, last, head=head)
        if style == "capitals":
            continue
        at = first
        while at < last:
            if not _starts(words, at, last, plain, proper, headline=style == "headline"):
                at += 1
                continue
            end = _run_end(words, at, last, headline=style == "headline")
            found += _pieces(words, at, end, headline=style == "headline")
            at = end
    return _parted(words, _told_below(words, found))


def _told_below(words: Words, found: list[Candidate]) -> list[Candidate]:
    """In a headline every word has a capital (Varadkar Resigns): only what the text or a table names too."""
    whole = {tuple(words.text[each.first : each.last]) for each in found if not each.headline}
    single = {word for name in whole for word in (name[-1], name[0])}
    out = []
    for each in found:
        if not each.headline:
            out.append(each)
            continue
        at = each.first
        while at < each.last:
            end = next((e for e in range(each.last, at, -1) if _told(words, at, e, whole, single)), None)
            if end is not None:
                out.append(replace(each, first=at, last=end, title=each.title if at == each.first else None))
            at = end or at + 1
    return out


def _told(words: Words, first: int, last: int, whole: set[tuple[str, ...]], single: set[str]) -> bool:
    name = tuple(words.text[first:last])
    if name in whole or (len(name) == 1 and name[0] in single and words.lower[first] not in _HEADS):
        return True
    text = " ".join(name)
    return (
        country(text) is not None or text in lexicon.ORGANISATIONS or text in lexicon.CITIES or place(text) is not None
    )


def _parted(words: Words, found: list[Candidate]) -> list[Candidate]:
    """Acme Institute of Law Ann Lee: a person's name comes off when the last name stands alone elsewhere."""
    alone = {words.text[each.first] for each in found if each.last - each.first == 1}
    out = []
    for each in found:
        cut = each.last - 2
        long = cut - each.first >= 2 and any(words.lower[i] in _HEADS for i in range(each.first, cut))
        if long and words.text[each.last - 1] in alone and not any(words.lower[i] in _HEADS for i in (cut, cut + 1)):
            out += [replace(each, last=cut), Candidate(first=cut, last=each.last, headline=each.headline)]
        else:
            out.append(each)
    return out


def _style(words: Words, first: int, last: int, *, head: bool) -> str:
    """``capitals``: all upper case; ``headline``: Every Long Word Capitalised; else ``prose``.

    ``head``: the sentence is known to be a headline of that style; elsewhere a full stop at its end makes it prose.
    """
    long = [w for w in words.text[first:last] if len(w) > 3 and w.isalpha() and w.lower() not in lexicon.CLOSED]
    if len(long) > 2 and all(word.isupper() for word in long):
        return "capitals"
    if head:
        return "headline"
    closed = any(words.text[i] in {".", "!", "?"} for i in range(max(first, last - 3), last))
    return "headline" if not closed and len(long) > 3 and capital_share(long) > 0.85 else "prose"


def capital_share(long: Sequence[str]) -> float:
    """How many of the words begin with a capital, 0 to 1."""
    return sum(word[0].isupper() for word in long) / len(long) if long else 0.0


def title_cased(text: str) -> bool:
    """Whether a headline is written With Capitals Throughout, so that they tell nothing."""
    long = [word for word in _WORD.findall(text) if len(word) > 3 and word.lower() not in lexicon.CLOSED]
    return len(long) > 1 and capital_share(long) > 0.7


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
    if words.lower[i] in {"al", "el"} and i + 2 < last and _glued(words, i + 1) and _capital(words, i + 2):
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
    return not _land(words.text[i + 1]) and (i == 0 or words.lower[i - 1] not in _BEFORE_MONTHS)


def _title_word(words: Words, i: int) -> bool:
    return words.lower[i] in lexicon.role_words()["modifiers"] or words.tag[i] in {"JJ", "NN", "NNS"}


def _glued(words: Words, i: int) -> bool:
    """Whether the token is a hyphen without blanks around it."""
    if words.text[i] not in {"-", "‐", "‑", "–"} or not 0 < i < len(words) - 1:
        return False
    return words.end[i - 1] == words.start[i] and words.end[i] == words.start[i + 1]


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
    if _glued(words, at):
        nxt = words.text[at + 1]
        if nxt[0].isupper():
            return 0 if _land(words.text[at - 1]) and _land(nxt) else 2  # Turkish-Syrian border
        short = nxt.isalpha() and len(nxt) <= 5 and nxt not in _NOT_NAME_PARTS
        return 2 if short and at - first >= 2 and words.tag[at + 1] in _NAME_TAGS else 0
    if lower == "&":
        return 2 if _capital(words, at + 1) else 0
    if lower in lexicon.PARTICLES and words.text[at].islower():
        return _particle(words, at, last)
    if lower in {"of", "for", "on", "and", "in", "at"}:
        return _connector(words, first, at, last, joined=joined)
    return 0


def _given(word: str) -> bool:
    """Whether the word is a first name and not better known as a company (Ford)."""
    return fold(word) in lexicon.first_names() and word not in lexicon.ORGANISATIONS


def _land(word: str) -> bool:
    return country(word) is not None or demonym(word) is not None


def _particle(words: Words, at: int, last: int) -> int:
    reach = at + 1
    while reach < last and reach - at < 3 and (words.lower[reach] in lexicon.PARTICLES or _glued(words, reach)):
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


def _pieces(words: Words, first: int, last: int, *, headline: bool) -> Iterator[Candidate]:
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
        if before and ((_given(before) and not _land(before)) or not formal):
            continue
        if start == first and end - start == 1 and fold(words.text[start]) in lexicon.first_names() and last - end < 2:
            continue  # Dean Kamen, Earl Warren
        if end - start == 1 and before and end == last and start - at < 2 and not _land(before):
            continue  # Stephen King, Jimmy Dean
        if any(words.lower[i] in _HEADS for i in range(end, last)):
            continue  # General Motors, King Fahd University
        return start, end
    return None


def title_end(words: Words, start: int, last: int) -> int | None:
    """The end of a title that starts at ``start`` ("Vice President", "Secretary of State"), else None."""
    roles = lexicon.role_words()
    at = start
    while (
        at < last and (words.lower[at] in roles["modifiers"] or _glued(words, at)) and not _role_ends(words, at, last)
    ):
        at += 1
    if at >= last or not lexicon.is_role(words.lower[at]) or words.lower[at] in lexicon.HONORIFICS:
        return None
    at += 1
    while at < last and (
        words.lower[at] in _TITLE_TAILS or (_glued(words, at) and words.lower[at + 1] in _TITLE_TAILS)
    ):
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
        return first if words.lower[last - 1] in _HEADS else first + 1
    if (
        words.text[first] in _PARTISAN
        and last - first > 2
        and not any(words.lower[i] in _HEADS for i in range(first, last))
    ):
        return first + 1
    for start in range(min(last - 2, first + 8), first, -1):
        named = fold(words.text[start]) in lexicon.first_names()
        before = " ".join(words.text[first:start])
        land = country(before) is not None or demonym(before) is not None
        if not (named or land) or any(words.lower[i] in _HEADS for i in range(start, last)):
            continue
        known = land or words.lower[start - 1].endswith(_CALLING_ENDS) or words.lower[start - 1] in lexicon.ORG_SUFFIXES
        known = known or words.text[start - 1] in lexicon.ORGANISATIONS or words.lower[start - 1] in lexicon.ORG_HEADS
        joined = {words.lower[i] for i in range(first, start)} & {"of", "on", "for"}
        known = known or bool(named and joined and last - start == 2 and start - first > 2)
        if known and fold(words.text[start - 1]) not in lexicon.first_names():
            return start
    return first
