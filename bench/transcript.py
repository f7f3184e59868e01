"""The tour as it really runs, put into README.md (three commands) and docs/tour.md (all): ``make transcript``."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.scoring import ROOT

README, PAPER = ROOT / "README.md", ROOT / "docs" / "tour.md"
SHOWN = ("/who Oktay", "/evidence", "/ask when")
PROMPT = "onrecord> "
BLOCK = re.compile(r"```text\n(.*?)```", re.DOTALL)
HEAD = """# The tour, as it really ran

`onrecord demo` without a terminal types these commands into the demo archive. `make transcript` writes this page.

"""


def played() -> str:
    """What ``onrecord demo`` prints when nobody can type, from the first command on."""
    with tempfile.TemporaryDirectory(prefix="onrecord-tour-") as folder:
        done = subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--database", f"{folder}/demo.db"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout[done.stdout.index(PROMPT) :]


def answers(tour: str) -> dict[str, str]:
    """Command -> itself with its answer, as shown."""
    parts = [PROMPT + part.rstrip() + "\n" for part in tour.split(PROMPT) if part]
    return {part.splitlines()[0].removeprefix(PROMPT): part for part in parts}


def excerpt(tour: str) -> str:
    """The answers that the README shows."""
    found = answers(tour)
    return "\n".join(next(text for command, text in found.items() if command.startswith(shown)) for shown in SHOWN)


def shown_in(paper: Path) -> str:
    """The transcript in a paper."""
    found = BLOCK.search(paper.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def main() -> None:
    tour = played()
    README.write_text(BLOCK.sub(lambda _: f"```text\n{excerpt(tour)}```", README.read_text(encoding="utf-8"), count=1))
    PAPER.write_text(f"{HEAD}```text\n{tour.rstrip()}\n```\n", encoding="utf-8")


if __name__ == "__main__":
    main()
