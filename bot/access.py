"""Who is answered, and who may do what: decided here and nowhere else, anew for every line that is typed.

It is decided from names alone: those in the settings, and those that were let in (``bot.books.members``).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Literal, Protocol

from bot.config import Settings
from bot.model import ROLES, Origin, Platform, Reply, Role

Verdict = Literal["answer", "refuse", "silence"]
Standing = Literal["admin", "member", "gone", "unknown"]
"""What somebody is in a group, as its platform says."""
Place = tuple[str, str]
"""A chat, and who ordered something there."""
Still = Callable[[Collection[Place]], Awaitable[Collection[Place]]]
"""Which of the places may still be sent what was ordered there (``Door.still``)."""
_CODE = r"[a-z2-7]{5}(?:-?[a-z2-7]{5}){3}"
_JOINING = re.compile(rf"/?\s*(?:start|join)(?:@\w+)?\s+({_CODE})\s*", re.IGNORECASE | re.ASCII)


class Groups(Protocol):
    async def standing(self, chat: str, user: str, /) -> Standing:
        """What ``user`` is in ``chat``, at most a minute old; "unknown" where the platform does not say."""
        ...


class LetIn(Protocol):
    async def roles(self, names: Collection[str]) -> Mapping[str, Role]:
        """What those of ``names`` that were let in may do, as it is now."""
        ...


class NoGroups:
    """``Groups`` where there are none, as in the terminal."""

    async def standing(self, _chat: str, _user: str, /) -> Standing:
        return "unknown"


NO_GROUPS: Groups = NoGroups()


async def everywhere(places: Collection[Place]) -> Collection[Place]:
    """``Still`` where nobody is asked about."""
    return places


def allowed(origin: Origin, role: Role) -> bool:
    """Whether who asks may do what takes ``role``."""
    return ROLES.index(origin.role) >= ROLES.index(role)


async def may_manage(origin: Origin, groups: Groups) -> bool:
    """Whether who asks may change this chat's own settings, subscriptions and follows.

    In private everybody does; in a group Onrecord's editors and admins, and in Telegram the group's admins. Slack tells
    an app nothing about who runs a channel.
    """
    if origin.private or allowed(origin, "editor") or speaks_as_group(origin):
        return True
    return await groups.standing(origin.chat, origin.user) == "admin"


def speaks_as_group(origin: Origin) -> bool:
    """Whether a Telegram group's admin asks anonymously: the group itself is then the sender."""
    return origin.platform == "telegram" and not origin.private and origin.user == origin.chat


def role_of(origin: Origin, *, settings: Settings, let_in: Mapping[str, Role]) -> Role | None:
    """What who asks may do there; ``None`` for somebody who is not answered.

    A chat or workspace that was let in answers everybody in it. A person is answered where nobody else reads it, and
    with their own role in the chats that were let in; admins everywhere.
    """
    person = _best(let_in.get(origin.user), "admin" if origin.user in settings.onrecord_admins else None)
    place = _best(_role_by_settings(origin, settings), let_in.get(origin.chat), let_in.get(origin.team))
    unseen = origin.private or origin.alone
    if place is None and unseen and origin.user in settings.access_chats:
        place = "reader"
    if place is None and person != "admin" and not unseen:
        return None
    return _best(person, place)


def _role_by_settings(origin: Origin, settings: Settings) -> Role | None:
    """What everybody may do in a place, by the settings."""
    if origin.chat in settings.onrecord_admins:
        return "admin"
    listed = origin.chat in settings.access_chats or origin.team.removeprefix("slack:") in settings.slack_teams
    return "reader" if listed or settings.access == "open" else None


def _best(*roles: Role | None) -> Role | None:
    return max((role for role in roles if role is not None), key=ROLES.index, default=None)


def verdict(origin: Origin, role: Role | None) -> Verdict:
    """What somebody gets. A Telegram group that was not let in hears nothing: a line there would disturb everybody."""
    if role is not None:
        return "answer"
    return "refuse" if origin.private or origin.platform == "slack" else "silence"


def refusal(origin: Origin) -> Reply:
    """The line for somebody who was not let in: how that is done, and their names for an admin."""
    return Reply(template="refused", data={"user": origin.user, "chat": origin.chat, "private": origin.private})


def code_in(text: str) -> str:
    """The invitation code that ``text`` uses, or "": nothing else that strangers type is looked at.

    >>> code_in("/start abcde-fghij-klmno-pqrst"), code_in("join the club")
    ('abcdefghijklmnopqrst', '')
    """
    found = _JOINING.fullmatch(text.strip())
    return found[1].replace("-", "").lower() if found else ""


class Door:
    """Looks names up and decides, each time anew: a role that is taken away is gone with the next line."""

    def __init__(
        self,
        *,
        settings: Settings,
        members: LetIn,
        groups: Groups = NO_GROUPS,
        teams: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        """``teams``: the Slack workspaces that are heard, as far as they are known by now."""
        self._settings = settings
        self._members = members
        self._groups = groups
        self._teams = teams

    async def role(self, origin: Origin, *, pressed: bool = False) -> Role | None:
        """What who asks may do. Who has left a group has no more use of its buttons, wherever they still see them."""
        if pressed and not origin.private and await self._groups.standing(origin.chat, origin.user) == "gone":
            return None
        names = {origin.user, origin.chat, origin.team} - {""}
        return role_of(origin, settings=self._settings, let_in=await self._members.roles(names))

    async def still(self, places: Collection[Place]) -> set[Place]:
        """Those of ``places`` that may still be sent what was ordered there: looked up for all of them at once.

        Slack's all may until its workspaces are known; nothing is sent there before that either. A direct message of
        Slack's does not tell whose it is: without a name it may, for what was said there may have to be put right.
        """
        teams = {f"slack:{team}" for team in self._teams()}
        let_in = await self._members.roles({name for place in places for name in place} | teams)
        return {place for place in places if self._is_still(place, teams, let_in)}

    def _is_still(self, place: Place, teams: Collection[str], let_in: Mapping[str, Role]) -> bool:
        in_slack = place[0].startswith("slack:")
        nameless = place[0].startswith("slack:D") and not place[1]
        if in_slack and (nameless or not teams):
            return True
        origins = [_origin_of(place, team) for team in (teams if in_slack else ("",))]
        return any(role_of(each, settings=self._settings, let_in=let_in) is not None for each in origins)


def _origin_of(place: Place, team: str) -> Origin:
    chat, user = place
    private = not chat.startswith(("telegram:-", "slack:C", "slack:G"))
    platform: Platform = "slack" if chat.startswith("slack:") else "telegram"
    return Origin(platform=platform, chat=chat, user=user or chat, private=private, team=team)
