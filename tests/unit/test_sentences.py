"""Where sentences end, without a parser."""

import pytest

from digests.text.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Mr. Bo left. He ran!", ["Mr. Bo left.", "He ran!"]),
        ("J. R. Bo left on Sept. 5. He ran.", ["J. R. Bo left on Sept. 5.", "He ran."]),
        ("The U.S. Army left. It ran.", ["The U.S. Army left.", "It ran."]),
        ('"Go," he said. "Now."', ['"Go," he said.', '"Now."']),
        ("“Go.” He went?  Yes.", ["“Go.”", "He went?", "Yes."]),
        ("It cost 3.5 million. or so", ["It cost 3.5 million. or so"]),
        ("A line\nAnother line", ["A line", "Another line"]),
        ("It was spaced . So was this .", ["It was spaced .", "So was this ."]),
        ("...", ["..."]),
        (". A", [".", "A"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences_end_at_stops_that_end_them(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_only_the_stretch_asked_for_is_split() -> None:
    text = "One. Two. Three."
    assert [text[a:b] for a, b in sentence_spans(text, start=5, end=9)] == ["Two."]
