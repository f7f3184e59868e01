"""How fast messages may go out: the platforms' limits, kept before they have to refuse us.

Telegram: about 1 a second to a chat, 20 a minute to a group, 30 a second in all
(core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Slack: about 1 a second to a channel
(docs.slack.dev/apis/web-api/rate-limits). What goes to many is spread evenly, so that the answer to a question finds
the next slot at once however long the queue is.
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


MOST_CHATS = 4000
SECOND = 1.015
"""What is counted as a second overall: a little more, for no two messages take the same time to arrive."""
SLOWER, SLOWEST = 0.005, 1.1
"""After each refusal that was meant for all a second counts that much more, at most so much."""
TOGETHER = 5.0
"""Two chats refused within so many seconds: the refusal was meant for all."""
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
    _halted: float = 0.0
    _second: float = SECOND
    _refused: tuple[str, float] = ("", float("-inf"))
    _waits: dict[str, float] = field(default_factory=dict)

    def chat_free(self, chat: str, *, now: float) -> float:
        """The moment (``now`` or later) from which a chat may get its next message."""
        now = max(now, self._waits.get(chat, now))
        given = self._by_chat.get(chat)
        if not given:
            return now
        free = max(now, given[-1] + self.limits.gap)
        if is_group(chat) and len(given) == self.limits.group_a_minute:
            free = max(free, given[0] + 60.0)
        return free

    def free(self, *, now: float, spread: bool) -> float:
        """The moment from which the platform may get its next message; ``spread`` for what goes to many."""
        most = self.limits.overall_a_second
        free = max(now, self._halted)
        if most is None or not self._overall:
            return free
        if len(self._overall) >= most:
            free = max(free, self._overall[-most] + self._second)
        if spread:
            free = max(free, self._overall[-1] + self._second / most)
        return free

    def take(self, chat: str, *, now: float) -> None:
        """A message to that chat goes out now."""
        given = self._by_chat.setdefault(chat, deque(maxlen=self.limits.group_a_minute or 1))
        given.append(now)
        most = self.limits.overall_a_second
        if most is not None:
            self._overall.append(now)
            if len(self._overall) > most:
                self._overall.popleft()
        self._forget(now)

    def leaves(self, chat: str, *, now: float) -> None:
        """The message that was taken for a chat leaves only now: it had to be written down first."""
        given = self._by_chat.get(chat)
        if given and given[-1] < now:
            given[-1] = now

    def refused(self, chat: str, *, now: float, wait: float) -> None:
        """The platform told us to wait. Once is meant for that chat; another chat right after, for all.

        Then we were too fast, and are a little slower from now on.
        """
        self._waits = {name: until for name, until in self._waits.items() if until > now} | {chat: now + wait}
        before, at = self._refused
        if before != chat and now - at <= TOGETHER:
            self._halted = max(self._halted, now + wait)
            self._second = min(SLOWEST, self._second + SLOWER)
        self._refused = (chat, now)

    def _forget(self, now: float) -> None:
        """Chats that were silent long enough bind nobody any more."""
        if len(self._by_chat) > MOST_CHATS:
            self._by_chat = {
                chat: given for chat, given in self._by_chat.items() if given[-1] > now - self._memory(chat)
            }

    def _memory(self, chat: str) -> float:
        return 60.0 if is_group(chat) else self.limits.gap


def is_group(chat: str) -> bool:
    """Whether a limit for groups holds: Telegram's groups, supergroups and channels have negative ids."""
    return chat.startswith("telegram:-")
