"""Settings: read from the environment over .env, every wrong one reported at once, secrets never shown."""

from pathlib import Path

import pytest

from bot.config import DEFAULTS, Settings, load
from digests.errors import SettingsError

ROOT = Path(__file__).resolve().parents[2]
SLACK_SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_nothing_given_means_the_documented_defaults() -> None:
    settings = load({}, env_file=None)
    assert settings == Settings()
    assert (settings.telegram, settings.slack) == (False, False)
    assert settings.access == "invite"
    assert settings.telegram_api_base == "https://api.telegram.org/bot"
    assert settings.slack_api_base == "https://slack.com/api/"
    assert settings.database_path == Path("onrecord.db")


def test_the_example_file_holds_every_setting_with_its_default_and_a_comment() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    keys = {line.partition("=")[0]: line.partition("=")[2] for line in lines if line and not line.startswith("#")}
    assert keys == dict(DEFAULTS)
    for at, line in enumerate(lines):
        if line.partition("=")[0] in DEFAULTS:
            assert lines[at - 1].startswith("# "), f"{line} has no comment"


def test_the_example_file_itself_loads() -> None:
    assert load({}, env_file=ROOT / ".env.example") == Settings()


def test_the_environment_wins_over_the_file_and_empty_counts_as_not_given(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("HTTP_PORT=4000\nACCESS=open\nHTTP_HOST=\n", encoding="utf-8")
    settings = load({"HTTP_PORT": "5000", "ACCESS": " "}, env_file=env)
    assert (settings.http_port, settings.access, settings.http_host) == (5000, "open", "127.0.0.1")


def test_a_missing_file_is_no_error(tmp_path: Path) -> None:
    assert load({}, env_file=tmp_path / "none") == Settings()


def test_a_file_that_is_not_text_is_said_so(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_bytes(b"ACCESS=\xff\xfe\n")
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, env_file=env)


def test_secrets_may_hold_dollar_signs(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("SLACK_SIGNING_SECRET=a${HOME}b\nSLACK_BOT_TOKEN=xoxb-1\nSLACK_MODE=http\n", encoding="utf-8")
    assert load({}, env_file=env).slack_signing_secret == "a${HOME}b"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("TELEGRAM_BOT_TOKEN", "nonsense", "@BotFather"),
        ("TELEGRAM_API_BASE", "api.telegram.org/bot", "http or https"),
        ("TELEGRAM_API_BASE", "http://[::1/bot", "http or https"),
        ("SLACK_BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK_API_BASE", "ftp://slack.com", "http or https"),
        ("SLACK_MODE", "carrier pigeon", "socket or http"),
        ("HTTP_PORT", "eighty", "1 to 65535"),
        ("HTTP_PORT", "65536", "1 to 65535"),
        ("HTTP_PORT", "²", "1 to 65535"),
        ("DATABASE_URL", "mysql://x", "postgresql://USER@HOST/NAME"),
        ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///FILE"),
        ("ONRECORD_ADMINS", "telegram:1,bob", "telegram:123456"),
        ("ACCESS", "closed", "open or invite"),
        ("ACCESS_CHATS", "-100", "telegram:123456"),
        ("LOG_LEVEL", "chatty", "DEBUG"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wanted(key: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({key: value}, env_file=None)
    assert any(line.startswith(f"{key}: ") and said in line for line in str(caught.value).splitlines())


def test_every_wrong_setting_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"HTTP_PORT": "x", "ACCESS": "y", "SLACK_MODE": "z", "SLACK_APP_TOKEN": "xapp-1"}, env_file=None)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "SLACK_MODE",
        "HTTP_PORT",
        "ACCESS",
        "SLACK_BOT_TOKEN",
    ]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_MODE": "http"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
    ],
)
def test_what_slack_lacks_is_named(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError, match=f"^{missing}: needed"):
        load(given, env_file=None)


WEBHOOK = {"TELEGRAM_MODE": "webhook", "WEB_SECRET": "x" * 32}
PORT = "WEB_URL: TELEGRAM_MODE=webhook needs https at port 443, 80, 88 or 8443"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "WEB_URL: needed beside TELEGRAM_MODE=webhook"),
        ({"WEB_URL": "http://news.example"}, PORT),
        ({"WEB_URL": "https://news.example:8080"}, PORT),
        ({"WEB_URL": "nonsense"}, "WEB_URL: the https address"),
    ],
)
def test_telegram_calls_only_where_it_says_it_does(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({**WEBHOOK, **given}, env_file=None)
    assert str(caught.value).startswith(said)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"WEB_URL": "https://news.example/a"},
        {"WEB_URL": "https://news.example:8443"},
        {"WEB_URL": "http://127.0.0.1:9", "TELEGRAM_API_BASE": "http://127.0.0.1:1/bot"},
    ],
)
def test_a_webhook_needs_an_address_that_telegram_calls(given: dict[str, str]) -> None:
    assert load({**WEBHOOK, **given}, env_file=None).telegram_mode == "webhook"
    assert load({}, env_file=None).telegram_mode == "polling"


def test_slacks_requests_come_to_the_web_side_unless_a_port_is_set() -> None:
    web = {"WEB_URL": "https://news.example", "WEB_SECRET": "x" * 32}
    ports = [load(given, env_file=None).slack_port for given in ({}, web, {**web, "HTTP_PORT": "3001"})]
    assert ports == [3000, None, 3001]


def test_a_misspelt_key_in_the_file_is_named_and_a_foreign_one_is_not(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("TELEGRAM_BOT_TOKN=1:a\nEDITOR=vi\nLOG_ROTATION_OF_ANOTHER_PROGRAM=1\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load({}, env_file=env)
    assert str(caught.value) == "TELEGRAM_BOT_TOKN: no such setting; did you mean TELEGRAM_BOT_TOKEN?"


def test_secrets_stand_in_no_repr_and_no_error() -> None:
    settings = load({"TELEGRAM_BOT_TOKEN": "1:tgsecret", **SLACK_SOCKET, "SLACK_SIGNING_SECRET": "sign"}, env_file=None)
    for secret in ("1:tgsecret", "tgsecret", "xoxb-1", "xapp-1", "sign"):
        assert secret in settings.secrets
    assert "secret" not in repr(settings)
    assert "xoxb" not in repr(settings)
    with pytest.raises(SettingsError) as caught:
        load({"SLACK_BOT_TOKEN": "hush-hush"}, env_file=None)
    assert "hush" not in str(caught.value)


def test_lists_of_names_and_bases_are_read() -> None:
    given = {"ONRECORD_ADMINS": "telegram:1, slack:U1", "ACCESS_CHATS": "telegram:-100 slack:C1", **SLACK_SOCKET}
    settings = load({**given, "SLACK_API_BASE": "http://127.0.0.1:1/api", "ACCESS": "OPEN"}, env_file=None)
    assert settings.onrecord_admins == {"telegram:1", "slack:U1"}
    assert settings.access_chats == {"telegram:-100", "slack:C1"}
    assert settings.slack_api_base == "http://127.0.0.1:1/api/"
    assert (settings.access, settings.slack) == ("open", True)


MODEL = {"LLM_BASE_URL": "http://localhost:11434/v1/", "LLM_MODEL": "m"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"LLM_API_KEY": "sk-1"}, ["LLM_BASE_URL", "LLM_MODEL"]),
        ({"LLM_BASE_URL": MODEL["LLM_BASE_URL"]}, ["LLM_MODEL"]),
        ({"LLM_PROPOSES": "yes"}, ["LLM_BASE_URL", "LLM_MODEL"]),
        ({"LLM_DIGESTS": "Yes", "LLM_MODEL": "m"}, ["LLM_BASE_URL"]),
    ],
)
def test_what_a_language_model_lacks_is_named(given: dict[str, str], missing: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        load(given, env_file=None)
    assert [line.partition(":")[0] for line in str(raised.value).splitlines()] == missing


def test_a_language_model_does_what_it_is_told_to() -> None:
    settings = load({**MODEL, "LLM_PROPOSES": "yes"}, env_file=None)
    assert settings.llm_base_url == "http://localhost:11434/v1"
    assert (settings.llm_proposes, settings.llm_digests) == (True, False)
    assert not load({"LLM_DIGESTS": "no"}, env_file=None).llm_base_url
