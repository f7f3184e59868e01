"""Article -> Extraction: builds the Reading's layers in order and asks every fact module in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Doc

from digests.extract import figures, nlp
from digests.extract.reading import Reading
from digests.model import Article, Extraction, Fact

EXTRACTORS: tuple[Callable[[Reading], list[Fact]], ...] = (figures.find,)


def read(article: Article, doc: Doc) -> Reading:
    """All layers of one article."""
    reading = Reading(article=article, doc=doc)
    # each layer: reading = replace(reading, layer=module.find(reading))
    return replace(reading)


def extract(article: Article) -> Extraction:
    """All that can be read from one article; empty for an article that is not in English."""
    return next(extract_many([article]))


def extract_many(articles: Iterable[Article]) -> Iterator[Extraction]:
    """Extractions in order, parsed in batches."""
    batch = list(articles)
    for article, doc in zip(batch, nlp.parse(batch, nlp=nlp.load()), strict=True):
        reading = read(article, doc)
        facts = tuple(fact for find in EXTRACTORS for fact in find(reading))
        yield Extraction(times=reading.times, people=reading.mentions, facts=facts)
