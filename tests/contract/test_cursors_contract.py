"""Where readers of the record of changes stand: only one of two moves on, and with a failed transaction none does."""

from __future__ import annotations

from functools import partial

import pytest

from bot.books import cursors
from bot.books.rows import Rows
from digests.store.database import Database


async def stands(database: Database, name: str = "alerts") -> int | None:
    return await database.read(partial(cursors.cursor, name=name))


async def test_a_reader_begins_once(database: Database) -> None:
    assert await stands(database) is None
    assert await database.write(partial(cursors.begin_at, name="alerts", value=7)) == 7
    assert await database.write(partial(cursors.begin_at, name="alerts", value=9)) == 7
    assert await stands(database, "others") is None


async def test_of_two_that_stand_at_the_same_place_one_moves_on(database: Database) -> None:
    await database.write(partial(cursors.begin_at, name="alerts", value=7))
    moves = [await database.write(partial(cursors.move_on, name="alerts", after=7, upto=upto)) for upto in (9, 10)]
    assert (moves, await stands(database)) == ([True, False], 9)


async def test_whoever_fails_has_not_moved_on(database: Database) -> None:
    await database.write(partial(cursors.begin_at, name="alerts", value=7))

    def fails(rows: Rows) -> None:
        assert cursors.move_on(rows, "alerts", after=7, upto=9)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await database.write(fails)
    assert await stands(database) == 7
