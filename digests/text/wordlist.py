"""Word lists written as running text, so that a list of two hundred words stays readable in a diff."""

from __future__ import annotations


def words(*texts: str) -> frozenset[str]:
    """The words of the texts, split at white space."""
    return frozenset(word for text in texts for word in text.split())
