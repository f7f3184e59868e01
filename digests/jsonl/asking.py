"""``ask`` for programs: questions as JSON lines -> passages of the articles given, a short answer or null. No spaCy."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from digests.ask.question import read
from digests.ask.ranking import chosen
from digests.ask.shelf import Shelf
from digests.ask.short import SURE, favoured, short_answer
from digests.errors import UnreadableArticle
from digests.jsonl.encoded import OutLine, Row, failed, line
from digests.jsonl.given import BadLine, article_in, question_in
from digests.model import Article

log = logging.getLogger(__name__)
MOST = 10
"""Passages to a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An article to search, with its line's own id and week ("" where it has none)."""

    line_id: Any
    week: str
    article: Article


@dataclass(slots=True)
class _Filled:
    shelf: Shelf = field(default_factory=Shelf)
    ids: list[Any] = field(default_factory=list)


def articles_in(path: Path) -> list[Given]:
    """The articles of a file of JSON lines, ``.gz`` too; a bad line is named in the log and passed over.

    Raises ``UnreadableArticle`` when the file cannot be read.
    """
    found = []
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if not raw.strip():
                    continue
                try:
                    one = article_in(raw)
                except BadLine as bad:
                    log.warning("%s line %d: %s; passed over", path, number, bad)
                    continue
                week = json.loads(raw.decode("utf-8-sig")).get("week")
                found.append(Given(line_id=one.line_id, week=str(week or ""), article=one.article))
    except OSError as cause:
        raise UnreadableArticle(f"{path} cannot be read: {cause.strerror or cause}") from cause
    return found


def ask_lines(lines: Iterable[bytes], articles: Sequence[Given]) -> Iterator[OutLine]:
    """``answer`` and ``passages`` for each line's question, asked of its week's articles, or of all."""
    shelves: dict[str, _Filled] = {}
    for raw in lines:
        if not raw.strip():
            continue
        try:
            asked = question_in(raw)
        except BadLine as bad:
            yield failed(bad.line_id, str(bad))
            continue
        if asked.week not in shelves:
            shelves[asked.week] = _filled(articles, asked.week)
        answer = answered(shelves[asked.week], asked.question, asked.asked)
        yield OutLine(text=line({"id": asked.line_id} | answer))


def answered(filled: _Filled, question: str, asked: date | None) -> Row:
    """``answer`` (None when unsure) and at most ten ``passages``, best first."""
    wanted = read(question, asked=asked)
    searched = filled.shelf.ask(wanted)
    best = chosen(favoured(wanted, searched.found, searched.tells), MOST)
    short = short_answer(wanted, best, searched.tells)
    passages = [
        {
            "article_id": filled.ids[each.passage.article],
            "start": each.passage.start,
            "end": each.passage.end,
            "text": each.passage.text,
            "score": round(each.score, 4),
        }
        for each in best
    ]
    return {"answer": short.text if short and short.sure >= SURE else None, "passages": passages}


def _filled(articles: Sequence[Given], week: str) -> _Filled:
    filled = _Filled()
    for given in articles:
        if not week or given.week == week:
            article = given.article
            filled.shelf.add(article.text, title=article.title, day=article.published_day)
            filled.ids.append(given.line_id)
    return filled
