"""Copy all that one database holds into another one: in chunks, going on where a killed one stopped, then compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from digests.errors import UserError
from digests.store.moving import record
from digests.store.moving.base import End, Target
from digests.store.moving.sums import Compared, Row, sum_of
from digests.store.moving.tables import SEEDED, Table, to_copy

Told = Callable[[int, int], None]
"""Told (done, all) as rows are copied and compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """So much is copied in one transaction, whichever is reached first. ``characters`` of text: a bound on memory."""

    rows: int = 5000
    characters: int = 4_000_000


@dataclass(slots=True)
class _Progress:
    total: int
    told: Told | None
    done: int = field(default=0)

    def add(self, rows: int = 1, *, every: int = 1000) -> None:
        before, self.done = self.done, self.done + rows
        if self.told is not None and (before // every != self.done // every or rows > 1):
            self.told(self.done, self.total)


def move(source: End, target: Target, *, told: Told | None = None, chunk: Chunk | None = None) -> list[Compared]:
    """Copy everything, bring back what was taken off, compare; every table, as it is on both sides now.

    Where one differs the target stays marked as unfinished. Raises ``UserError`` where the target holds something
    already, or a copying from elsewhere was begun into it, ``StoreError`` when a database fails.
    """
    tables = to_copy(source.tables(), target.tables())
    totals = {table.name: _count(source, table) for table in tables}
    begun = record.load(target)
    if begun is None:
        _begin(source, target, tables, totals)
        so_far = dict.fromkeys(totals, record.Progress())
    else:
        _same_source(source, target, begun, totals)
        so_far = dict(begun.tables)
    progress = _Progress(3 * sum(totals.values()), told, sum(each.copied for each in so_far.values()))
    for table in tables:
        if not so_far[table.name].done:
            _copy(source, target, table, so_far[table.name].last_key, chunk or Chunk(), progress)
    for number, statement in record.owed(target):
        with target.transaction():
            target.execute(statement)
            record.paid(target, number)
    compared = [_compare(source, target, table, progress) for table in tables]
    if all(each.same for each in compared):
        target.settle()
        with target.transaction():
            record.end(target)
    return compared


def _count(end: End, table: Table) -> int:
    return int(end.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])


def _begin(source: End, target: Target, tables: Sequence[Table], totals: dict[str, int]) -> None:
    with target.transaction():
        full = [table.name for table in tables if table.name not in SEEDED and _count(target, table)]
        if full:
            raise UserError(
                f"{target.place} holds something already (in {', '.join(full[:3])}{' ...' * (len(full) > 3)}): nothing"
                " was copied. Name a new, empty database; if this one was copied before, it is whole"
            )
        for name in sorted(SEEDED & totals.keys()):
            target.execute(f"DELETE FROM {name}")
        owed = target.strip(tables)
        record.begin(target, identity=source.identity(), source=source.place, totals=totals, owed=owed)


def _same_source(source: End, target: Target, begun: record.Begun, totals: dict[str, int]) -> None:
    """Whether going on makes one database of what was copied and what will be."""
    if begun.identity != source.identity():
        raise UserError(
            f"a copy of {begun.source} was begun into {target.place}, and {source.place} is another database:"
            " go on with the first one, or name a new, empty target"
        )
    changed = [name for name, each in begun.tables.items() if totals.get(name) != each.total]
    if changed or begun.tables.keys() != totals.keys():
        raise UserError(
            f"{source.place} was written to since its copy into {target.place} was begun"
            f" ({', '.join(changed[:3]) or 'it has other tables'}): remove that target and begin again"
        )


def _copy(
    source: End, target: Target, table: Table, after: Sequence[Any] | None, chunk: Chunk, progress: _Progress
) -> None:
    places = table.key_places
    for rows in _chunks(source.rows(table, after), chunk if places else None):
        with target.transaction():
            last, count = _put(target, table, rows)
            record.advance(target, table.name, count, [last[at] for at in places])
            if not places:
                record.end_table(target, table.name)  # nothing to go on after: all of it in one transaction
        progress.add(count)
    with target.transaction():
        target.number_from(table, source.last_number(table))
        record.end_table(target, table.name)


def _put(target: Target, table: Table, rows: Iterable[Row]) -> tuple[Row, int]:
    last: Row = ()
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal last, count
        for row in rows:
            yield row
            last, count = row, count + 1

    target.put(table, counted())
    return last, count


def _chunks(rows: Iterator[Row], chunk: Chunk | None) -> Iterator[Iterator[Row]]:
    """The rows in turn, a chunk an iterator that is read before the next one is asked for."""
    number = row_count = characters = 0

    def place_of(row: Row) -> int:
        nonlocal number, row_count, characters
        row_count += 1
        characters += sum(len(value) for value in row if isinstance(value, str))
        if chunk is not None and (row_count > chunk.rows or characters > chunk.characters):
            number, row_count, characters = number + 1, 0, 0
        return number

    for _, found in groupby(rows, place_of):
        yield found


def _compare(source: End, target: Target, table: Table, progress: _Progress) -> Compared:
    here = sum_of(table, source.rows(table), progress.add)
    with target.transaction():
        there = sum_of(table, target.rows(table), progress.add)
    return Compared(table=table.name, source=here, target=there)
