"""What a Slack request asks of the bot."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.slack_events import Me, key_of, plain, read
from bot.model import Asked

ME = Me(user="U0BOT", bot="B0BOT", teams=frozenset({"T1"}))


def heard(body: dict[str, Any]) -> Asked | None:
    """What a request from the bot's own workspace asks."""
    return read({"team_id": "T1", **body}, me=ME)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("who Oktay", "who Oktay"),
        ("/about <https://example.org/a?b=1&amp;c|example.org> &amp; <#C1|news>", "/about example.org & #news"),
        ("see <https://example.org>", "see https://example.org"),
        ("<@U5|ayna> and <@U6> and <!here> and <#C2>", "@ayna and  and  and #C2"),
        ("5 &lt; 6 &gt; 4 &amp;amp;", "5 < 6 > 4 &amp;"),
        ("who\u00a0Oktay ", "who Oktay"),
    ],
)
def test_text_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert plain(sent) == typed


def mention(text: str, **fields: Any) -> dict[str, Any]:
    inner = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "5.1", "text": text, **fields}
    return {"type": "event_callback", "event_id": "Ev1", "event": inner}


@pytest.mark.parametrize(
    ("text", "asked"),
    [("<@U0BOT> who Oktay", "who Oktay"), ("hey <@U0BOT|onrecord>: who", "hey   who"), ("<@U0BOT>", "/help")],
)
def test_a_mention_is_heard_without_the_bots_name(text: str, asked: str) -> None:
    found = heard(mention(text))
    assert found is not None
    assert found.text == asked


def test_a_mention_in_a_thread_is_answered_in_that_thread() -> None:
    found, edited = heard(mention("x", thread_ts="4.1")), heard(mention("x", edited={"ts": "6"}))
    assert found is not None
    assert found.address.thread == "4.1"
    assert edited is None


@pytest.mark.parametrize(
    ("subtype", "counts"),
    [
        (None, True),
        ("file_share", True),
        ("thread_broadcast", True),  # a reply in a thread that was "also sent to the conversation"
        ("me_message", True),
        ("message_changed", False),
        ("message_deleted", False),
        ("bot_message", False),
        ("channel_join", False),
    ],
)
def test_direct_messages_are_heard_when_somebody_typed_them(subtype: str | None, counts: bool) -> None:
    inner = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": "5.1", "text": "who Oktay"}
    body = {"type": "event_callback", "event_id": "Ev1", "event": inner | ({"subtype": subtype} if subtype else {})}
    assert (heard(body) is not None) is counts


def test_a_bare_command_asks_for_help_and_one_in_a_direct_message_is_private() -> None:
    body = {"command": "/news", "text": " ", "channel_id": "D1", "user_id": "U1", "trigger_id": "1"}
    found = heard(body)
    assert found is not None
    assert (found.text, found.origin.private, found.address.response_url) == ("/help", True, "")


def test_a_button_without_a_value_and_unknown_requests_ask_nothing() -> None:
    assert heard({"type": "block_actions", "actions": [{"type": "button"}], "user": {"id": "U1"}}) is None
    assert heard({"type": "view_submission"}) is None


def test_the_app_home_without_a_channel_is_named_after_the_person() -> None:
    inner = {"type": "app_home_opened", "user": "U1"}
    found = heard({"type": "event_callback", "event_id": "Ev1", "event": inner})
    assert found is not None
    assert (found.origin.chat, found.home, found.address.home) == ("slack:U1", True, True)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"event_id": "Ev1", "trigger_id": "x"}, "Ev1"),
        ({"command": "/news", "trigger_id": "7.1"}, "command:7.1"),
        ({"type": "block_actions", "trigger_id": "7.1"}, "block_actions:7.1"),
    ],
)
def test_deliveries_of_the_same_thing_have_the_same_key(body: dict[str, Any], key: str) -> None:
    assert key_of(body) == key


def test_what_has_no_id_is_known_by_all_it_says() -> None:
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1}) != key_of({"a": 1, "b": 3})
