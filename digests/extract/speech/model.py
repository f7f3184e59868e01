"""The shipped linear models: named weights over words, tags and dependency labels, read once a process.

They hold no passages. How they are trained again: docs/model-card-speech.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """Logistic regression: a weight a feature."""

    weights: dict[str, float]

    def probability(self, features: list[str]) -> float:
        get = self.weights.get
        total = sum(get(feature, 0.0) for feature in features)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Linear-chain model: a row of label weights a feature, and label-to-label weights."""

    rows: dict[str, int]
    weights: Floats
    transitions: Floats

    def scores(self, units: list[list[str]]) -> Floats:
        """One row of label scores a unit."""
        get = self.rows.get
        unknown = len(self.weights) - 1
        flat: list[int] = []
        bounds: list[int] = []
        for features in units:
            bounds.append(len(flat))
            flat.append(unknown)
            flat += [row for feature in features if (row := get(feature)) is not None]
        if not units:
            return np.zeros((0, self.weights.shape[1]), dtype=np.float32)
        summed: Floats = np.add.reduceat(self.weights[flat], bounds, axis=0, dtype=np.float32)
        return summed


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """All that speech needs; ``lexicon`` lists the words that may be cues (``say|V``)."""

    lexicon: frozenset[str]
    strong: frozenset[str]
    cue: Binary
    content: Chain
    right: Binary


@lru_cache(maxsize=1)
def models() -> Models:
    """The shipped models."""
    folder = files("digests.extract.speech")
    with (folder / "cue.npz").open("rb") as cue, (folder / "content.npz").open("rb") as content:
        return Models(**_cue_parts(np.load(cue)), content=_chain(np.load(content)))


def _names(packed: Any) -> list[str]:
    return bytes(packed).decode("utf-8").split("\0")


def _cue_parts(data: Any) -> dict[str, Any]:
    return {
        "lexicon": frozenset(_names(data["lexicon"])),
        "strong": frozenset(_names(data["strong"])),
        "cue": _binary(data, "cue"),
        "right": _binary(data, "right"),
    }


def _binary(data: Any, name: str) -> Binary:
    weights = data[f"{name}_weights"].astype(np.float32).tolist()
    return Binary(weights=dict(zip(_names(data[f"{name}_names"]), weights, strict=True)))


def _chain(data: Any) -> Chain:
    weights = data["weights"].astype(np.float32)
    rows = {name: row for row, name in enumerate(_names(data["names"]))}
    blank = np.zeros((1, weights.shape[1]), dtype=np.float32)
    return Chain(rows=rows, weights=np.vstack([weights, blank]), transitions=data["transitions"].astype(np.float32))
