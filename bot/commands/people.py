"""Who is meant by a name: one person, or a reply that asks which, or one that names the nearest.

Buttons spell the person's name; ``#12`` (the person with id 12) stands in where a name would be ambiguous again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.commands.spec import Services
from bot.model import Button, Command, Reply
from digests.model import Person
from digests.text.folding import tokens
from digests.text.names import name_key

MOST_SHOWN = 8
_BY_ID = re.compile(r"#(\d{1,18})")


async def person_named(name: str, rest: str, *, command: Command, services: Services) -> Person | Reply:
    """The person meant, or the reply to send instead; ``rest`` is what a button repeats after the name."""
    by_id = _BY_ID.fullmatch(name)
    if by_id:
        person = await services.store.person(int(by_id[1]))
        found = [person] if person else []
    else:
        found = meant(name, await services.store.people([name])) or await _described(name, services=services)
    if len(found) == 1:
        return found[0]
    if found:
        return which(name, rest, found, command=command.name)
    return nobody(name, await services.store.similar_names(name, limit=5), command=command.name)


def meant(name: str, people: Sequence[Person]) -> list[Person]:
    """Of those that a name may mean the ones who bear all of it: "Fuat Oktay" means no other Oktay."""
    key = name_key(name)
    full = [each for each in people if key in map(name_key, (each.name, *each.aliases))] if " " in key else []
    return full or list(people)


async def _described(name: str, *, services: Services) -> list[Person]:
    """Those a last name with an office or a country in front of it means: ``foreign minister Cavusoglu``."""
    lead, _, last = name.rpartition(" ")
    if not lead:
        return []
    wanted = set(tokens(lead))
    return [person for person in await services.store.people([last]) if wanted <= _told_of(person)]


def _told_of(person: Person) -> set[str]:
    """The folded words of a person's names and offices."""
    offices = (role_text(role.title, role.of, former=role.former) for role in person.roles)
    return {word for text in (person.name, *person.aliases, *offices) for word in tokens(text)}


def which(name: str, rest: str, people: Sequence[Person], *, command: str) -> Reply:
    """Ask which of several people is meant, with a button each."""
    shown = people[:MOST_SHOWN]
    buttons = tuple(
        (Button(label=_label(person), command=f"/{command} {spelling(person, name, people)} {rest}".strip()),)
        for person in shown
    )
    data = {"name": name, "people": [person_line(person) for person in shown], "more": len(people) - len(shown)}
    return Reply(template="which", data=data, buttons=buttons)


def nobody(name: str, similar: Sequence[Person], *, command: str) -> Reply:
    """Nobody has that name: the nearest names, and the topic search the words may have meant."""
    buttons = [
        (Button(label=person.name, command=f"/{command} {spelling(person, name, similar)}"),) for person in similar
    ]
    if not similar:
        buttons.append((Button(label=f"/about {name}", command=f"/about {name}"),))
    data = {"name": name, "similar": [person_line(person) for person in similar]}
    return Reply(template="nobody", data=data, buttons=tuple(buttons))


def spelling(person: Person, typed: str, others: Sequence[Person]) -> str:
    """The person's name where typing it finds nobody else of ``others``, else ``#id``."""
    key = name_key(person.name)
    taken = {name_key(each) for other in others if other.id != person.id for each in (other.name, *other.aliases)}
    lasts = {name_key(other.name).rpartition(" ")[2] for other in others if other.id != person.id}
    return f"#{person.id}" if key in taken | lasts | {name_key(typed), ""} else person.name


def person_line(person: Person) -> dict[str, Any]:
    """A person with the latest role, as templates get it."""
    latest = max(person.roles, key=lambda role: (not role.former, role.day), default=None)
    return {
        "id": person.id,
        "name": person.name,
        "type": person.type,
        "role": role_text(latest.title, latest.of, former=latest.former) if latest else "",
        "day": latest.day.isoformat() if latest else None,
    }


def role_text(title: str, of: str | None, *, former: bool) -> str:
    """``Foreign Minister, Turkey``; "former" in front where it is not there already."""
    text = f"{title}, {of}" if of else title
    return f"former {text}" if former and not title.casefold().startswith(("former", "ex-")) else text


def _label(person: Person) -> str:
    role = person_line(person)["role"]
    return f"{person.name} ({role})" if role else person.name
