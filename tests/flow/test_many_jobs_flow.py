"""A hundred thousand messages at eight o'clock are a hundred thousand jobs that the database knows nothing of yet."""

from __future__ import annotations

from typing import Any

import psycopg

WAITING = 5000
MANY = "SELECT onrecord_wake('deliver-telegram', 't' || n, 8, 'chat t' || n, NULL) FROM generate_series(1, %s) n"
FETCH = "SELECT procrastinate_fetch_job_v2(ARRAY['deliver-telegram', 'deliver-slack'], NULL)"


def test_the_next_job_is_found_without_reading_all_that_wait(postgres_server: Any) -> None:
    url = postgres_server.fresh()  # nobody has counted its tables
    with psycopg.connect(url) as connection:
        connection.execute(MANY, (WAITING,))
        connection.commit()
        assert 0 < read_by(connection, FETCH) < 50
    postgres_server.drop(url)


def test_the_same_where_all_were_done_and_counted_once(postgres_url: str) -> None:
    """The planner takes a table for empty that was so when it was counted: workers have it counted again."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(MANY, (100,))
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("ANALYZE procrastinate_jobs")
        connection.execute(MANY, (WAITING,))
        connection.execute("SELECT pg_stat_force_next_flush()")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        found = connection.execute("SELECT onrecord_survey()").fetchone()
        assert found is not None
        assert found[0] == 1
        again = connection.execute("SELECT onrecord_survey()").fetchone()
        assert again == (0,), "not without a reason"
    with psycopg.connect(postgres_url) as connection:
        assert 0 < read_by(connection, FETCH) < 50


def read_by(connection: psycopg.Connection[Any], statement: str) -> int:
    """How many jobs a statement reads."""
    before = _read(connection)
    connection.execute(statement.encode())
    return _read(connection) - before


def _read(connection: psycopg.Connection[Any]) -> int:
    found = connection.execute(
        "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        " WHERE relname = 'procrastinate_jobs'"
    ).fetchone()
    return int(found[0]) if found else 0
