"""``onrecord invite`` and ``onrecord audit``: who is let in, and what was changed by whom."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from bot.books.members import Kind
    from bot.commands.invite import Wanted
    from bot.commands.spec import Services
    from bot.config import Settings
    from bot.model import Role


@click.command()
@click.option("--role", type=click.Choice(["reader", "editor", "admin"]), default="reader", show_default=True)
@click.option("--chat", "kind", flag_value="chat", help="Let in a group or channel: everybody in it.")
@click.option("--workspace", "kind", flag_value="workspace", help="Let in a Slack workspace: everybody in it.")
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True, help="How long it is good.")
def invite(role: str, kind: str | None, days: int) -> None:
    """Print a one-time code that lets somebody in, and the link that carries it."""
    from bot.commands.invite import Wanted
    from bot.config import load

    wanted = Wanted(kind=cast("Kind", kind or "person"), role=cast("Role", role), days=days)
    if wanted.too_much:
        raise click.UsageError("a whole chat or workspace is let in as reader or editor; admins one by one")
    click.echo(asyncio.run(_invite(wanted, load())))


@click.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="So many lines, the newest first.")
def audit(limit: int) -> None:
    """What was changed: when, by whom, in which chat, and what became of it; fields are separated by tabs."""
    from bot.config import load

    for line in asyncio.run(_audit(limit, load())):
        click.echo(line)


async def _invite(wanted: Wanted, settings: Settings) -> str:
    from bot.app.services import opened
    from bot.cli.noting import BY, noting
    from bot.commands.invite import made
    from bot.model import Reply
    from bot.render import Renderer

    async with opened(settings) as services, noting(services.members):
        await _know_telegram(settings, services)
        data = await made(wanted, by=BY, now=datetime.now(UTC), members=services.members)
    messages = Renderer().render(Reply(template="invited", data={"language": "en", **data}), "plain")
    return "\n\n".join(message.text for message in messages)


async def _know_telegram(settings: Settings, services: Services) -> None:
    """Ask Telegram what the bot is called, where it is not known from serving."""
    if not settings.telegram or await services.members.bot_name("telegram"):
        return
    from bot.chat import telegram
    from digests.errors import SettingsError

    bot = telegram.wire(settings.telegram_bot_token, api_base=settings.telegram_api_base)
    try:
        await services.members.know_bot("telegram", (await telegram.probe(bot)).removeprefix("@"))
    except SettingsError as error:
        click.echo(f"no link: {error}", err=True)
    finally:
        await bot.close_connections()


async def _audit(limit: int, settings: Settings) -> list[str]:
    from bot.app.services import opened

    async with opened(settings) as services:
        entries = await services.members.log(limit=limit)
    fields = [
        (each.at.isoformat(timespec="seconds"), each.who, each.chat, " ".join(each.did.split()), each.outcome)
        for each in entries
    ]
    return ["\t".join(each) for each in fields]
