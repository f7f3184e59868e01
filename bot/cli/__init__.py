"""``onrecord ...``: arguments -> what does the work -> exit code.

Every command imports what it needs when it runs: ``onrecord --help`` loads neither spaCy nor an SDK.
"""

from __future__ import annotations

from bot.cli.group import cli, main

__all__ = ["cli", "main"]
