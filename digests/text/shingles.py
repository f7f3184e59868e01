"""Runs of words: which texts are copies of one another, however much stands around what was copied.

A text's runs of four folded words are hashed; by MinHash a few numbers stand for all of them, such that two texts that
share most runs share some of these numbers (Broder 1997; one hash into bins and filled by rotation: Shrivastava and Li
2014). What would surprise a reader: the numbers are kept in a database, so nothing here may ever be computed otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from zlib import crc32

RUN = 4
FEWEST = 24
"""Texts of fewer runs are not compared: two notices of one line may say the same without being copied."""
BANDS = 20
ROWS = 3
"""Of 20 bands of 3 numbers, texts that share half of all their runs have one in common in 93 of 100 cases; texts that
share three quarters, always; texts that share a twentieth, in one case of 400."""
_BINS = BANDS * ROWS
_MIX = 2654435761
_MASK = 0xFFFFFFFF


def runs(words: Sequence[str]) -> frozenset[int]:
    """Every run of four words, as a number below 2**32."""
    joined = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return frozenset((crc32(run.encode()) * _MIX) & _MASK for run in joined)


def bands(found: Collection[int]) -> tuple[int, ...]:
    """The keys to look a text up by; none for a text too short to compare. Each is below 2**53 and says its band."""
    if len(found) < FEWEST:
        return ()
    least: list[int | None] = [None] * _BINS
    for run in found:
        place, value = run % _BINS, run // _BINS
        held = least[place]
        if held is None or value < held:
            least[place] = value
    full = _filled(least)
    rows = (full[band * ROWS : (band + 1) * ROWS] for band in range(BANDS))
    return tuple((crc32(repr(row).encode()) * BANDS) + band for band, row in enumerate(rows))


def _filled(least: Sequence[int | None]) -> list[int]:
    """Empty bins take the value of the next full one, told apart by how far off it is."""
    full: list[int] = []
    for place in range(_BINS):
        steps = next(steps for steps in range(_BINS) if least[(place + steps) % _BINS] is not None)
        value = least[(place + steps) % _BINS]
        full.append((value or 0) + steps * (_MASK // _BINS + 1))
    return full


def share(one: Collection[int], other: Collection[int]) -> float:
    """How many of the first text's runs stand in the second, 0 to 1."""
    return len(set(one) & set(other)) / len(one) if one else 0.0
