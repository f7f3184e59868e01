"""The error browser: what was missed, made up or cut wrongly, in colour, in its sentence.

Red is what a reader marked, green where both agree, yellow what only the program found.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bench.scoring import Row, rows, shared
from digests.errors import UserError

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What can be browsed: the set, who predicts, the scorer's program and whether it prints its errors itself."""

    gold: str
    predict: str
    program: str
    given: str = ""
    options: tuple[str, ...] = ()


KINDS = {
    "quotes": Kind(gold="quotes/polnear_dev.jsonl", predict="bench.quotes", program="quotes/score_quotes.py"),
    "gum": Kind(gold="quotes/gum_news_dev.jsonl", predict="bench.quotes", program="quotes/score_quotes.py"),
    "times": Kind(gold="timex/meantime_dev.jsonl", predict="bench.times", program="timex/score_timex.py"),
    "labels": Kind(
        gold="labels/labels_dev.jsonl",
        predict="bench.labels",
        program="labels/score_labels.py",
        given="labels/passages_dev.jsonl",
    ),
}


def show(name: str, console: Console, *, only: str = "", limit: int = 0) -> None:
    """Print the errors of a set, ``only`` of one sort, at most ``limit`` of them, and how many there are of each."""
    kind, folder = KINDS[name], shared()
    if folder is None:
        raise UserError("no shared yardsticks: set ONRECORD_SHARED to the folder that holds bench/")
    bench = folder / "bench"
    with tempfile.TemporaryDirectory(prefix="onrecord-errors-") as made:
        found = list(_errors(kind, bench, Path(made)))
    counts = Counter(sort for sort, _ in found)
    shown = [text for sort, text in found if only in ("", sort)]
    for text in shown[: limit or None]:
        console.print(text)
        console.print()
    console.print("  ".join(f"{sort} {count}" for sort, count in counts.most_common()) or "no errors", style="bold")


def _errors(kind: Kind, bench: Path, folder: Path) -> Iterator[tuple[str, Text]]:
    predicted, out = folder / "predicted.jsonl", folder / "errors"
    import_module(kind.predict).predict(bench / (kind.given or kind.gold), predicted)
    command = [sys.executable, str(bench / kind.program), str(bench / kind.gold), str(predicted), "--errors"]
    if kind.given:
        done = subprocess.run(
            [*command, "--passages", str(bench / kind.given)], capture_output=True, text=True, check=True
        )
        yield from _listed(done.stdout)
        return
    subprocess.run([*command, str(out)], capture_output=True, check=True)
    if kind.program.endswith("timex.py"):
        yield from _tabled(out)
        return
    texts = {row["doc_id"]: row["text"] for row in rows(bench / kind.gold)}
    for line in out.read_text(encoding="utf-8").splitlines():
        error: Row = json.loads(line)
        yield error["err"], quotation(error, texts[error["doc"]])


def quotation(error: Row, text: str) -> Text:
    """One error about who said what: its sort, cue and speakers, and its paragraph with both contents marked."""
    told = [f"cue {error['cue']!r}"] if error.get("cue") else []
    told += [f"speaker {error['sp']}"] if error.get("sp") else []
    gold, pred = error.get("gold") or "", error.get("pred") or ""
    if error["err"] == "speaker":
        told += [f"said by {gold}, not {pred}"]
        gold = pred = error.get("content", "")
    title = Text(f"{error['err']} {error.get('type', '')}", style="bold").append(
        "  " + ", ".join(told) + f"  [{error['doc']}]", style="dim"
    )
    start, end, paragraph = _paragraph(text, gold or pred)
    marked = Text(paragraph)
    for fragments, style in ((gold, "red"), (pred, "yellow")):
        for a, b in _places(paragraph, fragments):
            marked.stylize(style, a, b)
    for a, b in _shared_places(_places(paragraph, gold), _places(paragraph, pred)):
        marked.stylize("green", a, b)
    return Text("\n").join([title, marked]) if end > start else title


def _paragraph(text: str, words: str) -> tuple[int, int, str]:
    first = words.split(" … ")[0]
    at = text.find(first)
    if not first or at < 0:
        return 0, 0, ""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at + len(first))
    end = len(text) if end < 0 else end
    return start, end, text[start:end]


def _places(paragraph: str, fragments: str) -> list[tuple[int, int]]:
    found = ((paragraph.find(piece), len(piece)) for piece in fragments.split(" … ") if piece)
    return [(at, at + length) for at, length in found if at >= 0]


def _shared_places(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> list[tuple[int, int]]:
    pairs = ((max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b)
    return [(start, end) for start, end in pairs if start < end]


def _tabled(path: Path) -> Iterator[tuple[str, Text]]:
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        doc, sort, gold, _, value, pred, _, guess, context = line.split("\t")
        title = Text(f"{sort.lower()}  ", style="bold")
        title.append(f"{gold} = {value}", style="red").append("  ")
        title.append(f"{pred} = {guess}" if pred else "", style="yellow").append(f"  [{doc}]", style="dim")
        yield sort.lower(), title.append(f"\n{context}", style="default")


def _listed(printed: str) -> Iterator[tuple[str, Text]]:
    for line in printed.splitlines():
        fields = line.split("  ", 2)
        if len(fields) == 3 and _WORD.fullmatch(fields[0]):
            yield fields[1], Text(f"{fields[1]}  ", style="bold").append(fields[2]).append(f"  [{fields[0]}]", "dim")
