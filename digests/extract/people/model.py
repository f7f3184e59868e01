"""The learnt part of telling kinds of names apart: a linear model over hashed features (docs/people-model.md).

Weights hold no passages: one row of four numbers for each of 2**16 buckets, into which features such as "the word
before is minister" fall by their checksum.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
SCALE = 16
"""Weights are kept as whole numbers of one sixteenth."""


@lru_cache(maxsize=200_000)
def bucket(feature: str) -> int:
    """The row of a feature."""
    return crc32(feature.encode()) % BUCKETS


@lru_cache(maxsize=1)
def weights() -> NDArray[np.float32]:
    """One row a bucket, one column a kind."""
    packed = files("digests.extract.people").joinpath("kinds.npz").read_bytes()
    with np.load(BytesIO(packed)) as kept:
        return np.asarray(kept["weights"], dtype=np.float32) / np.float32(SCALE)


def score(features: list[str]) -> NDArray[np.float32]:
    """The sum of the features' weights, one number a kind."""
    total: NDArray[np.float32] = weights()[[bucket(feature) for feature in features]].sum(axis=0)
    return total
