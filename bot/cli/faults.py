"""What a command line shows that went wrong besides its own errors: warnings in the log, and faults nobody caught."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO


@contextmanager
def warned() -> Iterator[None]:
    """Warnings and errors go to stderr as the settings say; these are read only when there is one to show."""
    handler = _Later()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


class _Later(logging.StreamHandler[TextIO]):
    """Finds out how lines look when there is the first one."""

    def format(self, record: logging.LogRecord) -> str:
        if self.formatter is None:
            from bot.logs.lines import Lines

            self.setFormatter(Lines())
        return super().format(record)


def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The interpreter's own last words, without secrets."""
    from bot.logs.lines import given
    from bot.logs.redaction import redacting

    redact = redacting(given().secrets)
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))
