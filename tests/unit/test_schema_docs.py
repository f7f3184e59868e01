"""docs/schema.md names every table, view and column that the facts' schema has."""

from __future__ import annotations

import re
from pathlib import Path

from digests.store.migrations import FACTS
from digests.store.sqlite.opening import prepare

DOC = Path(__file__).resolve().parents[2] / "docs" / "schema.md"


def test_every_table_and_column_is_documented(tmp_path: Path) -> None:
    text = DOC.read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", text)) | set(re.findall(r"^### (.+)$", text, re.M))
    named |= {name for line in re.findall(r"^### (.+)$", text, re.M) for name in line.split(", ")}
    connection = prepare(tmp_path / "facts.db", [FACTS])
    tables = connection.execute(
        "SELECT name FROM pragma_table_list WHERE type IN ('table', 'view', 'virtual') AND schema = 'main'"
    )
    missing = []
    for (table,) in tables.fetchall():
        if table.startswith("sqlite_"):
            continue
        if table not in named:
            missing.append(table)
        if table.endswith("_search"):
            continue
        columns = connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
        missing += [f"{table}.{column}" for (column,) in columns if column not in named]
    connection.close()
    assert missing == []
