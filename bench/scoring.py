"""Running a scorer of the shared yardsticks on predictions, with a bootstrap interval over its documents.

Scorers are programs of their own (standard library, JSON out); they are run as such and never imported.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]
_LINE = re.compile(r"^(\w[\w ]*?) +(?:P [\d.]+ R [\d.]+ F1|accuracy) ([\d.]+)", re.MULTILINE)
"""A line of a scorer that prints words: ``title P 0.7 R 0.8 F1 0.750``, ``named  accuracy 0.850``."""


def shared() -> Path | None:
    """The folder of shared yardsticks: ``ONRECORD_SHARED``, else ``../shared`` beside the checkout."""
    folder = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "bench").is_dir() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """A scorer's program under ``bench/`` and the options that make it print JSON; ``draws``: of the bootstrap.

    ``to_file``: it wants a file for the JSON. ``text``: it prints lines of words, read as name -> figure.
    """

    program: str
    options: tuple[str, ...] = ("--json",)
    to_file: bool = False
    text: bool = False
    draws: int = 0

    def scores(self, bench: Path, gold: Path, predicted: Path, extra: Sequence[str] = ()) -> Row:
        """What the scorer says of the whole file."""
        out = predicted.with_suffix(".scores.json")
        target = [str(out)] if self.to_file else []
        command = [sys.executable, str(bench / self.program), str(gold), str(predicted), *self.options, *target, *extra]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{self.program} failed: {done.stderr.strip()[-500:]}")
        if self.text:
            return {m[1]: float(m[2]) for m in _LINE.finditer(done.stdout)}
        found: Row = json.loads(out.read_text() if self.to_file else done.stdout)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A figure in percent and the interval that holds 95 % of resampled ones."""

    value: float
    low: float | None = None
    high: float | None = None


def drawn(scorer: Scorer, bench: Path, gold: Path, predicted: Path, extra: Sequence[str]) -> list[Row]:
    """The scorer's output on documents drawn with replacement, renamed apart: one row a draw."""
    rng = random.Random(7)
    golds, answers = rows(gold), {row[key(row)]: row for row in rows(predicted)}
    found = []
    for _ in range(scorer.draws):
        sample = [golds[rng.randrange(len(golds))] for _ in golds]
        resampled = _files(sample, answers, predicted)
        found.append(scorer.scores(bench, *resampled, _with_passages(extra, sample, predicted)))
    return found


def interval(value: float, draws: Sequence[float]) -> Score:
    """A figure with the middle 95 % of its draws, if there are any."""
    if not draws:
        return Score(value=value)
    kept = sorted(draws)
    return Score(value=value, low=kept[int(0.025 * len(kept))], high=kept[min(len(kept) - 1, int(0.975 * len(kept)))])


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def key(row: Row) -> str:
    return "doc_id" if "doc_id" in row and "id" not in row else "id"


def _files(sample: list[Row], answers: dict[str, Row], beside: Path) -> tuple[Path, Path]:
    gold, predicted = beside.with_suffix(".drawn-gold"), beside.with_suffix(".drawn")
    with gold.open("w", encoding="utf-8") as g, predicted.open("w", encoding="utf-8") as p:
        for number, row in enumerate(sample):
            name = key(row)
            g.write(json.dumps({**row, name: f"{row[name]}#{number}"}) + "\n")
            if row[name] in answers:
                p.write(json.dumps({**answers[row[name]], name: f"{row[name]}#{number}"}) + "\n")
    return gold, predicted


def _with_passages(extra: Sequence[str], sample: list[Row], beside: Path) -> list[str]:
    """The labels' texts stand in a file of their own: resampled along with them."""
    if "--passages" not in extra:
        return list(extra)
    given = list(extra)
    place = given.index("--passages") + 1
    texts = {row["id"]: row for row in rows(Path(given[place]))}
    drawn = beside.with_suffix(".drawn-passages")
    with drawn.open("w", encoding="utf-8") as out:
        for number, row in enumerate(sample):
            out.write(json.dumps({**texts[row["id"]], "id": f"{row['id']}#{number}"}) + "\n")
    given[place] = str(drawn)
    return given
