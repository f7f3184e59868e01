"""The whole sentences that facts stand in, and which were shown already: a digest quotes no sentence twice. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from digests.edition.rank import telling_words
from digests.edition.same import TURNING
from digests.model import Evidence, Found, Statement
from digests.text.changes import whole
from digests.text.folding import tokens
from digests.text.sentences import sentence_spans

LONGEST = 400
"""Characters of a sentence that is quoted whole; of a longer one the fact's own words are."""
_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*$")
_TELLING = 2
_POINTING = frozenset({"that", "this", "these", "those", "them", "they", "such", "both", "either"})
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.,'’ /\-]{2,60}(?:\([\w /]{2,30}\) ?)?|[A-Z][\w.,'’ /\-]{2,60}\([A-Z][\w /]{1,30}\) ?)(?:--|[-–—]) "
)
_SAME = 0.6
"""Of the words of two sentences, so many are common when one is the other with a few words changed."""


def sentence_of(found: Found, text: str) -> Evidence:
    """The sentences of ``text`` that a fact stands in; its own words where the text is another now or they are long."""
    own = found.fact.evidence[0]
    if text[own.start : own.end] != own.quote:
        return own
    first = text.rfind("\n", 0, own.start) + 1
    last = text.find("\n", own.end)
    spans = sentence_spans(text, start=first, end=len(text) if last < 0 else last)
    start, end = whole(spans, own.start, own.end)
    if _says_little(found):
        start = max((span[0] for span in spans if span[1] <= start), default=start)
    dateline = _DATELINE.match(text, start, end)
    if dateline and dateline.end() <= own.start:
        start = dateline.end()
    quote = text[start:end]
    if len(quote) > LONGEST or quote.startswith(("#", "*")):
        return own
    return Evidence(start=start, end=end, quote=quote, article_id=found.source.article_id, version=own.version)


def _says_little(found: Found) -> bool:
    """Whether a statement cannot be understood without what stands before it: "Turkey denies that"."""
    fact = found.fact
    return isinstance(fact, Statement) and len(telling_words(fact.content.text) - _POINTING) < _TELLING


def is_whole(quote: str) -> bool:
    """Whether a passage ends as a sentence does: a headline or a link to another article does not."""
    return _ENDS.search(quote) is not None


class Shown:
    """Remembers what was quoted."""

    def __init__(self) -> None:
        self._said: list[str] = []

    def has(self, quote: str) -> bool:
        """Whether a sentence, or nearly the same one, was quoted; also a part of it."""
        return any(same_words(quote, each) for each in self._said)

    def take(self, passages: Iterable[Evidence]) -> None:
        self._said += [each.quote for each in passages]


def same_words(one: str, other: str) -> bool:
    """Whether two passages say the same in nearly the same words, or one holds the other.

    A denial is not what it denies, nor one number another.
    """
    left, right = telling_words(one), telling_words(other)
    common = len(left & right)
    if not common:
        alike = left == right
    else:
        alike = common / len(left | right) >= _SAME or common >= 0.9 * min(len(left), len(right)) >= 3
    return alike and _turns(one) == _turns(other) and _one_number(left, right)


@lru_cache(maxsize=4096)
def _turns(text: str) -> bool:
    return not (TURNING - {"un"}).isdisjoint(tokens(text))


def _one_number(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether the numbers of one passage all stand in the other."""
    mine, yours = ({word for word in words if word.isdigit()} for words in (left, right))
    return mine <= yours or yours <= mine
