"""A chart in words: what its signs mean, and the text for who cannot see it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from digests.edition.charts.model import Panel, Sign

LONGEST_ALT = 1000
"""Slack takes no more (files.getUploadURLExternal); screen readers read no more in one go."""
LONGEST_LABEL = 120
SIGNS: Mapping[Sign, str] = {
    "deadline": "deadline",
    "event": "scheduled",
    "happened": "happening, as told",
    "reported": "said, or reported, that day",
    "doubt": "or this day: its words do not say which",
    "exact": "as given",
    "about": "“about” or the like",
    "range": "from one to the other",
    "open": "or more, or less",
    "today": "today",
}
"""In the order in which a legend has them."""


def legend(panels: Iterable[Panel]) -> tuple[tuple[Sign, str], ...]:
    """The signs that occur, with what they mean."""
    found: set[Sign] = set()
    for panel in panels:
        if panel.today is not None:
            found.add("today")
        for row in panel.rows:
            found.add(row.shape)
            if row.opens:
                found.add("open")
            if row.doubt is not None:
                found.add("doubt")
    return tuple((sign, words) for sign, words in SIGNS.items() if sign in found)


def alt(opening: str, told: Sequence[str]) -> str:
    """The chart in words within ``LONGEST_ALT``: what it is, then each row; what does not fit is counted."""
    text = opening
    for place, each in enumerate(told):
        rest = f" And {len(told) - place} more, in the words beside."
        last = place == len(told) - 1
        if len(text) + 1 + len(each) + (0 if last else len(rest)) > LONGEST_ALT:
            return text + rest
        text += f" {each}"
    return text


def shortened(text: str, *, longest: int = LONGEST_LABEL) -> str:
    """Text on one line, cut at a word where it is longer.

    >>> shortened("one two three", longest=9)
    'one two…'
    """
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[:longest]
    return (cut[: cut.rfind(" ")] if " " in cut[longest // 2 :] else cut[:-1]).rstrip(" ,;:") + "…"
