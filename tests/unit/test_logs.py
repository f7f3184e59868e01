"""Logging: no line holds a secret."""

import logging
from collections.abc import Iterator

import pytest

from bot.app.logs import Redacting, configure
from bot.config import Settings

SETTINGS = Settings(telegram_bot_token="12345:very-secret", slack_bot_token="xoxb-hidden")


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_secrets_are_taken_out_of_lines_and_tracebacks() -> None:
    try:
        raise ValueError("https://api.telegram.org/bot12345:very-secret/getMe")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "with %s", ("xoxb-hidden",), (type(error), error, error.__traceback__)
        )
    line = Redacting(SETTINGS.secrets).format(record)
    assert "very-secret" not in line
    assert "xoxb-hidden" not in line
    assert "with ***" in line
    assert "ValueError" in line


@pytest.mark.parametrize(("level", "httpx"), [("INFO", logging.WARNING), ("DEBUG", logging.DEBUG)])
def test_libraries_speak_up_only_when_everything_is_wanted(root: logging.Logger, level: str, httpx: int) -> None:
    configure(Settings(log_level=level))
    assert root.level == getattr(logging, level)
    assert logging.getLogger("httpx").level == httpx
    assert any(isinstance(handler.formatter, Redacting) for handler in root.handlers)
