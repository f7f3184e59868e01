"""The shell commands about the books, on both kinds of databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli


@pytest.fixture(params=["sqlite", "postgres"])
def chosen(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DATABASE_URL names a database of the test's own."""
    file = f"sqlite:///{tmp_path}/own.db"
    url = file if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)


def said(*given: str) -> str:
    """What a command says when it goes well."""
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.usefixtures("chosen")
def test_inviting_the_audit_log_the_outbox_exporting_and_forgetting() -> None:
    assert "/join " in said("invite", "--role", "editor")
    assert "onrecord invite --role editor" in said("audit")
    assert "nothing waits to be sent" in said("outbox")
    said("export", "facts.csv")
    assert Path("facts.csv").read_text(encoding="utf-8").count("\n") == 1
    assert said("forget", "telegram:77", "--yes").startswith("telegram:77: nothing was kept")
