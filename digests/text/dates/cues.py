"""Which way a time expression looks, told from the words around it alone (no parse)."""

from __future__ import annotations

import re

from digests.text.dates.values import Direction

_AHEAD_BEFORE = re.compile(
    r"\b(?:until|till|by|before|no later than|due|ahead of|not until|through|effective)\s+(?:(?:the"
    r"|noon|midnight|dawn|dusk|nightfall"
    r"|early|late|\d\S*|[ap]\.m\.|on|about|around|mid-?|end of|this|in)[ ]?)*$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:since|as of)\s+(?:(?:the|late|early|at least|mid-?|end of)\s*)*$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[.;:!?\u2014\n]|, (?:and|but|which|who|when|while|after|saying|said)\b|\b(?:but|after|because"
    r"|although|while|when)\b"
)
_HAD = re.compile(r"\b(?:had|was|were|did)\b(?! (?:to|due|set|expected|scheduled)\b)", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)
_PERFECT = re.compile(r"\bhad\b", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:will|won't|'ll|shall|would|must|should|plans?|planned|planning|expects?|expected|scheduled"
    r"|due|set|slated|intends?|aims?|hopes?"
    r"|(?:is|are|be) to|going to|agreed? to|vow(?:s|ed)? to|pledged? to|promised? to|upcoming"
    r"|tomorrow|deadline|expires?|begins?|starts?|urged"
    r"|ordered|to be)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:was|were|had|did|said|told|has|have|ended|reported|announced|killed|died|fell|rose|closed"
    r"|came|went|made|took|since|began|met|[a-z]{3,}ed)\b",
    re.IGNORECASE,
)


def by_preposition(text: str, start: int, end: int) -> Direction:
    """Ahead after until, by, before, due (timex insight 2), back where the clause is past perfect; else unknown."""
    before = text[max(0, start - 120) : start]
    if _SINCE.search(before[-24:]):
        return "back"
    if not _AHEAD_BEFORE.search(before[-40:]):
        return "unknown"
    clause = _last_clause(before)
    if _IF.search(clause) and not _PERFECT.search(clause):
        return "ahead"
    after = _CLAUSE.split(text[end : end + 60], maxsplit=1)[0]
    return "back" if _HAD.search(clause) or _HAD.search(after[:32]) else "ahead"


def by_words(text: str, start: int, end: int) -> Direction:
    """Ahead, back or unknown by prepositions first, then by the nearest verb-like cue of the clause."""
    found = by_preposition(text, start, end)
    if found == "unknown":
        found = _nearest(_last_clause(text[max(0, start - 120) : start]))
    if found == "unknown":
        found = _first(_CLAUSE.split(text[end : end + 60], maxsplit=1)[0])
    return found


def _last_clause(before: str) -> str:
    end = 0
    for match in _CLAUSE.finditer(before):
        if not re.match(r"\.", match[0]) or re.match(r"\.\s+[A-Z\"“]", before[match.start() :]):
            end = match.end()
    return before[end:]


def _nearest(clause: str) -> Direction:
    ahead = max((match.end() for match in _AHEAD.finditer(clause)), default=-1)
    back = max((match.end() for match in _BACK.finditer(clause)), default=-1)
    if ahead < 0 and back < 0:
        return "unknown"
    if ahead >= 0 and (ahead >= back or len(clause) - ahead < 60):
        return "ahead"
    return "back"


def _first(after: str) -> Direction:
    ahead, back = _AHEAD.search(after), _BACK.search(after)
    if ahead and (back is None or ahead.start() < back.start()):
        return "ahead"
    return "back" if back else "unknown"
