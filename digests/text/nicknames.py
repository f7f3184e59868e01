"""Bill is William: which full first names a short one may stand for. The table is ``data/nicknames.txt``, ours."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files

_NOBODY: frozenset[str] = frozenset()


def nicknames(name: str) -> frozenset[str]:
    """The full names that a folded first name is or may be short for; empty for a name without nicknames.

    >>> sorted(nicknames("ted")), nicknames("recep")
    (['edward', 'theodore'], frozenset())
    """
    return _table().get(name, _NOBODY)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    full: dict[str, set[str]] = defaultdict(set)
    for line in files("digests.text").joinpath("data/nicknames.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            names = line.split()
            for name in names:
                full[name].add(names[0])
    return {name: frozenset(known) for name, known in full.items()}
