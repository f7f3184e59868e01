"""Logging to stderr for what runs on its own: lines of ``bot.logs``, whoever logs, and whatever nobody caught."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from bot.config import Settings
from bot.logs.lines import Lines

log = logging.getLogger(__name__)

OURS = ("bot", "digests")


def configure(settings: Settings) -> None:
    """Log as the settings say, whatever is raised and not caught included; libraries only from warnings on.

    At DEBUG everything is said, texts as well, though never a secret.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(settings))
    level = logging.getLevelNamesMapping()[settings.log_level]
    everything = level <= logging.DEBUG
    logging.basicConfig(level=level if everything else max(level, logging.WARNING), handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    # Bolt warns that it leaves SLACK_BOT_TOKEN alone whenever that is in the environment; the client has it
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda given: log.error("a thread ended", exc_info=given.exc_value)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("ended by a fault of Onrecord's own", exc_info=(kind, error, trace))
