"""Grouping holds its floors on the stories benchmark: one threshold, nothing learnt from the set itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = [("ecbplus.jsonl", 0.85), ("gnews.jsonl", 0.90)]


@pytest.mark.no_cover  # much to read, no line of its own: counting lines would take most of the time
@pytest.mark.parametrize(("gold", "floor"), FLOORS)
def test_stories_hold_their_floors(shared: Path, tmp_path: Path, gold: str, floor: float) -> None:
    from bench.stories import predict

    folder = shared / "bench" / "stories"
    predict(folder / gold, tmp_path / gold)
    scored = subprocess.run(
        [sys.executable, str(folder / "score_stories.py"), str(folder / gold), str(tmp_path / gold)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(scored.stdout)["b3_f1"] >= floor
