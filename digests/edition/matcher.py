"""Does a text say what somebody wants to hear of? Words and phrases over folded words, in one pass over the text.

Strangers give the words, so there are no regular expressions: all phrases together are one automaton (Aho and Corasick,
Efficient string matching, CACM 18, 1975) over whole words, and time grows with the text, whatever is looked for. Case,
diacritics and plurals do not count, as in the search.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from digests.edition.model import Wanted
from digests.store.words import singular
from digests.text.folding import tokens


class Phrases:
    """Many phrases to be looked for at once; each is known by its place in the list that was given."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._ends: list[frozenset[int]] = [frozenset()]
        self._fall: list[int] = [0]
        for number, phrase in enumerate(phrases):
            self._add(folded_words(phrase), number)
        self._link()

    def found(self, words: Iterable[str]) -> frozenset[int]:
        """Which of the phrases stand in a text, given as ``folded_words``."""
        state = 0
        seen: set[int] = set()
        for word in words:
            while state and word not in self._next[state]:
                state = self._fall[state]
            state = self._next[state].get(word, 0)
            if self._ends[state]:
                seen |= self._ends[state]
        return frozenset(seen)

    def _add(self, words: Sequence[str], number: int) -> None:
        """A phrase without a letter or digit is found nowhere."""
        state = 0
        for word in words:
            if word not in self._next[state]:
                self._next[state][word] = len(self._next)
                self._next.append({})
                self._ends.append(frozenset())
                self._fall.append(0)
            state = self._next[state][word]
        if state:
            self._ends[state] |= {number}

    def _link(self) -> None:
        """Where to go on when a word does not follow: the longest ending that begins another phrase."""
        waiting = deque(self._next[0].values())
        while waiting:
            state = waiting.popleft()
            for word, onward in self._next[state].items():
                fall = self._fall[state]
                while fall and word not in self._next[fall]:
                    fall = self._fall[fall]
                self._fall[onward] = self._next[fall].get(word, 0)
                self._ends[onward] |= self._ends[self._fall[onward]]
                waiting.append(onward)


class Matcher:
    """Tells whether a text fits a ``Wanted``; to be had from ``matcher``, which remembers them."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._phrases = Phrases((*wanted.words, *wanted.must, *wanted.without))
        self._any = frozenset(range(len(wanted.words)))
        self._all = frozenset(range(len(self._any), len(self._any) + len(wanted.must)))
        self._sources = Phrases(wanted.sources)

    def fits(self, texts: Iterable[str], *, people: Collection[int] = (), source: str = "") -> bool:
        """Whether all conditions hold for texts that belong together; a phrase does not go over from one to the next.

        ``people``: ids of those who are in them; ``source``: the publisher's name, of which a part will do (``BBC``).
        """
        wanted = self._wanted
        if wanted.people and not set(wanted.people).intersection(people):
            return False
        if wanted.sources and not self._sources.found(folded_words(source)):
            return False
        if not (wanted.words or wanted.must or wanted.without):
            return True
        found = self._phrases.found(_in_a_row(texts))
        return (not self._any or bool(found & self._any)) and self._all <= found and found <= self._any | self._all


@lru_cache(maxsize=4096)
def matcher(wanted: Wanted) -> Matcher:
    """The matcher of what is wanted.

    >>> wanted = Wanted(words=("ceasefire", "peace talks"), without=("football",))
    >>> matcher(wanted).fits(["Peace talk in Sochi"]), matcher(wanted).fits(["Football ceasefire"])
    (True, False)
    """
    return Matcher(wanted)


def folded_words(text: str) -> list[str]:
    """A text as its words in order, folded and in the singular."""
    return [singular(word) for word in tokens(text)]


def _in_a_row(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        yield from folded_words(text)
        yield ""  # no phrase holds it: nothing matches across two texts
