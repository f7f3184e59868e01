"""A stretch of tokens that may be a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Tokens ``first`` to ``last`` (exclusive) may name somebody; ``title``: tokens of the title right before."""

    first: int
    last: int
    title: tuple[int, int] | None = None
    honorific: str | None = None
    headline: bool = False
