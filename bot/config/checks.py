"""What is wrong with settings, one line each: misspelt keys, values of another form, what is missing beside others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from bot.config.defaults import DEFAULTS

WEBHOOK_PORTS = (443, 80, 88, 8443)
"""https://core.telegram.org/bots/webhooks"""
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
    "SERVE_",
    "WORKER_",
    "RETENTION_",
    "LLM_",
    "LOG_",
)
_NAME = re.compile(r"telegram:-?\d+|slack:[A-Z0-9]+")
KINDS = ("fetch", "extract", "deliver")
"""What workers do."""
_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def wrong_in(written: Mapping[str, str], values: Mapping[str, str]) -> list[str]:
    """A line for everything wrong in ``.env`` as it was written and in all values as they are."""
    return [*_unknown(written), *_ill_formed(values), *_incomplete(values)]


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
    return [
        *_incomplete_telegram(values),
        *_incomplete_slack(values),
        *_incomplete_web(values),
        *_incomplete_model(values),
    ]


def _incomplete_telegram(values: Mapping[str, str]) -> list[str]:
    """Telegram itself calls nobody but https addresses at four ports; a Bot API server of one's own calls any."""
    if values["TELEGRAM_MODE"].lower() != "webhook":
        return []
    url = values["WEB_URL"]
    if not url:
        return ["WEB_URL: needed beside TELEGRAM_MODE=webhook (the https address at which Telegram calls)"]
    parts = urlsplit(url) if _is_url(url) else None
    if parts is None or values["TELEGRAM_API_BASE"] != DEFAULTS["TELEGRAM_API_BASE"]:
        return []
    if parts.scheme == "https" and (parts.port or 443) in WEBHOOK_PORTS:
        return []
    return ["WEB_URL: TELEGRAM_MODE=webhook needs https at port 443, 80, 88 or 8443, which Telegram calls alone"]


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


def kinds_of(value: str) -> tuple[str, ...]:
    """The kinds of work that a list names; "none" names none."""
    named = value.lower().replace(",", " ").split()
    return tuple(kind for kind in KINDS if kind in named)


def _are_kinds(value: str) -> bool:
    named = value.lower().replace(",", " ").split()
    return named == ["none"] or (bool(named) and set(named) <= set(KINDS))


def _is_database(value: str) -> bool:
    if value.startswith(_POSTGRES):
        return not value.endswith("://")
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
    "TELEGRAM_MODE": (re.compile("polling|webhook", re.IGNORECASE).fullmatch, "polling or webhook"),
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
    "DATABASE_URL": (
        _is_database,
        "sqlite:///FILE (sqlite:////FILE for a path from the root) or postgresql://USER@HOST/NAME",
    ),
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
    "SERVE_WORKS": (_are_kinds, "none, or some of fetch, extract and deliver"),
    "WORKER_SILENT": (re.compile("[3-9]|[1-9][0-9]{1,3}").fullmatch, "a number of seconds from 3 to 9999"),
    "WORKER_GRACE": (re.compile("[1-9][0-9]{0,3}").fullmatch, "a number of seconds from 1 to 9999"),
    "LLM_BASE_URL": (_is_url, "an http or https address such as http://localhost:11434/v1"),
    "LLM_API_KEY": (re.compile(r"\S+").fullmatch, "one word"),
    "LLM_TOKENS_A_DAY": (re.compile(r"\d{1,12}").fullmatch, "a number of tokens such as 50000"),
    "LLM_PROPOSES": (re.compile("yes|no", re.IGNORECASE).fullmatch, "yes or no"),
    "LLM_DIGESTS": (re.compile("yes|no", re.IGNORECASE).fullmatch, "yes or no"),
    "LLM_PRICE_IN": (re.compile(r"\d{1,6}(?:\.\d{1,6})?").fullmatch, "a price for a million tokens such as 0.15"),
    "LLM_PRICE_OUT": (re.compile(r"\d{1,6}(?:\.\d{1,6})?").fullmatch, "a price for a million tokens such as 0.60"),
    "LOG_LEVEL": (lambda value: value.upper() in _LEVELS, "one of " + ", ".join(_LEVELS)),
    "LOG_FORMAT": (re.compile("auto|json|text", re.IGNORECASE).fullmatch, "auto, json or text"),
}
"""What a value must look like, and how that is said to the person who wrote another."""
