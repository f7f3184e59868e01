"""What becomes of a message that was not delivered. Pure: the error, the attempts so far and ``now`` decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import ChatGone, ChatMoved, TryLater

MOST_ATTEMPTS = 300
"""With a back-off of at most five minutes this is about a day."""
MOST_SURPRISES = 5
LONGEST_WAIT = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    not_before: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The chat gets nothing more until somebody writes there."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    reason: str


def after_failure(error: Exception, *, attempts: int, now: datetime) -> Retry | Move | Pause | Fail:
    """Wait as told or with back-off, follow the chat, pause it, or give up.

    ``attempts`` counts the failures before this one. An error that is no ``SendError`` is a fault of ours: it is tried
    again a few times only.
    """
    reason = str(error) or type(error).__name__
    if isinstance(error, ChatMoved):
        return Move(chat=error.chat)
    if isinstance(error, ChatGone):
        return Pause(reason=reason)
    if isinstance(error, TryLater):
        if attempts >= MOST_ATTEMPTS:
            return Fail(reason=f"given up after {attempts} attempts: {reason}")
        wait = back_off(attempts) if error.after is None else error.after
        return Retry(not_before=now + timedelta(seconds=wait), reason=reason)
    return Fail(reason=reason)


def after_surprise(error: Exception, *, attempts: int, now: datetime) -> Retry | Fail:
    """What becomes of a message whose sending failed by a fault of ours: a few more attempts, then it is failed."""
    reason = f"{type(error).__name__}: {error}"
    if attempts >= MOST_SURPRISES:
        return Fail(reason=reason)
    return Retry(not_before=now + timedelta(seconds=back_off(attempts)), reason=reason)


def back_off(attempts: int) -> float:
    """Seconds to wait after that many failures: 1, 2, 4 ... at most five minutes."""
    return min(LONGEST_WAIT, 2.0 ** min(attempts, 20))
