"""How fast messages may go out: the platforms' limits, kept before they have to refuse us.

Telegram: about 1 a second to a chat, 20 a minute to a group, 30 a second in all
(core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Slack: about 1 a second to a channel
(docs.slack.dev/apis/web-api/rate-limits).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from bot.model import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``gap``: seconds between two messages to a chat. The others are counts, ``None`` where there is no such limit."""

    gap: float = 1.0
    group_a_minute: int | None = None
    overall_a_second: int | None = None


MOST_CHATS = 1000
LIMITS: dict[Platform, Limits] = {
    "telegram": Limits(gap=1.0, group_a_minute=20, overall_a_second=30),
    "slack": Limits(gap=1.0),
    "console": Limits(gap=0.0),
}


@dataclass(slots=True, kw_only=True)
class Pace:
    """The slots already given out on one platform; times are seconds of any clock that only goes forward."""

    limits: Limits
    _by_chat: dict[str, deque[float]] = field(default_factory=dict)
    _overall: deque[float] = field(default_factory=deque)

    def chat_slot(self, chat: str, *, now: float) -> float:
        """Take the chat's next free slot; the moment (``now`` or later) at which it begins."""
        given = self._by_chat.setdefault(chat, deque(maxlen=self.limits.group_a_minute or 1))
        slot = now
        if given:
            slot = max(slot, given[-1] + self.limits.gap)
        if is_group(chat) and len(given) == self.limits.group_a_minute:
            slot = max(slot, given[0] + 60.0)
        given.append(slot)
        self._forget(now)
        return slot

    def overall_slot(self, *, now: float) -> float:
        """Take the platform's next free slot. To be asked when the chat's own slot has come."""
        most = self.limits.overall_a_second
        slot = now
        if most is not None:
            if len(self._overall) >= most:
                slot = max(slot, self._overall[-most] + 1.0)
                self._overall.popleft()
            self._overall.append(slot)
        return slot

    def _forget(self, now: float) -> None:
        """Chats that were silent for a minute bind nobody any more."""
        if len(self._by_chat) > MOST_CHATS:
            self._by_chat = {chat: given for chat, given in self._by_chat.items() if given[-1] > now - 60.0}


def is_group(chat: str) -> bool:
    """Whether a limit for groups holds: Telegram's groups, supergroups and channels have negative ids."""
    return chat.startswith("telegram:-")
