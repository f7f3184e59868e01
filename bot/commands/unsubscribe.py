"""/unsubscribe NUMBER or all: this chat's digests come no more. A number of another chat's is unknown here."""

from __future__ import annotations

from bot.commands.managing import refused
from bot.commands.ordered import lines, number_in
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply

SPEC = Spec(
    name="unsubscribe",
    summary="Stop a digest of this chat, or all of them",
    usage="/unsubscribe [NUMBER | all]",
    examples=("/unsubscribe 7", "/unsubscribe all"),
    aliases=("unsub", "stop"),
    changes=lambda command: bool(command.text),
)


async def handle(command: Command, services: Services) -> Reply:
    place = command.origin.place
    kept = await services.subscriptions.subscriptions(place)
    text = command.text.casefold().strip(" .!")
    meant = kept if text in ("all", "everything") else [each for each in kept if each.id == number_in(text)]
    if not text and len(kept) == 1:
        meant = kept
    if text and not meant and kept and text not in ("all", "everything"):
        return Reply(template="no_such_subscription", data={"number": command.text[:20]})
    if not meant:
        return await _which(command, services)
    if (no := await refused(command, services)) is not None:
        return no
    told = await lines(meant, command, services)
    for each in meant:
        await services.subscriptions.unsubscribe(place, each.id)
    return Reply(template="unsubscribed", data={"lines": told, "left": len(kept) - len(meant)})


async def _which(command: Command, services: Services) -> Reply:
    """Ask which of the chat's digests is to stop."""
    kept = await services.subscriptions.subscriptions(command.origin.place)
    buttons = [(Button(label=f"Stop {each.id}", command=f"/unsubscribe {each.id}"),) for each in kept]
    if len(kept) > 1:
        buttons.append((Button(label="Stop all", command="/unsubscribe all"),))
    data = {"lines": await lines(kept, command, services), "most": 0}
    return Reply(template="subscriptions", data=data, buttons=tuple(buttons))
