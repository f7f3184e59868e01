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
        # of two values, not of many rows
        (r"\bmin\(([\w.]+, (?:[\w.]+|\?))\)", r"least(\1)"),
        (r"\bmax\(([\w.]+, (?:[\w.]+|\?))\)", r"greatest(\1)"),
        # numbers are called id or something_id; everything else that is looked for in a list is text
        (
            r"((?:\w+\.)?(?:id|\w+_id)) IN \(SELECT value FROM json_each\(\?\)\)",
            r"\1 = ANY (ARRAY(SELECT value::bigint FROM json_array_elements_text(?)))",
        ),
        (
            r"((?:\w+\.)?\w+) IN \(SELECT value FROM json_each\(\?\)\)",
            r"\1 = ANY (ARRAY(SELECT value FROM json_array_elements_text(?)))",
        ),
        # a list's value is text there: CAST(j.value AS BIGINT) where it is a number, j.value ->> 0 where it is a list
        (r"\bjson_each\(\?\)", "json_array_elements_text(?)"),
        (r"\b(\w+\.value) ->> (\d+)", r"\1::json ->> \2"),
        # numbers for new rows, as many as the list has values
        (r"\(SELECT COALESCE\(MAX\(id\), 0\) FROM (\w+)\) \+ value\b", r"nextval(pg_get_serial_sequence('\1', 'id'))"),
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
