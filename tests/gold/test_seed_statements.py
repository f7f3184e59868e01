"""Who said what in the seed article: at least the floor of its statements, by the scorer's joint criterion."""

import json
import subprocess
import sys
from pathlib import Path

FLOOR = 19
"""Of 19: right content and right speaker."""


def test_the_seed_article_yields_its_statements(shared: Path, tmp_path: Path) -> None:
    from bench.quotes import predict

    gold, out, report = shared / "gold" / "seed" / "statements.jsonl", tmp_path / "out.jsonl", tmp_path / "report.json"
    predict(gold, out)
    scorer = shared / "bench" / "quotes" / "score_quotes.py"
    subprocess.run([sys.executable, str(scorer), str(gold), str(out), "--json", str(report)], check=True)
    score = json.loads(report.read_text())["all"]
    assert round(score["joint"]["R"] * score["gold"] / 100) >= FLOOR
