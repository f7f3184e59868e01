"""Who was let in, by which invitation, and what was done by whom: the protocol and its types.

Names are those of ``bot.model.Origin``: a person ``telegram:123`` or ``slack:U1``, a chat ``telegram:-100`` or
``slack:C1``, a Slack workspace ``slack:T1``. Of a code only the hash is kept. Moments are aware; a failure of the
database is a ``StoreError``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.model import Role

Kind = Literal["person", "chat", "workspace"]
"""Whom an invitation lets in."""
Outcome = Literal["admitted", "known", "misplaced", "used", "expired", "unknown", "slow"]
"""What became of a code. ``known``: who used it has that role already, and it stays good for somebody else unless it
was they who used it; ``misplaced``: not good where it was used; ``slow``: too many wrong ones, it was not looked at."""
MOST_GUESSES = 5
GUESSED_WITHIN = timedelta(hours=1)
"""So many codes that are no good may somebody try in that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """``called``: what the platform calls it, for people to read only."""

    name: str
    role: Role
    let_in_by: str
    let_in_at: datetime
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who uses a code and what it can let in from there: a name, and what it is called, for each kind that it may."""

    person: str
    chat: str
    can: Mapping[Kind, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    outcome: Outcome
    kind: Kind = "person"
    role: Role = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit log. ``outcome``: the template of the reply; "" where the program ended before it."""

    at: datetime
    who: str
    chat: str
    did: str
    outcome: str


class Members(Protocol):
    async def roles(self, names: Collection[str]) -> Mapping[str, Role]:
        """What those of ``names`` that were let in may do."""
        ...

    async def members(self, *, limit: int = 50, offset: int = 0) -> list[Member]:
        """All that were let in, the newest first."""
        ...

    async def invite(self, kind: Kind, role: Role, *, by: str, at: datetime, until: datetime) -> str:
        """A new code, good once, until then; it cannot be read again."""
        ...

    async def join(self, code: str, joining: Joining, *, at: datetime) -> Joined:
        """Use a code. Of several that use it at once, in however many processes, it admits one."""
        ...

    async def change_role(self, name: str, role: Role, *, by: str, at: datetime) -> Member | None:
        """Give a member another role; as they were before, or ``None`` when nobody of that name was let in."""
        ...

    async def revoke(self, name: str, *, by: str, at: datetime) -> Member | None:
        """Let somebody out, who they were; codes they made and nobody used are good no longer."""
        ...

    async def note(self, did: str, *, who: str, chat: str, at: datetime) -> int:
        """Write down what is about to be done; the number of the line."""
        ...

    async def noted(self, number: int, outcome: str) -> None:
        """Write down what became of it."""
        ...

    async def log(self, *, limit: int = 20, offset: int = 0) -> list[Entry]:
        """The audit log, newest first."""
        ...

    async def bot_name(self, platform: str) -> str:
        """What the bot was called there when it last served; "" if never."""
        ...

    async def know_bot(self, platform: str, name: str) -> None: ...
