"""The views that show one kind of fact each, for people who look at the database themselves: a released step's text."""

from __future__ import annotations

import re
from collections.abc import Callable

_SHOWN = "f.summary, f.quote"
_SOURCE = "a.title AS article, a.publisher, a.url, f.confidence, f.article_id, f.id AS fact_id"
_STANDING = "FROM facts f JOIN articles a ON a.id = f.article_id WHERE f.status = 'standing' AND f.kind"
_FIELD = re.compile(r"\[([\w.]+) AS (\w+)\]")
"""What stands in a fact's ``detail``, and what the view calls it."""
_VIEWS = {
    "statements": (
        "statement",
        "f.day, f.speaker, [cue.text AS cue], [content.text AS content],"
        " [style AS style], [said_to AS said_to], f.speaker_id",
    ),
    "roles": (
        "role",
        "f.day, f.actor AS name, f.title, f.office_of, [former AS former], f.actor_id AS person_id",
    ),
    "deadlines": (
        "deadline",
        "f.due_to AS due, [boundary AS boundary], f.actor, [action.text AS action],"
        " [condition.text AS condition], f.speaker, f.day, f.actor_id, f.speaker_id",
    ),
    "events": (
        "event",
        "f.due_from, f.due_to, f.actor, [action.text AS action], f.speaker, f.day, f.actor_id, f.speaker_id",
    ),
    "commitments": (
        "commitment",
        "f.day, [type AS type], f.actor, [target.name AS target],"
        " [action.text AS action], [condition.text AS condition],"
        " f.speaker, f.actor_id, f.speaker_id",
    ),
    "figures": (
        "figure",
        "f.day, [qualifier AS qualifier], f.value, f.low, f.high, f.unit, f.speaker, f.speaker_id",
    ),
    "happenings": (
        "happening",
        "f.day, f.actor AS agent, [predicate.lemma AS predicate], [patient.name AS patient],"
        " [where AS place], [when AS time], [negated AS negated],"
        " [reported AS reported], f.actor_id AS agent_id",
    ),
}


def views(field: Callable[[str], str]) -> str:
    """The statements that create them; ``field``: how this database reads ``actor.name`` of a fact's ``detail``."""
    return "".join(
        f"CREATE VIEW {name} AS SELECT {_FIELD.sub(lambda found: f'{field(found[1])} AS {found[2]}', columns)},"
        f" {_SHOWN}, {_SOURCE} {_STANDING} = '{kind}';\n"
        for name, (kind, columns) in _VIEWS.items()
    )
