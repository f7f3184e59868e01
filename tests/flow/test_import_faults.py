"""Imports that are killed at random, and begun again: nothing is lost, nothing comes twice, nothing is damaged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from digests.store.sqlite.opening import connect

ROOT = Path(__file__).resolve().parents[2]
FAKES = ROOT / "tests" / "fakes"
PEOPLE = ("Ada Rossi", "Omar Tallis", "Clara Osei", "Jun Maro", "Petra Vance")


def articles(folder: Path, many: int, *, said: int = 3) -> None:
    """Files in folders of a hundred, with ``said`` statements each; every tenth text stands there twice."""
    for number in range(many):
        text = number - 1 if number % 10 == 9 else number
        lines = [
            f"{PEOPLE[(text + each) % 5]} said the quay was shut for {text} hours in week {each}."
            for each in range(said)
        ]
        path = folder / f"{number // 100:02}" / f"{number:04}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Report {text}\n\n15 February 2020\n\n" + "\n\n".join(lines) + "\n", encoding="utf-8")


def begun(command: list[str], database: Path) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{FAKES}", "DATABASE_URL": f"sqlite:///{database}"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)


def gone(process: subprocess.Popen[str], *, seconds: float) -> bool:
    """Whether it ended by itself within that time."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def kept(database: Path) -> int:
    """How many articles there are, as another program sees it; none before the schema is there."""
    if not database.exists():
        return 0
    with closing(connect(database, readonly=True)) as connection:
        made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone()
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0]) if made else 0


def check_clean(path: Path) -> tuple[int, int, int]:
    """Nothing is damaged, half saved or there twice; the numbers of articles, facts and people."""
    with closing(connect(path)) as connection:
        assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("fact_search", "due_search", "article_search"):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        counted = dict(connection.execute("SELECT name, value FROM counters").fetchall())
        one = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("articles", "facts", "people", "fact_words", "article_words", "article_versions", "imports")
        }
        assert one["articles"] == one["article_words"] == one["article_versions"] == counted.get("articles", 0)
        assert one["facts"] == one["fact_words"]
        assert one["people"] == counted.get("people", 0)
        assert sum(value for name, value in counted.items() if name.startswith("fact ")) == one["facts"]
        stories = connection.execute("SELECT count(*) FROM story_articles").fetchone()[0]
        assert stories == one["articles"]
        twice = "SELECT count(*) - count(DISTINCT content_hash) FROM articles"
        assert connection.execute(twice).fetchone()[0] == 0
        return one["articles"], one["facts"], one["people"]


def test_ten_kills_at_random_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    many, said = 400, 3
    articles(tmp_path / "news", many, said=said)
    database = tmp_path / "killed.db"
    command = [sys.executable, str(FAKES / "importer.py"), str(database), str(tmp_path / "news")]
    chance = random.Random(20200215)
    told: set[str] = set()
    for _ in range(10):
        process = begun(command, database)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        told |= {process.stdout.readline() for _ in range(chance.randrange(1, 30))}
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        told |= {line for line in rest.splitlines(keepends=True) if line.endswith("\n")}
        saved, facts, _ = check_clean(database)
        assert facts == said * saved
        assert saved >= len(told - {"done\n"})
    assert saved < many * 9 // 10, "the kills came too late to mean anything"
    last, _ = begun(command, database).communicate(timeout=60)
    assert last.endswith("done\n")
    assert check_clean(database) == (many * 9 // 10, said * many * 9 // 10, len(PEOPLE))
    again, _ = begun(command, database).communicate(timeout=60)
    assert again == "ready\ndone\n"  # all of it is passed over


@pytest.mark.soak
def test_a_hundred_kills_of_the_real_import_of_two_thousand_articles(tmp_path: Path) -> None:
    many, kills = 2_000, int(os.environ.get("SOAK_KILLS", "100"))
    articles(tmp_path / "news", many)
    database = tmp_path / "killed.db"
    command = [sys.executable, "-c", "from bot.cli import main; main()", "add", str(tmp_path / "news")]
    chance = random.Random(2020)
    saved = 0
    for turn in range(kills):
        process = begun(command, database)
        if turn % 2 == 0:
            gone(process, seconds=chance.uniform(0.0, 4.0))  # while it starts, or soon after
        else:
            # about half of a kill's share, so that the last one finds work under way as well
            wanted = saved + chance.randrange(1, 2 + (many * 9 // 10 - saved) // (kills - turn))
            while not gone(process, seconds=chance.uniform(0.0, 0.04)) and kept(database) < wanted:
                continue
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if database.exists() and database.stat().st_size:
            now = check_clean(database)[0] if turn else kept(database)
            assert now >= saved
            saved = now
    assert saved < many * 9 // 10, "the last kills came too late to mean anything"
    last, _ = begun(command, database).communicate(timeout=1200)
    assert "new" in last
    assert check_clean(database)[0] == many * 9 // 10
    with closing(connect(database)) as connection:
        names = connection.execute("SELECT name FROM people WHERE type = 'person' ORDER BY name").fetchall()
    assert len(set(names)) == len(names), "somebody was added twice"
    again, _ = begun(command, database).communicate(timeout=600)
    assert again == f"{many:,} articles: {many:,} imported before\n"
