"""What to do with an article, given what is known already: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digests.model import Source

Outcome = Literal["new", "known", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``known``: the same text is there already. ``changed``: another text under the same address, a new version."""

    outcome: Outcome
    source: Source | None = None


def decide(*, same_text: Source | None, same_address: Source | None) -> Decision:
    """The same text is the same article wherever it was found; the same address with another text is a new version."""
    if same_text is not None:
        return Decision(outcome="known", source=same_text)
    if same_address is not None:
        return Decision(outcome="changed", source=same_address)
    return Decision(outcome="new")
