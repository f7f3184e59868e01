"""Which stretch of a source is headline, byline, credit, heading, body."""

from __future__ import annotations

import re

from digests.model import Part

_PARAGRAPH = re.compile(r"\S(?:.*\S)?")


def parts_of(text: str) -> tuple[Part, ...]:
    """Parts in text order, one per line."""
    return tuple(Part(kind="body", start=m.start(), end=m.end()) for m in _PARAGRAPH.finditer(text))
