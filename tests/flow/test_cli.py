"""``onrecord`` as it is typed: articles in, answers out, one line for what is wrong, the right exit status."""

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from digests.errors import UserError

pytestmark = pytest.mark.usefixtures("warm_readers")

ARTICLE = """# Harbour Minister Promises New Cranes

By [Test Wire](#)

February 15, 2020

Harbour Minister Clara Osei said on Saturday that two new cranes would arrive by the end of February.

Original url:

<https://test-wire.example/cranes>
"""
UNDATED = "# Cranes\n\nTwo cranes stand in the harbour and nobody knows since when they have been there.\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an article and no settings but a database of its own."""
    monkeypatch.chdir(tmp_path)
    for key in [key for key in os.environ if key.startswith(("TELEGRAM_", "SLACK_", "ONRECORD_", "ACCESS"))]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/own.db")
    (tmp_path / "cranes.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "undated.md").write_text(UNDATED, encoding="utf-8")
    return tmp_path


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(cli, arguments, input=stdin)


def python(code: str, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_and_version_load_neither_spacy_nor_an_sdk() -> None:
    code = (
        "import sys\nfrom bot.cli import cli\n"
        "try: cli(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'spacy', 'telegram', 'slack_bolt', 'prompt_toolkit', 'numpy', 'trafilatura'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "")
    assert run("--version").output.startswith("onrecord, version ")


def test_an_article_is_added_once_and_answered_from() -> None:
    added = run("add", "cranes.md")
    assert added.exit_code == 0, added.output
    assert added.stdout.startswith("1  2020-02-15  Harbour Minister Promises New Cranes: ")
    assert "known already" in run("add", "-", stdin=ARTICLE).stdout
    asked = run("chat", "--now", "2020-02-15", stdin="/who Osei\n\n/deadlines\n")
    assert asked.exit_code == 0
    assert "Clara Osei" in asked.stdout
    assert "Sat 29 Feb 2020" in asked.stdout


def test_files_that_cannot_be_added_are_said_and_the_others_added() -> None:
    done = run("add", "none.md", "undated.md", "cranes.md")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: none.md cannot be read")
    assert done.stderr.count("undated.md") == 1
    assert "--published" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert "Harbour Minister Promises New Cranes" in done.stdout


def test_an_article_in_another_language_is_kept_and_says_why_it_has_no_facts() -> None:
    german = (
        "# Neue Brücke am Hafen\n\nBy [Hafenblatt](#)\n\n15.02.2020\n\nDer Minister Karl Beispiel sagte am Samstag, "
        "die neue Brücke über den Fluss werde bis Ende Februar eröffnet. Die Stadt habe dafür viel Geld ausgegeben.\n"
    )
    assert "no facts, which are read from English only" in run("add", "-", stdin=german).stdout
    read = run("chat", stdin="/facts 1\n/latest Brücke\n/facts 2\n").stdout
    assert "they are read from English only" in read
    assert "Hafenblatt · 15 Feb 2020 · /facts 1" in read
    assert "There is no article 2 in the archive." in read


@pytest.mark.parametrize("arguments", [["undated.md"], ["-"], ["--url", "https://test.example/1", "undated.md"]])
def test_the_day_may_be_given(arguments: list[str]) -> None:
    done = run("add", "--published", "2020-02-15", *arguments, stdin=UNDATED)
    assert done.exit_code == 0, done.output
    assert "2020-02-15  Cranes" in done.stdout


def test_an_empty_input_is_refused_in_one_line() -> None:
    done = run("add", "-", stdin="")
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "empty" in done.stderr


def test_extract_shows_facts_with_their_words() -> None:
    done = run("extract", "cranes.md")
    assert done.exit_code == 0, done.output
    assert "Harbour Minister Promises New Cranes" in done.stdout
    assert "test-wire.example" in done.stdout
    assert "Clara Osei" in done.stdout


def test_extract_of_several_files_tells_of_the_bad_ones() -> None:
    done = run("extract", "undated.md", "cranes.md", "none.md")
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 2)
    assert "Clara Osei" in done.stdout


def test_json_lines_keep_their_order_and_a_bad_one_sets_the_status() -> None:
    rows = [json.dumps({"id": number, "text": f"Talks number {number} failed."}) for number in range(5)]
    done = run("extract", "--jsonl", stdin="\n".join([*rows[:2], "{", *rows[2:]]))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [0, 1, None, 2, 3, 4]
    assert done.exit_code == 1


def test_json_lines_come_from_files_too(own_folder: Path) -> None:
    (own_folder / "pairs.jsonl").write_text('{"id": 1, "a": "Oktay", "b": "Oktaý"}\n', encoding="utf-8")
    done = run("match", "--jsonl", "pairs.jsonl")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["same"] is True
    lost = run("match", "--jsonl", "none.jsonl")
    assert (lost.exit_code, "none.jsonl cannot be read" in lost.stderr) == (1, True)


def test_a_brief_is_the_articles_own_sentences(own_folder: Path) -> None:
    done = run("brief", "cranes.md")
    assert done.exit_code == 0, done.output
    assert "> Harbour Minister Clara Osei said on Saturday that two new cranes would arrive" in done.stdout
    assert run("brief", "undated.md").exit_code == 1
    assert run("brief", "--published", "2020-02-15", "undated.md").exit_code == 0
    lines = run("brief", "--jsonl", stdin=json.dumps({"id": 1, "text": ARTICLE}) + "\n{")
    first, second = (json.loads(line) for line in lines.stdout.splitlines())
    assert (lines.exit_code, second["id"]) == (1, None)
    assert first["sentences"]
    assert all(ARTICLE[each["start"] : each["end"]] == each["text"] for each in first["sentences"])


def test_two_names_are_matched() -> None:
    assert "may be the same" in run("match", "Fuat Oktay", "Fuat Oktaý").stdout
    assert "not the same" in run("match", "Fuat Oktay", "Sergei Lavrov").stdout
    assert run("match", "Fuat Oktay").exit_code == 2


def test_a_moment_that_is_none_is_said() -> None:
    done = run("chat", "--now", "someday", stdin="/status\n")
    assert (done.exit_code, "2020-02-15" in done.stderr) == (1, True)
    assert run("chat", "--now", "2020-02-15T18:00", stdin="/status\n").exit_code == 0
    assert run("chat", stdin="/status\n").exit_code == 0


def test_serving_nothing_names_the_settings() -> None:
    done = run("serve")
    assert done.exit_code == 1
    assert "TELEGRAM_BOT_TOKEN" in done.stderr
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_check_says_what_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("check")
    assert (done.exit_code, "database" in done.stdout) == (0, True)
    monkeypatch.setenv("SLACK_MODE", "pigeon")
    wrong = run("check")
    assert (wrong.exit_code, "SLACK_MODE" in wrong.stderr) == (1, True)


def test_an_unusable_database_is_one_line(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{own_folder}/none/own.db")
    done = run("chat", stdin="/status\n")
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


def test_a_closed_pipe_is_no_traceback(own_folder: Path) -> None:
    rows = (json.dumps({"id": number, "a": "x" * 500, "b": "y"}) + "\n" for number in range(5_000))
    (own_folder / "pairs.jsonl").write_text("".join(rows), encoding="utf-8")
    code = "from bot.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "match", "--jsonl", "pairs.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        assert started.stdout.readline().startswith(b'{"id":')
        started.stdout.close()
        assert started.stderr.read() == b""


def test_without_a_terminal_the_demo_plays_its_tour() -> None:
    done = run("demo", "--database", "demo.db")
    assert done.exit_code == 0, done.output
    assert Path("demo.db").exists()
    for command in ("/who Oktay", "/deadlines", "/numbers Idlib", "/sides Idlib"):
        assert f"onrecord> {command}\n" in done.stdout
    assert "Fuat Oktay" in done.stdout
    assert "something went wrong" not in done.stdout.casefold()
    again = run("demo", "--database", "demo.db")
    assert (again.exit_code, "is there already" in again.stderr) == (1, True)


def test_on_a_terminal_the_demo_ends_in_a_chat(own_folder: Path) -> None:
    """A real terminal: what is typed is answered, Ctrl-D ends it."""
    main, side = pty.openpty()
    started = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--database", "demo.db"],
        stdin=side,
        stdout=side,
        stderr=side,
        env={**os.environ, "TERM": "xterm", "XDG_STATE_HOME": str(own_folder)},
    )
    os.close(side)
    try:
        greeting = read_until(main, b"onrecord>")
        os.write(main, b"/who Oktay\r")
        answer = read_until(main, b"About Fuat")
        read_until(main, b"onrecord>")
        os.write(main, b"\x04")
        read_until(main, b"")
        assert started.wait(60) == 0
    finally:
        started.kill()
        started.wait()
        os.close(main)
    assert b"The clock stands at 21 February 2020" in greeting
    assert b"Vice President" in answer
    assert "/who Oktay" in (own_folder / "onrecord" / "history").read_text()


def read_until(terminal: int, wanted: bytes, *, seconds: int = 180) -> bytes:
    """What comes until it holds ``wanted``; for nothing wanted, all until the program is gone."""
    seen = b""
    while not (wanted and wanted in seen):
        ready, _, _ = select.select([terminal], [], [], seconds)
        assert ready, f"{wanted!r} did not come, only {seen[-500:]!r}"
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # Linux: the other side is closed
            return seen
    return seen


def test_an_article_may_come_by_pipe_without_being_named() -> None:
    assert "Clara Osei" in run("extract", stdin=ARTICLE).stdout


def test_a_moment_may_have_a_zone_and_history_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.cli.conversation import clock_at, history_file

    assert clock_at("2020-02-15T18:00+03:00")().isoformat() == "2020-02-15T18:00:00+03:00"
    assert clock_at("2020-02-15T18:00")().isoformat() == "2020-02-15T18:00:00+00:00"
    assert clock_at("2020-02-15")().isoformat() == "2020-02-15T12:00:00+00:00"
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/osei")
    assert history_file() == Path("/home/osei/.local/state/onrecord/history")


def test_a_terminal_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.cli import reading

    monkeypatch.setattr(sys, "stdin", Terminal())
    with pytest.raises(click.UsageError, match="standard input"):
        reading.required(())
    assert reading.required(("a.md",)) == ("a.md",)


def test_a_file_is_named_once_in_what_is_wrong_with_it() -> None:
    from bot.cli.adding import blamed
    from digests.ingest.add import Failed

    assert blamed(Failed(name="a.md", reason="a.md is empty")) == "a.md is empty"
    assert blamed(Failed(name="a.md", reason="its quote is gone")) == "a.md: its quote is gone"


class Terminal:
    def isatty(self) -> bool:
        return True


async def test_a_file_that_cannot_be_read_stops_the_demo(tmp_path: Path) -> None:
    from bot.app.importing import importing
    from bot.app.services import opened
    from bot.cli import demonstration
    from bot.config import Settings

    async with opened(Settings(database_url=f"sqlite:///{tmp_path}/demo.db")) as services:
        assert len(await demonstration.last_day(services)) == len("2020-02-15")
        async with importing(services.store, processes=1) as ingest:
            with pytest.raises(UserError, match=r"none\.md"):
                await demonstration.build(ingest, [tmp_path / "none.md"])


def test_a_folder_is_imported_once_and_begun_again_where_it_stopped(own_folder: Path) -> None:
    news = own_folder / "news"
    news.mkdir()
    (news / "cranes.md").write_text(ARTICLE, encoding="utf-8")
    (news / "undated.md").write_text(UNDATED, encoding="utf-8")
    lines = [{"id": 1, "text": "The quay was shut, the mayor said.", "published": "2020-02-16"}, {"id": 2}]
    (news / "more.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    first = run("add", "news", "--workers", "1")
    assert (first.exit_code, first.stdout) == (1, "4 articles: 2 new, 2 could not be added\n")
    assert "no date found in news/undated.md" in first.stderr
    assert 'more.jsonl:2 has no "text"' in first.stderr
    (news / "undated.md").unlink()
    (news / "more.jsonl").write_text(json.dumps(lines[0]) + "\n", encoding="utf-8")
    again = run("add", "news")
    assert (again.exit_code, again.stdout) == (0, "2 articles: 2 imported before\n")


def test_a_folder_without_articles_says_so(own_folder: Path) -> None:
    (own_folder / "none").mkdir()
    assert run("add", "none").stdout == "0 articles: nothing was found there\n"
