"""The words right before a time expression: the preposition that bounds it, and whether it was superseded."""

from __future__ import annotations

import re

from digests.model import Boundary, TimeExpression

_LEAD = re.compile(
    r"\b(no later than|not later than|ahead of|starting|beginning|effective|as of|as from|to begin|by"
    r"|before|until|till|through|within"
    r"|throughout|from|since|to|in|on|at|for|during|after|over|under|of|between|and|than)"
    r"(?:,?\s+(?:the|about|around|at|on|dawn|dusk|nightfall|sunset|sunrise|noon|midnight|least|early"
    r"|late|its|some|next|only|just|exactly|fewer|less"
    r"|than|of|[\"'“]))*\s*[\"'“‘]?$",
    re.IGNORECASE,
)
_BOUNDARIES: dict[str, Boundary] = {
    "by": "by",
    "no later than": "by",
    "not later than": "by",
    "within": "by",
    "before": "before",
    "ahead of": "before",
    "until": "until",
    "till": "until",
    "through": "until",
    "from": "from",
    "starting": "from",
    "beginning": "from",
    "effective": "from",
    "as of": "from",
    "as from": "from",
}
_FROM_TO = re.compile(r"\s*(?:to|until|till)\s+(?:the\s+)?", re.IGNORECASE)


class Lead:
    """What stands before a time expression. ``start`` is where its preposition begins (else where it begins)."""

    def __init__(self, text: str, time: TimeExpression) -> None:
        match = _LEAD.search(text, max(0, time.start - 40), time.start)
        self.word = re.sub(r"\s+", " ", match[1].lower()) if match else ""
        self.start = match.start() if match else time.start
        if match and re.match(r"through\s+on\b", match[0], re.IGNORECASE):
            self.word = "on"  # "to follow through on Monday"
        if self.word in {"and", "than", "of"}:
            self.start = time.start

    @property
    def boundary(self) -> Boundary:
        return _BOUNDARIES.get(self.word, "on")


def joins_range(text: str, first: TimeExpression, second: TimeExpression) -> bool:
    """ "June 1 to June 3", "between March 26 and March 28": two expressions that are one stretch of time."""
    if text[first.end : second.start] == " and ":
        return text[max(0, first.start - 8) : first.start].lower() == "between "
    return bool(_FROM_TO.fullmatch(text, first.end, second.start))
