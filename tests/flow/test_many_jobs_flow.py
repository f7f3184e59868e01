"""A hundred thousand messages at eight o'clock are a hundred thousand jobs that the database knows nothing of yet."""

from __future__ import annotations

from typing import Any

import psycopg

WAITING = 5000


def test_the_next_job_is_found_without_reading_all_that_wait(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "SELECT onrecord_wake('deliver-telegram', 't' || n, 8, 'chat t' || n, NULL) FROM generate_series(1, %s) n",
            (WAITING,),
        )
        connection.commit()
        before = _read(connection)
        connection.execute("SELECT procrastinate_fetch_job_v2(ARRAY['deliver-telegram', 'deliver-slack'], NULL)")
        assert 0 < _read(connection) - before < 50


def _read(connection: psycopg.Connection[Any]) -> int:
    """How many jobs were read so far."""
    found = connection.execute(
        "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        " WHERE relname = 'procrastinate_jobs'"
    ).fetchone()
    return int(found[0]) if found else 0
