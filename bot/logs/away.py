"""What libraries say while PostgreSQL is away, as one warning: everybody waits for it and goes on by themselves."""

from __future__ import annotations

import logging
import sys

_LIBRARIES = ("asyncio", "procrastinate", "psycopg")
_GONE = ("08", "57P")
"""Begin the SQLSTATE of a connection that broke, and of a server that ends or starts."""


def brief(record: logging.LogRecord) -> logging.LogRecord:
    """A library's record of a lost connection as a warning without traceback; any other as it is.

    (asyncio's are of procrastinate's tasks which nobody waits for any more.)
    """
    if record.name.partition(".")[0] not in _LIBRARIES or not record.exc_info:
        return record
    lost = _lost(record.exc_info[1])
    if lost is None:
        return record
    first = record.getMessage().partition("\n")[0]
    said = " ".join(str(lost).split()) or type(lost).__name__
    made = {"msg": f"{first}: the database is away: {said}", "args": None, "exc_info": None, "exc_text": None}
    level = {"levelno": logging.WARNING, "levelname": "WARNING"}
    return logging.makeLogRecord({**record.__dict__, **made, **level})


def _lost(error: BaseException | None) -> BaseException | None:
    """The lost connection that an error is, or was raised for. What else PostgreSQL refuses is none."""
    psycopg = sys.modules.get("psycopg")  # it is loaded only where a PostgreSQL is used
    while psycopg is not None and error is not None:
        if isinstance(error, psycopg.OperationalError):
            state = error.sqlstate
            return error if state is None or state.startswith(_GONE) else None
        error = error.__cause__
    return None
