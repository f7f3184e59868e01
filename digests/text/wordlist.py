"""Word lists written as running text, so that a list of two hundred words stays readable in a diff."""

from __future__ import annotations

from importlib.resources import files


def words(*texts: str) -> frozenset[str]:
    """The words of the texts, split at white space."""
    return frozenset(word for text in texts for word in text.split())


def sections(file: str) -> dict[str, list[str]]:
    """The entries of each [section] of a table in ``data/``; a section whose title ends in * is split at commas."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in files("digests.text").joinpath(f"data/{file}").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        elif not line.startswith("#"):
            found[section] += [each.strip() for each in line.split(", ")] if section.endswith("*") else line.split()
    return found
