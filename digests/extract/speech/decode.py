"""The best labels of many sequences at once, and how sure the model is of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digests.extract.speech.model import Floats

_BATCH = 64
"""Sequences decoded together: bounds the memory a text of ten thousand cues needs."""


def decode(sequences: list[Floats], transitions: Floats) -> list[tuple[list[int], float]]:
    """For each sequence of label scores the best labels and their log probability (0 is certain)."""
    found: list[tuple[list[int], float]] = []
    for start in range(0, len(sequences), _BATCH):
        found += _batch(sequences[start : start + _BATCH], transitions)
    return found


def _batch(sequences: list[Floats], transitions: Floats) -> list[tuple[list[int], float]]:
    lengths = np.array([len(sequence) for sequence in sequences])
    longest, labels = int(lengths.max()), transitions.shape[0]
    scores = np.zeros((longest, len(sequences), labels), dtype=np.float32)
    for number, sequence in enumerate(sequences):
        scores[: len(sequence), number] = sequence
    best = scores[0].copy()
    total = scores[0].copy()
    back = np.zeros((longest, len(sequences), labels), dtype=np.int8)
    for step in range(1, longest):
        live = (lengths > step)[:, None]
        through = best[:, :, None] + transitions
        back[step] = through.argmax(axis=1)
        best = np.where(live, through.max(axis=1) + scores[step], best)
        total = np.where(live, _log_sum(total[:, :, None] + transitions) + scores[step], total)
    sure = best.max(axis=1) - _log_sum(total[:, :, None])[:, 0]
    return [(_trace(back[:, n], int(best[n].argmax()), int(lengths[n])), float(sure[n])) for n in range(len(sequences))]


def _log_sum(values: Floats) -> Floats:
    top = values.max(axis=1, keepdims=True)
    summed: Floats = np.log(np.exp(values - top).sum(axis=1)) + top[:, 0]
    return summed


def _trace(back: NDArray[np.int8], label: int, length: int) -> list[int]:
    labels = [label]
    for step in range(length - 1, 0, -1):
        label = int(back[step, label])
        labels.append(label)
    return labels[::-1]
