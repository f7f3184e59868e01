"""What a chat platform can answer to a message of ours, in the outbox's words; raised by ``bot.chat`` alone.

::

    OnrecordError
    └── SendError            a message was not delivered, as far as we know
        ├── TryLater         as told (429), or nobody knows (5xx, a dropped connection): try again
        ├── ChatMoved        the chat has another name now
        ├── NotEditable      the message stays as it is: too old, gone, or not ours to edit
        └── Undeliverable    trying again is of no use: refused
            └── ChatGone     and so it is for whatever else goes to that chat: blocked, kicked, deactivated
"""

from __future__ import annotations

from digests.errors import OnrecordError


class SendError(OnrecordError):
    """A message was not delivered, as far as we know."""


class TryLater(SendError):
    """``after``: seconds the platform asked us to wait; ``None`` when it said nothing."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class ChatMoved(SendError):
    """``chat``: the new name, such as ``telegram:-100123``."""

    def __init__(self, chat: str) -> None:
        super().__init__(f"the chat is now {chat}")
        self.chat = chat


class NotEditable(SendError):
    """A message cannot be edited; something else may be sent to its chat."""


class Undeliverable(SendError):
    """Trying again is of no use; the text says why."""


class ChatGone(Undeliverable):
    """Nothing reaches this chat until somebody there lets us in again."""
