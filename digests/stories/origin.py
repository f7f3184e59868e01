"""Whose text an article is: an agency's by byline or credit, another outlet's by its words, or its own.

Five outlets that print one Reuters text are one source. What would surprise a reader: a sketch keeps the runs of words
whose checksum falls on every sixteenth number, the same for every text, so that two sketches can be compared at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from zlib import crc32

from digests.model import Article
from digests.stories.profile import Copy
from digests.text.folding import tokens

_AGENCIES = {
    "Reuters": r"Reuters|Thomson Reuters",
    "AP": r"AP|A\.P\.|(?:The )?Associated Press",
    "AFP": r"AFP|Agence France[- ]Presse",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur",
    "PA": r"PA Media|Press Association",
    "UPI": r"UPI|United Press International",
    "TASS": r"TASS|ITAR-TASS",
    "Interfax": r"Interfax",
    "Xinhua": r"Xinhua(?: News Agency)?",
    "Kyodo": r"Kyodo(?: News)?",
    "ANSA": r"ANSA",
    "EFE": r"EFE",
    "Anadolu": r"Anadolu(?: Agency)?",
    "Bloomberg": r"Bloomberg(?: News)?",
}
_ANY = "|".join(f"(?P<{name}>{forms})" for name, forms in _AGENCIES.items())
_NAMED = re.compile(rf"(?<![\w.])(?:{_ANY})(?!\w)")
_MARKED = re.compile(rf"(?:(?<=\()|(?<=[-–—]\s))(?:{_ANY})(?=\)|\s*[-–—]\s)")
_SIGNED = re.compile(r"\s*[A-Z][^()\n]{0,60}\((?P<agency>[A-Z][^()\n]{1,40})\)\s*[-–—]\s")
_HOUSE = re.compile(r"\b(?:Wire|News|Agency|Agencies|Press|Service|Media|Newsroom)$")
"""How a byline ends that names no person."""
_CREDITING = ("byline", "credit", "dateline", "trailer")
_PICTURE = re.compile(
    r"\W*(?:file |archive )?(?:photo|image|picture|pic\b|illustration|graphic|video|©)", re.IGNORECASE
)
_OPENING = 160
"""A dateline that names an agency, ``MOSCOW (Reuters) -``, stands so near the beginning of the body."""
_RUN = 6
_EVERY = 16
_MOST = 48
_FEW = 3
_SAME = 0.5
"""An article half of whose runs of words stand in another one is its copy, or the other way round."""


def copy_of(article: Article, before: Sequence[Copy]) -> Copy:
    """The article as its story remembers it, with its origin: agency, else whom it copies, else its own outlet."""
    sketch = sketch_of(article)
    origin = agency(article) or copied(sketch, before) or outlet(article)
    return Copy(origin=origin, sketch=sketch)


def agency(article: Article) -> str:
    """The agency that byline, credit or dateline name; "" when none does."""
    opening = next((part.start for part in article.parts if part.kind in ("dateline", "body")), len(article.text))
    credits = [article.text[part.start : part.end] for part in article.parts if part.kind in _CREDITING]
    named = (_NAMED.search(credit) for credit in credits if not _PICTURE.match(credit))
    found = (
        next((each for each in named if each), None)
        or _NAMED.fullmatch(article.byline.strip())
        or _MARKED.search(article.text, opening, opening + _OPENING)
    )
    if found:
        return _name(found)
    if _HOUSE.search(article.byline):
        return article.byline.strip()
    signed = _SIGNED.match(article.text, opening)
    return signed["agency"] if signed else ""


def copied(sketch: Sequence[int], before: Sequence[Copy]) -> str:
    """The origin of the earlier article that shares most of its words with this one; "" when none shares enough."""
    shares = [(contained(sketch, copy.sketch), -at, copy.origin) for at, copy in enumerate(before)]
    share, _, origin = max(shares, default=(0.0, 0, ""))
    return origin if share >= _SAME else ""


def contained(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of the shorter text's runs of words that stand in the other too, 0 to 1; 0 for scraps."""
    fewer = min(len(one), len(other))
    return len(set(one) & set(other)) / fewer if fewer >= _FEW else 0.0


def sketch_of(article: Article) -> tuple[int, ...]:
    """Checksums of some of the runs of words in the article's body."""
    bodies = [article.text[part.start : part.end] for part in article.parts if part.kind == "body"]
    words = [token for body in bodies for token in tokens(body)]
    runs = (crc32(" ".join(words[at : at + _RUN]).encode()) for at in range(len(words) - _RUN + 1))
    return tuple(sorted({run for run in runs if run % _EVERY == 0})[:_MOST])


def outlet(article: Article) -> str:
    """The publisher, else who wrote it, else the host it was read from."""
    return article.publisher or article.byline or urlsplit(article.url).hostname or ""


def _name(found: re.Match[str]) -> str:
    return next(name for name, words in found.groupdict().items() if words)
