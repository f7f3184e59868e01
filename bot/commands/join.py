"""/join CODE: let in by an invitation, oneself or the chat it is typed in. Strangers may use it, and nothing else."""

from __future__ import annotations

from bot.access import code_in, may_manage, speaks_as_group
from bot.books.members import Joining, Kind
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Origin, Reply

SPEC = Spec(
    name="join",
    summary="Use an invitation: it lets you in, or the chat you type it in",
    usage="/join CODE",
)


async def handle(command: Command, services: Services) -> Reply:
    code = code_in(f"/join {command.text}")
    if not code:
        return usage(SPEC, typed=command.text)
    origin = command.origin
    joining = Joining(person=origin.user, chat=origin.chat, can=await _can(origin, services))
    joined = await services.members.join(code, joining, at=command.asked_at)
    data = {"outcome": joined.outcome, "kind": joined.kind, "role": joined.role, "platform": origin.platform}
    let_in = joined.outcome in ("admitted", "known")
    buttons = ((Button(label="What I can do", command="/help"),),) if let_in else ()
    return Reply(template="joined", data=data, buttons=buttons)


async def _can(origin: Origin, services: Services) -> dict[Kind, tuple[str, str]]:
    """What may be let in from here. Telegram's groups: by who runs them; channels of Slack: by whoever has the code."""
    can: dict[Kind, tuple[str, str]] = {}
    is_person = not origin.user.startswith("telegram:-") and not speaks_as_group(origin)
    if is_person and origin.platform != "console":
        can["person"] = (origin.user, origin.user_called)
    if not origin.private and (origin.platform == "slack" or await may_manage(origin, services.groups)):
        can["chat"] = (origin.chat, origin.chat_called)
    if origin.team:
        can["workspace"] = (origin.team, "")
    return can
