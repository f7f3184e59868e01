"""What /calendar and /atom share: making, renewing and ending a chat's secret address."""

from __future__ import annotations

from typing import Any

from bot.books.secrets import Held, SecretKind, new_secret
from bot.commands.asked import search_words
from bot.commands.export import KINDS
from bot.commands.managing import refused
from bot.commands.replies import usage
from bot.commands.spec import Links, Services, Spec
from bot.model import Button, Command, Reply
from digests.errors import UserError

NO_WEB = "There is no web side here. Whoever runs the bot can set one up: WEB_URL in the settings (docs/web.md)"
NO_TERMINAL = "A terminal has no address of its own. Ask for one in Telegram or Slack."
_NEW = ("new", "renew", "again")
_OFF = ("off", "end", "stop", "revoke")


async def handle(command: Command, services: Services, *, spec: Spec, kind: SecretKind) -> Reply:
    """Without a word: make an address, or tell of the one there is. The address is told once, when it is made."""
    if services.links is None:
        raise UserError(NO_WEB)
    if command.origin.platform == "console":
        raise UserError(NO_TERMINAL)
    if (no := await refused(command, services)) is not None:
        return no
    chat = command.origin.place
    first, _, rest = command.text.partition(" ")
    word = first.casefold()
    if word in _OFF and not rest:
        ended = await services.secrets.end(chat, kind)
        return _said(kind, "ended" if ended else "none", None)
    held = await services.secrets.held(chat, kind)
    new = word in _NEW
    chosen = _chosen(rest if new else command.text, command, kind)
    if chosen is None:
        return usage(spec, typed=command.text)
    if held is not None and not new:
        if not command.text:
            return _said(kind, "kept", held)
        await services.secrets.choose(chosen)
        return _said(kind, "changed", chosen)
    if held is not None and not rest:
        chosen = _renewed(held, chosen)
    secret = new_secret()
    await services.secrets.make(chosen, secret)
    return _said(kind, "made", chosen, url=_url(services.links, kind, secret))


def _chosen(text: str, command: Command, kind: SecretKind) -> Held | None:
    """What the words choose; ``None`` where nothing can be searched by them."""
    words = text.split()
    words = words[1:] if words and words[0].casefold() == "about" else words
    if [word.casefold() for word in words] in (["all"], ["everything"]):
        words = []
    kinds = [KINDS[word.casefold()] for word in words if word.casefold() in KINDS] if kind == "feed" else []
    about = " ".join(word for word in words if kind == "calendar" or word.casefold() not in KINDS)
    if about and not search_words(about):
        return None
    return Held(
        chat=command.origin.place,
        kind=kind,
        user=command.origin.user,
        made_at=command.asked_at,
        kinds=tuple(dict.fromkeys(kinds)),
        about=about,
    )


def _renewed(old: Held, new: Held) -> Held:
    """A new address shows what the old one did, unless something else is asked for."""
    return Held(chat=new.chat, kind=new.kind, user=new.user, made_at=new.made_at, kinds=old.kinds, about=old.about)


def _url(links: Links, kind: SecretKind, secret: str) -> str:
    return links.calendar(secret) if kind == "calendar" else links.feed(secret)


def _said(kind: SecretKind, state: str, held: Held | None, *, url: str = "") -> Reply:
    name = "calendar" if kind == "calendar" else "atom"
    data: dict[str, Any] = {
        "what": kind,
        "state": state,
        "url": url,
        "about": held.about if held else "",
        "kinds": list(held.kinds) if held else [],
        "since": held.made_at.date().isoformat() if held else "",
        "again": f"/{name} new",
        "off": f"/{name} off",
    }
    if held is None:
        return Reply(template="web_address", data=data, buttons=((Button(label="Make one", command=f"/{name} new"),),))
    row = (Button(label="New address", command=data["again"]), Button(label="End it", command=data["off"]))
    return Reply(template="web_address", data=data, buttons=(row,))
