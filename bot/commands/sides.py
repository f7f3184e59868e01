"""/sides TOPIC: what each actor claims, side by side, who denies, and which figures they give otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.commands.asked import read, search_words
from bot.commands.lines import line, pager
from bot.commands.numbers import figure_line, note_of
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply
from digests.edition.denials import denies
from digests.edition.differences import GRAVEST, Difference, differences
from digests.edition.figures import grouped
from digests.edition.naming import is_named, speaker_name, speaker_of
from digests.edition.texts import Texts, texts_of
from digests.model import FactQuery, Found
from digests.text.names import name_key

SPEC = Spec(
    name="sides",
    summary="What each side claims, and who denies",
    usage="/sides TOPIC or STORY [PERIOD]",
    examples=("/sides Idlib", "/sides ceasefire last week", "/sides story 3"),
    aliases=("claims",),
)
LOOK = 40
"""The newest statements that are set side by side."""
SIZE = 3
CLAIMS = 3
FIGURES = 60
"""The newest figures that are compared."""
DISPUTES = 3


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today, with_story=True)
    topic = search_words(asked.words or ("" if asked.story else asked.question))
    if not topic and asked.story is None:
        return usage(SPEC, typed=command.text)
    found = await services.store.facts(
        FactQuery(
            kinds=("statement",), about=topic, story_id=asked.story, since=asked.since, until=asked.until, limit=LOOK
        )
    )
    sides = by_side(found)
    first = (asked.page - 1) * SIZE
    shown = sides[first : first + SIZE]
    if not shown:
        return nothing(command, asked, what="claims", topic=topic)
    lines = [side_data(name, claims) for name, claims in shown]
    figures = FactQuery(
        kinds=("figure",), about=topic, story_id=asked.story, since=asked.since, until=asked.until, limit=FIGURES
    )
    given = await services.store.facts(figures) if asked.page == 1 else []
    disputed = disputes(given, texts=await texts_of(given, services.store))
    data = {
        "sides": lines,
        "disputes": disputed,
        "clipped": LOOK if len(found) == LOOK else 0,
        "alone": len(sides) == 1,
        **scope(asked, topic=topic),
    }
    asks = tuple(
        Button(label=f"All by {side['name']}", command=f"/said {side['name']}" + (f" about {topic}" if topic else ""))
        for side in lines
        if side["more"]
    )
    pages = pager(f"/sides {asked.question}", page=asked.page, more=len(sides) > first + SIZE)
    return Reply(template="sides", data=data, buttons=(*((ask,) for ask in asks), *pages))


def disputes(found: Sequence[Found], *, texts: Texts) -> list[dict[str, Any]]:
    """Figures that somebody else gives otherwise, contradictions first, each with the reason for the difference."""
    noted = [each for group in grouped(found) for each in differences(group.found, texts).values() if _of_two(each)]
    noted.sort(key=lambda each: GRAVEST.index(each.kind))
    return [{**figure_line(each.older), "note": note_of(each)} for each in noted[:DISPUTES]]


def _of_two(difference: Difference) -> bool:
    """Whether two who are named, and not the same, give the figures."""
    one, other = speaker_name(difference.newer.fact), speaker_name(difference.older.fact)
    return bool(one and other) and one != other


def by_side(found: Sequence[Found]) -> list[tuple[str, list[Found]]]:
    """Claims by who makes them, those who speak most first; what the Kremlin says stands under Russia.

    Somebody is one side under all spellings: known by the archive's person, else by name.
    """
    sides: list[tuple[str, list[Found]]] = []
    known: dict[int | str, int] = {}
    for each in found:
        speaker = speaker_of(each.fact)
        if speaker is None or not is_named(speaker):
            continue
        name = speaker.stands_for or speaker.name
        keys: list[int | str] = [name_key(name), *([speaker.entity] if speaker.entity is not None else [])]
        number = next((known[key] for key in keys if key in known), len(sides))
        if number == len(sides):
            sides.append((name, []))
        sides[number][1].append(each)
        known |= dict.fromkeys(keys, number)
    return sorted(sides, key=lambda side: -len(side[1]))


def side_data(name: str, claims: Sequence[Found]) -> dict[str, Any]:
    """A side as templates get it: denials first; a claim that several sources carry in the same words counts once."""
    once: dict[str, Found] = {}
    for claim in claims:
        once.setdefault(name_key(claim.fact.quote), claim)
    denials_first = sorted(once.values(), key=lambda claim: not denies(claim.fact))
    return {
        "name": name,
        "denies": any(denies(claim.fact) for claim in once.values()),
        "claims": [{**line(claim), "denies": denies(claim.fact)} for claim in denials_first[:CLAIMS]],
        "more": max(0, len(once) - CLAIMS),
    }
