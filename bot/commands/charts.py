"""What /timeline and /numbers share about charts: how one is asked for, and the buttons to it and back. Pure."""

from __future__ import annotations

import re

from bot.commands.asked import search_words
from bot.commands.lines import Rows, pager
from bot.model import Button

_CHART = re.compile(r"(?:^|\s)(?:as\s+(?:a\s+)?)?chart(?=\s*$|\s+page\s+\d{1,3}\s*$)", re.IGNORECASE)


def asks_for_chart(text: str) -> tuple[str, bool]:
    """The question without the word that asks for a chart of it; alone, ``chart`` is what is asked about.

    >>> asks_for_chart("Idlib since January chart page 2"), asks_for_chart("chart")
    (('Idlib since January page 2', True), ('chart', False))
    """
    found = _CHART.search(text)
    if found is None or not search_words(text[: found.start()]):
        return text, False
    return (text[: found.start()] + text[found.end() :]).strip(), True


def to_chart(question: str) -> Rows:
    """The button that shows the same as a chart."""
    return ((Button(label="Chart", command=f"{question} chart"),),)


def from_chart(question: str, *, page: int, more: bool) -> Rows:
    """The buttons under a chart: its other pages, and the same in words."""
    return (*pager(f"{question} chart", page=page, more=more), (Button(label="In words", command=question),))
