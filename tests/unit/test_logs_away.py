"""What libraries log while PostgreSQL is away is one warning; every other fault of theirs keeps its traceback."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.utils import cancel_and_capture_errors
from psycopg_pool import PoolTimeout

from bot.config import Settings
from bot.logs.lines import Lines

LINES = Lines(Settings(log_format="json"))


def record(error: BaseException, *, logger: str, said: str = "listener error") -> logging.LogRecord:
    info = (type(error), error, error.__traceback__)
    return logging.LogRecord(logger, logging.ERROR, __file__, 1, said, None, info)


def line(error: BaseException, *, logger: str = "procrastinate.utils", said: str = "listener error") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LINES.format(record(error, logger=logger, said=said)))
    return found


def because(cause: Exception) -> ConnectorException:
    error = ConnectorException("Database error.")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("logger", ["asyncio", "procrastinate.worker", "psycopg.pool"])
@pytest.mark.parametrize(
    "cause",
    [
        psycopg.OperationalError("the connection\n is closed"),
        psycopg.errors.AdminShutdown("the connection is closed"),
        psycopg.errors.CannotConnectNow("the connection is closed"),
        psycopg.errors.ConnectionFailure("the connection is closed"),
        PoolTimeout("the connection is closed"),
    ],
)
def test_a_lost_connection_is_a_warning_on_one_line(cause: Exception, logger: str) -> None:
    for error in (cause, because(cause)):
        told = line(error, logger=logger, said="Task exception was never retrieved\nfuture: <Task finished>")
        assert told["level"] == "warning"
        assert told["event"] == ("Task exception was never retrieved: the database is away: the connection is closed")
        assert "exception" not in told


@pytest.mark.parametrize(
    "error",
    [
        because(psycopg.errors.DiskFull("full")),
        because(psycopg.errors.UndefinedTable("none")),
        ConnectorException("odd"),
        ValueError("odd"),
    ],
)
def test_other_faults_of_libraries_keep_their_traceback(error: Exception) -> None:
    told = line(error)
    assert (told["level"], told["event"]) == ("error", "listener error")
    assert type(error).__name__ in told["exception"]


def test_our_own_faults_keep_theirs() -> None:
    told = line(psycopg.OperationalError("closed"), logger="bot.jobs.crew")
    assert (told["level"], "exception" in told) == ("error", True)


def test_without_a_postgresql_nothing_is_loaded_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "psycopg")
    assert "exception" in line(ValueError("odd"), logger="asyncio")
    assert "psycopg" not in sys.modules


async def test_the_listener_of_procrastinate_is_one_of_them(caplog: pytest.LogCaptureFixture) -> None:
    async def listens() -> None:
        raise because(psycopg.OperationalError("server closed the connection unexpectedly"))

    listener = asyncio.create_task(listens(), name="listener")
    await asyncio.wait([listener])
    await cancel_and_capture_errors([listener])
    (logged,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
    told = json.loads(LINES.format(logged))
    assert told["level"] == "warning"
    assert told["event"].startswith("listener error: ")
    assert told["event"].endswith("the database is away: server closed the connection unexpectedly")
    assert "exception" not in told
