"""What crosses the border between a chat platform and the commands. No SDK, no markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

from digests.edition.model import Length, WhenEmpty

Platform = Literal["telegram", "slack", "console"]
Role = Literal["reader", "editor", "admin"]
"""What somebody may do: ask; add and correct as well; and see to sources, members and exports as well."""
ROLES: tuple[Role, ...] = ("reader", "editor", "admin")
"""From the least to the most; each may do what those before it may."""
MOST_FILE_BYTES = 20_000_000
"""Telegram hands out no larger files (getFile); the same holds for Slack's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who asks, and where. ``user`` and ``chat`` are named ``telegram:123``, ``slack:U1``, ``slack:C1``, ``console``.

    ``thread``: Telegram's message_thread_id or Slack's thread_ts, as text. ``team``: the asker's Slack workspace,
    ``slack:T1``. ``alone``: nobody else sees the answer, although the chat is not private (a slash command of Slack's).
    ``user_called``, ``chat_called``: what the platform calls them, for people to read. ``replied_to``: the bot's
    message that is answered, or whose button is pressed.
    """

    platform: Platform
    chat: str
    user: str
    thread: str = ""
    private: bool = True
    role: Role = "reader"
    team: str = ""
    alone: bool = False
    user_called: str = ""
    chat_called: str = ""
    replied_to: str = ""

    @property
    def place(self) -> str:
        """What settings, subscriptions and follows belong to: the chat; in private the person, wherever they write.

        (Slack's App Home and its direct messages have different names.)
        """
        return self.user if self.private else self.chat

    @property
    def admin(self) -> bool:
        """Whether everything is allowed."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file somebody dropped, still lying with the platform. ``size``: bytes; ``ref``: what the platform calls it."""

    name: str
    size: int
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file with its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A parsed line: ``name`` without the slash, ``text`` all that follows it, and when (aware) it was asked."""

    name: str
    text: str
    origin: Origin
    asked_at: datetime
    today: date
    """The chat's own day: what "today", "ahead" and "passed" are relative to."""
    file: ReceivedFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Pressing it is typing ``command``."""

    label: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of text that goes with a reply."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A template's name (without ``.j2``) and its data: never markup. ``buttons`` are rows; ``file`` comes last."""

    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[tuple[Button, ...], ...] = ()
    file: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """What a chat has chosen. ``zone``: IANA name. ``language``: of dates, e.g. "en".

    ``quiet_from`` to ``quiet_to``: quiet hours on the clock of ``zone``, both or none (``edition.schedule.quiet``).
    ``length`` and ``when_empty``: of digests ordered from now on.
    """

    zone: str = "UTC"
    language: str = "en"
    quiet_from: time | None = None
    quiet_to: time | None = None
    length: Length = "short"
    when_empty: WhenEmpty = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a message goes. ``reply_to``: message to answer; ``response_url``: Slack's, good for 5 posts in 30 min.

    ``user``: who asked; in a Slack channel the message is then for that person's eyes only. ``prompt``: what a Telegram
    group is asked to type (ForceReply). ``home``: the user's App Home in Slack instead of a message.
    """

    platform: Platform
    chat: str
    thread: str = ""
    reply_to: str = ""
    user: str = ""
    response_url: str = ""
    prompt: str = ""
    home: bool = False


OutboxState = Literal["pending", "sending", "sent", "failed"]
ANSWER, ALERT, BULK = 1, 2, 3
"""What goes first: an answer to somebody who waits, then an alert, then digests and whatever else goes to many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something a platform delivered, written down before it is acknowledged. ``key`` is unique a platform."""

    id: int
    platform: Platform
    key: str
    payload: Mapping[str, Any]
    received_at: datetime
    attempts: int = 1
    """How often answering it was begun, this time included when it has just been received."""
    behind: bool = False
    """Whether something that the same person asked there before was not answered yet when this was written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A reply on its way. ``message_ids``: of the parts already sent, in order, so a restart goes on after them."""

    id: int
    address: Address
    reply: Reply
    state: OutboxState
    attempts: int = 0
    message_ids: tuple[str, ...] = ()
    reason: str = ""
    not_before: datetime | None = None
    priority: int = ANSWER
    edits: int | None = None
    """The outbox row whose messages this one takes the place of."""
    doubts: int = 0
    """How often it was sent again though it may have arrived."""
    places: tuple[str, ...] = ()
    """The messages of the row that this one edits."""
    revision: int = 0
    """How often what it says was changed before it went."""
    request: str = ""
    """The id, in the log, of the update that it answers; "" where it answers none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What an admin should know: ``what`` is a chat nothing reaches, or an update that was given up."""

    what: str
    reason: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an update asks: ``text`` as typed or pressed, by whom, and where the answer goes.

    ``token`` stands for a kept button command instead of a text; ``replied_to``: the message that it is a reply to, or
    that the button stands under; ``home``: somebody opened the App Home and typed nothing. ``file``: what was dropped.
    ``pressed``: a button, not a text. ``above``: a message whose link is meant (``/facts`` typed alone under it), where
    the update does not hold its text.
    """

    text: str
    origin: Origin
    address: Address
    token: str = ""
    replied_to: str = ""
    home: bool = False
    pressed: bool = False
    file: GivenFile | None = None
    above: str = ""
