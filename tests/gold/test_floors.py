"""Quality on a fixed sample of a hundred articles never sinks below its floors (bench/floors.json)."""

from pathlib import Path

import pytest


@pytest.mark.no_cover  # much to read, no line of its own: counting lines would take most of the time
def test_the_sample_holds_its_floors(shared: Path, tmp_path: Path) -> None:
    from bench.sample import sampled

    results = list(sampled(shared / "bench", tmp_path))
    assert len(results) == 9
    told = {result.measure.name: (result.score.value, result.floor) for result in results if result.score}
    assert len(told) == len(results), [result.why for result in results if result.score is None]
    assert [f"{name}: {value:.1f} < {floor}" for name, (value, floor) in told.items() if value < (floor or 0)] == []


@pytest.mark.parametrize("part", ["bench", "sample"])
def test_floors_are_of_measures_there_are(part: str) -> None:
    from bench.measures import MEASURES
    from bench.quality import floors

    assert set(floors(part)) <= {measure.name for measure in MEASURES}
