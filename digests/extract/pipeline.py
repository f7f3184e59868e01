"""Article -> Extraction: builds the Reading's layers in order and asks every fact module in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import tee

from spacy.tokens import Doc

from digests.extract import commitments, deadlines, figures, happenings, nlp, people, roles, speech, statements, times
from digests.extract.reading import Reading
from digests.model import Article, Extraction, Fact
from digests.text.quotations import quotations

EXTRACTORS: tuple[Callable[[Reading], list[Fact]], ...] = (
    statements.find,
    roles.find,
    deadlines.find,
    commitments.find,
    figures.find,
    happenings.find,
)


def read(article: Article, doc: Doc) -> Reading:
    """All layers of one article."""
    prose = [(part.start, part.end) for part in article.parts if part.kind in nlp.PROSE]
    reading = Reading(article=article, doc=doc, quotations=quotations(article.text, prose))
    reading = replace(reading, times=times.find(reading))
    reading = replace(reading, attributions=speech.find(reading))
    return replace(reading, mentions=people.find(reading))


def extract(article: Article) -> Extraction:
    """All that can be read from one article; empty for an article that is not in English."""
    return next(extract_many([article]))


def extract_many(articles: Iterable[Article]) -> Iterator[Extraction]:
    """Extractions in order, parsed in batches; no more than a batch is held, however many articles come."""
    given, parsed = tee(articles)
    for article, doc in zip(given, nlp.parse(parsed, nlp=nlp.load()), strict=True):
        reading = read(article, doc)
        facts = tuple(fact for find in EXTRACTORS for fact in find(reading))
        yield Extraction(times=reading.times, people=reading.mentions, facts=facts)
