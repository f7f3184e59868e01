"""What changed between two versions is told word by word, both sides to the letter."""

from __future__ import annotations

import pytest

from digests.text.changes import compared, counterpart, whole
from digests.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("Twelve pickets were held.", "Fourteen pickets were held.", ["Twelve"], ["Fourteen"]),
        ("They will sail.", "They will not sail.", [], [" not"]),
        ("Some 1,200 left.", "Some 1,500 left.", ["1,200"], ["1,500"]),
        ("It's over.", "It's over.", [], []),
        ("", "All new", [], ["All new"]),
    ],
)
def test_words_that_came_and_went_are_marked(old: str, new: str, gone: list[str], come: list[str]) -> None:
    before, after = compared(old, new)
    assert [piece.text.rstrip() for piece in before if piece.changed] == gone
    assert [piece.text.rstrip() for piece in after if piece.changed] in (come, [each.strip() for each in come])
    assert ("".join(piece.text for piece in before), "".join(piece.text for piece in after)) == (old, new)


def test_the_other_version_of_a_sentence_is_the_one_most_like_it() -> None:
    text = "Ferries stop on Monday. The union demands 40 new cranes. It rained."
    spans = sentence_spans(text)
    found = counterpart("The union demands 60 new cranes.", text, spans)
    assert found is not None
    assert text[slice(*found)] == "The union demands 40 new cranes."
    both = counterpart("The union wants 40 new cranes. It rained.", text, spans, sentences=2)
    assert both is not None
    assert text[slice(*both)] == "The union demands 40 new cranes. It rained."
    assert counterpart("Police detained twelve pickets", text, spans) is None
    assert counterpart("Anything", "", []) is None


def test_a_stretch_is_widened_to_whole_sentences() -> None:
    text = "One came. Two went. Three stayed."
    spans = sentence_spans(text)
    assert text[slice(*whole(spans, text.index("came"), text.index("went")))] == "One came. Two went."
    assert whole(spans, 9, 10) == (9, 10)
