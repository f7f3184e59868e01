"""Two people, countries or outlets on one topic: what each says, and which figures each gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from digests.edition.figures import figure_of, grouped
from digests.edition.naming import source_name, speaker_of
from digests.model import Fact, FactQuery, Found, Person
from digests.store.base import Store
from digests.text.countries import country, stands_for
from digests.text.folding import fold, tokens

PartyKind = Literal["person", "country", "outlet"]
LOOK = 40
"""The newest statements of a side that are looked at."""
OF_COUNTRIES = 200
"""The same where those who speak for a country have to be picked out."""
ARTICLES = 200
"""An outlet's newest articles on a topic are looked for among so many."""
FIGURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of the two. ``people``: numbers of those whose words are its own, of a person."""

    kind: PartyKind
    name: str
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a party says, newest first; its figures, each thing's newest once."""

    party: Party
    said: tuple[Found, ...]
    figures: tuple[Found, ...]


def party_of(person: Person) -> Party:
    """The party that somebody known is: a country speaks through everybody who speaks for it."""
    land = country(person.name) if person.type == "place" else None
    return Party(kind="country", name=land) if land else Party(kind="person", name=person.name, people=(person.id,))


async def outlet_named(name: str, store: Store) -> Party | None:
    """The outlet of that name: a publisher whose articles are in the archive."""
    wanted = fold(name).replace(" ", "")
    if not wanted:
        return None
    found = await store.latest(about=name, limit=ARTICLES)
    names = [source_name(each) for each in found]
    own = next((each for each in names if _is_called(each, wanted)), None)
    return Party(kind="outlet", name=own) if own else None


def _is_called(outlet: str, wanted: str) -> bool:
    """Whether a name means the outlet: "meridian wire" means meridian-wire.example."""
    own = fold(outlet).replace(" ", "")
    host = fold(outlet.rpartition(".")[0]).replace(" ", "") if "." in outlet else own
    return wanted in (own, host.removeprefix("www"))


def country_named(name: str) -> Party | None:
    """The country of that name; a capital or a seat means the country it speaks for."""
    land = country(name) or stands_for(name)
    return Party(kind="country", name=land) if land else None


async def side_of(party: Party, store: Store, *, topic: str, since: date | None, until: date | None) -> Side:
    """What the archive holds of a party on a topic."""
    said = await _found("statement", party, store, topic=topic, since=since, until=until)
    figures = await _found("figure", party, store, topic=topic, since=since, until=until)
    told = [each for each in figures if figure_of(each).value is not None]
    newest = [group.found[0] for group in grouped(told)]
    return Side(party=party, said=tuple(said), figures=tuple(newest[:FIGURES]))


async def _found(
    kind: str, party: Party, store: Store, *, topic: str, since: date | None, until: date | None
) -> list[Found]:
    if party.kind == "person":
        query = FactQuery(kinds=(kind,), said_by=party.people, about=topic, since=since, until=until, limit=LOOK)
        return await store.facts(query)
    if party.kind == "country":
        about = topic or party.name
        query = FactQuery(kinds=(kind,), about=about, since=since, until=until, limit=OF_COUNTRIES)
        return [each for each in await store.facts(query) if speaks_for(each.fact, party.name)][:LOOK]
    articles = await _articles(party.name, store, topic=topic)
    if not articles:
        return []
    return await store.facts(
        FactQuery(kinds=(kind,), articles=tuple(articles), about=topic, since=since, until=until, limit=LOOK)
    )


async def _articles(outlet: str, store: Store, *, topic: str) -> list[int]:
    """The outlet's newest articles on a topic; all its newest without one."""
    found = await store.latest(about=" ".join((topic, *tokens(outlet))), limit=ARTICLES)
    return [each.article_id for each in found if source_name(each) == outlet]


def speaks_for(fact: Fact, land: str) -> bool:
    """Whether a country says something itself, through its capital or another seat."""
    speaker = speaker_of(fact)
    return speaker is not None and land in (speaker.stands_for, country(speaker.name))
