"""What a Slack request asks of the bot, from its body alone. Pure.

Commands, mentions, direct messages, pressed buttons and the opened App Home count; the bot's own messages, edits and
whatever else has a subtype do not. https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.model import Address, Asked, GivenFile, Origin

_TYPED = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that somebody typed: all others tell of changes, joins and the like."""
_BARE = re.compile(r"/?\s*(?:facts|add)", re.IGNORECASE)
"""Commands that, typed alone in a thread, mean the link that the thread is about."""
_LINK = re.compile(r"<(https?://[^|<>\s]+)[^<>]*>", re.IGNORECASE)
_MARKED = re.compile(r"<([^<>]*)>")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot itself, as auth.test tells it."""

    user: str
    bot: str
    teams: frozenset[str]
    """The workspaces whose requests are heard: its own, and those the settings name."""


def key_of(body: Json) -> str:
    """What is the same when Slack delivers the same thing twice."""
    if body.get("event_id"):
        return str(body["event_id"])
    if body.get("trigger_id"):
        return f"{body.get('type', 'command')}:{body['trigger_id']}"
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def read(body: Json, *, me: Me) -> Asked | None:
    """What is asked, if anything. Whatever comes from another workspace, or concerns one, asks nothing.

    In a channel shared with another company (Slack Connect) its people write, too, and signed like everybody else.
    """
    teams = _teams(body)
    if not teams or not teams <= me.teams:
        return None
    asked = _asked(body, me)
    return asked and replace(asked, origin=replace(asked.origin, team=f"slack:{_team_of_asker(body)}"))


def _teams(body: Json) -> frozenset[str]:
    """Every workspace a request names: where the app is installed, and who asks."""
    event, user, team = _object(body, "event"), _object(body, "user"), _object(body, "team")
    named = [body.get("team_id"), team.get("id"), user.get("team_id")]
    named += [event.get(key) for key in ("team", "user_team", "source_team")]
    return frozenset(str(name) for name in named if name)


def _team_of_asker(body: Json) -> str:
    event, user = _object(body, "event"), _object(body, "user")
    return str(event.get("user_team") or event.get("team") or user.get("team_id") or body.get("team_id") or "")


def _object(body: Json, key: str) -> Json:
    found = body.get(key)
    return found if isinstance(found, Mapping) else {}


def _asked(body: Json, me: Me) -> Asked | None:
    if body.get("type") == "event_callback":
        return _event(body["event"], me)
    if body.get("type") == "block_actions":
        return _pressed(body)
    if body.get("command"):
        return _command(body)
    return None


def _event(event: Json, me: Me) -> Asked | None:
    if event.get("bot_id") or event.get("user") in (None, me.user):
        return None
    match event.get("type"):
        case "app_mention" if "edited" not in event:
            return _message(event, _without(me.user, event["text"]), thread=event.get("thread_ts") or event["ts"])
        case "message" if event.get("channel_type") == "im" and event.get("subtype") in _TYPED:
            return _message(event, event.get("text", ""), thread=event.get("thread_ts", ""), private=True)
        case "app_home_opened" if event.get("tab", "home") == "home":
            return _home(event)
    return None


def _message(event: Json, text: str, *, thread: str, private: bool = False) -> Asked:
    chat, user = f"slack:{event['channel']}", f"slack:{event['user']}"
    typed = plain(text)
    return Asked(
        text=typed or ("" if _file(event) else "/help"),
        origin=Origin(platform="slack", chat=chat, user=user, thread=thread, private=private),
        address=Address(platform="slack", chat=chat, thread=thread),
        file=_file(event),
        above=event.get("thread_ts", "") if _BARE.fullmatch(typed) else "",
    )


def link_in(text: str) -> str:
    """The first web address in a message as Slack marks it, or "".

    >>> link_in("see <https://example.org/1?a=1&amp;b=2|this>")
    'https://example.org/1?a=1&b=2'
    """
    found = _LINK.search(text)
    return html.unescape(found[1]) if found else ""


def _file(event: Json) -> GivenFile | None:
    """The first file of a message that Slack itself keeps; links to files elsewhere are no files."""
    for each in event.get("files") or ():
        ref = each.get("url_private_download") or each.get("url_private")
        if ref and not each.get("is_external"):
            return GivenFile(name=str(each.get("name") or "file"), size=int(each.get("size", 0)), ref=str(ref))
    return None


def _home(event: Json) -> Asked:
    user = f"slack:{event['user']}"
    chat = f"slack:{event['channel']}" if event.get("channel") else user
    return Asked(
        text="",
        origin=Origin(platform="slack", chat=chat, user=user),
        address=Address(platform="slack", chat=user, user=user, home=True),
        home=True,
    )


def _command(body: Json) -> Asked:
    """A slash command: whatever it is called, what follows it is the question. The answer is for the asker's eyes."""
    chat, user = f"slack:{body['channel_id']}", f"slack:{body['user_id']}"
    return Asked(
        text=plain(body.get("text", "")) or "/help",
        origin=Origin(
            platform="slack",
            chat=chat,
            user=user,
            private=_is_direct(chat),
            alone=True,
            user_called=str(body.get("user_name", "")),
            chat_called=f"#{body['channel_name']}" if body.get("channel_name") else "",
        ),
        address=Address(platform="slack", chat=chat, user=user, response_url=body.get("response_url", "")),
    )


def _pressed(body: Json) -> Asked | None:
    """A button: in the App Home the answer is a direct message, elsewhere it goes where the button stands."""
    value = body["actions"][0].get("value")
    if not value:
        return None
    user = f"slack:{body['user']['id']}"
    if not body.get("channel"):
        return Asked(
            text=value,
            origin=Origin(platform="slack", chat=user, user=user),
            address=Address(platform="slack", chat=user),
            pressed=True,
        )
    chat = f"slack:{body['channel']['id']}"
    alone = bool(body.get("container", {}).get("is_ephemeral"))
    if alone:
        thread, url = body["container"].get("thread_ts", ""), body.get("response_url", "")
        address = Address(platform="slack", chat=chat, thread=thread, user=user, response_url=url)
    else:
        thread = _thread_of(body, chat)
        address = Address(platform="slack", chat=chat, thread=thread)
    origin = Origin(platform="slack", chat=chat, user=user, thread=thread, private=_is_direct(chat), alone=alone)
    return Asked(text=value, origin=origin, address=address, pressed=True)


def _thread_of(body: Json, chat: str) -> str:
    """The thread a pressed button stands in; in a channel every answer belongs into one."""
    message = body.get("message", {})
    return str(message.get("thread_ts") or ("" if _is_direct(chat) else message.get("ts", "")))


def _is_direct(chat: str) -> bool:
    return chat.startswith(("slack:D", "slack:U", "slack:W"))


def _without(user: str, text: str) -> str:
    return re.sub(rf"<@{re.escape(user)}(?:\|[^<>]*)?>[,:]?", " ", text)


def plain(text: str) -> str:
    """Text as somebody typed it: Slack marks links and names and escapes ``& < >``.

    >>> plain("/about <https://example.org|example.org> &amp; <#C1|news>")
    '/about example.org & #news'
    """
    return html.unescape(_MARKED.sub(_unmarked, text.replace("\u00a0", " "))).strip()


def _unmarked(found: re.Match[str]) -> str:
    target, _, label = found[1].partition("|")
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith(("@", "!")):
        return label and f"@{label.removeprefix('@')}"
    return label or target
