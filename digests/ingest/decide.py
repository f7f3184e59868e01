"""What an article is to the archive: pure decisions."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["new", "known", "changed"]


def outcome(*, created: bool, version: int) -> Outcome:
    """``known``: its very text was there. ``changed``: another text was known under its address. Else ``new``.

    Decided by what the store did, inside its transaction: another process may have been quicker than a look before.
    """
    if not created:
        return "known"
    return "changed" if version > 1 else "new"
