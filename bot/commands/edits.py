"""What editors said about facts, as templates get it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from digests.edition.seen import Altered, Seen, altered
from digests.history import Edit
from digests.model import Fact


def history_lines(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    """Each edit: by whom, when, why, and what read otherwise before; the newest last."""
    return [
        {
            "kind": edit.kind,
            "by": edit.by,
            "why": edit.why,
            "day": edit.at.date().isoformat(),
            "time": edit.at.strftime("%H:%M"),
            "line": edit.before.summary,
            "changes": changes_between(edit.before, edit.after) if edit.after else [],
        }
        for edit in edits
    ]


def changes_between(before: Fact, after: Fact) -> list[dict[str, Any]]:
    """What reads otherwise, each as words or as days on both sides."""
    return [_change(each) for each in altered(before, after)]


def _change(each: Altered) -> dict[str, Any]:
    return {"what": each.what.replace("_", " "), "before": _side(each.before), "after": _side(each.after)}


def _side(seen: Seen) -> str | list[str]:
    """Days as a list of one or two, words as they are, nothing as ""."""
    if isinstance(seen, tuple):
        return list(dict.fromkeys(day.isoformat() for day in seen))
    return seen or ""
