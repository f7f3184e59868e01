"""Plurals and singulars are one word to the search, on every store."""

from __future__ import annotations

import pytest

from digests.store.words import index_words, singular


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("refugees", "refugee"),
        ("talks", "talk"),
        ("cities", "city"),
        ("ministries", "ministry"),
        ("churches", "church"),
        ("taxes", "tax"),
        ("losses", "loss"),
        ("prices", "price"),
        ("houses", "house"),
        ("virus", "virus"),
        ("crisis", "crisis"),
        ("loss", "loss"),
        ("news", "news"),
        ("us", "us"),
        ("gas", "gas"),
        ("reuters", "reuters"),
        ("talk", "talk"),
        ("2018", "2018"),
    ],
)
def test_a_plural_has_the_key_of_its_singular(word: str, key: str) -> None:
    assert singular(word) == key


def test_each_word_is_kept_once_in_order() -> None:
    assert index_words(["Oktaý’s refugees", "refugee Oktay"]) == ["oktay", "refugee"]
