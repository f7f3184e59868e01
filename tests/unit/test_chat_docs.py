"""What people are told about the chats agrees with the program."""

import re
from pathlib import Path

import pytest

from bot.config import DEFAULTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["docs/telegram.md", "docs/slack.md"])
def test_every_setting_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)[=`]", text))
    assert named
    assert named <= set(DEFAULTS)


def test_the_slack_manifest_asks_for_what_the_program_reads() -> None:
    text = (ROOT / "deploy" / "slack-manifest.yaml").read_text(encoding="utf-8")
    for wanted in ("app_mention", "message.im", "app_home_opened", "chat:write", "commands"):
        assert wanted in text
