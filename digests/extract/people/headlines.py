"""Headlines With Capitals Throughout: only what the text below or a table names too is taken from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from digests.extract.people import lexicon
from digests.extract.people.candidate import Candidate
from digests.extract.people.words import Words
from digests.text.countries import country, place

_WORD = re.compile(r"[^\W\d_]+")


def style_of(words: Words, first: int, last: int, *, head: bool) -> str:
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


def told_below(words: Words, found: list[Candidate]) -> list[Candidate]:
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
    if name in whole or (len(name) == 1 and name[0] in single and words.lower[first] not in lexicon.HEADS):
        return True
    text = " ".join(name)
    return (
        country(text) is not None or text in lexicon.ORGANISATIONS or text in lexicon.CITIES or place(text) is not None
    )
