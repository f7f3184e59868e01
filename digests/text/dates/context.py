"""What a rule knows while it resolves: the day of publication, the direction, and what was named before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from digests.model import TimeType
from digests.text.dates.values import Direction, add_days

DirectionOf = Callable[[int, int], Direction]


@dataclass(slots=True, kw_only=True)
class Context:
    """The state of one scan. ``reader``: a weekday equal to today, said of the future, is a week later."""

    text: str
    today: date
    direction: DirectionOf
    reader: bool = False
    named: dict[str, tuple[int, str]] = field(default_factory=dict)

    def weekday(self, weekday: int, direction: Direction) -> date:
        """The nearest such weekday in a direction; unknown looks back. Today's own name is today (TimeBank's reading)
        unless the reader's reading is asked for and it lies ahead."""
        if direction == "ahead":
            days = (weekday - self.today.weekday()) % 7
            return add_days(self.today, 7 if days == 0 and self.reader else days)
        return add_days(self.today, -((self.today.weekday() - weekday) % 7))

    def remember(self, grain: str, start: int, value: str) -> None:
        self.named[grain] = (start, value)

    def is_later(self, grain: str, other: str) -> bool:
        """Whether a grain was named after the other, or the other never."""
        return other not in self.named or self.named[grain][0] > self.named[other][0]

    def last_named(self, grain: str, before: int, *, within: int = 1500) -> str | None:
        """The value last named at this grain, at most ``within`` characters before."""
        found = self.named.get(grain)
        return found[1] if found and before - found[0] <= within else None


@dataclass(frozen=True, slots=True)
class Value:
    """What a rule makes of its match. ``start``/``end``: offsets in the match if the span is narrower."""

    type: TimeType
    value: str
    mod: str | None = None
    cut: tuple[int, int] | None = None


Resolve = Callable[[re.Match[str], Context], Value | None]


@dataclass(frozen=True)
class Rule:
    name: str
    written: str
    resolve: Resolve

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first needed: all of them take longer than a chat process should take to start."""
        return re.compile(self.written, re.IGNORECASE)


def rule(name: str, written: str, resolve: Resolve) -> Rule:
    return Rule(name, written, resolve)
