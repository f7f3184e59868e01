"""What a Telegram update asks of the bot, from its JSON alone. Pure; https://core.telegram.org/bots/api#update.

In groups only commands, mentions of the bot and replies to it count; edited messages never do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from bot.model import Address, Asked, GivenFile, Origin

KEPT_MARK = "~"
"""Begins callback data that is a kept command's token; a command begins with a slash."""
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w{1,64}))?(?=\s|$)", re.ASCII)
_BARE = re.compile(r"/(?:facts|add|import)", re.IGNORECASE)
"""Commands that, typed alone under a message, mean the link or the file in it."""
_LINK = re.compile(r"https?://[^\s<>()\"']+", re.IGNORECASE)
_LONGEST_NAME = 100
_CONTENT = frozenset(
    (
        "photo",
        "document",
        "video",
        "voice",
        "audio",
        "sticker",
        "animation",
        "video_note",
        "location",
        "contact",
        "poll",
    )
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot itself, as getMe tells it."""

    id: int
    username: str


def read(update: Json, *, me: Me, words: Collection[str]) -> Asked | None:
    """What is asked, if anything; ``words``: the names and aliases of the commands."""
    if "callback_query" in update:
        return _pressed(update["callback_query"])
    message = update.get("message")
    if not message or message["chat"]["type"] == "channel" or message.get("is_automatic_forward"):
        return None
    sender = message.get("sender_chat") or message.get("from")
    if sender is None or sender.get("is_bot"):
        return None
    private = message["chat"]["type"] == "private"
    replied_to = _replied_to(message, me)
    text = _addressed(message, me=me, words=words, private=private, replying=bool(replied_to))
    if text is None:
        return None
    above = message.get("reply_to_message") or {}
    file = _file(message)
    if _BARE.fullmatch(text):
        text, file = f"{text} {_link_in(above)}".strip(), file or _file(above)
    asked = _asked(message, text, sender=sender, private=private, replied_to=replied_to)
    return replace(asked, file=file)


def callback_id(update: Json) -> str | None:
    """The id of a pressed button's query, which wants an answer of its own."""
    query = update.get("callback_query")
    return str(query["id"]) if query else None


def moved(update: Json) -> tuple[str, str] | None:
    """The old and the new name of a group that became a supergroup, as its service message tells."""
    match update:
        case {"message": {"chat": {"id": int(old)}, "migrate_to_chat_id": int(new)}}:
            return f"telegram:{old}", f"telegram:{new}"
        case {"message": {"chat": {"id": int(new)}, "migrate_from_chat_id": int(old)}}:
            return f"telegram:{old}", f"telegram:{new}"
    return None


def _pressed(query: Json) -> Asked | None:
    message, data = query.get("message"), query.get("data")
    if not message or not data:
        return None
    private = message["chat"]["type"] == "private"
    token = data.removeprefix(KEPT_MARK) if data.startswith(KEPT_MARK) else ""
    above = str(message["message_id"])
    asked = _asked(message, "" if token else data, sender=query["from"], private=private, replied_to=above)
    return replace(asked, token=token, pressed=True)


def _asked(message: Json, text: str, *, sender: Json, private: bool, replied_to: str = "") -> Asked:
    chat, person = f"telegram:{message['chat']['id']}", f"telegram:{sender['id']}"
    thread = _topic(message)
    address = Address(
        platform="telegram",
        chat=chat,
        thread=thread,
        reply_to="" if private else str(message["message_id"]),
        user=person,
    )
    origin = Origin(
        platform="telegram",
        chat=chat,
        user=person,
        thread=thread,
        private=private,
        user_called=_called(sender),
        chat_called=_called(message["chat"]),
    )
    return Asked(text=text, origin=origin, address=address, replied_to=replied_to)


def _called(found: Json) -> str:
    """What a person or chat is called, for people to read."""
    names = [found.get(key) for key in ("first_name", "last_name", "title")]
    handle = f"@{found['username']}" if found.get("username") else ""
    return " ".join(str(name) for name in (*names, handle) if name)[:_LONGEST_NAME]


def _topic(message: Json) -> str:
    """The forum topic; in other groups a thread id only says what is replied to, and must not be sent back."""
    if message.get("is_topic_message") or message["chat"].get("is_forum"):
        return str(message.get("message_thread_id", ""))
    return ""


def _replied_to(message: Json, me: Me) -> str:
    """The id of the bot's message this one replies to."""
    original = message.get("reply_to_message")
    if original and original.get("from", {}).get("id") == me.id:
        return str(original["message_id"])
    return ""


def _addressed(message: Json, *, me: Me, words: Collection[str], private: bool, replying: bool) -> str | None:
    """The text without what only addresses the bot; ``None`` when it is meant for somebody else."""
    text = (message.get("text") or message.get("caption") or "").strip()
    command = _COMMAND.match(text)
    if command:
        name, bot = command[1].casefold(), command[2]
        if bot is not None and bot.casefold() != me.username.casefold():
            return None
        ours = private or bot is not None or replying or _is_near(name, words)
        return f"/{command[1]}{text[command.end() :]}" if ours else None
    mention = re.compile(rf"@{re.escape(me.username)}\b[,:]?", re.IGNORECASE)
    if not private and not replying and not mention.search(text):
        return None
    if not text and not (private and _CONTENT & message.keys()):
        return None
    return mention.sub(" ", text).strip()


def _file(message: Json) -> GivenFile | None:
    """The file in a message, if there is one."""
    document = message.get("document")
    if not document:
        return None
    return GivenFile(
        name=str(document.get("file_name") or "file"), size=int(document.get("file_size", 0)), ref=document["file_id"]
    )


def _link_in(message: Json) -> str:
    """The first web address in a message, as text or behind words."""
    for field, marks in (("text", "entities"), ("caption", "caption_entities")):
        found = _LINK.search(message.get(field) or "")
        hidden = next((mark["url"] for mark in message.get(marks) or () if mark.get("type") == "text_link"), "")
        if found or hidden:
            return found[0] if found else str(hidden)
    return ""


def _is_near(name: str, words: Collection[str]) -> bool:
    """Whether a bare command in a group is, or is nearly, one of ours: the others belong to other bots."""
    return bool(get_close_matches(name.partition("_")[0], words, n=1, cutoff=0.6))
