"""Who is answered, and who may write: decided from names alone, by the settings ``ACCESS`` and ``ONRECORD_ADMINS``."""

from __future__ import annotations

from typing import Literal, Protocol

from bot.config import Settings
from bot.model import ROLES, Origin, Reply, Role

Verdict = Literal["answer", "refuse", "silence"]
Standing = Literal["admin", "member", "gone", "unknown"]
"""What somebody is in a group, as its platform says."""


class Groups(Protocol):
    async def standing(self, chat: str, user: str) -> Standing:
        """What ``user`` is in ``chat``, at most a minute old; "unknown" where the platform does not say."""
        ...


class NoGroups:
    """``Groups`` where there are none, as in the terminal."""

    async def standing(self, chat: str, user: str) -> Standing:  # noqa: ARG002 - whoever is asked about
        return "unknown"


NO_GROUPS: Groups = NoGroups()


def allowed(origin: Origin, role: Role) -> bool:
    """Whether who asks may do what takes ``role``."""
    return ROLES.index(origin.role) >= ROLES.index(role)


async def may_manage(origin: Origin, groups: Groups) -> bool:
    """Whether who asks may change this chat's own settings, subscriptions and follows.

    In private everybody does; in a group Onrecord's editors and admins, and in Telegram the group's admins. Slack tells
    an app nothing about who runs a channel.
    """
    if origin.private or allowed(origin, "editor"):
        return True
    if origin.platform == "telegram" and origin.user == origin.chat:  # an anonymous admin speaks as the group itself
        return True
    return await groups.standing(origin.chat, origin.user) == "admin"


def is_admin(origin: Origin, *, settings: Settings) -> bool:
    """Whether who asks may use writing commands: a named person, or anybody in a named chat."""
    return origin.user in settings.onrecord_admins or origin.chat in settings.onrecord_admins


def verdict(origin: Origin, *, settings: Settings) -> Verdict:
    """What somebody gets. A Telegram group that is not invited hears nothing: a line there would disturb everybody."""
    if settings.access == "open" or is_admin(origin, settings=settings) or _invited(origin, settings=settings):
        return "answer"
    return "refuse" if origin.private or origin.platform == "slack" else "silence"


def refusal(origin: Origin) -> Reply:
    """The line for somebody who is not invited: their names, and which setting an admin must change."""
    return Reply(template="refused", data={"user": origin.user, "chat": origin.chat, "private": origin.private})


def _invited(origin: Origin, *, settings: Settings) -> bool:
    """A listed chat; a listed person is a private chat by another name."""
    return origin.chat in settings.access_chats or (origin.private and origin.user in settings.access_chats)
