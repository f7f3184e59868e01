"""The pipeline that all extraction goes through: which model it loads, and that it holds no more than a batch."""

from collections.abc import Iterator

import pytest

from digests.errors import SettingsError
from digests.extract import nlp
from digests.extract.pipeline import extract_many
from digests.model import Article, Figure
from digests.sources.file import article_from


def test_the_model_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACY_MODEL", "en_core_web_nowhere")
    with pytest.raises(SettingsError, match="pip install en-core-web-nowhere"):
        nlp.load()


def test_articles_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def stream() -> Iterator[Article]:
        for number in range(500):
            taken.append(number)
            yield article_from(f"The mayor said on Monday that {number} trees would be felled.", published="2020-02-15")

    extractions = extract_many(stream())
    for number in range(3):
        (figure,) = [fact for fact in next(extractions).facts if isinstance(fact, Figure)]
        assert figure.value == number
    assert len(taken) < 200


def test_evidence_begins_at_the_words_of_a_headline_not_at_its_mark() -> None:
    article = article_from(
        "# Harbour Minister Promises New Cranes\n\nFebruary 15, 2020\n\nThe minister Clara Osei spoke.\n"
    )
    quotes = [fact.quote for extraction in extract_many([article]) for fact in extraction.facts]
    assert quotes
    assert [quote for quote in quotes if quote.startswith("#")] == []


def test_an_articles_facts_do_not_depend_on_its_neighbours() -> None:
    texts = [
        "Harbour Minister Clara Osei said on Monday that two cranes would arrive by the end of May. She left.",
        "He denied it. The company, Osei Lines, promised to pay 3 million euros unless the court objects.",
        "“We will not pay,” Karl Brandt told reporters on Friday, adding that 40 ships were idle.",
    ]
    articles = [article_from(text, published="2020-02-15") for text in texts]
    alone = [next(extract_many([article])) for article in articles]
    assert list(extract_many(articles)) == alone
    assert list(extract_many(articles[::-1])) == alone[::-1]
    assert all(extraction.facts for extraction in alone)
