"""Is it the same person's name? Predictions in the form of the names benchmark."""

from __future__ import annotations

import json
from pathlib import Path

from digests.text.names import same_name


def predict(gold_path: Path, out_path: Path) -> None:
    """Write ``{id, same, score}`` a line for every pair of a gold JSONL file."""
    rows = [json.loads(line) for line in Path(gold_path).read_text(encoding="utf-8").splitlines() if line.strip()]
    with Path(out_path).open("w", encoding="utf-8") as out:
        for row in rows:
            same, score = same_name(row["a"], row["b"])
            out.write(json.dumps({"id": row["id"], "same": same, "score": score}) + "\n")
