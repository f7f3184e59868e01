"""``extract`` and ``brief`` for programs: articles as JSON lines -> what was read from them.

The work on a batch is a plain function of its lines, so that it can be done in another process; linking people over the
run needs what came before and stays here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from digests.errors import UserError
from digests.extract.brief import sentences
from digests.extract.linking import Directory
from digests.extract.pipeline import extract_many
from digests.jsonl.batches import answered
from digests.jsonl.encoded import OutLine, extraction, failed, line, span
from digests.jsonl.given import BadLine, GivenArticle, article_in
from digests.model import Article, Extraction, Span

log = logging.getLogger(__name__)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Found]):
    """One line's outcome, small enough to travel between processes: what was found, or an error."""

    line_id: Any
    day: date | None = None
    found: Found | None = None
    error: str = ""


def extract_lines(lines: Iterable[bytes], *, workers: int = 1) -> Iterator[OutLine]:
    """``times``, ``people`` and ``facts`` of each line's article; entities are the run's, decided at arrival."""
    directory = Directory()
    for read in answered(lines, extract_batch, workers=workers):
        if read.found is None:
            yield failed(read.line_id, read.error)
        else:
            linked = directory.take_in(read.found, day=read.day)
            yield OutLine(text=line({"id": read.line_id} | extraction(linked)))


def brief_lines(lines: Iterable[bytes], *, workers: int = 1) -> Iterator[OutLine]:
    """``sentences`` of each line's article: at most three of its own."""
    for read in answered(lines, brief_batch, workers=workers):
        if read.found is None:
            yield failed(read.line_id, read.error)
        else:
            yield OutLine(text=line({"id": read.line_id, "sentences": [span(one) for one in read.found]}))


def brief_batch(lines: list[bytes]) -> list[Outcome[list[Span]]]:
    return worked_on(lines, lambda articles: [sentences(article) for article in articles])


def extract_batch(lines: list[bytes]) -> list[Outcome[Extraction]]:
    return worked_on(lines, lambda articles: list(extract_many(articles)))


def worked_on(lines: list[bytes], work: Callable[[list[Article]], list[Found]]) -> list[Outcome[Found]]:
    """``work`` done on the articles of a batch; a line that fails never takes its neighbours with it."""
    outcomes: list[Outcome[Found]] = []
    given: list[GivenArticle] = []
    for raw in lines:
        try:
            one = article_in(raw)
        except BadLine as bad:
            outcomes.append(Outcome(line_id=bad.line_id, error=str(bad)))
        else:
            given.append(one)
            outcomes.append(Outcome(line_id=one.line_id))
    found = iter(_each(given, work))
    return [outcome if outcome.error else next(found) for outcome in outcomes]


def _each(given: list[GivenArticle], work: Callable[[list[Article]], list[Found]]) -> list[Outcome[Found]]:
    """Together if that goes well, otherwise one by one, so that only the line that fails is lost."""
    try:
        together = work([one.article for one in given])
    except UserError:
        raise
    except Exception:
        if len(given) > 1:
            return [outcome for one in given for outcome in _each([one], work)]
        log.exception("line %r could not be read", given[0].line_id)
        return [Outcome(line_id=given[0].line_id, error="this article could not be read (a fault of the program)")]
    return [
        Outcome(line_id=one.line_id, day=one.article.published_day, found=found)
        for one, found in zip(given, together, strict=True)
    ]
