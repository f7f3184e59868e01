"""Whether a statement denies something. Pure."""

from __future__ import annotations

import re

from digests.model import Fact, Statement

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|denials?|reject|dismiss|refut|disput|contradict|rebuff|disavow)", re.IGNORECASE
)
_UNTRUE = re.compile(
    r"\b(?:not true|untrue|is false|are false|no truth|baseless|fabricat|did not happen|never happened)", re.IGNORECASE
)


def denies(fact: Fact) -> bool:
    """Whether a statement denies something: by its cue, or in so many words."""
    if not isinstance(fact, Statement):
        return False
    return bool(fact.cue and _DENIES.search(fact.cue.text)) or bool(_UNTRUE.search(fact.content.text))
