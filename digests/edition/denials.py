"""Whether a statement denies something. Pure."""

from __future__ import annotations

import re

from digests.model import Fact, Statement

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|denials?|reject|refut|disput|contradict|rebuff|disavow)", re.IGNORECASE
)
_DISMISSES = re.compile(r"\bdismiss", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(?:claims?|reports?|accusations?|allegations?|charges?|suggestions?|ideas?|notions?|concerns?|fears?|doubts?"
    r"|criticisms?|rumou?rs?|speculation|warnings?|threats?|talk|calls?|proposals?|questions?|complaints?|as)\b",
    re.IGNORECASE,
)
"""What can be dismissed without anybody losing an office."""
_UNTRUE = re.compile(
    r"\b(?:not true|untrue|is false|are false|no truth|did not happen|never happened)\b(?! to\b)"
    r"|\b(?:is|are|was|were|been|completely|entirely|wholly)\s+(?:a\s+|an?\s+\w+\s+)?fabricat"
    r"|\b(?:is|are|was|were|as|it|them|claims?|lawsuit|suit|allegations?|accusations?|charges?|reports?)\s+[\"“‘']?baseless",
    re.IGNORECASE,
)
"""Who speaks of somebody's fabrications denies nothing."""
_SUFFERED = re.compile(r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
"""What stands before a cue that tells what the speaker did to a thing: "papers *were* rejected by officials"."""


def denies(fact: Fact) -> bool:
    """Whether a statement denies something: by its cue, or in so many words."""
    if not isinstance(fact, Statement):
        return False
    cue, content = fact.cue.text if fact.cue else "", fact.content.text
    if fact.cue and _is_suffered(fact.quote, max(0, fact.cue.start - fact.start), cue):
        return bool(_UNTRUE.search(content))
    if _DISMISSES.search(cue) or cue.casefold() == "rejecting":
        return bool(_CLAIM.search(content))
    return bool(_DENIES.search(cue)) or bool(_UNTRUE.search(content))


def _is_suffered(quote: str, at: int, cue: str) -> bool:
    """Whether a cue (at this offset) tells what was done to a thing, not what somebody says."""
    passive = _SUFFERED.search(quote[:at]) and not cue.endswith("ing")
    return bool(passive) or quote[at + len(cue) :].startswith(" by ")
