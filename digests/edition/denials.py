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
    r"\b(?:not true|untrue|is false|are false|no truth|baseless|fabricat|did not happen|never happened)", re.IGNORECASE
)


def denies(fact: Fact) -> bool:
    """Whether a statement denies something: by its cue, or in so many words."""
    if not isinstance(fact, Statement):
        return False
    cue, content = fact.cue.text if fact.cue else "", fact.content.text
    if _DISMISSES.search(cue):
        return bool(_CLAIM.search(content))
    return bool(_DENIES.search(cue)) or bool(_UNTRUE.search(content))
