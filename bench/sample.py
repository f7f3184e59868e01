"""A fixed sample of a hundred of the yardsticks' articles, small enough for every run of the tests; raising floors."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rich.console import Console

from bench.measures import MEASURES, Measure
from bench.quality import FLOORS, Result, floors, taken
from bench.scoring import shared

SIZES = {
    "quotes/polnear_dev.jsonl": 30,
    "timex/meantime_dev.jsonl": 20,
    "timex/tbaq_dev.jsonl": 20,
    "people/people_dev.jsonl": 30,
}
"""The first so many articles of each set."""


def sampled(bench: Path, folder: Path) -> Iterator[Result]:
    """Measures of the sample, without intervals, with the floors of the sample."""
    for gold, size in SIZES.items():
        small = folder / gold
        small.parent.mkdir(exist_ok=True)
        with (bench / gold).open(encoding="utf-8") as lines:
            small.write_text("".join(islice(lines, size)), encoding="utf-8")
    known = floors("sample")
    measures = [_here(measure, bench, folder) for measure in MEASURES if measure.gold in SIZES and not measure.extra]
    for result in taken(measures, folder, folder, draws=False):
        yield replace(result, floor=known.get(result.measure.name))


def _here(measure: Measure, bench: Path, folder: Path) -> Measure:
    """The measure on the sample's file; scorers stay where they are."""
    program = str(bench / measure.scorer.program)
    return replace(measure, scorer=replace(measure.scorer, program=program), gold=str(folder / measure.gold))


def run(console: Console) -> bool:
    """Raise every floor to what is reached now, rounded down to half a point; none ever sinks."""
    folder = shared()
    if folder is None:
        console.print("Floors: no shared yardsticks; nothing raised.")
        return True
    bench = folder / "bench"
    with tempfile.TemporaryDirectory(prefix="onrecord-floors-") as made:
        (Path(made) / "sample").mkdir()
        reached = {
            "bench": list(taken(MEASURES, bench, Path(made), draws=False)),
            "sample": list(sampled(bench, Path(made) / "sample")),
        }
    raised = {part: _raised(floors(part), results) for part, results in reached.items()}
    FLOORS.write_text(json.dumps(raised, indent=2) + "\n", encoding="utf-8")
    console.print(f"Floors raised in {FLOORS.name}.")
    return True


def _raised(known: dict[str, float], results: list[Result]) -> dict[str, float]:
    for result in results:
        if result.score is not None:
            reached = math.floor(2 * result.score.value) / 2
            known[result.measure.name] = max(reached, known.get(result.measure.name, 0.0))
    return known
