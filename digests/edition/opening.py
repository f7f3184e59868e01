"""Which of an article's sentences can stand by themselves under its headline. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digests.model import Article, Span
from digests.text.sentences import sentence_spans

_GOES_ON = re.compile(
    r"\W*(?:others?|he|she|they|it|it['’]s|that['’]s|this|that|these|those|but|and|also|such|his|her|their|its|another|further|still|meanwhile"
    r"|however|in addition|as a result)\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on from another one."""
_LABEL = re.compile(r"\b[A-Z][\w ]{2,40}:\s")
_QUOTES = (("“", "”"), ("«", "»"))
_MOST_LABELS = 1
_WORDS = 5
_NOTE = re.compile(r"\W*(?:editor['’]s note|this (?:article|story|post)|correction|by [A-Z])", re.IGNORECASE)


def opened(chosen: Sequence[Span], article: Article) -> list[Span]:
    """Two of the sentences chosen, the first one such that a story can begin with it: else the article's own first."""
    fit = [each for each in chosen if stands_alone(each.text) and not _NOTE.match(each.text)]
    if fit and not _GOES_ON.match(fit[0].text):
        return fit[:2]
    body = next((part for part in article.parts if part.kind == "body"), None)
    spans = sentence_spans(article.text, start=body.start, end=body.end) if body else []
    if not spans:
        return list(fit or chosen)[:2]
    start, end = next((each for each in spans if _tells(article.text[each[0] : each[1]])), spans[0])
    first = Span(start=start, end=end, text=article.text[start:end])
    return [first, *(each for each in fit if each.start >= end)][:2]


def _tells(sentence: str) -> bool:
    """Whether a first sentence is one: no dateline ("London —"), no note of the editors."""
    whole = sentence.rstrip("\"'”’) ").endswith((".", "!", "…"))
    return whole and len(sentence.split()) >= _WORDS and not _NOTE.match(sentence) and stands_alone(sentence)


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read by itself: no question, no part of a longer quotation, no list of particulars."""
    if sentence.rstrip("\"'”’) ").endswith("?") or len(_LABEL.findall(sentence)) > _MOST_LABELS:
        return False
    balanced = all(sentence.count(opens) == sentence.count(closes) for opens, closes in _QUOTES)
    return balanced and sentence.count('"') % 2 == 0
