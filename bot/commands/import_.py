"""/import: watch every feed of an OPML list that was dropped with it, or that lies under a link. Admins only."""

from __future__ import annotations

from bot.commands.add import link_in
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply

SPEC = Spec(
    name="import",
    summary="Watch the feeds of an OPML list: drop the file, or give its link",
    usage="/import LINK or FILE",
    examples=("/import https://example.org/feeds.opml",),
    aliases=("opml",),
    role="admin",
)
SHOWN = 10


async def handle(command: Command, services: Services) -> Reply:
    link = link_in(command.text)
    if command.file is not None:
        done = await services.ingest.import_list(command.file.data, name=command.file.name)
    elif link:
        done = await services.ingest.import_link(link)
    else:
        return usage(SPEC, typed=command.text)
    data = {
        "new": done.new,
        "known": done.known,
        "refused": [{"url": url, "reason": reason} for url, reason in done.refused[:SHOWN]],
        "more": max(0, len(done.refused) - SHOWN),
    }
    return Reply(template="imported", data=data, buttons=((Button(label="All feeds", command="/feeds"),),))
