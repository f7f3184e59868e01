"""Slack as the server runs it: by Socket Mode or over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from bot.access import Standing
from bot.books.members import Members
from bot.chat import slack
from bot.chat.slack_events import Me, read
from bot.chat.slack_sender import Slack
from bot.config import Settings
from bot.hooks import Hook, HookAnswer
from bot.inbox import Inbox
from bot.model import Asked, GivenFile, Platform

log = logging.getLogger(__name__)


class SlackSide:
    """One workspace, with the settings' tokens. To be made inside a running event loop."""

    platform: Platform = "slack"

    def __init__(self, settings: Settings, *, members: Members) -> None:
        self._settings = settings
        self._members = members
        self._session = slack.session()
        self._client = slack.client(settings.slack_bot_token, api_base=settings.slack_api_base, session=self._session)
        self._me = Me(user="", bot="", teams=frozenset())
        self._bolt: slack.Bolt | None = None
        self.carrier = Slack(self._client)

    @property
    def hooks(self) -> tuple[Hook, ...]:
        return (self._hook,) if self._settings.slack_mode == "http" else ()

    @property
    def _hook(self) -> Hook:
        return Hook(
            name=self.platform, path=slack.EVENTS_PATH, answer=self._called, ready=lambda: self._bolt is not None
        )

    async def _called(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        return await slack.answer_events(self._bolt, self._settings.slack_signing_secret, headers, body)

    @property
    def teams(self) -> frozenset[str]:
        return self._me.teams

    def read(self, payload: Mapping[str, Any]) -> Asked | None:
        return read(payload, me=self._me)

    async def download(self, file: GivenFile) -> bytes:
        return await slack.download(self._client, file)

    async def link_above(self, asked: Asked, /) -> str:
        return await slack.link_above(self._client, asked)

    async def standing(self, _chat: str, _user: str, /) -> Standing:
        """Slack tells an app nothing about who runs a channel."""
        return "unknown"

    async def listen(self, inbox: Inbox) -> None:
        """Connect, answer what was left, and take requests."""
        self._me = await slack.connect(self._client, teams=self._settings.slack_teams)
        await self._members.know_bot(self.platform, self._me.user)
        await inbox.recover(self.platform)
        settings = self._settings
        self._bolt = slack.app(self._client, signing_secret=settings.slack_signing_secret, take=inbox.take)
        if settings.slack_mode == "socket":
            await slack.listen_by_socket(self._bolt, app_token=settings.slack_app_token)
        elif settings.slack_port is not None:
            await slack.listen_by_http(self._hook, host=settings.http_host, port=settings.slack_port)
        else:
            log.info("slack: listening at %s%s", settings.web_url, slack.EVENTS_PATH)
            await asyncio.Event().wait()

    async def close(self) -> None:
        await self._session.close()
