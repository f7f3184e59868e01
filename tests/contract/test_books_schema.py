"""The books' schema on PostgreSQL is SQLite's: tables, columns and their order, kinds and what must not be missing."""

from __future__ import annotations

import re
from pathlib import Path

from databases import texts_of

from bot.app.databases import open_shared
from bot.books.chats import CHAT_TABLES
from bot.books.forgetting import _texts
from bot.books.sql import MIGRATIONS
from digests.store.connection import Connection
from digests.store.database import Database
from digests.store.postgres.tables import FACTS as POSTGRES_FACTS
from digests.store.sqlite.database import SqliteDatabase

_SQLITE = """SELECT t.name, c.name, c.type = 'TEXT', c."notnull" OR c.pk > 0
    FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid"""
_POSTGRES = """SELECT table_name, column_name, data_type = 'text', is_nullable = 'NO' FROM information_schema.columns
    WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C", ordinal_position"""
_KEYS = """SELECT c.relname, i.indisprimary, array_agg(a.attname::text ORDER BY a.attname)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE i.indisunique AND a.attnum = ANY (i.indkey) AND c.relnamespace = current_schema()::regnamespace
    GROUP BY c.relname, i.indexrelid, i.indisprimary"""

Column = tuple[str, str, bool, bool]


def columns(rows: Connection, statement: str) -> list[Column]:
    return [(table, name, bool(text), bool(needed)) for table, name, text, needed in rows.execute(statement).fetchall()]


async def books_of_sqlite(tmp_path: Path) -> list[Column]:
    async with await SqliteDatabase.open(tmp_path / "own.db", [MIGRATIONS]) as database:
        found = await database.read(lambda rows: columns(rows, _SQLITE))
    return [each for each in found if "sqlite" not in each[0]]


async def test_tables_and_columns_are_the_same_in_the_same_order(tmp_path: Path, postgres_url: str) -> None:
    own = await books_of_sqlite(tmp_path)
    tables = {table for table, *_ in own}
    async with await open_shared(postgres_url) as database:
        there = await database.read(lambda rows: columns(rows, _POSTGRES))
    assert [each for each in there if each[0] in tables] == own


async def test_a_table_that_has_a_row_once_a_chat_says_so_where_chats_are_moved(postgres_url: str) -> None:
    async with await open_shared(postgres_url) as database:
        found = await database.read(lambda rows: rows.execute(_KEYS).fetchall())
    for each in CHAT_TABLES:
        keys = [set(key) - {each.column} for table, _, key in found if table == each.table and each.column in key]
        if each.moves and (keys or each.once is not None):
            assert keys == [set(each.once or ())], each.table


async def test_forgetting_looks_through_all_of_the_books_and_nothing_of_the_news(
    database: Database, tmp_path: Path
) -> None:
    looked = {each.table for each in await database.read(lambda rows: _texts(rows, texts_of(database)))}
    own = {table for table, _, text, _ in await books_of_sqlite(tmp_path) if text}
    assert own <= looked
    news = set(re.findall(r"CREATE TABLE (\w+)", "".join(str(step) for _, step in POSTGRES_FACTS.steps)))
    assert looked & news == {"changes", "fact_edits"}
