"""``onrecord digest`` as it is typed: the newest day's digest, a day's, several days', as text and as HTML."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli

pytestmark = pytest.mark.usefixtures("warm_readers")

ARTICLE = """# Harbour Minister Promises New Cranes

By [Test Wire](#)

February 15, 2020

Harbour Minister Clara Osei said on Saturday that two new cranes would arrive by the end of February.

Original url:

<https://test-wire.example/cranes>
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("digest")
    (folder / "cranes.md").write_text(ARTICLE, encoding="utf-8")
    url = f"sqlite:///{folder}/own.db"
    added = CliRunner().invoke(cli, ["add", str(folder / "cranes.md")], env={"DATABASE_URL": url})
    assert added.exit_code == 0
    return url


@pytest.fixture(autouse=True)
def own_settings(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for key in [key for key in os.environ if key.startswith(("TELEGRAM_", "SLACK_", "ONRECORD_", "ACCESS"))]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("DATABASE_URL", database)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["digest", *arguments])


@pytest.mark.parametrize("arguments", ["", "--day 2020-02-15", "--plain", "--day 2020-02-17 --days 7"])
def test_a_digest_is_printed_as_plain_text_in_a_pipe(arguments: str) -> None:
    done = run(*arguments.split())
    assert done.exit_code == 0
    assert "1. Harbour Minister Promises New Cranes · NEW\n" in done.stdout
    assert "> Harbour Minister Clara Osei said on Saturday that two new cranes would arrive" in done.stdout


def test_html_is_one_document() -> None:
    done = run("--html", "--full")
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.rstrip().endswith("</html>")
    assert "<strong>Harbour Minister Promises New Cranes</strong>" in done.stdout


@pytest.mark.parametrize(
    ("words", "found"), [("cranes", True), ('"new cranes" ferry', True), ("ferry", False), ("-cranes", False)]
)
def test_words_choose_what_is_told(words: str, found: bool) -> None:
    done = run("--words", words)
    assert ("Harbour Minister Promises" in done.stdout) is found


def test_a_day_without_articles_says_where_there_are_some() -> None:
    done = run("--day", "2020-03-01")
    assert "Nothing was published that day." in done.stdout
    assert "/digest 2020-02-15" in done.stdout


def test_what_is_no_day_is_named_in_one_line() -> None:
    done = run("--day", "soon")
    assert done.exit_code == 1
    assert "--day 'soon' is no day: write it as 2020-02-15" in done.stderr
