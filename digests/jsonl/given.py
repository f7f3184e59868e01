"""One input line -> what was given: an article, a pair of names or a question.

Lines are bytes, split at the newline alone: an article's text may hold every other kind of line break there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from digests.errors import UserError
from digests.model import Article
from digests.sources.file import article_from


class BadLine(UserError):
    """A line that cannot be answered; ``line_id`` is the line's own id, None where it has none."""

    def __init__(self, reason: str, *, line_id: Any = None) -> None:
        super().__init__(reason)
        self.line_id = line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenArticle:
    line_id: Any
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNames:
    line_id: Any
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenQuestion:
    """``week``: only its articles count, "" for all; ``asked``: the asker's day."""

    line_id: Any
    question: str
    asked: date | None
    week: str


def article_in(line: bytes) -> GivenArticle:
    """The article of ``{"id", "text", "title"?, "published"?, "url"?}``. Raises BadLine."""
    row = _row(line)
    line_id = row["id"]
    text = _text(row, "text", line_id)
    known = {key: _text(row, key, line_id, default="") for key in ("title", "published", "url")}
    try:
        return GivenArticle(line_id=line_id, article=article_from(text, **known))
    except UserError as cause:
        raise BadLine(str(cause), line_id=line_id) from cause


def names_in(line: bytes) -> GivenNames:
    """The two names of ``{"id", "a", "b"}``. Raises BadLine."""
    row = _row(line)
    line_id = row["id"]
    return GivenNames(line_id=line_id, a=_text(row, "a", line_id), b=_text(row, "b", line_id))


def question_in(line: bytes) -> GivenQuestion:
    """The question of ``{"id", "question", "asked"?, "week"?}``. Raises BadLine."""
    row = _row(line)
    line_id = row["id"]
    asked = _text(row, "asked", line_id, default="")
    try:
        day = date.fromisoformat(asked[: len("2020-02-15")]) if asked else None
    except ValueError as cause:
        raise BadLine(f'"asked" is no ISO date: {asked[:40]!r}', line_id=line_id) from cause
    question = _text(row, "question", line_id)
    return GivenQuestion(line_id=line_id, question=question, asked=day, week=str(row.get("week") or ""))


def _row(line: bytes) -> Mapping[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as cause:
        raise BadLine(f"not UTF-8: {cause.reason} at byte {cause.start}") from cause
    except (ValueError, RecursionError) as cause:
        raise BadLine(f"not JSON: {cause}") from cause
    if not isinstance(row, dict):
        raise BadLine("not a JSON object")
    if "id" not in row:
        raise BadLine('no "id"')
    return row


def _text(row: Mapping[str, Any], key: str, line_id: Any, *, default: str | None = None) -> str:
    value = row.get(key, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise BadLine(f'"{key}" is missing' if value is None else f'"{key}" is not a string', line_id=line_id)
    return value
