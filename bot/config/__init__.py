"""Settings from the environment and ``.env``: read once, every wrong one reported at once, secrets in no repr.

The environment wins over ``.env``; an empty value counts as not given. ``.env.example`` documents every key.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from bot.config.checks import kinds_of, names_of, wrong_in
from bot.config.defaults import DEFAULTS as DEFAULTS
from digests.errors import SettingsError

TelegramMode = Literal["polling", "webhook"]
SlackMode = Literal["socket", "http"]
Access = Literal["open", "invite"]
LogFormat = Literal["auto", "json", "text"]

HTTP_PORT = 3000
"""Where Slack's requests are taken when no setting says otherwise."""

_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the product was told. People and chats are named ``telegram:123``, ``slack:U1``, ``slack:C1``."""

    telegram_bot_token: str = field(default="", repr=False)
    telegram_api_base: str = DEFAULTS["TELEGRAM_API_BASE"]
    telegram_mode: TelegramMode = "polling"
    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_api_base: str = DEFAULTS["SLACK_API_BASE"]
    slack_mode: SlackMode = "socket"
    http_host: str = DEFAULTS["HTTP_HOST"]
    http_port: int | None = None
    web_url: str = ""
    web_host: str = DEFAULTS["WEB_HOST"]
    web_port: int = int(DEFAULTS["WEB_PORT"])
    web_secret: str = field(default="", repr=False)
    web_link_days: int = int(DEFAULTS["WEB_LINK_DAYS"])
    web_metrics_token: str = field(default="", repr=False)
    database_url: str = field(default=DEFAULTS["DATABASE_URL"], repr=False)
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
    serve_works: tuple[str, ...] = tuple(DEFAULTS["SERVE_WORKS"].split())
    worker_silent: int = int(DEFAULTS["WORKER_SILENT"])
    worker_grace: int = int(DEFAULTS["WORKER_GRACE"])
    llm_base_url: str = ""
    llm_model: str = ""
    llm_api_key: str = field(default="", repr=False)
    llm_tokens_a_day: int = int(DEFAULTS["LLM_TOKENS_A_DAY"])
    llm_proposes: bool = False
    llm_digests: bool = False
    llm_price_in: float = 0.0
    llm_price_out: float = 0.0
    log_level: str = DEFAULTS["LOG_LEVEL"]
    log_format: LogFormat = "auto"

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
    def slack_port(self) -> int | None:
        """The port at which Slack's requests are taken beside the web side; ``None``: they come there alone."""
        return self.http_port or (None if self.web else HTTP_PORT)

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
        password = urlsplit(self.database_url).password or ""
        parts = (self.telegram_bot_token.partition(":")[2], password, unquote(password))
        return tuple(sorted({secret for secret in (*tokens, *parts) if secret}, key=lambda s: (-len(s), s)))


def load(environ: Mapping[str, str] | None = None, *, env_file: Path | None = Path(".env")) -> Settings:
    """Settings from ``environ`` (the process's own by default) over ``env_file`` (if it exists).

    Raises ``SettingsError`` whose text has one line for every wrong setting.
    """
    written = _from_file(env_file)
    given = {key: value for key, value in written.items() if value}
    given |= {key: value for key, value in (os.environ if environ is None else environ).items() if value.strip()}
    values = {key: given.get(key, default).strip() for key, default in DEFAULTS.items()}
    wrong = wrong_in(written, values)
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
        telegram_mode=cast(TelegramMode, values["TELEGRAM_MODE"].lower()),
        slack_bot_token=values["SLACK_BOT_TOKEN"],
        slack_app_token=values["SLACK_APP_TOKEN"],
        slack_signing_secret=values["SLACK_SIGNING_SECRET"],
        slack_api_base=values["SLACK_API_BASE"].rstrip("/") + "/",
        slack_mode=cast(SlackMode, values["SLACK_MODE"].lower()),
        http_host=values["HTTP_HOST"],
        http_port=int(values["HTTP_PORT"]) if values["HTTP_PORT"] else None,
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
        serve_works=kinds_of(values["SERVE_WORKS"]),
        worker_silent=int(values["WORKER_SILENT"]),
        worker_grace=int(values["WORKER_GRACE"]),
        llm_base_url=values["LLM_BASE_URL"].rstrip("/"),
        llm_model=values["LLM_MODEL"],
        llm_api_key=values["LLM_API_KEY"],
        llm_tokens_a_day=int(values["LLM_TOKENS_A_DAY"]),
        llm_proposes=values["LLM_PROPOSES"].lower() == "yes",
        llm_digests=values["LLM_DIGESTS"].lower() == "yes",
        llm_price_in=float(values["LLM_PRICE_IN"]),
        llm_price_out=float(values["LLM_PRICE_OUT"]),
        log_level=values["LOG_LEVEL"].upper(),
        log_format=cast(LogFormat, values["LOG_FORMAT"].lower()),
    )
