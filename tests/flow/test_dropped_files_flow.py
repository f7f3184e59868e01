"""Files dropped in Telegram and Slack, through the real SDKs: read, imported, refused in words; lists sent back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pdf_file import pdf
from slack_server import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack, command, event, fake_slack
from telegram_server import TOKEN, FakeTelegram, fake_telegram, message

from bot.app.serving import serve_until
from bot.chat import slack as slack_chat
from bot.chat.slack_sender import Slack
from bot.config import Settings
from bot.errors import TryLater
from bot.model import Address, Attachment, GivenFile
from bot.render.message import Message

pytestmark = pytest.mark.usefixtures("warm_readers")

STORY = (
    "Minister Promises New Cranes",
    "February 15, 2020",
    "Harbour Minister Clara Osei said on Saturday that two new cranes would arrive by the end of",
    "February.",
)
TEXT = f"# {STORY[0]}\n\n{STORY[1]}\n\n{STORY[2]} {STORY[3]}\n".encode()
UNDATED = f"# {STORY[0]}\n\n{STORY[2]} {STORY[3]}\n".encode()
OPML = b'<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/feed"/></body></opml>'


@asynccontextmanager
async def serving(**given: Any) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(serve_until(stop, Settings(access="open", **given)))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


# Telegram


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as fake:
        given = {"telegram_bot_token": TOKEN, "telegram_api_base": fake.url}
        database = f"sqlite:///{tmp_path}/flow.db"
        async with serving(database_url=database, onrecord_admins=frozenset({"telegram:7"}), **given):
            yield fake


def dropped(name: str, data: bytes, *, caption: str = "", size: int | None = None, **more: Any) -> dict[str, Any]:
    """An update with a document."""
    document = {"file_id": "F1", "file_unique_id": "F1", "file_name": name, "file_size": size or len(data)}
    update = message("", **more)
    del update["message"]["text"]
    update["message"] |= {"document": document, **({"caption": caption} if caption else {})}
    return update


async def told(telegram: FakeTelegram, update: dict[str, Any], data: bytes = b"") -> str:
    """What is read after dropping ``data``."""
    telegram.files["F1"] = data
    before = len(telegram.sent)
    await telegram.deliver(update)
    return str((await telegram.until_sent(before + 1, seconds=60))[-1]["shown"])


@pytest.mark.parametrize(("name", "data"), [("cranes.md", TEXT), ("cranes.pdf", pdf(STORY))], ids=["md", "pdf"])
async def test_a_file_dropped_in_telegram_becomes_an_article(telegram: FakeTelegram, name: str, data: bytes) -> None:
    said = await told(telegram, dropped(name, data), data)
    assert said.startswith("Saved as article 1.")
    assert STORY[0] in said


async def test_the_day_may_stand_beside_an_undated_file(telegram: FakeTelegram) -> None:
    said = await told(telegram, dropped("a.txt", UNDATED), UNDATED)
    assert "No date stands in that file" in said
    for caption in ("/add published 2020-02-15", "published 2020-02-15"):
        said = await told(telegram, dropped("a.txt", UNDATED, caption=caption), UNDATED)
        assert "article 1" in said or "number 1" in said


async def test_a_list_of_feeds_dropped_in_telegram_is_imported_and_sent_back(telegram: FakeTelegram) -> None:
    assert "1 feed watched from now on." in await told(telegram, dropped("feeds.opml", OPML), OPML)
    said = await told(telegram, message("/export"))
    assert "1 feed, as a list" in said
    await telegram.until(lambda: bool(telegram.documents), seconds=10)
    ((chat, name, data),) = telegram.documents
    assert (chat, name) == (7, "onrecord.opml")
    assert b'xmlUrl="https://a.example/feed"' in data


async def test_a_file_with_another_command_beside_it_is_left_and_the_command_answered(telegram: FakeTelegram) -> None:
    said = await told(telegram, dropped("a.txt", TEXT, caption="/who Oktay"), TEXT)
    assert "Oktay" in said
    assert "The file a.txt was not added." in said
    assert telegram.called("getFile") == []
    said = await told(telegram, dropped("a.txt", TEXT, caption="/who Oktay", chat=8, user=8), TEXT)
    assert "Oktay" in said


async def test_an_article_pasted_as_long_as_a_message_may_be_cut(telegram: FakeTelegram) -> None:
    pasted = f"/add {TEXT.decode()}".ljust(4090, ".")
    assert "the rest of it may be missing" in await told(telegram, message(pasted))
    assert "may be missing" not in await told(telegram, message(f"/add {TEXT.decode()} More."))


async def test_files_that_cannot_be_read_are_refused_in_words(telegram: FakeTelegram) -> None:
    picture = b"\x89PNG\r\n\x1a\n"
    assert "is a picture" in await told(telegram, dropped("a.png", picture), picture)
    assert "files of up to 20 MB are read" in await told(telegram, dropped("a.pdf", b"", size=30_000_000))
    telegram.files.clear()
    update = dropped("gone.txt", TEXT)
    await telegram.deliver(update)
    await telegram.until_sent(3)
    assert "gone.txt could not be fetched" in telegram.sent[-1]["shown"]


async def test_only_admins_make_the_bot_fetch_a_file(telegram: FakeTelegram) -> None:
    assert "editors and admins only" in await told(telegram, dropped("a.txt", TEXT, chat=8, user=8), TEXT)
    assert telegram.called("getFile") == []


async def test_facts_typed_under_a_link_mean_that_link(telegram: FakeTelegram) -> None:
    above = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "text": "See https://a.example/1 today"}
    asked = message("/facts", chat=-5, user=8, kind="group", reply_to_message=above)
    assert "https://a.example/1" in await told(telegram, asked)
    behind = {**above, "text": "this", "entities": [{"type": "text_link", "url": "https://a.example/2"}]}
    asked = message("/facts", chat=-5, user=8, kind="group", reply_to_message=behind)
    assert "https://a.example/2" in await told(telegram, asked)


async def test_add_typed_under_a_file_means_that_file(telegram: FakeTelegram) -> None:
    document = {"file_id": "F1", "file_unique_id": "F1", "file_name": "a.md", "file_size": len(TEXT)}
    above = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "document": document}
    asked = message("/add", chat=-5, user=7, kind="group", reply_to_message=above)
    assert "Saved as article 1." in await told(telegram, asked, TEXT)


async def test_a_link_pasted_alone_is_asked_about(telegram: FakeTelegram) -> None:
    assert "not in the archive" in await told(telegram, message("https://a.example/1", chat=8, user=8))
    assert "not on the public Internet" in await told(telegram, message("http://127.0.0.1/1"))


# Slack


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[FakeSlack]:
    async with fake_slack() as fake:
        given = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_api_base": fake.url}
        database = f"sqlite:///{tmp_path}/flow.db"
        admins = frozenset({"slack:U1"})
        async with serving(database_url=database, slack_signing_secret=SECRET, onrecord_admins=admins, **given):
            yield fake


def shared(url: str, *, name: str, size: int = 100, **more: Any) -> dict[str, Any]:
    """A direct message with a file."""
    file = {"id": "F1", "name": name, "size": size, "url_private_download": url}
    return event("message", channel="D1", channel_type="im", subtype="file_share", text="", files=[file], **more)


async def reads(slack: FakeSlack, body: dict[str, Any]) -> str:
    before = len(slack.posted)
    await slack.envelope("events_api", body)
    return str((await slack.until_posted(before + 1, seconds=60))[-1][1]["text"])


async def test_a_file_dropped_in_slack_becomes_an_article(slack: FakeSlack) -> None:
    slack.files["cranes.md"] = (TEXT, "text/markdown")
    said = await reads(slack, shared(slack.file_url("cranes.md"), name="cranes.md"))
    assert "Saved as article 1." in said


async def test_slack_files_that_cannot_be_had_are_refused_in_words(slack: FakeSlack) -> None:
    slack.files["login.md"] = (b"<html>log in</html>", "text/html")
    said = await reads(slack, shared(slack.file_url("login.md"), name="login.md"))
    assert "has the app files:read?" in said
    said = await reads(slack, shared("https://evil.example/a.md", name="a.md"))
    assert "evil.example is not Slack" in said
    said = await reads(slack, shared(slack.file_url("login.md"), name="b.md", user="U2"))
    assert "editors and admins only" in said


async def test_files_to_and_from_slack_wait_as_long_as_slack_asks() -> None:
    async with fake_slack() as fake, slack_chat.session() as session:
        client = slack_chat.client(BOT_TOKEN, session=session, api_base=fake.url)
        for script in ("file", "upload"):
            fake.scripts[script].append((429, {}, {"Retry-After": "7"}))
        with pytest.raises(TryLater) as caught:
            await slack_chat.download(client, GivenFile(name="a.md", size=1, ref=fake.file_url("a.md")))
        assert caught.value.after == 7.0
        given = Message(text="a", plain="a", file=Attachment(name="a", text="a"))
        with pytest.raises(TryLater) as caught:
            await Slack(client).deliver(Address(platform="slack", chat="slack:C1"), given, position=0)
        assert caught.value.after == 7.0


async def test_a_list_of_feeds_goes_into_slack_and_out(slack: FakeSlack) -> None:
    slack.files["feeds.opml"] = (OPML, "application/xml")
    assert "1 feed watched" in await reads(slack, shared(slack.file_url("feeds.opml"), name="feeds.opml"))
    before = len(slack.posted)
    await slack.envelope("slash_commands", command("export", channel="C1", response_url=slack.response_url()))
    posted = await slack.until_posted(before + 2, seconds=20)
    method, sent = posted[-1]
    assert (method, sent["channel_id"]) == ("files.completeUploadExternal", "DU1")
    assert b"https://a.example/feed" in slack.uploads["F1"]


async def test_facts_typed_in_a_thread_about_a_link_mean_that_link(slack: FakeSlack) -> None:
    slack.threads["C1"] = "Read <https://a.example/1?x=1&amp;y=2|this> today"
    mention = event("app_mention", channel="C1", user="U2", text="<@U0BOT> facts", thread_ts="1581850000.1")
    assert "a.example/1?x=1" in await reads(slack, mention)
    mention = event("app_mention", channel="C2", user="U2", text="<@U0BOT> facts", thread_ts="1581850000.1")
    assert "facts ARTICLE-NUMBER" in await reads(slack, mention)
