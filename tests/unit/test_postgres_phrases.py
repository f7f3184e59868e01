"""Statements written for both databases, in PostgreSQL's words."""

from __future__ import annotations

import pytest

from digests.store.postgres.phrases import translated


@pytest.mark.parametrize(
    ("both", "postgres"),
    [
        ("SELECT a FROM t WHERE b = ? AND c = :c", "SELECT a FROM t WHERE b = %s AND c = %(c)s"),
        ("SELECT '100 % ?', ':c' FROM t WHERE a LIKE ?", "SELECT '100 %% ?', ':c' FROM t WHERE a LIKE %s"),
        ("SELECT 'it''s ?' || ?", "SELECT 'it''s ?' || %s"),
        ("SELECT a % 2, b::text FROM t", "SELECT a %% 2, b::text FROM t"),
        ("SELECT f.k FROM facts f INDEXED BY facts_of_days WHERE f.k = ?", "SELECT f.k FROM facts f  WHERE f.k = %s"),
        (
            "FROM a CROSS JOIN b ON b.id = a.id CROSS JOIN c ON c.id = b.id",
            "FROM a JOIN b ON b.id = a.id JOIN c ON c.id = b.id",
        ),
        ("SET a = max(a, ?), b = min(n.b, excluded.b)", "SET a = greatest(a, %s), b = least(n.b, excluded.b)"),
        ("SELECT max(a), min(b) FROM t", "SELECT max(a), min(b) FROM t"),
    ],
)
def test_a_phrase_that_only_one_knows_is_put_into_the_others_words(both: str, postgres: str) -> None:
    assert translated(both) == postgres.encode()


@pytest.mark.parametrize(
    ("column", "as_numbers"), [("e.fact_id", True), ("id", True), ("word", False), ("k.key", False)]
)
def test_a_list_of_values_is_one_of_numbers_where_the_column_is_called_id(column: str, as_numbers: bool) -> None:
    found = translated(f"SELECT 1 FROM t WHERE {column} IN (SELECT value FROM json_each(?))")
    assert isinstance(found, bytes)
    assert (b"bigint" in found) is as_numbers
    assert found.count(b"%s") == 1
