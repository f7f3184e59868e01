"""/who NAME: offices with the day they were seen, other spellings, latest words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands.asked import search_words
from bot.commands.lines import line, source_line
from bot.commands.people import person_named, role_text
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply
from digests.edition.seen import print_of
from digests.model import FactQuery, Found, Person, SeenRole

SPEC = Spec(
    name="who",
    summary="Who somebody is, with the day each office was seen",
    usage="/who NAME",
    examples=("/who Oktay", "/who erdogan"),
    aliases=("whois", "person"),
)
MOST_ROLES = 8
MOST_ALIASES = 12
LATEST = 3


async def handle(command: Command, services: Services) -> Reply:
    name = command.text if command.text.startswith("#") else search_words(command.text).strip(" ?!.,;:")
    if not name:
        return usage(SPEC, typed=command.text)
    person = await person_named(name, "", command=command, services=services)
    if isinstance(person, Reply):
        return person
    said = await services.store.facts(FactQuery(kinds=("statement",), said_by=(person.id,), limit=LATEST + 1))
    held = await services.store.facts(FactQuery(kinds=("role",), entities=(person.id,), limit=2 * MOST_ROLES))
    return reply(person, said, held={each.fact.id: each for each in held})


def reply(person: Person, said: list[Found], *, held: Mapping[int, Found]) -> Reply:
    data = {
        "name": person.name,
        "type": person.type,
        "aliases": [alias for alias in person.aliases if alias != person.name][:MOST_ALIASES],
        "roles": seen_roles(person.roles, held=held)[:MOST_ROLES],
        "said": [line(found) for found in said[:LATEST]],
        "more": len(said) > LATEST,
    }
    asks = (Button(label="All statements", command=f"/said #{person.id}"),) if said else ()
    about = Button(label=f"About {person.name}", command=f"/about {person.name}")
    follow = Button(label="Follow", command=f"/follow #{person.id}")
    return Reply(template="who", data=data, buttons=((*asks, about, follow),))


def seen_roles(roles: tuple[SeenRole, ...], *, held: Mapping[int, Found]) -> list[dict[str, Any]]:
    """Each office once, with the first and the last day it was seen and where last, present ones and latest first.

    "President" is left out beside "President, Turkey".
    """
    placed = {(role.title.casefold(), role.former) for role in roles if role.of}
    told = [role for role in roles if role.of or (role.title.casefold(), role.former) not in placed]
    ordered = sorted(told, key=lambda role: (role.former, -role.day.toordinal(), role.fact_id))
    seen: dict[str, dict[str, Any]] = {}
    for role in ordered:
        text = role_text(role.title, role.of, former=role.former)
        found = held.get(role.fact_id)
        day = role.day.isoformat()
        place = source_line(found.source) if found else {"source": "", "url": ""}
        seen_as = print_of(found.fact) if found else ""
        first = seen.setdefault(
            text.casefold(),
            {**place, "text": text, "day": day, "since": day, "press": f"/evidence {role.fact_id}", "seen": seen_as},
        )
        first["since"] = min(first["since"], role.day.isoformat())
    return list(seen.values())
