"""The measure of page reading, by hand-made texts."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from rich.console import Console

from bench import pages

TRUTH = "one two three four five six"


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (TRUTH, (1.0, 0.0, 0.0)),
        ("one two three four five", (2 / 3, 0.0, 1 / 3)),
        (f"{TRUTH} seven", (0.75, 0.25, 0.0)),
        ("", (0.0, 0.0, 1.0)),
        ("one", (0.0, 0.25, 0.75)),
    ],
)
def test_runs_are_shared_added_or_missed(found: str, wanted: tuple[float, float, float]) -> None:
    assert pages.overlap(TRUTH, found) == pytest.approx(wanted)


def test_precision_and_recall_are_means_over_pages() -> None:
    assert pages.scores([(1.0, 0.0, 0.0), (0.25, 0.25, 0.5)]) == pytest.approx((0.75, 2 / 3, 12 / 17))
    assert pages.scores([]) == (0.0, 0.0, 0.0)
    low, high = pages.interval([(1.0, 0.0, 0.0)])
    assert low == high == 1.0


def test_ours_is_run_beside_its_rivals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "The ferries of Port Ardal stopped on Monday after the talks with the crews had failed again."
    html = f"<html><head><title>Ferries</title></head><body><p>{said}</p><p>{said[::-1]}</p></body></html>"
    folder = tmp_path / "corpora" / "html" / "scrapinghub_news"
    folder.mkdir(parents=True)
    (tmp_path / "bench").mkdir()
    (folder / "a.html.gz").write_bytes(gzip.compress(html.encode()))
    truth = {"a": {"articleBody": f"{said} {said[::-1]}"}}
    (folder.parent / "scrapinghub_ground_truth.json").write_text(json.dumps(truth))
    monkeypatch.setenv("ONRECORD_SHARED", str(tmp_path))
    console = Console(record=True, width=140)
    assert pages.run(console)
    told = console.export_text()
    assert "onrecord     F1 100.0%" in told
    assert "trafilatura  F1 100.0%" in told
    monkeypatch.setenv("ONRECORD_SHARED", str(tmp_path / "nowhere"))
    assert pages.run(console)


def test_real_pages_are_read_as_well_as_owed(shared: Path) -> None:
    truth = dict(list(pages.truths(shared).items())[::4])
    if not truth:
        pytest.skip("no pages among the shared data")
    assert pages.predicted(truth, {key: pages.page(shared, key) for key in truth}) >= pages.OWED - 0.01
