"""Logging to stderr, with every secret taken out of the finished line, tracebacks included."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from bot.config import Settings

_CHATTY = ("httpx", "httpcore", "telegram", "slack_bolt", "slack_sdk", "aiohttp", "asyncio")
"""Libraries whose information is of no use to who runs the bot; httpx would log addresses that hold the token."""


class Redacting(logging.Formatter):
    """Lines in which secrets are replaced by ``***``."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def configure(settings: Settings) -> None:
    """Log as the settings say; libraries only from warnings on, unless everything is wanted."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(settings.secrets))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    quiet = logging.DEBUG if settings.log_level == "DEBUG" else logging.WARNING
    for name in _CHATTY:
        logging.getLogger(name).setLevel(quiet)
    # Bolt warns that it leaves SLACK_BOT_TOKEN alone whenever that is in the environment; the client has it
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
