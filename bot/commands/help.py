"""/help: all commands; /help NAME: how one is used. It is handed the commands, since the registry lists it too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.access import allowed
from bot.commands.replies import usage
from bot.commands.spec import Handler, Services, Spec
from bot.model import Button, Command, Reply

SPEC = Spec(
    name="help",
    summary="All commands, or how one is used",
    usage="/help [COMMAND]",
    examples=("/help", "/help deadlines"),
    aliases=("commands", "?"),
)


def handler(specs: Callable[[], Sequence[Spec]]) -> Handler:
    """The handler of /help over the commands there are when it is asked."""

    async def handle(command: Command, _services: Services) -> Reply:
        return reply(command, specs())

    return handle


def reply(command: Command, specs: Sequence[Spec]) -> Reply:
    shown = [spec for spec in specs if allowed(command.origin, spec.role)]
    wanted = command.text.split()[0].removeprefix("/").casefold() if command.text.split() else ""
    if not wanted:
        lines = [{"usage": spec.usage, "summary": spec.summary, "name": spec.name} for spec in shown]
        return Reply(template="help", data={"lines": lines})
    spec = next((each for each in specs if wanted in (each.name, *each.aliases)), None)
    if spec is not None:
        asks = [each for each in spec.examples if spec.role == "reader"]
        return Reply(
            template="usage",
            data=usage(spec).data,
            buttons=tuple((Button(label=each, command=each),) for each in asks),
        )
    return Reply(template="no_such_help", data={"typed": wanted, "names": [each.name for each in shown]})
