"""What a reader sees of a fact, and what of it is another after an edit. Pure.

Two facts that look alike have the same print; so it is told from a message alone whether it showed what stands now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from digests.edition.figures import measure
from digests.edition.naming import actor_name, speaker_name
from digests.model import Actor, Commitment, Deadline, Event, Fact, Figure, Happening, Role, Statement

Seen = str | tuple[date, date] | None
"""Words, or first and last day; None for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """One thing that reads otherwise now; ``what``: its name as ``/correct`` knows it."""

    what: str
    before: Seen
    after: Seen


def altered(before: Fact, after: Fact) -> list[Altered]:
    """All that differs to a reader, in the order of importance."""
    old, new = visible(before), visible(after)
    names = list(dict.fromkeys([*new, *old]))
    return [
        Altered(what=name, before=old.get(name), after=new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]


def print_of(fact: Fact) -> str:
    """A short print of all that a reader sees of a fact, its standing included."""
    told = json.dumps([fact.kind, fact.status, visible(fact)], default=str, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def visible(fact: Fact) -> Mapping[str, Seen]:
    """What is seen of a fact, by the names that ``/correct`` knows."""
    own: Mapping[str, Seen]
    match fact:
        case Deadline() | Event():
            own = {
                "due": (fact.due_from, fact.due_to),
                "boundary": fact.boundary,
                "actor": _name(fact.actor),
                "action": fact.action.text if fact.action else None,
                "condition": fact.condition.text if fact.condition else None,
            }
        case Statement():
            own = {
                "content": fact.content.text,
                "said_on": (fact.said_on, fact.said_on) if fact.said_on else None,
                "said_to": fact.said_to,
                "where": fact.where,
                "via": fact.via,
            }
        case Role():
            own = {"name": fact.name, "title": fact.title, "of": fact.of, "former": _yes(fact.former)}
        case Commitment():
            own = {
                "type": fact.type,
                "actor": _name(fact.actor),
                "target": _name(fact.target),
                "action": fact.action.text,
                "condition": fact.condition.text if fact.condition else None,
            }
        case Figure():
            own = {"number": measure(fact), "value": _value(fact), "qualifier": fact.qualifier, "unit": fact.unit}
        case Happening():
            own = {
                "agent": _name(fact.agent),
                "patient": _name(fact.patient),
                "where": fact.where,
                "when": fact.when,
                "negated": _yes(fact.negated),
                "reported": _yes(fact.reported),
            }
        case _:
            own = {}
    words = " … ".join(each.quote for each in fact.evidence)
    return {**own, "speaker": speaker_name(fact) or None, "summary": fact.summary, "quote": words}


def _name(actor: Actor | None) -> str | None:
    return actor_name(actor) if actor else None


def _value(figure: Figure) -> str:
    bounds = [figure.value] if figure.value is not None else [figure.low, figure.high]
    return " to ".join("" if each is None else f"{each:,.10g}" for each in bounds)


def _yes(held: bool) -> str:
    return "yes" if held else "no"
