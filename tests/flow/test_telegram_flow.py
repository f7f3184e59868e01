"""What people type in Telegram and what they read, through the real PTB, with only the wire faked."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram_server import TOKEN, FakeTelegram, message, press

from bot.app.serving import serve_until
from bot.config import Settings
from digests.errors import SettingsError

pytestmark = pytest.mark.usefixtures("warm_readers")

Serving = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def serving(telegram: FakeTelegram, tmp_path: Path) -> Serving:
    """A server that runs as long as the block."""

    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[None]:
        given: dict[str, Any] = {
            "telegram_bot_token": TOKEN,
            "telegram_api_base": telegram.url,
            "database_url": f"sqlite:///{tmp_path}/flow.db",
            "access": "open",
            **changes,
        }
        stop = asyncio.Event()
        task = asyncio.create_task(serve_until(stop, Settings(**given)))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(task, 30)

    return run


async def test_a_question_is_answered_in_html_without_a_link_preview(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving():
        await telegram.deliver(message("/start"))
        (sent,) = await telegram.until_sent(1)
    assert sent["chat_id"] == 7
    assert sent["parse_mode"] == "HTML"
    assert "Onrecord" in sent["shown"]
    assert "reply_parameters" not in sent
    assert "message_thread_id" not in sent


async def test_an_update_delivered_twice_is_answered_once(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving():
        await telegram.deliver(message("/start", number=50), message("/start", number=50))
        await telegram.until_sent(1)
        await telegram.deliver(message("/start", number=50), message("/help", number=51))
        await telegram.until_sent(2)
    async with serving():
        await telegram.deliver(message("/start", number=50), message("/status", number=52))
        await telegram.until_sent(3)
    assert len(telegram.called("sendMessage")) == 3


async def test_every_update_is_written_down_before_it_is_acknowledged(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving():
        await telegram.deliver(message("/start", number=70))
        await telegram.until(lambda: telegram.acknowledged == 71)
    async with serving():
        await telegram.until_sent(1)


@pytest.mark.parametrize(
    "script",
    [
        (429, {"description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}),
        (502, {"html": "<html>Bad Gateway</html>"}),
        (500, {"description": "Internal Server Error"}),
        "drop",
    ],
    ids=["429", "502", "500", "dropped"],
)
async def test_a_message_that_could_not_be_sent_is_sent_again(
    telegram: FakeTelegram, serving: Serving, script: Any
) -> None:
    telegram.scripts[7].append(script)
    async with serving():
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)
    assert len(telegram.called("sendMessage")) == 2
    assert len(telegram.sent) == 1


async def test_the_wait_that_telegram_asks_for_is_kept(telegram: FakeTelegram, serving: Serving) -> None:
    telegram.scripts[7].append((429, {"description": "Too Many", "parameters": {"retry_after": 2}}))
    clock = asyncio.get_running_loop().time
    async with serving():
        await telegram.deliver(message("/start"))
        await telegram.until(lambda: len(telegram.called("sendMessage")) == 1)
        refused = clock()
        await telegram.until_sent(1)
        assert clock() - refused >= 1.9


async def test_a_menu_that_telegram_put_off_is_published_later(telegram: FakeTelegram, serving: Serving) -> None:
    asked_to_wait = {"description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}
    telegram.method_scripts["setMyCommands"] += [(429, asked_to_wait), "drop"]
    async with serving():
        await telegram.until(lambda: len(telegram.called("setMyCommands")) == 5)
    scopes = [each["scope"]["type"] for each in telegram.called("setMyCommands")]
    assert scopes == ["all_private_chats"] * 3 + ["all_group_chats", "all_chat_administrators"]


@pytest.mark.parametrize(
    "told",
    [{"chat": -5, "migrate_to_chat_id": -1005}, {"chat": -1005, "migrate_from_chat_id": -5}],
    ids=["in the old group", "in the new one"],
)
async def test_a_group_that_became_a_supergroup_keeps_its_settings(
    telegram: FakeTelegram, serving: Serving, told: dict[str, int]
) -> None:
    telegram.groups[-5, 7] = "creator"
    async with serving():
        await telegram.deliver(message("/settings zone Tokyo", chat=-5, kind="group"))
        await telegram.until_sent(1)
        await telegram.deliver(message("", kind="group", **told))
        await telegram.deliver(message("/settings", chat=-1005, kind="supergroup"))
        await telegram.until(lambda: bool(telegram.to(-1005)))
    assert "Asia/Tokyo" in telegram.to(-1005)[0]["shown"]


@contextmanager
def said_in_log(words: str) -> Iterator[asyncio.Event]:
    """An event that is set as soon as a line with these words is logged."""
    said = asyncio.Event()
    listener = logging.Handler()
    listener.addFilter(lambda record: said.set() if words in record.getMessage() else None)
    logging.getLogger().addHandler(listener)
    try:
        yield said
    finally:
        logging.getLogger().removeHandler(listener)


async def test_a_blocked_chat_holds_up_nobody(telegram: FakeTelegram, serving: Serving) -> None:
    telegram.scripts[8].append((403, {"description": "Forbidden: bot was blocked by the user"}))
    with said_in_log("telegram:8 is paused") as paused:
        async with serving():
            await telegram.deliver(message("/start", chat=8, user=8), message("/start"))
            await telegram.until_sent(1)
            # only who writes after the refusal was understood has unblocked the bot
            await asyncio.wait_for(paused.wait(), 120)
            await telegram.deliver(message("/help", chat=8, user=8))
            await telegram.until_sent(2)
    assert len(telegram.to(7)) == 1
    assert len(telegram.to(8)) == 1


async def test_a_chat_that_hangs_holds_up_nobody(telegram: FakeTelegram, serving: Serving) -> None:
    telegram.scripts[8].append("hang")
    async with serving():
        await telegram.deliver(message("/start", chat=8, user=8))
        await telegram.until(lambda: len(telegram.called("sendMessage")) == 1)
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)
    assert telegram.to(7)


async def test_html_that_telegram_refuses_goes_out_once_more_as_plain_text(
    telegram: FakeTelegram, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuse_html = True
    async with serving():
        await telegram.deliver(message("/start"))
        (sent,) = await telegram.until_sent(1)
    assert "parse_mode" not in sent
    assert "<b>" not in sent["text"]
    assert "can't parse entities" in caplog.text.lower()


async def test_a_group_that_became_a_supergroup_is_followed(telegram: FakeTelegram, serving: Serving) -> None:
    moved = {"description": "Bad Request: group chat was upgraded", "parameters": {"migrate_to_chat_id": -100500}}
    telegram.scripts[-5].append((400, moved))
    async with serving():
        await telegram.deliver(message("/start", chat=-5, kind="group"))
        (sent,) = await telegram.until_sent(1)
    assert sent["chat_id"] == -100500


async def test_a_topic_and_the_question_are_kept_in_groups(telegram: FakeTelegram, serving: Serving) -> None:
    asked = message("/start@onrecord_bot", chat=-100, kind="supergroup", message_thread_id=33, is_topic_message=True)
    async with serving():
        await telegram.deliver(asked)
        (sent,) = await telegram.until_sent(1)
    assert sent["message_thread_id"] == 33
    assert sent["reply_parameters"]["message_id"] == asked["message"]["message_id"]
    assert sent["reply_parameters"]["allow_sending_without_reply"] is True


async def test_a_topic_that_was_deleted_does_not_swallow_the_answer(telegram: FakeTelegram, serving: Serving) -> None:
    telegram.scripts[-100].append((400, {"description": "Bad Request: message thread not found"}))
    async with serving():
        await telegram.deliver(
            message("/start", chat=-100, kind="supergroup", message_thread_id=33, is_topic_message=True)
        )
        (sent,) = await telegram.until_sent(1)
    assert "message_thread_id" not in sent


async def test_commands_of_other_bots_and_edits_get_no_answer(telegram: FakeTelegram, serving: Serving) -> None:
    edited = message("/start")
    edited["edited_message"] = edited.pop("message")
    async with serving():
        await telegram.deliver(
            message("/start@OtherBot", chat=-5, kind="group"),
            message("/start@OtherBot"),
            message("good morning", chat=-5, kind="group"),
            edited,
            {"update_id": 5000, "message": "no message at all"},
            message("/start"),
        )
        await telegram.until_sent(1)
    assert [sent["chat_id"] for sent in telegram.sent] == [7]


@pytest.mark.parametrize(
    "odd", ["half \ud83d a character", "NUL \x00", "<b>&amp;</b> <a href='x'>", "\u202eright to left"]
)
async def test_odd_characters_in_a_question_break_no_answer(telegram: FakeTelegram, serving: Serving, odd: str) -> None:
    async with serving():
        await telegram.deliver(message(f"/who {odd}"), message(f"/{odd}", chat=8, user=8), message(odd, chat=9, user=9))
        await telegram.until_sent(3)
    assert all(call.get("parse_mode") == "HTML" for call in telegram.called("sendMessage"))


async def test_what_lacks_its_argument_in_a_group_is_asked_for_and_understood(
    telegram: FakeTelegram, serving: Serving
) -> None:
    async with serving():
        await telegram.deliver(message("/who@onrecord_bot", chat=-5, kind="group"))
        (asked,) = await telegram.until_sent(1)
        assert asked["reply_markup"]["force_reply"] is True
        assert asked["reply_markup"]["selective"] is True
        ours = {"message_id": asked["message_id"], "date": 1, "chat": {"id": -5, "type": "group"}}
        ours["from"] = {"id": 123456, "is_bot": True, "first_name": "Onrecord"}
        await telegram.deliver(message("Nobody Inparticular", chat=-5, kind="group", reply_to_message=ours))
        await telegram.until_sent(2)
    assert "Nobody Inparticular" in telegram.sent[1]["shown"]
    assert "What would you like to know" not in telegram.sent[1]["shown"]


async def test_a_pressed_button_is_acknowledged_and_answered(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving():
        await telegram.deliver(press("/help"))
        await telegram.until_sent(1)
        await telegram.until(lambda: bool(telegram.called("answerCallbackQuery")))
        await telegram.deliver(press("~unknown"))
        await telegram.until_sent(2)
    assert "/deadlines" in telegram.sent[0]["shown"]
    assert "too old" in telegram.sent[1]["shown"]


async def test_a_long_command_fits_a_button_and_opens_for_who_asked_only(
    telegram: FakeTelegram, serving: Serving
) -> None:
    words = "the very long story of the gas pipeline to the east and its twelve delays"
    async with serving():
        await telegram.deliver(message(f"/abuot {words}"))
        (sent,) = await telegram.until_sent(1)
        data = sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        assert data.startswith("~")
        await telegram.deliver(press(data, user=9))
        await telegram.until_sent(2)
        await telegram.deliver(press(data))
        await telegram.until_sent(3)
    assert "made for somebody else" in telegram.sent[1]["shown"]
    assert "gas pipeline" in telegram.sent[2]["shown"]


async def test_strangers_are_told_their_name_once_asked_and_groups_hear_nothing(
    telegram: FakeTelegram, serving: Serving
) -> None:
    async with serving(access="invite", onrecord_admins=frozenset({"telegram:1"}), access_chats={"telegram:-100"}):
        await telegram.deliver(
            message("/start@onrecord_bot", chat=-5, user=7, kind="group"),
            message("/start", chat=7, user=7),
            message("/start@onrecord_bot", chat=-100, user=7, kind="supergroup"),
            message("/start", chat=1, user=1),
        )
        await telegram.until_sent(3)
    assert not telegram.to(-5)
    assert "telegram:7" in telegram.to(7)[0]["shown"]
    assert "ACCESS_CHATS" in telegram.to(7)[0]["shown"]
    assert "articles" in telegram.to(-100)[0]["shown"]
    assert "articles" in telegram.to(1)[0]["shown"]


async def test_writing_commands_are_for_admins_only(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving(onrecord_admins=frozenset({"telegram:1"})):
        await telegram.deliver(message("/add Some words of an article"))
        (sent,) = await telegram.until_sent(1)
    assert "editors and admins only" in sent["shown"]


async def test_the_menu_is_offered_by_scope_and_writing_commands_to_admins(
    telegram: FakeTelegram, serving: Serving
) -> None:
    telegram.method_scripts["setMyCommands"].append((400, {"description": "Bad Request: chat not found"}))
    async with serving(onrecord_admins=frozenset({"telegram:1", "slack:U1"})):
        await telegram.until(lambda: len(telegram.called("setMyCommands")) == 4)
    offered = {
        (call["scope"]["type"], call["scope"].get("chat_id")): {each["command"] for each in call["commands"]}
        for call in telegram.called("setMyCommands")
    }
    assert "add" in offered["chat", 1]
    assert "add" not in offered["all_private_chats", None]
    assert "settings" in offered["all_chat_administrators", None]
    assert "settings" not in offered["all_group_chats", None]
    assert "who" in offered["all_group_chats", None]


async def test_polling_outlives_conflicts_and_broken_answers(telegram: FakeTelegram, serving: Serving) -> None:
    telegram.method_scripts["getUpdates"].extend(
        [
            (409, {"description": "Conflict: can't use getUpdates method while webhook is active"}),
            (429, {"description": "Too Many", "parameters": {"retry_after": 1}}),
        ]
    )
    telegram.method_scripts["getMe"].append((502, {"html": "<html>"}))
    async with serving():
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)
    assert len(telegram.called("deleteWebhook")) == 2


async def test_a_webhook_that_cannot_be_removed_does_not_end_the_server(
    telegram: FakeTelegram, serving: Serving
) -> None:
    telegram.method_scripts["deleteWebhook"].append((404, {"description": "Not Found"}))
    async with serving():
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)


async def test_a_token_that_telegram_does_not_know_ends_the_server(tmp_path: Path, telegram: FakeTelegram) -> None:
    settings = Settings(
        telegram_bot_token="1:wrong",
        telegram_api_base=telegram.url,
        database_url=f"sqlite:///{tmp_path}/flow.db",
    )
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
        await serve_until(asyncio.Event(), settings)


async def test_one_chat_gets_at_most_a_message_a_second_in_order(telegram: FakeTelegram, serving: Serving) -> None:
    clock = asyncio.get_running_loop().time
    async with serving():
        await telegram.deliver(message("/start"), message("/help"))
        await telegram.until_sent(1)
        first = clock()
        await telegram.until_sent(2)
        assert clock() - first >= 0.9
    assert "articles" in telegram.sent[0]["shown"]


async def test_an_admin_adds_an_article_and_everybody_can_ask_about_it(
    telegram: FakeTelegram, serving: Serving
) -> None:
    article = (
        "/add Harbour To Close\nBy Ayna Berdiyeva\nFeb. 16, 2020\n\n"
        "Port director Leyla Nazarova said on Sunday that the harbour would close by the end of February."
    )
    async with serving(onrecord_admins=frozenset({"telegram:1"})):
        await telegram.deliver(message(article, chat=1, user=1))
        await telegram.until_sent(1)
        await telegram.deliver(message("/who Nazarova"))
        await telegram.until_sent(2)
    assert "Harbour To Close" in telegram.sent[0]["shown"]
    assert "Leyla Nazarova" in telegram.sent[1]["shown"]


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (400, {"description": "Bad Request: chat not found"}, "failed"),
        (401, {"description": "Unauthorized"}, "pending"),
    ],
)
async def test_a_refused_message_is_failed_and_one_with_a_refused_token_waits(
    telegram: FakeTelegram, serving: Serving, tmp_path: Path, status: int, body: dict[str, str], state: str
) -> None:
    telegram.scripts[7].append((status, body))
    async with serving():
        await telegram.deliver(message("/start"), message("/start", chat=8, user=8))
        await telegram.until(lambda: len(telegram.called("sendMessage")) == 2)
    with sqlite3.connect(tmp_path / "flow.db") as rows:
        assert rows.execute("SELECT state FROM outbox WHERE chat = 'telegram:7'").fetchall() == [(state,)]
    rows.close()


async def test_a_button_that_telegram_forgot_does_no_harm(telegram: FakeTelegram, serving: Serving) -> None:
    telegram.method_scripts["answerCallbackQuery"].append((400, {"description": "Bad Request: query is too old"}))
    async with serving():
        await telegram.deliver(press("/help"))
        await telegram.until_sent(1)


async def test_plain_text_that_telegram_refuses_as_well_is_tried_again(
    telegram: FakeTelegram, serving: Serving
) -> None:
    telegram.scripts[7].extend(
        [(400, {"description": "Bad Request: can't parse entities: x"}), (502, {"html": "<html>"})]
    )
    async with serving():
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)
    assert [call.get("parse_mode") for call in telegram.called("sendMessage")] == ["HTML", None, "HTML"]
