"""The fake platforms and the databases, fresh for every flow test."""

from collections.abc import AsyncIterator

import pytest
from databases import database as database
from fakes.slack_server import FakeSlack, fake_slack
from fakes.telegram_server import FakeTelegram, fake_telegram


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as fake:
        yield fake


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as fake:
        yield fake
