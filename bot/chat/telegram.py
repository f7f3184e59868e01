"""Telegram: the connection, messages out, the command menu. (What comes in: ``telegram_listening``.)"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ChatMember,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.access import Standing
from bot.chat.telegram_updates import KEPT_MARK, Me
from bot.commands.spec import Spec
from bot.errors import ChatGone, ChatMoved, NotEditable, SendError, TryLater, Undeliverable
from bot.model import ROLES, Address, Attachment, Button, GivenFile, Role
from bot.render.message import Message, Picture
from digests.errors import SettingsError

log = logging.getLogger(__name__)

# Without it PTB 22 warns whenever Telegram asks to wait, and tells whole seconds as a number.
os.environ.setdefault("PTB_TIMEDELTA", "1")

_FILE_SECONDS = 60.0
ALLOWED = ["message", "callback_query"]
LONGEST_PAUSE = 60.0
_DATA = 64
_PLACEHOLDER = 64
_GONE = ("chat not found", "chat was deleted", "not enough rights", "have no rights", "write_forbidden", "deactivated")
"""In what Telegram says of a chat that we may not write to, and of which it says so with a 400 instead of a 403."""
_NOT_EDITABLE = (
    *("can't be edited", "message to edit not found", "message_id_invalid", "message identifier"),
    "no text in the message",
)
"""What Telegram says of messages that stay as they are."""

Keep = Callable[[str, Address], Awaitable[str]]
"""A token for a button's command that is too long for Telegram."""


class Wire(Bot):
    """PTB's bot, with updates as the JSON they came in: one that PTB cannot parse must not stop the others."""

    async def updates(self, offset: int | None, *, seconds: int) -> list[dict[str, Any]]:
        """What arrived since ``offset``; waits up to ``seconds`` for something to arrive."""
        data = {"timeout": seconds, "offset": offset, "allowed_updates": ALLOWED}
        found: list[dict[str, Any]] = await self._post("getUpdates", data, read_timeout=seconds + 10)
        return found

    async def close_connections(self) -> None:
        """End every connection, also of a bot that never came to be initialised (which ``shutdown`` leaves alone)."""
        for request in self._request:
            await request.shutdown()


def wire(token: str, *, api_base: str) -> Wire:
    """A bot that speaks to ``api_base`` followed by its token; to be opened with ``initialize``."""
    return Wire(
        token,
        base_url=api_base,
        base_file_url=f"{api_base.removesuffix('/bot')}/file/bot",
        request=HTTPXRequest(connection_pool_size=128, read_timeout=30, write_timeout=20, connect_timeout=10),
        get_updates_request=HTTPXRequest(connection_pool_size=1, connect_timeout=10),
    )


async def connect(bot: Wire) -> Me:
    """Say hello until Telegram answers. Raises ``SettingsError`` when it does not know the token."""
    pause = 1.0
    while True:
        try:
            await bot.initialize()
            return Me(id=bot.id, username=bot.username)
        except InvalidToken as error:
            raise SettingsError("TELEGRAM_BOT_TOKEN: Telegram does not know this token; ask @BotFather") from error
        except TelegramError as error:
            log.warning("telegram: not reached yet (%s); trying again in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)


async def download(bot: Wire, file: GivenFile) -> bytes:
    """A dropped file's bytes. Raises ``SendError``. https://core.telegram.org/bots/api#getfile"""
    try:
        found = await bot.get_file(file.ref)
        return bytes(await found.download_as_bytearray(read_timeout=_FILE_SECONDS))
    except TelegramError as error:
        raise _send_error(error) from error


async def standing(bot: Wire, chat: str, user: str) -> Standing:
    """What somebody is in a group; "unknown" where Telegram does not say.

    A bot that is no admin itself may be refused others' membership, but not the list of admins.
    https://core.telegram.org/bots/api#getchatmember
    """
    group, person = int(chat.removeprefix("telegram:")), int(user.removeprefix("telegram:"))
    try:
        try:
            return _standing(await bot.get_chat_member(group, person))
        except BadRequest:
            admins = await bot.get_chat_administrators(group)
            return "admin" if any(each.user.id == person for each in admins) else "unknown"
    except TelegramError as error:
        log.warning("telegram: who %s is in %s is not known: %s", user, chat, error)
        return "unknown"


def _standing(member: ChatMember) -> Standing:
    match member.status:
        case ChatMember.OWNER | ChatMember.ADMINISTRATOR:
            return "admin"
        case ChatMember.MEMBER:
            return "member"
        case ChatMember.RESTRICTED if getattr(member, "is_member", False):
            return "member"
        case _:
            return "gone"


class Telegram:
    """The outbox's way to Telegram."""

    def __init__(self, bot: Wire, *, keep: Keep) -> None:
        self._bot = bot
        self._keep = keep

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        """Send one message; its id. What Telegram refuses for its form goes out once more in a simpler one."""
        if message.file is not None:
            return await self._send_file(address, message.file)
        markup = await self._markup(address, message.buttons)
        html, where = True, address if position == 0 else replace(address, reply_to="")
        picture = message.picture
        for _ in range(4):
            try:
                if picture is not None:
                    return await self._send_photo(where, picture, markup, html=html)
                return await self._send(where, message.text if html else message.plain, markup, html=html)
            except BadRequest as error:
                said = str(error).lower()
                if html and "can't parse entities" in said:
                    html = False
                elif where.thread and "thread not found" in said:
                    where = replace(where, thread="")
                elif picture is not None:  # a group may take words and no pictures
                    picture = None
                else:
                    raise _send_error(error) from error
                log.warning("telegram: refused for %s (%s): sent in a simpler form", address.chat, error)
            except TelegramError as error:
                raise _send_error(error) from error
        raise Undeliverable("refused in every form")

    async def edit(self, address: Address, message: Message, *, message_id: str) -> None:
        """Let a message of ours say this; it may say so already. Raises ``NotEditable`` where Telegram does not let us.

        https://core.telegram.org/bots/api#editmessagetext
        """
        if message.file is not None:
            return
        markup = await self._keyboard(address, message.buttons)
        for html in (True, False):
            try:
                if message.picture is not None:
                    await self._edit_photo(address, message.picture, markup, message_id, html=html)
                else:
                    await self._edit(address, message.text if html else message.plain, markup, message_id, html=html)
            except BadRequest as error:
                said = str(error).lower()
                if "message is not modified" in said:
                    return
                if html and "can't parse entities" in said:
                    log.warning("telegram: refused for %s (%s): edited in a simpler form", address.chat, error)
                    continue
                if any(words in said for words in _NOT_EDITABLE):
                    raise NotEditable(str(error)) from error
                failed = _send_error(error)
                if message.picture is not None and isinstance(failed, Undeliverable):
                    raise NotEditable(str(error)) from error
                raise failed from error
            except TelegramError as error:
                raise _send_error(error) from error
            return

    async def _edit(
        self,
        address: Address,
        text: str,
        markup: InlineKeyboardMarkup | ForceReply | None,
        message_id: str,
        *,
        html: bool,
    ) -> None:
        assert not isinstance(markup, ForceReply), "an edited message asks for nothing"
        await self._bot.edit_message_text(
            text,
            chat_id=int(address.chat.removeprefix("telegram:")),
            message_id=int(message_id),
            parse_mode="HTML" if html else None,
            reply_markup=markup,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _send(
        self, address: Address, text: str, markup: InlineKeyboardMarkup | ForceReply | None, *, html: bool
    ) -> str:
        replying = address.reply_to
        sent = await self._bot.send_message(
            int(address.chat.removeprefix("telegram:")),
            text,
            parse_mode="HTML" if html else None,
            message_thread_id=int(address.thread) if address.thread else None,
            reply_parameters=ReplyParameters(int(replying), allow_sending_without_reply=True) if replying else None,
            reply_markup=markup,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return str(sent.message_id)

    async def _send_photo(
        self, address: Address, picture: Picture, markup: InlineKeyboardMarkup | ForceReply | None, *, html: bool
    ) -> str:
        """A picture with its words below. https://core.telegram.org/bots/api#sendphoto"""
        replying = address.reply_to
        sent = await self._bot.send_photo(
            int(address.chat.removeprefix("telegram:")),
            InputFile(picture.png, filename=picture.name),
            caption=picture.caption if html else picture.plain,
            parse_mode="HTML" if html else None,
            message_thread_id=int(address.thread) if address.thread else None,
            reply_parameters=ReplyParameters(int(replying), allow_sending_without_reply=True) if replying else None,
            reply_markup=markup,
        )
        return str(sent.message_id)

    async def _edit_photo(
        self, address: Address, picture: Picture, markup: InlineKeyboardMarkup | None, message_id: str, *, html: bool
    ) -> None:
        """Another picture and other words. https://core.telegram.org/bots/api#editmessagemedia"""
        await self._bot.edit_message_media(
            InputMediaPhoto(
                picture.png,
                caption=picture.caption if html else picture.plain,
                parse_mode="HTML" if html else None,
                filename=picture.name,
            ),
            chat_id=int(address.chat.removeprefix("telegram:")),
            message_id=int(message_id),
            reply_markup=markup,
        )

    async def _send_file(self, address: Address, file: Attachment) -> str:
        try:
            sent = await self._bot.send_document(
                int(address.chat.removeprefix("telegram:")),
                InputFile(file.text.encode(), filename=file.name),
                message_thread_id=int(address.thread) if address.thread else None,
            )
        except TelegramError as error:
            raise _send_error(error) from error
        return str(sent.message_id)

    async def _markup(
        self, address: Address, rows: Sequence[Sequence[Button]]
    ) -> InlineKeyboardMarkup | ForceReply | None:
        if address.prompt:
            return ForceReply(selective=True, input_field_placeholder=address.prompt[:_PLACEHOLDER])
        return await self._keyboard(address, rows)

    async def _keyboard(self, address: Address, rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
        if not rows:
            return None
        return InlineKeyboardMarkup([[await self._button(address, button) for button in row] for row in rows])

    async def _button(self, address: Address, button: Button) -> InlineKeyboardButton:
        data = button.command
        if len(data.encode()) > _DATA:
            data = KEPT_MARK + await self._keep(button.command, address)
        return InlineKeyboardButton(button.label, callback_data=data)


def _send_error(error: TelegramError) -> SendError:
    """What the outbox is to do about an error of Telegram's. (PTB's BadRequest is a NetworkError: order matters.)"""
    match error:
        case RetryAfter():
            return TryLater(str(error), after=seconds_of(error))
        case ChatMigrated():
            return ChatMoved(f"telegram:{error.new_chat_id}")
        case Forbidden():
            return ChatGone(str(error))
        case BadRequest() if any(words in str(error).lower() for words in _GONE):
            return ChatGone(str(error))
        case BadRequest():
            return Undeliverable(str(error))
        case InvalidToken():
            return TryLater("TELEGRAM_BOT_TOKEN is refused", after=60.0)
        case _:
            return TryLater(str(error))


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


async def publish_menu(bot: Wire, specs: Sequence[Spec], *, roles: Mapping[str, Role]) -> None:
    """Offer the commands where they can be used: to readers, and to whom ``roles`` names. A menu authorises nobody."""
    reading = [spec for spec in specs if spec.role == "reader"]
    scopes: list[tuple[BotCommandScope, Sequence[Spec]]] = [
        (BotCommandScopeAllPrivateChats(), reading),
        (BotCommandScopeAllGroupChats(), [spec for spec in reading if spec.name != "settings"]),
        (BotCommandScopeAllChatAdministrators(), reading),
    ]
    for name, role in sorted(roles.items()):
        platform, _, number = name.partition(":")
        if platform == "telegram" and role != "reader":
            usable = [spec for spec in specs if ROLES.index(spec.role) <= ROLES.index(role)]
            scopes.append((BotCommandScopeChat(int(number)), usable))
    for scope, offered in scopes:
        await _offer(bot, [BotCommand(spec.name, spec.summary[:256]) for spec in offered], scope)


async def _offer(bot: Wire, commands: Sequence[BotCommand], scope: BotCommandScope) -> None:
    """One scope's menu; tried until Telegram takes or refuses it, for it is published at a start only."""
    pause = 1.0
    while True:
        try:
            await bot.set_my_commands(commands, scope=scope)
        except (BadRequest, Forbidden) as error:
            log.warning("telegram: no menu for %s: %s", scope.to_dict(), error)
        except TelegramError as error:
            wait = seconds_of(error) if isinstance(error, RetryAfter) else pause
            log.warning("telegram: no menu yet for %s: %s; trying again in %.0f s", scope.to_dict(), error, wait)
            await asyncio.sleep(wait)
            pause = min(LONGEST_PAUSE, pause * 2)
            continue
        return


async def probe(bot: Wire) -> str:
    """The bot's name, for ``onrecord check``. Raises ``SettingsError`` with one line saying what is wrong."""
    try:
        me = await bot.get_me()
    except InvalidToken as error:
        raise SettingsError("TELEGRAM_BOT_TOKEN: Telegram does not know this token; ask @BotFather") from error
    except TelegramError as error:
        raise SettingsError(f"TELEGRAM_API_BASE: Telegram cannot be reached ({error})") from error
    return f"@{me.username}"
