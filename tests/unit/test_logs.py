"""Logging: lines for machines and people, each with the ids of its request, none with a secret or people's words."""

import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import quote

import click
import pytest
from click.testing import CliRunner

from bot.app import logs
from bot.app.logs import configure
from bot.cli import cli
from bot.cli.faults import uncaught, warned
from bot.config import DEFAULTS, Settings, load
from bot.inbox import Inbox
from bot.logs.lines import Lines
from bot.logs.redaction import redacting, without, words_of
from digests.tracing import about, fresh, given, hiding, known, of_update

TOKEN = "12345:very-secret"
SETTINGS = Settings(telegram_bot_token=TOKEN, slack_bot_token="xoxb-hidden", log_format="json")
LOGGER = logging.getLogger("bot.desk")
TEXT = Settings(telegram_bot_token=TOKEN, log_format="text")


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """The root logger; all that logging holds is put back as it was."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    loggers = [logging.getLogger(name) for name in (None, *logs.OURS, "slack_bolt")]
    before = [(each, list(each.handlers), each.level) for each in loggers]
    yield loggers[0]
    logging.captureWarnings(False)
    for each, handlers, level in before:
        each.handlers[:] = handlers
        each.setLevel(level)


def line_of(settings: Settings, message: str, *args: object, level: int = logging.WARNING, error: bool = False) -> str:
    """What is written for one call of a logger."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(settings))
    record = logging.getLogger("bot.desk").makeRecord(
        "bot.desk", level, __file__, 1, message, args, sys.exc_info() if error else None
    )
    handler.handle(record)
    return stream.getvalue()


def test_a_line_for_machines_says_when_how_bad_who_what_and_for_which_request() -> None:
    with about(request="telegram-60", outgoing=7, chat="telegram:5"):
        line = line_of(SETTINGS, "row %d waits", 7)
    told = json.loads(line)
    assert told.pop("at").endswith("+00:00")
    assert told == {
        "level": "warning",
        "logger": "bot.desk",
        "event": "row 7 waits",
        "request": "telegram-60",
        "outgoing": 7,
        "chat": "telegram:5",
    }


def test_a_stack_that_somebody_wants_is_shown() -> None:
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "where", (), None, sinfo=f"Stack of {TOKEN}")
    assert json.loads(Lines(SETTINGS).format(record))["stack"] == "Stack of ***"
    assert Lines(TEXT).format(record).endswith("bot: where\nStack of ***")


def test_the_first_line_loads_no_rich_and_leaves_it_to_who_wants_it() -> None:
    code = (
        "import logging, sys; from bot.logs.lines import Lines; from bot.config import Settings;"
        "record = logging.LogRecord('bot', 40, 'x', 1, 'said', (), None); print(Lines(Settings()).format(record));"
        "assert 'structlog' in sys.modules and 'rich' not in sys.modules; import rich"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["event"] == "said"


def test_a_line_for_people_says_the_same_and_stays_one_line() -> None:
    with about(request="telegram-60"):
        line = line_of(TEXT, "from %s", "a stranger\n2020-01-01 ERROR forged\x1b[31m")
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert "WARNING bot.desk: from a stranger\\n2020-01-01 ERROR forged" in line
    assert line.endswith("[request=telegram-60]\n")


@pytest.mark.parametrize("settings", [SETTINGS, TEXT])
def test_secrets_are_taken_out_of_lines_and_tracebacks(settings: Settings) -> None:
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        line = line_of(settings, "with %s", TOKEN.partition(":")[2], error=True)
    assert "very-secret" not in line
    assert "with ***" in line
    assert "ValueError" in line


def test_every_secret_of_the_settings_is_known_however_it_is_quoted() -> None:
    odd = 'p"\\é%/' + "x" * 32
    secrets = {
        "TELEGRAM_BOT_TOKEN": "987:AbC-dEf",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": odd,
        "WEB_SECRET": odd + "web",
        "WEB_METRICS_TOKEN": odd + "metrics",
        "LLM_API_KEY": "k1",
    }
    named = {key for key in DEFAULTS if key.endswith(("_TOKEN", "_SECRET", "_KEY", "_PASSWORD"))}
    assert set(secrets) == named, "a new secret: redact it (Settings.secrets), and say how it is rotated (operating.md)"
    needed = {"WEB_URL": "https://a.example", "LLM_BASE_URL": "http://localhost/v1", "LLM_MODEL": "m"}
    settings = load({**secrets, **needed}, env_file=None)
    redact = redacting(settings.secrets)
    for secret in secrets.values():
        assert secret not in repr(settings)
        for form in (secret, quote(secret, safe=""), repr(secret), json.dumps(secret)):
            assert form.strip("'\"") not in redact(f"a {form} b")
    assert redact("k1, k12 and ink1") == "***, k12 and ink1"  # so short a one is taken out only by itself


def test_the_password_of_the_database_is_a_secret() -> None:
    settings = Settings(database_url="postgresql://desk:p%40ssw0rd@db.example/onrecord")
    redact = redacting(settings.secrets)
    assert "ssw0rd" not in redact("p@ssw0rd or p%40ssw0rd") + repr(settings)
    assert redact("at postgresql://desk:other@db.example/x") == "at postgresql://***@db.example/x"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("POST https://api.telegram.org/bot123456789:AAE-abcdefghijklmnopqrstuvwxyz01234/getMe", "/getMe"),
        ("token xoxb-1234-5678-abcdef", "token "),
        ("(b'Authorization', b'Bearer eyJhbGciOi.abc-def')", "Authorization"),
        ("GET /e/12?until=1582070400&sign=AbCdEf0123456789abcd", "GET /e/12?until=1582070400&sign="),
        ("GET /c/AbCdEf0123456789AbCdEf0123456789.ics", ".ics"),
        ("connecting with host=db user=desk password=hunter22 dbname=onrecord", "dbname=onrecord"),
        ("https://hooks.slack.com/commands/T1/2/abcdefghijkl", "hooks.slack.com/"),
        ("parameters {'url': 'https://a.example', 'secret_token': 'AbCdEf01'}", "https://a.example"),
        ("[(b'X-Telegram-Bot-Api-Secret-Token', b'AbCdEf01')]", "Secret-Token"),
        ("key sk-abcdefghijklmnopqrst", "key "),
        ("https://t.me/onrecord_bot?start=join-abcdef", "t.me/onrecord_bot"),
        ("https://feeds.example/rss?api_key=abcdef1234&page=2", "page=2"),
    ],
)
def test_what_is_shaped_like_a_secret_is_taken_out_whoever_it_belongs_to(line: str, kept: str) -> None:
    shown = redacting()(line)
    assert "***" in shown
    assert kept in shown
    hidden = ("AAE-", "5678", "eyJ", "AbCdEf", "hunter22", "T1/2", "sk-abc", "join-", "api_key=abc")
    assert not any(each in shown for each in hidden)


@pytest.mark.parametrize(
    "line",
    [
        "SLACK_SIGNING_SECRET: needed for SLACK_MODE=http (Basic Information)",
        "signal 15",
        "it starts = now",
        "feed https://news.example/a?id=12&page=2",
        "12:30:45",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert redacting()(line) == line


def test_people_s_words_are_said_at_debug_alone() -> None:
    asked = "/who Zarathustra 习近平 \n by now"
    with hiding(asked):
        try:
            raise LookupError("no zarathustra, 习近平: zarathustras")
        except LookupError:
            line = line_of(SETTINGS, "%s of %d: %r", "Zarathustra now", 7, {"q": asked}, error=True)
        spoken = line_of(SETTINGS, "%(text)s", {"text": asked}, level=logging.DEBUG)
        mapped = line_of(SETTINGS, "%(text)s is %(count)d", {"text": asked, "count": 2}, level=logging.INFO)
    told = json.loads(line)
    assert told["event"].startswith("… now of 7: ")
    assert "LookupError: no …, …: zarathustras" in told["exception"]
    assert "arathustra " not in line
    assert "test_logs.py" in told["exception"]
    assert json.loads(spoken)["event"] == asked
    assert json.loads(mapped)["event"] == "/who … … \n by now is 2"


def test_the_ids_of_a_request_may_be_said() -> None:
    with about(chat="telegram:5"), hiding("is telegram down?"):
        assert json.loads(line_of(SETTINGS, "%s is %s", "telegram:5", "down"))["event"] == "telegram:5 is …"


def test_words_too_short_to_tell_anything_stay() -> None:
    assert words_of("by the way,", "Xi said 你好") == {"said", "你好"}
    assert without('File "said.py", line 3, in said', {"said"}) == 'File "said.py", line 3, in …'


async def test_ids_go_along_with_tasks_and_end_with_the_block() -> None:
    async def seen() -> object:
        return dict(known())

    with about(request="a", chat=""):
        task = asyncio.create_task(seen())
        with about(outgoing=3):
            assert known() == {"request": "a", "outgoing": 3}
    assert known() == {}
    assert await task == {"request": "a"}


async def test_an_update_that_a_webhook_brought_names_the_request_as_well() -> None:
    def unreadable(_: object) -> None:
        raise KeyError("Zarathustra")

    unused = cast(Any, None)
    inbox = Inbox(books=unused, read={"telegram": unreadable}, answer=unused, door=unused, queued=unused)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(SETTINGS))
    logger = logging.getLogger("bot.inbox")
    logger.addHandler(handler)
    try:
        with about(request="edge-1"):
            await inbox.take("telegram", "60", {"text": "Zarathustra"})
    finally:
        logger.removeHandler(handler)
    told = json.loads(stream.getvalue())
    assert (told["request"], told["web"]) == ("telegram-60", "edge-1")
    assert told["event"] == "inbox: an update is not understood: KeyError('…')"


def test_ids_are_ids_whoever_gives_them() -> None:
    assert given("7f-A0") == "7f-A0"
    for odd in ("", "a b", "a\nb", "é", "x" * 65, "<b>"):
        assert given(odd) != odd
        assert given(given(odd))
    assert fresh("cli") != fresh("cli")
    assert of_update("slack", "command:1.2 3") == "slack-command-1-2-3"
    assert len(of_update("slack", "f" * 80)) == 64


@pytest.mark.parametrize(("level", "httpx"), [("INFO", logging.WARNING), ("ERROR", logging.ERROR), ("DEBUG", 10)])
def test_libraries_speak_up_only_when_everything_is_wanted(untouched: logging.Logger, level: str, httpx: int) -> None:
    configure(Settings(log_level=level))
    assert logging.getLogger("httpx").getEffectiveLevel() == httpx
    assert logging.getLogger("bot.inbox").getEffectiveLevel() == getattr(logging, level)
    assert logging.getLogger("digests.ingest").getEffectiveLevel() == getattr(logging, level)
    assert any(isinstance(handler.formatter, Lines) for handler in untouched.handlers)


def test_what_nobody_catches_is_a_line_as_well(
    untouched: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(SETTINGS)
    try:
        raise RuntimeError(f"with {TOKEN}")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=lambda: {}[TOKEN])
    thread.start()
    thread.join()
    fault, ended = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (fault["level"], "with ***" in fault["exception"]) == ("critical", True)
    assert ("KeyError" in ended["exception"], TOKEN in ended["exception"]) == (True, False)
    asked: list[object] = []
    monkeypatch.setattr(sys, "__excepthook__", lambda *given: asked.append(given[0]))
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert asked == [KeyboardInterrupt]


@pytest.mark.parametrize(
    ("chosen", "terminal", "as_json"), [("auto", False, True), ("auto", True, False), ("json", True, True)]
)
def test_the_form_is_what_the_settings_say_or_fits_who_reads(
    chosen: str, terminal: bool, as_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    monkeypatch.setattr(sys, "stderr", Stream())
    monkeypatch.setenv("LOG_FORMAT", chosen)
    with warned():
        logging.getLogger("bot").warning("careful")
    line = sys.stderr.getvalue()
    assert line.startswith("{") == as_json
    assert "careful" in line


def test_wrong_settings_do_not_silence_the_line_that_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with warned():
        logging.getLogger("bot").warning("careful")
    assert json.loads(capsys.readouterr().err)["event"] == "careful"


def test_a_command_in_a_shell_has_an_id_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(cli.commands, "warn", click.Command("warn", callback=lambda: LOGGER.warning("careful")))
    for _ in range(2):
        assert CliRunner().invoke(cli, ["warn"]).exit_code == 0
    with warned():
        cli.main(["warn"], standalone_mode=False)
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {each["event"] for each in told} == {"careful"}
    assert all(each["request"].startswith("cli-") for each in told)
    assert known() == {}


def test_a_command_line_s_last_words_hold_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEB_SECRET", "hunter2" * 6)
    try:
        raise KeyError("hunter2" * 6)
    except KeyError as error:
        uncaught(type(error), error, error.__traceback__)
    told = capsys.readouterr().err
    assert told.startswith("Traceback")
    assert told.endswith("KeyError: '***'\n")
