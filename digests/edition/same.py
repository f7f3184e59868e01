"""Whether two facts are one: by which keys a place knows what it was told, and when two wordings say the same. Pure.

Copies of one agency's report repeat its sentences; other outlets tell the same deadline in words of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from digests.model import Deadline, Event, Fact, Statement
from digests.text.folding import fold

LEAST_ALIKE = 0.7
"""Of the words of two quotes, so many stand in both when one was edited from the other."""
_SAME_TASK = 0.5
_TELLING_WORDS = 5
"""So many words of somebody's are the same words wherever they are quoted; "no comment" is not."""
TURNING = frozenset({"not", "no", "never", "nor", "without", "un", "denied", "denies", "deny", "rejected", "rejects"})


def keys_of(fact: Fact) -> tuple[str, ...]:
    """What this fact is known by: two facts that share a key are told once."""
    keys = [key_of_words(fact.quote)]
    if isinstance(fact, Deadline | Event):
        keys.append(due_key(fact))
    if isinstance(fact, Statement) and len(fold(fact.content.text).split()) >= _TELLING_WORDS:
        keys.append(key_of_words(fact.content.text))
    return tuple(dict.fromkeys(keys))


def key_of_words(words: str) -> str:
    """A key of some words, however they are written."""
    return _digest("words", fold(words))


def due_key(fact: Deadline | Event) -> str:
    """A key of who must do what, and when."""
    actor = fold(fact.actor.name) if fact.actor else ""
    task = fold(fact.action.text) if fact.action else fold(fact.summary)
    return _digest("due", fact.due_from.isoformat(), fact.due_to.isoformat(), actor, task)


def alike(one: Fact, other: Fact) -> bool:
    """Whether the quotes of two facts of a kind differ in wording alone: the same numbers, the same denials."""
    if one.kind != other.kind:
        return False
    if _days(one) != _days(other):
        return False
    mine, yours = set(fold(one.quote).split()), set(fold(other.quote).split())
    if isinstance(one, Deadline | Event) and isinstance(other, Deadline | Event) and _same_duty(one, other):
        return (mine & TURNING) == (yours & TURNING)
    if _decisive(mine) != _decisive(yours):
        return False
    return len(mine & yours) >= LEAST_ALIKE * len(mine | yours)


def _same_duty(one: Deadline | Event, other: Deadline | Event) -> bool:
    """Whether two of the same days are of one actor and one task in other words."""
    mine, yours = (_long(each.action.text if each.action else each.quote) for each in (one, other))
    who, whom = (_long(each.actor.name) if each.actor else frozenset() for each in (one, other))
    return bool(who & whom) and len(mine & yours) >= _SAME_TASK * min(len(mine), len(yours)) > 0


def _long(text: str) -> frozenset[str]:
    return frozenset(word for word in fold(text).split() if len(word) > 3)


def keys_with(fact: Fact, known: Iterable[Fact]) -> tuple[str, ...]:
    """The keys of a fact and of those known ones that it repeats in other words."""
    keys = [key for each in (fact, *(each for each in known if alike(fact, each))) for key in keys_of(each)]
    return tuple(dict.fromkeys(keys))


def _days(fact: Fact) -> tuple[date, ...]:
    return (fact.due_from, fact.due_to) if isinstance(fact, Deadline | Event) else ()


def _decisive(words: set[str]) -> set[str]:
    return {word for word in words if word in TURNING or any(map(str.isdigit, word))}


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
