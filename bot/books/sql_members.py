"""The members on SQLite, in the file of the facts and the books."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from bot.books import member_rows
from bot.books.codes import new_code
from bot.books.members import Entry, Joined, Joining, Kind, Member
from bot.model import Role
from digests.store.database import Database


class SqlMembers:
    """``bot.books.members.Members`` on an open ``Database`` that was given the books' ``MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def roles(self, names: Collection[str]) -> Mapping[str, Role]:
        return await self._db.read(partial(member_rows.roles, names=names))

    async def members(self, *, limit: int = 50, offset: int = 0) -> list[Member]:
        return await self._db.read(partial(member_rows.members, limit=limit, offset=offset))

    async def invite(self, kind: Kind, role: Role, *, by: str, at: datetime, until: datetime) -> str:
        code = new_code()
        await self._db.write(partial(member_rows.invite, kind=kind, role=role, code=code, by=by, at=at, until=until))
        return code

    async def join(self, code: str, joining: Joining, *, at: datetime) -> Joined:
        return await self._db.write(partial(member_rows.join, code=code, joining=joining, at=at))

    async def change_role(self, name: str, role: Role, *, by: str, at: datetime) -> Member | None:
        return await self._db.write(partial(member_rows.change_role, name=name, role=role, by=by, at=at))

    async def revoke(self, name: str, *, by: str, at: datetime) -> Member | None:
        return await self._db.write(partial(member_rows.revoke, name=name, by=by, at=at))

    async def note(self, did: str, *, who: str, chat: str, at: datetime) -> int:
        return await self._db.write(partial(member_rows.note, did=did, who=who, chat=chat, at=at), subject="rows")

    async def noted(self, number: int, outcome: str) -> None:
        await self._db.write(partial(member_rows.noted, number=number, outcome=outcome), subject="rows")

    async def log(self, *, limit: int = 20, offset: int = 0) -> list[Entry]:
        return await self._db.read(partial(member_rows.log, limit=limit, offset=offset))

    async def bot_name(self, platform: str) -> str:
        return await self._db.read(partial(member_rows.bot_name, platform=platform))

    async def know_bot(self, platform: str, name: str) -> None:
        await self._db.write(partial(member_rows.know_bot, platform=platform, name=name))
