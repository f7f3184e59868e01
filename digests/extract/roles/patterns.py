"""Where a text says that a named person holds an office: title before the name, after it, or in a clause."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from digests.extract.people import lexicon
from digests.extract.people.pieces import OFFICES
from digests.extract.people.titles import Title, titles_of
from digests.extract.people.words import Words
from digests.extract.reading import Reading
from digests.extract.roles.owners import joined_by_and, longer, outlet, owner_inside
from digests.model import Mention
from digests.text.countries import country, demonym
from digests.text.wordlist import words as words_in

FORMER = words_in("former ex retired late ousted deposed erstwhile onetime one-time fallen disgraced then")
_LOOSE = words_in(
    "veteran longtime long-time top popular powerful young old new second third two three four five six seven",
    "eight nine ten several many leading famous renowned prominent influential controversial embattled beloved iconic",
    "legendary fellow year-old other another good great his her their its current newly",
    "elected including meaning hired white black missing billionaire prolific likely year old right successful praised",
)
"""Adjectives that are no part of a title."""
_IN_OFFICE = words_in("acting incoming outgoing managing founding commanding presiding visiting sitting coaching")
_OF = frozenset({"of", "for", "at", "in", "with", "from"})
_BY_VERB = {
    "heads": "head",
    "leads": "leader",
    "chairs": "chairman",
    "runs": "head",
    "founded": "founder",
    "cofounded": "co-founder",
    "coaches": "coach",
    "edits": "editor",
    "directs": "director",
    "manages": "manager",
    "owns": "owner",
    "captains": "captain",
    "headed": "head",
    "led": "leader",
    "chaired": "chairman",
}
_PASSIVE = {
    **{k: v for k, v in _BY_VERB.items() if "found" not in k},
    "run": "head",
    "coached": "coach",
    "owned": "owner",
    "edited": "editor",
    "managed": "manager",
}
_NAMING = words_in("appointed named elected became become made re-elected reelected nominated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One person, one title. Token ranges are half-open; ``of`` is as written (Germany for German)."""

    mention: Mention
    title: str
    head: str
    first: int
    last: int
    """Tokens of the whole stretch with name, title and possessor."""
    of: str | None = None
    former: bool = False
    mirrors: int | None = None
    """The entity whose title a counterpart or deputy shares."""


class Text:
    """A reading as the patterns ask it: words, and the mention that ends or starts at a token."""

    def __init__(self, reading: Reading, words: Words) -> None:
        self.words = words
        self.mentions = reading.mentions
        self._first: dict[int, tuple[Mention, int]] = {}
        self._last: dict[int, tuple[Mention, int]] = {}
        for mention in reading.mentions:
            first = bisect_left(words.start, mention.start)
            last = bisect_left(words.start, mention.end)
            if first not in self._first or last < self._first[first][1]:
                self._first[first] = (mention, last)
            self._last[last] = (mention, first)

    def starting(self, token: int) -> tuple[Mention, int] | None:
        """The mention that starts at the token and the token after it."""
        return self._first.get(token)

    def ending(self, token: int) -> tuple[Mention, int] | None:
        """The mention that ends before the token and its first token."""
        return self._last.get(token)

    def covering(self, token: int, limit: int) -> tuple[Mention, int] | None:
        """The name that holds the token and ends by ``limit``, and the token after it."""
        for first in range(token, max(token - 8, -1), -1):
            found = self._first.get(first)
            if found is not None:
                return found if token < found[1] <= limit and found[0].kind == "name" else None
        return None

    def phrase(self, first: int, last: int) -> str:
        out = ""
        for i in range(first, last):
            blank = i > first and self.words.end[i - 1] < self.words.start[i]
            out += (" " if blank else "") + self.words.text[i]
        return out


def held(text: Text) -> Iterator[Held]:
    """Every office of every named person, in text order of the names."""
    for mention in text.mentions:
        if mention.kind != "name" or mention.type != "person":
            continue
        first = bisect_left(text.words.start, mention.start)
        last = bisect_left(text.words.start, mention.end)
        yield from _around(text, mention, first, last)
        yield from _clauses(text, mention, first, last)


def _around(text: Text, mention: Mention, first: int, last: int) -> Iterator[Held]:
    titles = titles_of(text.words, first, last)
    if not any(title.before for title in titles):
        far = _through_organisation(text, first)
        titles = [far, *titles] if far else titles
    for title in titles:
        made = _held(text, mention, first, last, title)
        if made is not None:
            yield made


def _through_organisation(text: Text, first: int) -> Title | None:
    """CEO of the Refugee Council Enver Solomon; Co-founder of Google, Sergey Brin; director of a chapter of CAIR, X."""
    words = text.words
    at = first - 1 if first and words.text[first - 1] == "," else first
    if at and words.text[at - 1] == ")":
        at = next((i for i in range(at - 1, max(at - 8, 0), -1) if words.text[i] == "("), at)
    for _ in range(3):
        near = text.ending(at)
        start = near[1] if near else at
        while start > 0 and words.tag[start - 1][:2] in {"NN", "JJ"} and start > at - 5:
            start -= 1
        if start == at:
            return None
        at = start - 1
        if at > 0 and words.lower[at] in {"the", "a", "an"}:
            at -= 1
        if at < 1 or words.lower[at] not in _OF | {"to"}:
            return None
        if lexicon.is_role(words.lower[at - 1]):
            break
    else:
        return None
    start = at - 1
    while start > 0 and words.tag[start - 1][:2] in {"NN", "JJ"}:
        start -= 1
    opens = (
        start == words.first[words.sentence[start]]
        or words.lower[start - 1] in {"the", "a"}
        or words.text[first - 1] != ","
    )
    return Title(first=start, last=at, head=at - 1, before=True) if opens else None


def _held(text: Text, mention: Mention, first: int, last: int, title: Title) -> Held | None:
    words = text.words
    start, of = _left(text, title)
    former = any(words.lower[i] in FORMER for i in range(title.first, title.head))
    while start < title.head and _is_loose(words, start):
        start += 1
    start, inner = owner_inside(words, start, title.head)
    of = of or inner
    end, after, right = _right(text, title)
    left, possessor, mirrors = _possessor(text, title.first)
    of = of or after or possessor
    of = None if of == mention.name or (of or "").endswith("-") else of
    stop = max(right, last) if not title.before else last
    if title.before and of is None:
        of, stop = _after_name(text, last)
    if words.lower[title.head] in lexicon.role_words()["kin"]:
        return None
    opening = min(left, first) if title.before else first
    return Held(
        mention=mention,
        title=text.phrase(start, end).rsplit(":", 1)[-1].strip(" '\"’”"),
        head=words.lower[title.head],
        first=opening,
        last=stop,
        of=of,
        former=former,
        mirrors=mirrors,
    )


def _is_loose(words: Words, at: int) -> bool:
    """Whether a word at the head of a title is no part of it: adjectives of praise, "reportedly", "following"."""
    word, tag = words.lower[at], words.tag[at]
    if word in FORMER | _LOOSE or not word[0].isalpha() or word.startswith(("then-", "now-", "ex-")):
        return True
    return tag in {"RB", "VBD"} or (tag == "VBG" and word not in _IN_OFFICE and word not in OFFICES)


def _left(text: Text, title: Title) -> tuple[int, str | None]:
    """Where the title proper starts and whose it is, when a country or organisation opens it."""
    at = title.first
    if at < title.head and text.words.lower[at] in FORMER:
        at += 1
    paper = outlet(text.words, at, title.head)
    if paper is not None:
        return paper
    named = text.covering(at, title.head)
    if named is not None and named[0].type != "person":
        return longer(text.words, named[1], title.head, named[0].text)
    for size in (2, 1):
        words = " ".join(text.words.text[at : at + size])
        land = demonym(words) or (words if country(words) else None)
        if land and at + size <= title.head:
            return at + size, land
    return title.first, None


def _right(text: Text, title: Title) -> tuple[int, str | None, int]:
    """Where the title proper ends, whose it is by what follows, and where that ends."""
    words = text.words
    at = title.last
    if at + 1 >= len(words) or words.lower[at] not in _OF | {"to"}:
        return title.last, None, title.last
    the = words.lower[at + 1] in {"the", "a", "an"}
    nxt = at + 2 if the else at + 1
    named = text.starting(nxt)
    stop = named[1] if named is not None and named[0].kind == "name" else _phrase_end(text, nxt)
    if stop == nxt:
        return title.last, None, title.last
    if words.lower[at] == "to":
        return stop, None, stop
    owned = text.starting(stop + 1) if words.lower[stop : stop + 1] == ["'s"] else None
    if named is not None and owned is not None and owned[0].kind == "name":
        return title.last, owned[0].text, owned[1]  # vice minister of China's National Health Commission
    if named is not None and named[0].type == "person" and words.lower[stop : stop + 1] == ["'s"]:
        return title.last, None, title.last  # the mayor of X's hometown
    if named is not None:
        whole = joined_by_and(words, stop)
        return title.last, named[0].text if whole == stop else text.phrase(nxt, whole), whole
    served = text.starting(stop)
    if served is not None and served[0].type == "person" and lexicon.is_role(words.lower[stop - 1]):
        return title.last, served[0].text, served[1]  # the spokesman of President X
    office = all(words.lower[i] in OFFICES for i in range(nxt, stop))
    if office or (not the and words.text[nxt].islower()):
        return stop, None, stop  # Minister of Education, director of communications
    return title.last, text.phrase(nxt, stop), stop


def _phrase_end(text: Text, at: int) -> int:
    """The end of the noun phrase that starts at the token: LA Sheriff's office, harbour board."""
    words = text.words
    end = at
    while (
        end < len(words) and end - at < 7 and (words.tag[end][:2] in {"NN", "JJ"} or words.tag[end] in {"POS", "HYPH"})
    ):
        named = text.starting(end)
        if named is not None and named[0].type == "person":
            break
        end += 1
    return end


def _possessor(text: Text, first: int) -> tuple[int, str | None, int | None]:
    """Where the stretch opens, the possessor's name and, of a person, the entity: his, Erdogan's, Peru's."""
    words = text.words
    if first == 0:
        return first, None, None
    before = words.lower[first - 1]
    if before in {"his", "her", "their", "its", "my", "our"}:
        known = text.starting(first - 1)
        return first - 1, (known[0].name if known else None), (known[0].entity if known else None)
    if before in {"'s", "'"}:
        known = text.ending(first - 1)
        if known is None:
            start = first - 1
            while start > 0 and words.tag[start - 1][:2] in {"NN", "JJ"} and first - start < 5:
                start -= 1
            return start, text.phrase(start, first - 1) or None, None
        return known[1], known[0].text, known[0].entity if known[0].type == "person" else None
    return (first - 1 if before in {"the", "a", "an"} else first), None, None


def _after_name(text: Text, last: int) -> tuple[str | None, int]:
    """Mayor Ruth Calder of Leeds; Head gardener Ana Ruiz, of the Botanic Garden of X."""
    words = text.words
    at = last + 1 if last < len(words) and words.text[last] == "," else last
    if at + 1 < len(words) and words.lower[at] in {"of", "from", "at"}:
        nxt = at + 2 if words.lower[at + 1] == "the" else at + 1
        named = text.starting(nxt)
        if named is not None and named[0].kind == "name" and named[0].type != "person":
            return named[0].text, named[1]
    return None, last


def _clauses(text: Text, mention: Mention, first: int, last: int) -> Iterator[Held]:
    """X, who heads Y; Y, led by X; X is the president of Y; X was elected president of Y."""
    words = text.words
    at = last + 1 if last < len(words) and words.text[last] == "," else last
    if at + 1 < len(words) and words.lower[at] == "who":
        verb = words.lower[at + 1]
        if verb in _BY_VERB and words.tag[at + 1] in {"VBZ", "VBD", "VBP"}:
            yield _verbal(text, mention, first, at + 2, _BY_VERB[verb], former=words.tag[at + 1] == "VBD")
        elif verb in {"is", "was", "became"}:
            yield from _predicate(text, mention, first, last, at + 2, former=verb == "was")
    if first > 1 and words.lower[first - 1] == "by" and words.lower[first - 2] in _PASSIVE:
        yield _led_by(text, mention, first, last)
    if words.dep[last - 1] in {"nsubj", "nsubjpass"} and at < len(words):
        yield from _sentence(text, mention, first, last)


def _verbal(text: Text, mention: Mention, first: int, at: int, title: str, *, former: bool) -> Held:
    nxt = at + 1 if at < len(text.words) and text.words.lower[at] == "the" else at
    named = text.starting(nxt)
    of, stop = (named[0].text, named[1]) if named is not None and named[0].type != "person" else (None, at)
    former = former and title not in {"founder", "co-founder"}
    return Held(mention=mention, title=title, head=title, first=first, last=stop, of=of, former=former)


def _led_by(text: Text, mention: Mention, first: int, last: int) -> Held:
    words = text.words
    title = _PASSIVE[words.lower[first - 2]]
    at = first - 2
    while at > 0 and words.lower[at - 1] in {",", "is", "was", "are", "were", "been", "be", "being"}:
        at -= 1
    named = text.ending(at)
    if named is None or named[0].type == "person":
        return Held(mention=mention, title=title, head=title, first=first - 2, last=last)
    return Held(mention=mention, title=title, head=title, first=named[1], last=last, of=named[0].text)


def _sentence(text: Text, mention: Mention, first: int, last: int) -> Iterator[Held]:
    words = text.words
    verb = words.head[last - 1]
    if not last <= verb < last + 12 or words.sentence[verb] != words.sentence[first]:
        return
    lower = words.lower[verb]
    if lower in {"is", "was", "became", "remains"} and verb == last:
        yield from _predicate(text, mention, first, last, verb + 1, former=lower == "was")
    elif lower in _NAMING:
        at = verb + 2 if verb + 1 < len(words) and words.lower[verb + 1] == "as" else verb + 1
        yield from _predicate(text, mention, first, last, at, former=False)


def _predicate(text: Text, mention: Mention, first: int, last: int, at: int, *, former: bool) -> Iterator[Held]:
    """The title in "is the mayor of Leeds": a role noun that ends the noun phrase at ``at``."""
    words = text.words
    start = at
    while (
        at < len(words) and at - start < 7 and (words.tag[at][:2] in {"NN", "JJ", "DT", "VB"} or words.tag[at] == "POS")
    ):
        at += 1
    if at == start or not lexicon.is_role(words.lower[at - 1]) or words.tag[at - 1][:2] != "NN":
        return
    if words.lower[start] in {"a", "an"} and words.lower[at - 1] in lexicon.role_words()["kin"]:
        return
    while start < at - 1 and (words.tag[start] == "DT" or words.lower[start] in _LOOSE):
        start += 1
    made = _held(text, mention, first, last, Title(first=start, last=at, head=at - 1, before=False))
    if made is not None:
        yield Held(
            mention=made.mention,
            title=made.title,
            head=made.head,
            first=made.first,
            last=made.last,
            of=made.of,
            former=former or made.former,
            mirrors=made.mirrors,
        )
