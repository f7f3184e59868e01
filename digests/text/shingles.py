"""Runs of words: which texts are copies of one another, however much stands around what was copied.

A text's runs of four folded words are hashed; by MinHash (``datasketch``) a few numbers stand for all of them, such
that two texts that share most runs share some of these numbers. What would surprise a reader: the numbers are kept in
a database, so whoever computes them otherwise adds a step to the schema that computes all anew (``near.renew``).
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any
from zlib import crc32

RUN = 4
FEWEST = 24
"""Texts of fewer runs are not compared: two notices of one line may say the same without being copied."""
BANDS = 30
ROWS = 2
"""Of 30 bands of 2 numbers, texts that share a third of all their runs (a copy cut to a third) have one in common in 97
of 100 cases; texts that share half, always; texts that share a twentieth, in one case of 14, and are compared then."""


def runs(words: Sequence[str]) -> frozenset[int]:
    """Every run of four words, as a number below 2**32."""
    joined = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return frozenset(crc32(run.encode()) for run in joined)


def bands(found: Collection[int]) -> tuple[int, ...]:
    """The keys to look a text up by; none for a text too short to compare. Each is below 2**53 and says its band."""
    if len(found) < FEWEST:
        return ()
    minhash = _minhash()(num_perm=BANDS * ROWS, seed=1, hashfunc=_as_it_is, scheme="affine32")
    minhash.update_batch(found)
    values = minhash.hashvalues.astype("<u4")
    rows = (values[band * ROWS : (band + 1) * ROWS].tobytes() for band in range(BANDS))
    return tuple((crc32(row) * BANDS) + band for band, row in enumerate(rows))


def _as_it_is(run: int) -> int:
    """A run is a hash already."""
    return run


@cache
def _minhash() -> Any:
    """datasketch's ``MinHash`` without the rest of the package, whose other sketches load scipy: a second and 70 MB.

    It needs numpy, so it is loaded with the first article: a chat process starts without it.
    """
    package = find_spec("datasketch")
    assert package is not None, "a dependency"
    sys.modules["datasketch"] = module_from_spec(package)  # made, but not run
    try:
        return import_module("datasketch.minhash").MinHash
    finally:
        del sys.modules["datasketch"]


def share(one: Collection[int], other: Collection[int]) -> float:
    """How many of the first text's runs stand in the second, 0 to 1."""
    return len(set(one) & set(other)) / len(one) if one else 0.0
