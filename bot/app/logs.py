"""Logging to stderr: one line an event with the ids of what it belongs to, without secrets and without people's words.

Modules and libraries log as the standard library does; one formatter of structlog's makes lines of all of it, JSON for
machines or text for people. What would surprise a reader: structlog is loaded with the first line, and without rich.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bot.app.redaction import hidden, redacting, without, words_of
from bot.config import Settings, load
from digests.errors import SettingsError
from digests.tracing import known, unsaid

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter

log = logging.getLogger(__name__)

OURS = ("bot", "digests")
Line = MutableMapping[str, Any]
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


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


@contextmanager
def shown() -> Iterator[None]:
    """Warnings and errors of a command line, as the settings say; these are read only when there is one to show."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("ended by a fault of Onrecord's own", exc_info=(kind, error, trace))


class Lines(logging.Formatter):
    """Makes a line of each record. Without settings those of the environment hold, or none if they are wrong."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._made: ProcessorFormatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self._made is None:
            self._made = _made(self._settings or _given())
        words = words_of(unsaid()) if record.levelno >= logging.INFO else frozenset()
        if words and record.args:
            record = logging.makeLogRecord({**record.__dict__, "args": hidden(record.args, words)})
        return self._made.format(record)


def _given() -> Settings:
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
    sys.modules["rich"] = None  # type: ignore[assignment]  # so an import says that there is none
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
        words = words_of(unsaid()) if record.levelno >= logging.INFO else frozenset()
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


_NO_IDS = frozenset({"at", "level", "logger", "event", "exception", "stack"})
