"""How much one person and one chat may ask: token buckets, in memory, with the time handed in.

Who asks too much is told so once; then there is silence until half of what they may ask in a minute is free again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.model import Origin

Pace = Literal["answer", "say", "silence"]
MOST_BUCKETS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """``tokens`` that were left at a moment; ``told``: that there was none has been said."""

    tokens: float
    at: datetime
    told: bool = False


def take(bucket: Bucket | None, *, now: datetime, per_minute: int) -> tuple[Bucket, Pace]:
    """The bucket after one more line, and what that line gets: an answer, a word about the limit, or nothing."""
    if bucket is None:
        bucket = Bucket(tokens=per_minute, at=now)
    gone = max(0.0, (now - bucket.at).total_seconds())
    tokens = min(float(per_minute), bucket.tokens + gone * per_minute / 60)
    told = bucket.told and tokens < max(1.0, per_minute / 2)
    if tokens >= 1 and not told:
        return Bucket(tokens=tokens - 1, at=now), "answer"
    return Bucket(tokens=tokens, at=now, told=True), "silence" if told else "say"


class Limits:
    """The buckets of all persons and chats. A limit of 0 is none."""

    def __init__(self, *, person: int, chat: int) -> None:
        """``person``, ``chat``: lines a minute."""
        self._per_minute = {"person": person, "chat": chat}
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def take(self, origin: Origin, *, now: datetime) -> Pace:
        """What one more line gets: the worse of what the person and the chat may have."""
        paces = [self._taken("person", origin.user, now)]
        if not origin.private:
            paces.append(self._taken("chat", origin.chat, now))
        return "silence" if "silence" in paces else "say" if "say" in paces else "answer"

    def _taken(self, what: str, name: str, now: datetime) -> Pace:
        per_minute = self._per_minute[what]
        if not per_minute:
            return "answer"
        if len(self._buckets) >= MOST_BUCKETS:
            self._forget(now)
        bucket, pace = take(self._buckets.get((what, name)), now=now, per_minute=per_minute)
        self._buckets[what, name] = bucket
        return pace

    def _forget(self, now: datetime) -> None:
        """Buckets that nobody took from for a minute are full again, and need not be kept."""
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if (now - bucket.at).total_seconds() < 60}
