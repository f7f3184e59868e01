"""Word lists written as running text, so that a list of two hundred words stays readable in a diff."""

from __future__ import annotations


def words(*texts: str) -> frozenset[str]:
    """The words of the texts, split at white space."""
    return frozenset(word for text in texts for word in text.split())


def phrases(*texts: str) -> frozenset[str]:
    """The phrases of the texts, split at commas and line ends."""
    return frozenset(
        " ".join(phrase.split()) for text in texts for phrase in text.replace("\n", ",").split(",") if phrase.strip()
    )
