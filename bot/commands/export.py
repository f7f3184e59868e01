"""/export: the feeds that are watched, as an OPML file for any feed reader."""

from __future__ import annotations

from bot.commands.spec import Services, Spec
from bot.model import Attachment, Command, Reply
from digests.sources.opml import write_opml

SPEC = Spec(
    name="export",
    summary="The feeds that are watched, as an OPML file",
    usage="/export",
    role="admin",
)


async def handle(command: Command, services: Services) -> Reply:
    feeds = [source for source in await services.store.sources() if source.kind == "feed"]
    if not feeds:
        return Reply(template="exported", data={"feeds": 0})
    text = write_opml(sorted(feeds, key=lambda feed: feed.id), now=command.asked_at)
    return Reply(template="exported", data={"feeds": len(feeds)}, file=Attachment(name="onrecord.opml", text=text))
