"""Replies that several commands give: how one is used, and that nothing was found."""

from __future__ import annotations

from typing import Any

from bot.commands.asked import Asked, search_words
from bot.commands.spec import Spec
from bot.model import Button, Command, Origin, Reply, Role


def usage(spec: Spec, *, typed: str = "") -> Reply:
    """How a command is used, when it was given nothing it can work with."""
    data = {
        "name": spec.name,
        "summary": spec.summary,
        "usage": spec.usage,
        "examples": list(spec.examples),
        "aliases": list(spec.aliases),
        "typed": typed,
        "role": spec.role,
    }
    return Reply(template="usage", data=data)


def not_allowed(command: Command, *, needs: Role) -> Reply:
    """A command, or the words typed with it, that take more than who asks may do."""
    return refusal(command.name, command.origin, needs=needs)


def refusal(name: str, origin: Origin, *, needs: Role) -> Reply:
    """The same before there is a command."""
    return Reply(
        template="not_allowed", data={"command": name, "user": origin.user, "role": origin.role, "needs": needs}
    )


def scope(asked: Asked, *, topic: str = "") -> dict[str, Any]:
    """What was asked for, as the first line of an answer repeats it."""
    return {
        "topic": topic,
        "story": asked.story,
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None,
        "page": asked.page,
    }


def nothing(command: Command, asked: Asked, *, what: str, topic: str = "", who: str = "") -> Reply:
    """Nothing in the archive fits: say so and offer a wider question; never guess."""
    tries = []
    if topic and not search_words(topic):
        tries.append(f"/{command.name}")
    elif asked.page > 1:
        tries.append(f"/{command.name} {asked.question}")
    elif asked.dated and (topic or who):
        tries.append(" ".join(("/" + command.name, who, f"about {topic}" if who and topic else topic)))
    elif who and topic:
        tries += [f"/{command.name} {who}", f"/about {topic}"]
    elif topic and command.name != "about":
        tries.append(f"/about {topic}")
    else:
        tries.append(f"/{command.name}" if asked.dated and command.name == "deadlines" else f"/latest {topic}")
    tries = [" ".join(each.split()) for each in tries]
    data = {"what": what, "who": who, **scope(asked, topic=topic), "tries": tries}
    buttons = tuple((Button(label=each, command=each),) for each in tries)
    return Reply(template="nothing", data=data, buttons=buttons)
