"""Persons and organisations in the database: looking them up by name, taking in those of an article."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from digests.model import Actor, Extraction, Fact, Mention, NameKeys, Person, Role, SeenRole
from digests.text.names import last_name_key, name_key

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

MOST_NAMESAKES = 40
"""Of so many people with one last name are the most often seen looked at."""
MOST_SHOWN = 30
_LONGEST_NAME = 5
_PEOPLE = "SELECT * FROM people WHERE id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody in an extraction who has a name: ``names`` are all forms seen, the canonical one first."""

    entity: int
    name: str
    type: str
    names: tuple[str, ...]


def named(extraction: Extraction) -> list[Known]:
    """Everybody with a name in an extraction, in order of first mention; "officials" and "he" are nobody to keep."""
    mentions: dict[int, list[Mention]] = defaultdict(list)
    for mention in extraction.people:
        if mention.kind == "name":
            mentions[mention.entity].append(mention)
    found = {}
    for entity, group in mentions.items():
        names = dict.fromkeys([group[0].name, *(" ".join(_bare(mention.text).split()) for mention in group)])
        found[entity] = Known(
            entity=entity, name=group[0].name, type=group[0].type, names=tuple(name for name in names if name_key(name))
        )
    for fact in extraction.facts:
        if isinstance(fact, Role) and fact.entity is not None and fact.entity not in found:
            found[fact.entity] = Known(entity=fact.entity, name=fact.name, type="person", names=(fact.name,))
    return [known for known in found.values() if known.names]


def _bare(name: str) -> str:
    return name[:-2] if name.endswith(("'s", "’s")) else name.rstrip("'’")


def take_in(
    connection: Connection,
    people: Iterable[Known],
    *,
    links: Mapping[int, int],
    keys: Mapping[int, NameKeys],
    day: date,
) -> dict[int, int]:
    """Store everybody: those in ``links`` under the id given, the others as new ones. Local entity -> person id."""
    ids: dict[int, int] = {}
    taken: list[tuple[Known, int]] = []
    for known in people:
        person_id = links.get(known.entity)
        row = connection.execute("SELECT name FROM people WHERE id = ?", (person_id,)).fetchone() if person_id else None
        if row is None:
            inserted = connection.execute(
                "INSERT INTO people (name, type, last_day) VALUES (?, ?, ?) RETURNING id",
                (known.name, known.type, day.isoformat()),
            )
            person_id = int(inserted.fetchone()[0])
        elif _fuller(known.name, row["name"]):
            connection.execute("UPDATE people SET name = ? WHERE id = ?", (known.name, person_id))
        assert person_id is not None
        ids[known.entity] = person_id
        taken.append((known, person_id))
    connection.executemany(
        "UPDATE people SET articles = articles + 1, last_day = max(last_day, ?) WHERE id = ?",
        [(day.isoformat(), person_id) for person_id in dict.fromkeys(ids.values())],
    )
    _take_in_names(connection, [(person_id, name) for known, person_id in taken for name in known.names], day)
    named_by = [(keys[known.entity], person_id) for known, person_id in taken if known.entity in keys]
    connection.executemany(
        "INSERT INTO person_keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(each.type, key, person_id) for each, person_id in named_by for key in each.keys],
    )
    return ids


def _fuller(name: str, stored: str) -> bool:
    """Whether ``name`` says all that the stored name says, and more: "Tayyip Erdogan" after "Erdogan"."""
    new, old = name_key(name).split(), name_key(stored).split()
    return len(old) < len(new) <= _LONGEST_NAME and set(old) <= set(new)


def _take_in_names(connection: Connection, names: Iterable[tuple[int, str]], day: date) -> None:
    shown = day.isoformat()
    connection.executemany(
        "INSERT INTO person_names AS n VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, name) DO UPDATE SET"
        " first_day = min(n.first_day, excluded.first_day), last_day = max(n.last_day, excluded.last_day)",
        [(person_id, name, name_key(name), last_name_key(name), shown, shown) for person_id, name in names],
    )


def take_in_role(connection: Connection, role: Role, *, person_id: int, fact_id: int, day: date) -> None:
    """Remember that somebody was said to hold an office on that day."""
    connection.execute(
        "INSERT INTO person_roles AS r VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (person_id, title, office_of, former) DO UPDATE SET"
        " fact_id = CASE WHEN excluded.last_day >= r.last_day THEN excluded.fact_id ELSE r.fact_id END,"
        " first_day = min(r.first_day, excluded.first_day), last_day = max(r.last_day, excluded.last_day)",
        (person_id, role.title, role.of or "", role.former, day.isoformat(), day.isoformat(), fact_id),
    )


def roles_again(connection: Connection, roles: Iterable[Role]) -> None:
    """Remember these offices as the facts that still stand say them; not at all where none does."""
    for role in roles:
        office = (role.entity, role.title, role.of or "")
        connection.execute(
            "DELETE FROM person_roles WHERE person_id = ? AND title = ? AND office_of = ? AND former = ?",
            (*office, role.former),
        )
        standing = connection.execute(
            "SELECT f.id, f.day, f.detail FROM fact_people p JOIN facts f ON f.id = p.fact_id WHERE p.person_id = ?"
            " AND p.part IN ('speaker', 'actor') AND p.kind = 'role' AND f.actor_id = p.person_id AND f.title = ?"
            " AND f.origin != 'model' AND coalesce(f.office_of, '') = ? ORDER BY f.day, f.id",
            office,
        ).fetchall()
        for row in standing:
            assert role.entity is not None, "the facts found are of somebody"
            if json.loads(row["detail"]).get("former", False) is role.former:
                day = date.fromisoformat(row["day"])
                take_in_role(connection, role, person_id=role.entity, fact_id=row["id"], day=day)


def find_people(connection: Connection, names: Collection[str]) -> list[Person]:
    """Everybody with one of these full names, or whose last name one of them ends in; the most often seen first."""
    keys = sorted({key for name in names if (key := name_key(name))})
    lasts = sorted({key for name in names if (key := last_name_key(name))})
    wanted: dict[int, None] = {}
    for key in keys:
        wanted |= dict.fromkeys(_ids(connection, "name_key", key))
    for key in lasts:
        wanted |= dict.fromkeys(_ids(connection, "last_key", key))
    return load_people(connection, list(wanted))


def _ids(connection: Connection, column: str, key: str) -> list[int]:
    rows = connection.execute(
        "SELECT DISTINCT n.person_id, p.articles FROM person_names n JOIN people p ON p.id = n.person_id"
        f" WHERE n.{column} = ? ORDER BY p.articles DESC, n.person_id LIMIT ?",
        (key, MOST_NAMESAKES),
    )
    return [row["person_id"] for row in rows]


def find_candidates(connection: Connection, wanted: Mapping[int, NameKeys], limit: int) -> dict[int, list[Person]]:
    """For each entity those who share a key with it, whoever shares more keys first, then the more often seen."""
    ids = {entity: _sharing(connection, keys, limit) for entity, keys in wanted.items()}
    everybody = list(dict.fromkeys(each for found in ids.values() for each in found))
    people = {person.id: person for person in load_people(connection, everybody)}
    return {entity: [people[each] for each in found] for entity, found in ids.items()}


def _sharing(connection: Connection, wanted: NameKeys, limit: int) -> list[int]:
    rows = connection.execute(
        "SELECT k.person_id FROM person_keys k JOIN people p ON p.id = k.person_id"
        " WHERE k.type = ? AND k.key IN (SELECT value FROM json_each(?))"
        " GROUP BY k.person_id, p.articles ORDER BY count(*) DESC, p.articles DESC, k.person_id LIMIT ?",
        (wanted.type, json.dumps(list(wanted.keys)), limit),
    )
    return [row[0] for row in rows]


def load_people(connection: Connection, ids: Collection[int]) -> list[Person]:
    """People by their ids, in the order given, with the names and offices seen."""
    given = list(ids)
    rows = {row["id"]: row for row in connection.execute(_PEOPLE, (json.dumps(given),))}
    return [_person(rows[each], *_names_and_roles(connection, each)) for each in given if each in rows]


def _names_and_roles(connection: Connection, person_id: int) -> tuple[list[str], list[SeenRole]]:
    """The latest names and offices; a body that is called by hundreds of names shows so many."""
    names = connection.execute(
        "SELECT name FROM person_names WHERE person_id = ? ORDER BY last_day DESC, name LIMIT ?",
        (person_id, MOST_SHOWN),
    )
    roles = connection.execute(
        "SELECT title, office_of, former, last_day, fact_id FROM person_roles WHERE person_id = ?"
        " ORDER BY last_day DESC, title, office_of, former LIMIT ?",
        (person_id, MOST_SHOWN),
    )
    return [row["name"] for row in names], [_role(row) for row in roles]


def _person(row: Row, names: list[str], roles: list[SeenRole]) -> Person:
    aliases = tuple(name for name in names if name != row["name"])
    return Person(id=row["id"], name=row["name"], type=row["type"], aliases=aliases, roles=tuple(roles))


def _role(row: Row) -> SeenRole:
    return SeenRole(
        title=row["title"],
        of=row["office_of"] or None,
        former=bool(row["former"]),
        day=date.fromisoformat(row["last_day"]),
        fact_id=row["fact_id"],
    )


def people_in(fact: Fact) -> list[tuple[str, int]]:
    """(part, entity) of everybody who speaks, acts or holds the office; who speaks is not named again as acting."""
    found: dict[int, str] = {}
    if fact.said_by is not None and fact.said_by.entity is not None:
        found[fact.said_by.entity] = "speaker"
    holder = fact.entity if isinstance(fact, Role) else None
    actors: list[Any] = [getattr(fact, name, None) for name in ("speaker", "actor", "target", "agent", "patient")]
    for entity in [holder, *(actor.entity for actor in actors if isinstance(actor, Actor))]:
        if entity is not None:
            found.setdefault(entity, "actor")
    return [(part, entity) for entity, part in found.items()]
