"""What a request that Slack did not sign is answered: docs/slack.md says so, too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat.slack import answer_events

NOW = str(int(datetime.now(UTC).timestamp()))


@pytest.mark.parametrize(
    ("timestamp", "signature", "status"),
    [(NOW, "v0=1", 401), ("1", "v0=1", 401), ("soon", "v0=1", 400), (NOW, "v0=ü", 400)],
)
async def test_an_unsigned_request_is_refused(timestamp: str, signature: str, status: int) -> None:
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}
    assert (await answer_events(None, "secret", headers, b"{}")).status == status
