"""/compare A and B on TOPIC: two people, countries or outlets side by side, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.commands.asked import Asked, read, search_words
from bot.commands.lines import Line, Rows
from bot.commands.numbers import figure_line, note_of
from bot.commands.people import meant, nobody, role_text, which
from bot.commands.replies import scope, usage
from bot.commands.sides import side_data
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply
from digests.edition.brief import role_by
from digests.edition.comparing import Party, Side, country_named, outlet_named, party_of, side_of
from digests.edition.differences import differences
from digests.edition.figures import grouped
from digests.edition.naming import day_of
from digests.edition.texts import Texts, texts_of
from digests.errors import UserError
from digests.model import Person
from digests.text.folding import fold

SPEC = Spec(
    name="compare",
    summary="Two people, countries or outlets on one topic, side by side",
    usage="/compare NAME and NAME [on TOPIC] [PERIOD]",
    examples=("/compare Oktay and Lavrov on Idlib", "/compare Turkey and Russia on Idlib last week"),
    aliases=("versus", "vs"),
)
_BETWEEN = re.compile(r"\s+(?:and|vs\.?|versus|with|against|to)\s+|\s*[,;/|]\s*", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")
MOST_SPLITS = 6


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today, with_topic=True)
    if not asked.words and asked.topic:
        return usage(SPEC, typed=command.text)
    found = await _parties(asked, services)
    if found is None:
        return usage(SPEC, typed=command.text)
    if isinstance(found, Reply):
        return found
    if same(*found):
        raise UserError(f"Both names mean {found[0].name}: name two")
    topic = search_words(asked.topic)
    one, other = [
        await side_of(party, services.store, topic=topic, since=asked.since, until=asked.until) for party in found
    ]
    given = [*one.figures, *other.figures]
    texts = await texts_of(given, services.store)
    lines = [await _side(side, against, texts, command, services) for side, against in ((one, other), (other, one))]
    data = {"sides": lines, **scope(asked, topic=topic)}
    return Reply(template="compare", data=data, buttons=_asks((one, other), topic))


async def _parties(asked: Asked, services: Services) -> tuple[Party, Party] | Reply | None:
    """The two that are named; a reply that asks which one is meant, or says who is not known; ``None``: not two."""
    pairs = splits(asked.words)
    if len(pairs) > 1:  # nothing parts the names: where both are known is where they end
        for one, other in pairs:
            first, second = await _party(one, services), await _party(other, services)
            if isinstance(first, Party) and isinstance(second, Party):
                return first, second
    if not pairs:
        return None
    one, other = pairs[len(pairs) // 2]
    first = await _party(one, services)
    rest = asked.question[len(asked.words) :].strip() if asked.question.startswith(asked.words) else ""
    if not isinstance(first, Party):
        return await _unclear(one, first, f"and {other} {rest}".strip(), SPEC.name, services)
    second = await _party(other, services)
    if not isinstance(second, Party):
        return await _unclear(other, second, rest, f"{SPEC.name} {one} and", services)
    return first, second


def splits(words: str) -> list[tuple[str, str]]:
    """The two names in what was typed; several ways when nothing stands between them.

    >>> splits("Fuat Oktay and Lavrov"), splits("Oktay Lavrov")
    ([('Fuat Oktay', 'Lavrov')], [('Oktay', 'Lavrov')])
    """
    quoted = _QUOTED.findall(words)
    if len(quoted) == 2:
        return [(quoted[0].strip(), quoted[1].strip())]
    parts = [part for part in _BETWEEN.split(words) if part.strip(" ?!.")]
    if len(parts) == 2:
        return [(parts[0].strip(), parts[1].strip(" ?!."))]
    single = words.split()
    if len(parts) != 1 or not 2 <= len(single) <= MOST_SPLITS:
        return []
    return [(" ".join(single[:at]), " ".join(single[at:])) for at in range(1, len(single))]


async def _party(name: str, services: Services) -> Party | Sequence[Person]:
    """Who is meant, or those who may be."""
    if name.startswith("#") and name[1:].isdigit() and len(name) <= 19:
        known = await services.store.person(int(name[1:]))
        return party_of(known) if known else []
    own = country_named(name) or await outlet_named(name, services.store)
    if own is not None:
        return own
    people = meant(name, await services.store.people([name]))
    return party_of(people[0]) if len(people) == 1 else people


async def _unclear(name: str, people: Sequence[Person], rest: str, command: str, services: Services) -> Reply:
    if people:
        return which(name, rest, people, command=command)
    similar = await services.store.similar_names(name, limit=5)
    asked = nobody(name, similar, command=command)
    buttons = tuple(
        tuple(replace(each, command=f"{each.command} {rest}".strip()) for each in row) if similar else row
        for row in asked.buttons
    )
    return replace(asked, buttons=buttons)


async def _side(side: Side, against: Side, texts: Texts, command: Command, services: Services) -> dict[str, Any]:
    """A side as templates get it, its figures with what the other side gives otherwise."""
    party = side.party
    person = await services.store.person(party.people[0]) if party.people else None
    role = role_by(person, day=command.today) if person else None
    others = {each.fact.id for each in against.figures}
    newest = sorted((*side.figures, *against.figures), key=lambda each: (day_of(each), each.fact.id), reverse=True)
    noted = {
        number: found
        for group in grouped(newest)
        for number, found in differences(group.found, texts).items()
        if found.newer.fact.id in others
    }
    figures: list[Line] = [{**figure_line(each), "note": note_of(noted.get(each.fact.id))} for each in side.figures]
    told = {**side_data(party.name, side.said), "name": party.name}
    office = role_text(role.title, role.of, former=role.former) if role else ""
    return {**told, "kind": party.kind, "office": office, "figures": figures}


def _asks(sides: Sequence[Side], topic: str) -> Rows:
    """All that each says; who else speaks about the topic."""
    about = f" about {topic}" if topic else ""
    row = [
        Button(label=f"All by {side.party.name}", command=f"/said #{side.party.people[0]}{about}")
        for side in sides
        if side.party.people and side.said
    ]
    if topic:
        row.append(Button(label="All sides", command=f"/sides {topic}"))
    return (tuple(row),) if row else ()


def same(one: Party, other: Party) -> bool:
    """Whether both names mean one."""
    return (one.kind, fold(one.name)) == (other.kind, fold(other.name))
