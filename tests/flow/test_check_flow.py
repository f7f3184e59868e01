"""``onrecord check``: one line for each part, and what is wrong named by its setting."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.language_model import endpoint
from slack_server import APP_TOKEN, BOT_TOKEN, SECRET, fake_slack
from telegram_server import TOKEN, fake_telegram

from bot.app import check, serve
from bot.config import Settings
from digests.errors import SettingsError


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, put back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


async def lines_of(tmp_path: Path, **given: Any) -> tuple[bool, dict[str, str]]:
    """Whether all works, and what is said of each part."""
    said: list[str] = []
    database = given.pop("database_url", f"sqlite:///{tmp_path}/check.db")
    works = await check(Settings(database_url=database, **given), say=said.append)
    return works, {line.partition(":")[0]: line.partition(":")[2].strip() for line in said}


async def test_nothing_configured_says_which_settings_to_give(tmp_path: Path) -> None:
    works, said = await lines_of(tmp_path)
    assert works
    assert "TELEGRAM_BOT_TOKEN" in said["telegram"]
    assert "SLACK_BOT_TOKEN" in said["slack"]
    assert said["database"].startswith("ok")
    assert "nobody is answered yet" in said["access"]


async def test_what_works_is_said_so(tmp_path: Path) -> None:
    async with fake_telegram() as telegram, fake_slack() as slack:
        works, said = await lines_of(
            tmp_path,
            telegram_bot_token=TOKEN,
            telegram_api_base=telegram.url,
            slack_bot_token=BOT_TOKEN,
            slack_app_token=APP_TOKEN,
            slack_api_base=slack.url,
            access="open",
        )
    assert works
    assert said["telegram"] == "ok, @onrecord_bot, long polling"
    assert said["slack"] == "ok, @onrecord in Newsroom, Socket Mode"
    assert said["access"].startswith("open to everyone")


@pytest.mark.parametrize(
    ("models", "works", "said"),
    [
        (("liar", "other"), True, "ok, liar at http://127.0.0.1"),
        (("other",), False, "has no model 'liar'; it has other"),
        ((), False, "it has none"),
        (404, True, "it answers, but does not tell which models it has"),
        (401, False, "WRONG: http://127.0.0.1"),
    ],
)
async def test_the_language_model_is_looked_for(tmp_path: Path, models: Any, works: bool, said: str) -> None:
    async with endpoint() as script:
        script.models = models
        given = {"llm_base_url": script.base_url, "llm_model": "liar", "llm_proposes": True, "llm_digests": True}
        found, lines = await lines_of(tmp_path, **given)
        assert found is works
        assert said in lines["model"]
        assert ("proposes facts, shortens digests" in lines["model"]) is works
    assert not (await lines_of(tmp_path, **given))[0]  # nothing listens there any more
    assert "none is needed" in (await lines_of(tmp_path))[1]["model"]


async def test_slack_over_http_needs_no_app_token(tmp_path: Path) -> None:
    async with fake_slack() as slack:
        works, said = await lines_of(
            tmp_path,
            slack_bot_token=BOT_TOKEN,
            slack_signing_secret=SECRET,
            slack_mode="http",
            slack_api_base=slack.url,
        )
    assert works
    assert said["slack"].endswith("HTTP at 127.0.0.1:3000/slack/events")


@pytest.mark.parametrize(
    ("wrong", "part", "named"),
    [
        ({"telegram_bot_token": "1:no"}, "telegram", "TELEGRAM_BOT_TOKEN"),
        ({"slack_bot_token": "xoxb-no"}, "slack", "SLACK_BOT_TOKEN"),
        ({"slack_bot_token": BOT_TOKEN, "slack_app_token": "xapp-no"}, "slack", "SLACK_APP_TOKEN"),
    ],
)
async def test_a_refused_token_is_named(tmp_path: Path, wrong: dict[str, str], part: str, named: str) -> None:
    async with fake_telegram() as telegram, fake_slack() as slack:
        given = {"telegram_api_base": telegram.url, "slack_api_base": slack.url, **wrong}
        works, said = await lines_of(tmp_path, **given)
    assert not works
    assert said[part].startswith(f"WRONG: {named}")


async def test_what_cannot_be_reached_is_named_by_its_address(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9/"
    works, said = await lines_of(
        tmp_path,
        telegram_bot_token=TOKEN,
        telegram_api_base=f"{nowhere}bot",
        slack_bot_token=BOT_TOKEN,
        slack_api_base=nowhere,
        database_url=f"sqlite:///{tmp_path}/no/such/folder/x.db",
    )
    assert not works
    assert said["telegram"].startswith("WRONG: TELEGRAM_API_BASE")
    assert said["slack"].startswith("WRONG: SLACK_API_BASE")
    assert "does not exist" in said["database"]


async def test_serving_with_nothing_configured_names_the_settings() -> None:
    with pytest.raises(SettingsError, match=r"TELEGRAM_BOT_TOKEN.*SLACK_BOT_TOKEN"):
        await serve(Settings())


async def test_a_signal_ends_the_server(
    tmp_path: Path, root_logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what cuts off a server that hangs would end the tests' own process, however busy the machine only is
    monkeypatch.setattr("bot.app.serving.MOST_SECONDS_TO_STOP", 600.0)
    async with fake_telegram() as telegram:
        settings = Settings(
            telegram_bot_token=TOKEN, telegram_api_base=telegram.url, database_url=f"sqlite:///{tmp_path}/serve.db"
        )
        serving = asyncio.create_task(serve(settings))
        await telegram.until(lambda: bool(telegram.called("getUpdates")))
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(serving, 60)


async def test_the_password_of_the_database_is_not_shown(postgres_url: str) -> None:
    said: list[str] = []
    url = postgres_url.replace("postgres@", "postgres:hunter22@")
    assert url != postgres_url
    assert await check(Settings(database_url=url), say=said.append)
    assert said[0].startswith("database: ok, postgresql://***@")
    assert "hunter22" not in "".join(said)
