"""``onrecord bench``: the error browser, and what is said where there is no checkout; papers that show real runs."""

import io
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from bot.cli import cli
from bot.cli.progress import bar

SAID = "The minister said that talks would fail. The envoy said nothing of it."


def test_errors_are_shown_in_their_paragraph() -> None:
    from bench.errors import quotation

    error = {
        "err": "boundary",
        "type": "indirect",
        "doc": "d1",
        "cue": "said",
        "gold": "talks would fail",
        "pred": "would fail",
    }
    shown = quotation(error, f"Before.\n{SAID}\nAfter.")
    assert shown.plain.splitlines() == ["boundary indirect  cue 'said'  [d1]", SAID]
    marked = {(span.style, shown.plain[span.start : span.end]) for span in shown.spans}
    assert {("red", "talks would fail"), ("yellow", "would fail"), ("green", "would fail")} <= marked


def test_a_wrong_speaker_is_named() -> None:
    from bench.errors import quotation

    error = {"err": "speaker", "doc": "d1", "gold": "minister", "pred": "envoy", "content": "talks would fail"}
    assert "said by minister, not envoy" in quotation(error, SAID).plain
    assert quotation({"err": "missed", "doc": "d1", "gold": "never said"}, SAID).plain.split() == ["missed", "[d1]"]


def test_the_error_browser_runs_on_the_yardsticks(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_SHARED", str(shared))
    done = CliRunner().invoke(cli, ["bench", "errors", "gum", "--only", "missed", "--limit", "1"])
    assert done.exit_code == 0, done.output
    assert "missed" in done.output


def test_without_yardsticks_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bench.quality import run

    monkeypatch.setenv("ONRECORD_SHARED", str(tmp_path))
    done = CliRunner().invoke(cli, ["bench", "errors", "quotes"])
    assert (done.exit_code, "ONRECORD_SHARED" in done.stderr) == (1, True)
    out = io.StringIO()
    assert run(Console(file=out)) is True
    assert "skipped" in out.getvalue()


def test_without_a_checkout_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "bench"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if not (Path(entry or ".") / "bench").is_dir()])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    done = CliRunner().invoke(cli, ["bench", "run", "quality"])
    assert (done.exit_code, "checkout" in done.stderr) == (1, True)


def test_an_unknown_part_is_a_usage_error() -> None:
    assert CliRunner().invoke(cli, ["bench", "run", "beauty"]).exit_code == 2


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_goes_to_a_terminal_on_stderr_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with bar(unit="article") as progress:
        assert progress is not None
        progress(1, 2)
        progress(2, 2)
    assert "2/2" in screen.getvalue()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with bar(unit="article") as progress:
        assert progress is None


def test_the_papers_show_one_run_of_the_whole_tour() -> None:
    """``make transcript`` writes both."""
    from bench.transcript import PAPER, README, answers, excerpt, shown_in
    from bot.cli.demonstration import TOUR

    tour = shown_in(PAPER)
    assert [re.sub(r"(?<=/evidence )\d+$", "N", command) for command in answers(tour)] == list(TOUR)
    assert shown_in(README) == excerpt(tour)
