"""/export: the feeds that are watched (OPML), or facts by kind, topic and period as a table or for a program."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.asked import read, search_words
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Attachment, Command, Reply
from digests.jsonl.exported import Form, whole
from digests.model import FACT_CLASSES, FactQuery
from digests.sources.opml import write_opml

SPEC = Spec(
    name="export",
    summary="The feeds as an OPML file; facts as CSV or JSON",
    usage="/export [csv | json [KIND] [TOPIC] [PERIOD]]",
    examples=("/export", "/export csv deadlines Turkey", "/export json figures since 10 Feb"),
    role="admin",
)
MOST = 2_000
"""So many facts go into one file in a chat, the newest; the shell gives all."""
_FORMS: Mapping[str, Form] = {"csv": "csv", "json": "json"}
KINDS: Mapping[str, str] = {word: each.kind for each in FACT_CLASSES for word in (each.kind, f"{each.kind}s")} | {
    "quotes": "statement",
    "numbers": "figure",
}


async def handle(command: Command, services: Services) -> Reply:
    word, _, rest = command.text.strip().partition(" ")
    if word.casefold() in ("", "opml", "feeds"):
        return await _feeds(command, services)
    form = _FORMS.get(word.casefold())
    query = asked_for(rest, command)
    if form is None or query is None:
        return usage(SPEC, typed=command.text)
    found = await services.store.facts(query)
    if not found:
        return Reply(template="exported", data={"what": "facts", "count": 0, "clipped": False})
    return Reply(
        template="exported",
        data={"what": "facts", "count": len(found[:MOST]), "clipped": len(found) > MOST},
        file=Attachment(name=f"onrecord-{command.today}.{form}", text=whole(form, found[:MOST])),
    )


def asked_for(text: str, command: Command) -> FactQuery | None:
    """Which facts are meant; None where words are given that nothing can be searched by."""
    asked = read(text, today=command.today, with_story=True)
    words = asked.words.split()
    kinds = [KINDS[word.casefold()] for word in words if word.casefold() in KINDS]
    left = " ".join(word for word in words if word.casefold() not in KINDS)
    about = search_words(left)
    if left and not about:
        return None
    return FactQuery(
        kinds=tuple(dict.fromkeys(kinds)),
        about=about,
        story_id=asked.story,
        since=asked.since,
        until=asked.until,
        limit=MOST + 1,
    )


async def _feeds(command: Command, services: Services) -> Reply:
    feeds = [source for source in await services.store.sources() if source.kind == "feed"]
    data = {"what": "feeds", "count": len(feeds), "clipped": False}
    if not feeds:
        return Reply(template="exported", data=data)
    text = write_opml(sorted(feeds, key=lambda feed: feed.id), now=command.asked_at)
    return Reply(template="exported", data=data, file=Attachment(name="onrecord.opml", text=text))
