"""The papers keep up with the program: commands are documented, links lead somewhere."""

import re
from pathlib import Path

import pytest

from bot.commands.registry import COMMANDS
from bot.commands.spec import Spec

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


@pytest.mark.parametrize("spec", [each.spec for each in COMMANDS], ids=lambda spec: spec.name)
def test_every_chat_command_stands_in_the_papers_as_help_shows_it(spec: Spec) -> None:
    usage = spec.usage.replace("|", "\\|")
    assert f"| `{usage}` |" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_shell_command_stands_in_the_papers() -> None:
    from bot.cli import cli

    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in cli.commands if f"`onrecord {name}" not in text] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_links_between_papers_lead_somewhere(paper: Path) -> None:
    links = LINK.findall(paper.read_text(encoding="utf-8"))
    assert [link for link in links if not (paper.parent / link).exists()] == []
