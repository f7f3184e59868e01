"""/revoke NAME: let somebody out again, at once. /revoke ADDRESS: end the links to a page."""

from __future__ import annotations

from bot.commands.members import NAME, named
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply

SPEC = Spec(
    name="revoke",
    summary="Let a person, chat or workspace out again, or end a link to a page",
    usage="/revoke NAME or ADDRESS",
    examples=("/revoke telegram:123456", "/revoke https://news.example/e/12?until=1582416000&sign=abc"),
    role="admin",
)


async def handle(command: Command, services: Services) -> Reply:
    if not (command.origin.private or command.origin.alone):
        return Reply(template="only_private", data={"command": SPEC.name})
    if services.links is not None and command.text.strip().startswith(("https://", "http://")):
        ended = await services.links.end(command.text.strip())
        return Reply(template="link_ended", data={"ended": ended})
    if not NAME.fullmatch(command.text.strip()):
        return usage(SPEC, typed=command.text)
    name = named(command.text.strip())
    left = await services.members.revoke(name, by=command.origin.user, at=command.asked_at)
    data = {"what": "revoked" if left else "unknown", "name": name, "role": left.role if left else "reader"}
    return Reply(template="member_said", data={**data, "called": left.called if left else ""})
