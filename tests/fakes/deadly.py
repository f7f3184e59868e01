"""Work for a worker process that does not end well."""

from __future__ import annotations

import os
from pathlib import Path

from digests.errors import SettingsError


def die() -> None:
    os._exit(3)


def die_once(marker: str) -> str:
    """Dies the first time, lives the second."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        os._exit(3)
    return "alive"


def spin() -> None:
    """Never ends by itself."""
    while True:
        pass


def refuse() -> None:
    raise SettingsError("the language model is missing: install it")


def pid() -> int:
    return os.getpid()


def modules() -> list[str]:
    import sys

    return sorted(sys.modules)
