"""Log lines: one an event with the ids of what it belongs to, without secrets and without people's words.

Modules and libraries log as the standard library does; one formatter of structlog's makes lines of all of it, JSON for
machines or text for people. What would surprise a reader: structlog is loaded with the first line, and without rich.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from bot.config import Settings, load
from bot.logs.away import brief
from bot.logs.redaction import hidden, redacting, without, words_of
from digests.errors import SettingsError
from digests.tracing import known, unsaid

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter

Line = MutableMapping[str, Any]
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NO_IDS = frozenset({"at", "level", "logger", "event", "exception", "stack"})


class Lines(logging.Formatter):
    """Makes a line of each record. Without settings those of the environment hold, or none if they are wrong."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._made: ProcessorFormatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self._made is None:
            self._made = _made(self._settings or given())
        record = brief(record)
        if record.args and unsaid() and record.levelno >= logging.INFO:
            record = logging.makeLogRecord({**record.__dict__, "args": hidden(record.args, _unsaid)})
        return self._made.format(record)


def _unsaid() -> frozenset[str]:
    """The words that a line must not say from INFO up; the ids of what it is about may be said."""
    return words_of(*unsaid()) - words_of(*map(str, known().values()))


def given() -> Settings:
    """The settings as they are given, or none where they are wrong: whoever needs them says so."""
    try:
        return load()
    except SettingsError:
        return Settings()


def _made(settings: Settings) -> ProcessorFormatter:
    with _without_rich():
        from structlog.processors import JSONRenderer
        from structlog.stdlib import ProcessorFormatter
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    render = JSONRenderer() if as_json else for_people
    return ProcessorFormatter(
        processors=[told, _redaction(redacting(settings.secrets)), ProcessorFormatter.remove_processors_meta, render]
    )


@contextmanager
def _without_rich() -> Iterator[None]:
    """structlog loads rich wherever it is installed, for tracebacks in colour, and that takes longer than itself."""
    if "rich" in sys.modules:
        yield
        return
    sys.modules["rich"] = cast(ModuleType, None)  # so an import says that there is none
    try:
        yield
    finally:
        del sys.modules["rich"]


def told(_: object, __: str, line: Line) -> Line:
    """A record as what is told of it: moment (UTC), level, logger, event, the ids, and the traceback as text."""
    record: logging.LogRecord = line["_record"]
    made: Line = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": line["event"],
        **known(),
    }
    if (error := line.get("exc_info")) and error[0] is not None:
        words = _unsaid() if record.levelno >= logging.INFO else frozenset()
        made["exception"] = without("".join(traceback.format_exception(*error)).rstrip(), words)
    if stack := line.get("stack_info"):
        made["stack"] = stack
    return {**made, "_record": record, "_from_structlog": line["_from_structlog"]}


def _redaction(redact: Callable[[str], str]) -> Callable[[object, str, Line], Line]:
    """The processor that lets nothing through but plain values without secrets."""

    def redacted(_: object, __: str, line: Line) -> Line:
        return {
            name: value if name.startswith("_") or isinstance(value, int | float) else redact(str(value))
            for name, value in line.items()
        }

    return redacted


def for_people(_: object, __: str, line: Mapping[str, Any]) -> str:
    """A line for people; what could begin another one, or steer a terminal, is written out."""
    ids = " ".join(f"{name}={value}" for name, value in line.items() if name not in _NO_IDS)
    event = _STEERING.sub(lambda found: repr(found[0])[1:-1], str(line["event"]))
    first = f"{line['at']} {line['level'].upper()} {line['logger']}: {event}" + (f" [{ids}]" if ids else "")
    return "\n".join([first, *(line[name] for name in ("exception", "stack") if name in line)])
