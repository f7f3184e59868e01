"""Summaries: verbatim, short, and about what the article is about."""

import pytest

from digests.extract.brief import MOST_SENTENCES, MOST_WORDS, candidates_of, sentences, tokens, weights
from digests.extract.reading import Reading
from digests.model import Article, Part, Span
from digests.text.parts import parts_of

STORY = """Dam bursts above Orla

By Ana Soto

March 3, 2024

A crowd looks at the broken wall. Photo: Bo Lind

A dam burst above the town of Orla on Sunday, flooding its old quarter and forcing 4,000 people out, the mayor said.

Rescue crews searched the old quarter of Orla for missing people after the dam burst.

"It was like the sea," said one baker.

Engineers had warned the town in 2022 that the dam's wall was cracked.

Cats were seen on roofs.
"""


def article(text: str) -> Article:
    return Article(text=text, parts=parts_of(text), content_hash="")


def words_in(spans: list[Span]) -> int:
    return sum(len(span.text.split()) for span in spans)


def test_a_summary_is_a_few_sentences_of_the_article_in_its_order() -> None:
    found = sentences(article(STORY))
    assert 1 <= len(found) <= MOST_SENTENCES
    assert all(STORY[span.start : span.end] == span.text for span in found)
    assert [span.start for span in found] == sorted(span.start for span in found)
    assert found[0].text.startswith("A dam burst above the town")


def test_captions_and_scraps_are_not_taken() -> None:
    told = [span.text for span in candidates_of(article(STORY)).spans]
    assert not any("Photo" in text for text in told)
    assert "A dam burst above" in told[0]


def test_a_reading_is_summed_up_like_its_article() -> None:
    source = article(STORY)
    assert sentences(Reading(article=source, doc=None)) == sentences(source)


def test_the_same_article_gives_the_same_summary() -> None:
    assert sentences(article(STORY)) == sentences(article(STORY))


@pytest.mark.parametrize(
    "text",
    [
        "word " * 2000,
        "One two three, " * 400,
        "He said that it was so. " * 500,
        "☃ ☃ ☃ ☃ ☃. ☃ ☃ ☃ ☃.",
        "Too short.",
        "YOU ALL WENT HOME AT NOON. " * 40,
    ],
)
def test_a_summary_is_never_too_long(text: str) -> None:
    found = sentences(article(text))
    assert found
    assert len(found) <= MOST_SENTENCES
    assert words_in(found) <= MOST_WORDS
    assert all(text[span.start : span.end] == span.text for span in found)


def test_an_overlong_sentence_is_cut_at_a_clause() -> None:
    (found,) = sentences(article("The council met in the old hall by the river at noon, " * 20))
    assert found.text.endswith("noon")


def test_nothing_to_say_about_an_empty_article() -> None:
    assert sentences(article("")) == []
    assert sentences(Article(text="  ", parts=(Part(kind="body", start=0, end=2),), content_hash="")) == []


def test_words_are_counted_without_their_endings() -> None:
    assert tokens("Strikes striking strike 42 glass") == ["strik", "strik", "strik", "42", "glass"]


def test_there_is_one_weight_for_every_feature() -> None:
    assert candidates_of(article(STORY)).features.shape[1] + 4 == len(weights())


def test_a_long_article_in_paragraphs_is_read_only_in_part() -> None:
    text = "\n".join(f"Speaker {at} said the wall was cracked again today." for at in range(200))
    assert len(candidates_of(article(text)).spans) <= 63
