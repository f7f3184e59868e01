"""The demo archive: short articles on February 2020 in our own words, by outlets that do not exist.

The events are real; what persons are said to have said is reported indirectly, save a few well-known sentences.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def demo_paths() -> list[Path]:
    """The articles' files, oldest first."""
    return sorted(FOLDER.glob("*.md"))
