"""How common words are in news at large: what keeps the first articles of an archive from all looking alike.

``english.txt`` holds stems by how often they occur (``python -m bench.train_stories`` counts them again).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

UNSEEN = 1e-6
"""The share of a word that the table does not know: about once in a million words."""


@cache
def english() -> Mapping[str, float]:
    """Stem -> its share of all words of English news."""
    table: dict[str, float] = {}
    for line in files("digests.stories").joinpath("english.txt").read_text(encoding="ascii").splitlines():
        per_million, *stems = line.split()
        table.update(dict.fromkeys(stems, float(per_million) * 1e-6))
    return table
