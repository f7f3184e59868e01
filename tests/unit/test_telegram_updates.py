"""What a Telegram update asks of the bot."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.telegram_updates import Me, callback_id, read
from bot.model import Asked

ME = Me(id=99, username="Onrecord_bot")
WORDS = frozenset({"who", "said", "deadlines", "start"})


def message(text: str | None, *, kind: str = "group", **fields: Any) -> dict[str, Any]:
    chat = {"id": -5 if kind != "private" else 7, "type": kind, **fields.pop("chat", {})}
    body = {"message_id": 12, "chat": chat, "from": {"id": 7, "is_bot": False}, **fields}
    return {"update_id": 1, "message": body if text is None else {**body, "text": text}}


def asked(update: dict[str, Any]) -> Asked | None:
    return read(update, me=ME, words=WORDS)


FROM_US = {"message_id": 4, "from": {"id": 99, "is_bot": True}}
FROM_OTHERS = {"message_id": 4, "from": {"id": 8, "is_bot": False}}


@pytest.mark.parametrize(
    ("update", "text"),
    [
        (message("/who Oktay", kind="private"), "/who Oktay"),
        (message("/who@onrecord_BOT  Oktay"), "/who  Oktay"),
        (message("/who Oktay"), "/who Oktay"),
        (message("/woh Oktay"), "/woh Oktay"),
        (message("/said_12"), "/said_12"),
        (message("/weather"), None),  # another bot's
        (message("/weather@onrecord_bot"), "/weather"),
        (message("/weather", kind="private"), "/weather"),
        (message("/who@OtherBot Oktay"), None),
        (message("/who@OtherBot Oktay", kind="private"), None),
        (message("good morning"), None),
        (message("@onrecord_bot, who is Oktay"), "who is Oktay"),
        (message("who is @Onrecord_bot's maker"), "who is  's maker"),
        (message("mail me at x@onrecord_bottle.tm"), None),
        (message("Oktay", reply_to_message=FROM_US), "Oktay"),
        (message("/weather", reply_to_message=FROM_US), "/weather"),
        (message("Oktay", reply_to_message=FROM_OTHERS), None),
        (message("Oktay", kind="private"), "Oktay"),
        (message("/add\nA title\n\nBody", kind="private"), "/add\nA title\n\nBody"),
        (message(None, kind="private", caption="/add x", document={}), "/add x"),
        (message(None, kind="private", sticker={}), ""),
        (message(None, kind="private", pinned_message={}), None),
        (message(None, sticker={}), None),
        (message("/start deep-link", kind="private"), "/start deep-link"),
        (message("/start", kind="channel"), None),
        (message("/start", is_automatic_forward=True), None),
        ({"update_id": 1, "edited_message": message("/start")["message"]}, None),
        ({"update_id": 1, "my_chat_member": {}}, None),
    ],
)
def test_what_is_addressed_to_the_bot_is_heard_without_its_name(update: dict[str, Any], text: str | None) -> None:
    found = asked(update)
    assert (found.text if found else None) == text


def test_other_bots_are_not_answered() -> None:
    update = message("/start")
    update["message"]["from"]["is_bot"] = True
    assert asked(update) is None
    del update["message"]["from"]
    assert asked(update) is None


def test_an_anonymous_admin_speaks_as_the_group() -> None:
    update = message("/start", sender_chat={"id": -5, "type": "group"})
    update["message"]["from"] = {"id": 1087968824, "is_bot": True}
    found = asked(update)
    assert found is not None
    assert found.origin.user == "telegram:-5"


def test_groups_are_answered_as_a_reply_and_people_are_not() -> None:
    group, private = asked(message("/start")), asked(message("/start", kind="private"))
    assert group is not None
    assert private is not None
    assert (group.address.reply_to, private.address.reply_to) == ("12", "")
    assert (group.origin.private, private.origin.private) == (False, True)
    assert (private.origin.chat, private.origin.user) == ("telegram:7", "telegram:7")


@pytest.mark.parametrize(
    ("fields", "thread"),
    [
        ({"message_thread_id": 33, "is_topic_message": True}, "33"),
        ({"message_thread_id": 33, "chat": {"is_forum": True}}, "33"),
        ({"message_thread_id": 33}, ""),  # a thread of replies: no topic to answer in
        ({"chat": {"is_forum": True}}, ""),
    ],
)
def test_only_a_forum_topic_is_kept(fields: dict[str, Any], thread: str) -> None:
    found = asked(message("/start", kind="supergroup", **fields))
    assert found is not None
    assert (found.address.thread, found.origin.thread) == (thread, thread)


def test_a_reply_to_the_bot_names_what_it_replies_to() -> None:
    found = asked(message("Oktay", reply_to_message=FROM_US))
    assert found is not None
    assert found.replied_to == "4"


def press(**fields: Any) -> dict[str, Any]:
    shown = {"message_id": 40, "chat": {"id": -5, "type": "group"}}
    return {"callback_query": {"id": "q1", "from": {"id": 7}, "message": shown, "data": "/help", **fields}}


def test_a_button_types_its_command_or_its_token() -> None:
    typed, kept = asked(press()), asked(press(data="~abc"))
    assert typed is not None
    assert kept is not None
    assert (typed.text, typed.token, typed.address.reply_to) == ("/help", "", "40")
    assert (kept.text, kept.token) == ("", "abc")


def test_a_button_without_its_message_or_data_asks_nothing_but_is_acknowledged() -> None:
    assert asked(press(message=None)) is None
    assert asked(press(data=None)) is None
    assert callback_id(press(message=None)) == "q1"
    assert callback_id(message("/start")) is None
