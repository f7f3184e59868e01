"""Which contents a linear-chain model holds likely: drawn from it, and ranked by how many draws they nearly equal.

The single best labelling is not what a reader wants: of many draws, the content that overlaps most of them by four
fifths is right more often. Draws are seeded, so the same sequence always gives the same contents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digests.extract.speech.model import Floats

DRAWS = 64
KEPT = 6
SAME = 0.8
_BATCH = 64
"""Sequences decoded together: bounds the memory a text of ten thousand cues needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Places in a sequence that are content; the share of draws that nearly equal it, and that equal it."""

    places: tuple[int, ...]
    near: float
    same: float


def decode(sequences: list[Floats], transitions: Floats, *, weights: list[list[int]]) -> list[list[Choice]]:
    """For each sequence of label scores its likeliest contents, best first; ``weights``: words at each place."""
    found: list[list[Choice]] = []
    order = sorted(range(len(sequences)), key=lambda n: len(sequences[n]))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        drawn = _draw([sequences[n] for n in batch], transitions)
        found += [_choices(drawn[: len(sequences[n]), at], weights[n]) for at, n in enumerate(batch)]
    back = {n: at for at, n in enumerate(order)}
    return [found[back[n]] for n in range(len(order))]


def _draw(sequences: Sequence[Floats], transitions: Floats) -> NDArray[np.bool_]:
    """Forward sums, then labels drawn from the last place back: inside (place, sequence, draw)."""
    lengths = np.array([len(sequence) for sequence in sequences])
    longest, labels = int(lengths.max()), transitions.shape[0]
    scores = np.zeros((longest, len(sequences), labels), dtype=np.float32)
    for number, sequence in enumerate(sequences):
        scores[: len(sequence), number] = sequence
    total = scores.copy()
    for step in range(1, longest):
        total[step] += _log_sum(total[step - 1][:, :, None] + transitions)
    noise = np.random.default_rng(7).gumbel(size=(longest, 1, DRAWS, labels)).astype(np.float32)
    inside = np.zeros((longest, len(sequences), DRAWS), dtype=np.bool_)
    label = np.zeros((len(sequences), DRAWS), dtype=np.int64)
    into = np.ascontiguousarray(transitions.T)
    for step in range(longest - 1, -1, -1):
        follows = np.where((lengths - 1 == step)[:, None, None], np.float32(0), into[label])
        label = (total[step][:, None, :] + follows + noise[step]).argmax(axis=2)
        inside[step] = label > 0
    return inside


def _log_sum(values: Floats) -> Floats:
    top = values.max(axis=1, keepdims=True)
    summed: Floats = np.log(np.exp(values - top).sum(axis=1)) + top[:, 0]
    return summed


def _distinct(drawn: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """The different draws, one a row, and how often each came; NumPy's own ``unique`` is four times slower here."""
    firsts: dict[bytes, int] = {}
    counts: dict[bytes, int] = {}
    for at, row in enumerate(np.packbits(drawn, axis=0).T):
        key = row.tobytes()
        firsts.setdefault(key, at)
        counts[key] = counts.get(key, 0) + 1
    return drawn.T[list(firsts.values())], np.array(list(counts.values()))


def _choices(drawn: NDArray[np.bool_], words: list[int]) -> list[Choice]:
    """The draws of one sequence (place, draw) as choices, each the majority of the draws that nearly equal one."""
    contents, counts = _distinct(drawn)
    weighted = contents * np.array(words, dtype=np.float32)
    shared = weighted @ contents.T.astype(np.float32)
    sizes = shared.diagonal()
    union = np.maximum(sizes[:, None] + sizes[None, :] - shared, 1e-6)
    close = (shared / union >= SAME) * counts
    near = close.sum(axis=1) / DRAWS
    found: dict[tuple[int, ...], Choice] = {}
    for n in np.lexsort((-counts, -near)):
        if sizes[n] > 0 and len(found) < KEPT:
            majority = (close[n] @ contents) * 2 > close[n].sum()
            places = tuple(np.flatnonzero(majority).tolist())
            same = counts[(contents == majority).all(axis=1)].sum() / DRAWS
            found.setdefault(places, Choice(places=places, near=float(near[n]), same=float(same)))
    return list(found.values())
