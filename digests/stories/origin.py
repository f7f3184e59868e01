"""Whose text an article is by its own word: an agency's by byline, credit or dateline, else its outlet's.

Five outlets that print one Reuters text are one source. What would surprise a reader: that an article copies another
one's words is not seen here but where all texts lie (``digests.store.near``).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from digests.model import Article

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


def outlet(article: Article) -> str:
    """The publisher, else who wrote it, else the host it was read from."""
    return article.publisher or article.byline or urlsplit(article.url).hostname or ""


def _name(found: re.Match[str]) -> str:
    return next(name for name, words in found.groupdict().items() if words)
