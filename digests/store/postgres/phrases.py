"""Statements written for both databases -> PostgreSQL's words; each is put into them once.

The few phrases that the two do not share stand here and nowhere else. Everything else in a statement is common to both.
"""

from __future__ import annotations

import re
from functools import lru_cache

from psycopg.abc import QueryNoTemplate

MOST_STATEMENTS = 4096
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        # the planner of PostgreSQL chooses its own index and order of joins
        (r"\bINDEXED BY \w+", ""),
        (r"\bCROSS JOIN\b(?= [^()]*? ON )", "JOIN"),
    )
)
_TEXT_OR_MARK = re.compile(r"'(?:[^']|'')*'|\?|(?<![:\w]):([a-z_]\w*)|%")


@lru_cache(maxsize=MOST_STATEMENTS)
def translated(statement: str) -> QueryNoTemplate:
    """The statement in PostgreSQL's words, with psycopg's marks for values."""
    for pattern, words in _PHRASES:
        statement = pattern.sub(words, statement)
    return _TEXT_OR_MARK.sub(_mark, statement).encode()


def _mark(found: re.Match[str]) -> str:
    """``?`` and ``:name`` outside of quoted text are marks; a per cent sign stands for itself."""
    said = found.group(0)
    if said == "?":
        return "%s"
    if found.group(1):
        return f"%({found.group(1)})s"
    return said.replace("%", "%%")
