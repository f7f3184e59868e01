"""The quality table: predictions through the project's own pipeline, the shared scorers, rivals and floors beside."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measures import MEASURES, Measure
from bench.scoring import ROOT, Score, drawn, interval, shared

FLOORS = ROOT / "bench" / "floors.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``score`` is None where the measure could not be taken; ``why`` says so then."""

    measure: Measure
    score: Score | None = None
    floor: float | None = None
    why: str = ""

    @property
    def sank(self) -> bool:
        """Below its floor, beyond rounding."""
        return self.floor is not None and self.score is not None and self.score.value < self.floor - 0.05


def floors(part: str) -> dict[str, float]:
    """The floors of a part ("bench", "sample"); a measure without one has none yet."""
    found: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return found.get(part, {})


def predict(measure: Measure, bench: Path, folder: Path) -> Path:
    """The file of predictions for a measure's set, made once."""
    given = measure.given or measure.gold
    out = folder / f"{measure.predict.replace(':', '-')}-{Path(given).stem}.jsonl"
    if not out.exists():
        module, function = measure.predict.split(":")
        getattr(import_module(module), function)(bench / given, out)
    return out


def taken(measures: Sequence[Measure], bench: Path, folder: Path, *, draws: bool = True) -> Iterator[Result]:
    """Each measure's result in order; measures of one run of a scorer share it."""
    known = floors("bench")
    for _, group in groupby(measures, key=lambda m: (m.gold, m.predict, m.scorer, m.extra)):
        together = list(group)
        try:
            yield from _of_one_run(together, bench, folder, known, draws=draws)
        except (ImportError, AttributeError, RuntimeError) as cause:
            yield from (Result(measure=measure, why=str(cause)[-120:]) for measure in together)


def _of_one_run(
    measures: Sequence[Measure], bench: Path, folder: Path, known: dict[str, float], *, draws: bool
) -> Iterator[Result]:
    first = measures[0]
    predicted = predict(first, bench, folder)
    extra = [str(bench / word) if "/" in word else word for word in first.extra]
    whole = first.scorer.scores(bench, bench / first.gold, predicted, extra)
    again = drawn(first.scorer, bench, bench / first.gold, predicted, extra) if draws else []
    for measure in measures:
        own = measure.interval_in(whole)
        score = interval(measure.value_in(whole), [measure.value_in(row) for row in again if measure.resampled])
        if own:
            score = Score(value=score.value, low=own[0], high=own[1])
        yield Result(measure=measure, score=score, floor=known.get(measure.name))


def run(console: Console, measures: Sequence[Measure] = MEASURES) -> bool:
    """Print the table; False when a figure sank below its floor."""
    folder = shared()
    if folder is None:
        console.print("Quality: no shared yardsticks (../shared or ONRECORD_SHARED); skipped. tests/gold has its own.")
        return True
    table = _table()
    sank = []
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as made:
        for result in taken(measures, folder / "bench", Path(made)):
            table.add_row(*_cells(result))
            sank += [result.measure.name] if result.sank else []
    console.print(table)
    if sank:
        console.print(f"[red]Below the floor: {', '.join(sank)}")
    return not sank


def _table() -> Table:
    table = Table(title="Quality in percent (development parts)", title_justify="left")
    table.add_column("measure")
    for heading in ("ours", "95 %", "best rival", "owed", "aim", "floor"):
        table.add_column(heading, justify="right")
    return table


def _cells(result: Result) -> list[str]:
    measure, score = result.measure, result.score
    if score is None:
        return [f"{measure.name} (not taken: {result.why})", "-", "", measure.rival, *_wanted(measure), ""]
    span = f"{score.low:.1f}-{score.high:.1f}" if score.low is not None and score.high is not None else ""
    colour = "red" if result.sank else "green" if score.value >= (measure.owed or 0) else "yellow"
    floor = f"{result.floor:.1f}" if result.floor is not None else ""
    return [measure.name, f"[{colour}]{score.value:.1f}", span, measure.rival, *_wanted(measure), floor]


def _wanted(measure: Measure) -> tuple[str, str]:
    owed, aim = (f"{value:g}" if value is not None else "" for value in (measure.owed, measure.aim))
    return owed, aim
