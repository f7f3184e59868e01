"""Follow-ups in real chats: every Slack thread, Telegram topic and chain of replies goes on from its own answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fakes.newsroom import people_of, report, says
from slack_server import APP_TOKEN, BOT_TOKEN, ME, SECRET, FakeSlack, command, event
from telegram_server import TOKEN, FakeTelegram, message, press

from bot.app.serving import serve_until
from bot.books.sql import MIGRATIONS
from bot.config import Settings
from digests.model import Extraction
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

OPENS = "Orsola Brandt said on Monday that the harbour would open."
SHUT = "Veli Kaya said on Monday that the harbour would stay shut."
FERRY = "Orsola Brandt promised that every ferry would sail."
TRAM = "Veli Kaya answered that no ferry would sail."
FOLLOW_UP = "and what did he say about the ferry?"


@asynccontextmanager
async def serving(folder: Path, **platform: Any) -> AsyncIterator[None]:
    """A server on an archive in which two people speak of two things."""
    path = folder / "flow.db"
    async with await SqliteDatabase.open(path, [FACTS, MIGRATIONS]) as database:
        made = report(OPENS, SHUT, FERRY, TRAM, day=datetime.now(UTC).date())
        brandt, kaya = (OPENS, FERRY), (SHUT, TRAM)
        facts = tuple(says(made, sentence, "Orsola Brandt", 1) for sentence in brandt)
        facts += tuple(says(made, sentence, "Veli Kaya", 2) for sentence in kaya)
        people, keys = people_of(facts)
        await SqlStore(database).save(made, Extraction(facts=facts, people=people), links={}, keys=keys)
    stop = asyncio.Event()
    task = asyncio.create_task(serve_until(stop, Settings(database_url=f"sqlite:///{path}", access="open", **platform)))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


def on_telegram(fake: FakeTelegram) -> dict[str, Any]:
    return {"telegram_bot_token": TOKEN, "telegram_api_base": fake.url}


def on_slack(fake: FakeSlack) -> dict[str, Any]:
    return {
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_base": fake.url,
    }


def answering(sent: dict[str, Any]) -> dict[str, Any]:
    """What a message of the bot's looks like in a reply to it."""
    me = {"id": 123456, "is_bot": True, "first_name": "Onrecord"}
    return {"message_id": sent["message_id"], "date": 1, "chat": {"id": sent["chat_id"], "type": "group"}, "from": me}


async def asked(telegram: FakeTelegram, text: str, **how: Any) -> dict[str, Any]:
    """What the bot answers to a message."""
    before = len(telegram.sent)
    await telegram.deliver(message(text, **how))
    return (await telegram.until_sent(before + 1))[-1]


async def test_replies_in_a_telegram_group_go_on_from_the_answer_they_reply_to(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    group: dict[str, Any] = {"chat": -5, "kind": "group"}
    async with serving(tmp_path, **on_telegram(telegram)):
        brandt = await asked(telegram, "/ask what did Brandt say about the harbour?", **group)
        kaya = await asked(telegram, "/ask what did Kaya say about the harbour?", **group)
        assert OPENS in brandt["shown"]
        assert SHUT in kaya["shown"]
        of_brandt = await asked(telegram, FOLLOW_UP, **group, reply_to_message=answering(brandt))
        of_kaya = await asked(telegram, FOLLOW_UP, **group, reply_to_message=answering(kaya))
        deeper = await asked(telegram, "what about Kaya?", **group, reply_to_message=answering(of_brandt))
        button = kaya["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await telegram.deliver(press(button, **group, message_id=kaya["message_id"]))
        evidence = (await telegram.until_sent(6))[-1]
        under = await asked(telegram, FOLLOW_UP, **group, reply_to_message=answering(evidence))
        beside = await asked(telegram, f"/ask {FOLLOW_UP}", **group)
    assert "About Orsola Brandt, as before" in of_brandt["shown"]
    assert FERRY in of_brandt["shown"]
    assert "About Veli Kaya, as before" in of_kaya["shown"]
    assert TRAM in of_kaya["shown"]
    assert "What did Kaya say about the ferry?" in deeper["shown"]
    assert TRAM in deeper["shown"]
    assert TRAM in under["shown"]
    assert "Whom “he” means is not clear here" in beside["shown"]
    assert "reply to the answer" in beside["shown"]


async def test_topics_and_private_chats_of_telegram_each_go_on_by_themselves(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    def topic(number: int) -> dict[str, Any]:
        return {"chat": -100, "kind": "supergroup", "message_thread_id": number, "is_topic_message": True}

    async with serving(tmp_path, **on_telegram(telegram)):
        await asked(telegram, "/ask who is Brandt?", **topic(33))
        await asked(telegram, "/said Kaya", **topic(44))
        await asked(telegram, "/who Kaya", chat=8, user=8)
        first = await asked(telegram, f"/ask {FOLLOW_UP}", **topic(33))
        second = await asked(telegram, f"/ask {FOLLOW_UP}", **topic(44))
        private = await asked(telegram, FOLLOW_UP, chat=8, user=8)
        stranger = await asked(telegram, FOLLOW_UP, chat=9, user=9)
    assert FERRY in first["shown"]
    assert TRAM in second["shown"]
    assert TRAM in private["shown"]
    assert "not clear here" in stranger["shown"]


async def test_threads_of_slack_each_go_on_by_themselves(slack: FakeSlack, tmp_path: Path) -> None:
    async def said(text: str, **fields: Any) -> str:
        before = len(slack.posted)
        channel = {"channel": "C1", "text": f"<@{ME}> {text}"}
        await slack.envelope("events_api", event("app_mention", **{**channel, **fields}))
        return str((await slack.until_posted(before + 1))[-1][1]["text"])

    async with serving(tmp_path, **on_slack(slack)):
        await said("what did Brandt say about the harbour?", ts="1.1")
        await said("what did Kaya say about the harbour?", ts="2.2")
        first = await said(FOLLOW_UP, ts="1.3", thread_ts="1.1")
        second = await said(FOLLOW_UP, ts="2.3", thread_ts="2.2")
        fresh = await said(FOLLOW_UP, ts="3.3")
    assert FERRY in first
    assert TRAM in second
    assert "not clear here" in fresh


async def test_what_is_asked_for_ones_own_eyes_in_slack_is_gone_on_with_by_nobody_else(
    slack: FakeSlack, tmp_path: Path
) -> None:
    async def said(text: str, user: str) -> str:
        before = len(slack.posted)
        asking = command(text, response_url=slack.response_url(), user=user)
        await slack.envelope("slash_commands", asking)
        return str((await slack.until_posted(before + 1))[-1][1]["text"])

    async with serving(tmp_path, **on_slack(slack)):
        await said("who Brandt", "U1")
        other = await said(FOLLOW_UP, "U2")
        own = await said(FOLLOW_UP, "U1")
    assert "not clear here" in other
    assert FERRY in own


async def test_a_direct_message_of_slack_goes_on_from_the_last_one(slack: FakeSlack, tmp_path: Path) -> None:
    async def said(text: str) -> str:
        before = len(slack.posted)
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text=text))
        return str((await slack.until_posted(before + 1))[-1][1]["text"])

    async with serving(tmp_path, **on_slack(slack)):
        await said("who Kaya")
        assert TRAM in await said(FOLLOW_UP)
        assert FERRY in await said("what about Brandt?")
