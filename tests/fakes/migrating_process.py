"""``onrecord migrate`` that is killed at a moment: ``migrating_process.py FROM TO ROWS MOMENT NUMBER``.

``ROWS``: so many a transaction. It dies at the NUMBER-th moment of that name: a row on its way, a table that is done,
an index that is made again, a table that is compared; or at the end, before the record goes.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from bot.cli.moving import open_source, open_target
from digests.store.moving.base import Target
from digests.store.moving.move import Chunk, move
from digests.store.moving.sums import Row
from digests.store.moving.tables import Table


class Doomed:
    """A target that kills its process as ``kill -9`` does."""

    def __init__(self, target: Target, moment: str, number: int) -> None:
        self._target = target
        self._moment = moment
        self._left = number

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def _lives(self, moment: str) -> None:
        if moment == self._moment:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def execute(self, statement: str, *values: Any) -> Any:
        found = self._target.execute(statement, *values)
        words = statement.split()
        self._lives("index" if words[0] == "CREATE" and "INDEX" in words[:3] else words[0])
        return found

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        def some() -> Iterator[Row]:
            for row in rows:
                yield row
                self._lives("row")

        self._target.put(table, some())

    def number_from(self, table: Table, last: int) -> None:
        self._lives("table")
        self._target.number_from(table, last)

    def rows(self, *given: Any) -> Iterator[Row]:
        self._lives("compare")
        return self._target.rows(*given)

    def settle(self) -> None:
        self._target.settle()
        self._lives("end")


def main(source: str, target: str, rows: int, moment: str, number: int) -> None:
    with open_source(source) as here, open_target(target) as there:
        doomed: Any = Doomed(there, moment, number)
        compared = move(here, doomed, chunk=Chunk(rows=rows))
    assert all(each.same for each in compared)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
