"""How much a line is worth its place, with the reasons in words: pure functions of what is known of it.

Points add up and are shown as they are (``/why``); nothing else decides the order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import log2

from digests.edition.differences import Difference
from digests.edition.items import Reason
from digests.edition.naming import is_named, speaker_of
from digests.model import Commitment, Deadline, Event, Found, Person, Placed, Statement, Story
from digests.text.dates import day_range, find
from digests.text.folding import tokens

_HEADS = re.compile(
    r"\b(?:president|prime minister|premier|chancellor|king|queen|pope|secretary[- ]general|minister|secretary of state"
    r"|foreign secretary|governor|commissioner|taoiseach)\b",
    re.IGNORECASE,
)
_LESSER = re.compile(r"\b(?:former|ex|vice|deputy|assistant|spokes\w+|adviser|aide|candidate|elect)\b", re.IGNORECASE)
_NO_OFFICE = re.compile(
    r"\b(?:predecessor|successor|rival|opponent|amplifier|oldest|youngest|friend|ally|foe|critic|supporter|fan)\b",
    re.IGNORECASE,
)
"""What somebody is to others, or in the eyes of others."""
_ACTS = re.compile(r"acting\b", re.IGNORECASE)
_LATELY = timedelta(days=14)
_MOSTLY = 0.7
_DIFFERS = {
    "contradiction": (3.0, "sources contradict each other"),
    "older": (2.0, "the figure moved"),
    "copy": (1.5, "a copy prints another figure than the text it copies"),
    "scope": (0.0, "not the same is counted"),
}
_COUNTED = ("killed", "dead", "injured", "wounded", "displaced", "infected", "missing")
OLD = timedelta(days=10)
LONG, SHORT = 60, 6
"""Words of a quotation that is too long, or too short, to stand alone."""


_POINTS_BACK = re.compile(
    r"\W*(?:and|but|so|that(?:['’]s)?|this|these|those|it(?:['’]s)?|they(?:['’]re)?|them"
    r"|(?:\w+ing|do|did|does) (?:that|this|it|so))\b"
    r"(?!\s+(?:is|was|would be) (?:time|clear|important|possible|necessary)\b)",
    re.IGNORECASE,
)
"""How words begin that mean what was said before them: "It's going to where the action is"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story as far as it came since the last digest: its articles, and the facts read from them."""

    story_id: int
    articles: tuple[Placed, ...]
    story: Story | None = None
    facts: tuple[Found, ...] = ()
    new: bool = True


def of_telling(telling: Telling, *, today: date) -> tuple[Reason, ...]:
    """Why a story is a top story: who tells it counts more than how often it is printed."""
    origins = len({each.origin for each in telling.articles})
    outlets = len({each.source.publisher for each in telling.articles})
    speakers = {name for each in telling.facts if (name := _speaker(each))}
    ahead = [each for each in telling.facts if _is_due(each, today)]
    reasons = [
        Reason(points=3 * log2(1 + origins), text=_count(origins, "origin", "wrote it", "wrote it, each its own text")),
        Reason(points=log2(1 + outlets), text=_count(outlets, "outlet", "carries it", "carry it")),
        Reason(points=0.5 * min(len(speakers), 6), text=_count(len(speakers), "named source", "speaks", "speak")),
        Reason(points=1.5 if ahead else 0, text=_count(len(ahead), "date", "is still ahead", "are still ahead")),
        Reason(points=0.5 if telling.new else 0, text="the story is new"),
    ]
    return _telling_reasons(reasons)


def of_quote(
    found: Found,
    *,
    office: str,
    novelty: float,
    outlets: int,
    origins: int,
    binding: Collection[str] = (),
    top: bool = False,
) -> tuple[Reason, ...]:
    """Why something said is put on the record. ``novelty``: 0 (said before) to 1; ``binding``: kinds of commitments."""
    fact = found.fact
    assert isinstance(fact, Statement)
    length = len(fact.content.text.split())
    direct = {"direct": 2.0, "mixed": 1.5, "indirect": 0.0}[fact.style]
    reasons = [
        Reason(points=weight_of_office(office), text=f"said by {office}"),
        Reason(points=direct, text="in the speaker's own words"),
        Reason(
            points=2 * novelty, text="new from this speaker" if novelty > _MOSTLY else "partly new from this speaker"
        ),
        Reason(points=1.5 * log2(outlets), text=f"carried by {outlets} outlets"),
        Reason(points=1.0 if origins > 1 else 0, text=f"told by {origins} origins independently"),
        Reason(points=1.5 if binding else 0, text=f"holds a {' and a '.join(sorted(binding))}"),
        Reason(points=1.0 if top else 0, text="about a top story"),
        Reason(points=-2.5 if is_old(found) else 0, text="said long before it was printed"),
        Reason(points=-2.0 if length < SHORT else 0, text="says little by itself"),
        Reason(points=-3.0 if length > 2 * LONG else -1.0 if length > LONG else 0, text="long"),
        Reason(points=-2.0 if _POINTS_BACK.match(fact.content.text) else 0, text="goes on from what stands before it"),
        Reason(points=2 * (fact.confidence - 1), text=f"read with confidence {fact.confidence:.2f}"),
    ]
    return _telling_reasons(reasons)


def of_due(found: Found, *, today: date, new: bool, outlets: int, top: bool = False) -> tuple[Reason, ...]:
    """Why a date stands in the calendar."""
    fact = found.fact
    assert isinstance(fact, Deadline | Event)
    days = (fact.due_to - today).days
    near = f"in {_count(days, 'day', '', '')}" if days > 0 else "today" if days == 0 else f"{-days} days ago"
    reasons = [
        Reason(
            points=2.0 if fact.kind == "deadline" else 0.5,
            text="a deadline" if fact.kind == "deadline" else "scheduled",
        ),
        Reason(points=1.5 if fact.actor and is_named(fact.actor) else 0, text="names who must act or acts"),
        Reason(points=1.0 if fact.action else -1.0, text="says what" if fact.action else "does not say what"),
        Reason(points=max(0.0, 2 - abs(days) / 4), text=near.strip()),
        Reason(points=1.0 if new else 0, text="first told since the last digest"),
        Reason(points=log2(outlets), text=f"told by {outlets} outlets"),
        Reason(points=1.0 if top else 0, text="about a top story"),
        Reason(points=2 * (fact.confidence - 1), text=f"read with confidence {fact.confidence:.2f}"),
    ]
    return _telling_reasons(reasons)


def of_difference(difference: Difference, *, unit: str, top: bool = False) -> tuple[Reason, ...]:
    """Why two figures are set side by side."""
    bad = any(word in unit.casefold() for word in _COUNTED)
    weight, text = _DIFFERS[difference.kind]
    reasons = [
        Reason(points=weight, text=text),
        Reason(points=1.5 if bad else 0, text="counts people who came to harm"),
        Reason(points=1.0 if top else 0, text="about a top story"),
    ]
    return _telling_reasons(reasons)


def weight_of_office(office: str) -> float:
    """3 for heads of state and government, ministers and their like, less for their deputies and for other offices."""
    if not office:
        return 0.0
    if _HEADS.search(office):
        return 2.0 if _LESSER.search(office) else 3.0
    return 1.0 if _LESSER.search(office) else 1.5


def office_of(person: Person | None, *, day: date) -> str:
    """The office somebody was last seen in by that day, the present ones first: ``Foreign Minister, Turkey``.

    Of those of the last days the one that most wordings agree on: one slip of a reader must not depose a president.
    """
    seen = [role for role in person.roles if role.day <= day and not _NO_OFFICE.search(role.title)] if person else []
    present = [role for role in seen if not role.former] or seen
    newest = max((role.day for role in present), default=day)
    told = [role for role in present if role.day >= newest - _LATELY]
    placed = {role.title.casefold() for role in told if role.of}
    told = [role for role in told if role.of or role.title.casefold() not in placed]
    kinds = Counter(_kind_of(role.title) for role in told)
    best = max(
        told,
        key=lambda role: (
            kinds[_kind_of(role.title)],
            not _ACTS.match(role.title),
            role.day,
            bool(role.of),
            -role.fact_id,
        ),
        default=None,
    )
    if best is None:
        return ""
    text = f"{best.title}, {best.of}" if best.of else best.title
    return f"former {text}" if best.former and not text.casefold().startswith(("former", "ex-")) else text


def _kind_of(title: str) -> str:
    return title.casefold().rsplit(" ", 1)[-1]


def is_old(found: Found) -> bool:
    """Whether something was said long before its article, as far as what stands around it tells: "said in March"."""
    fact = found.fact
    assert isinstance(fact, Statement)
    day = found.source.published_day
    if fact.said_on is not None:
        return fact.said_on < day - OLD
    around = fact.quote.replace(fact.content.text, " … ")
    ranges = (day_range(time.value, today=day) for time in find(around, today=day) if time.type == "DATE")
    return any(days is not None and days[1] < day - OLD for days in ranges)


def novelty(text: str, earlier: Sequence[str]) -> float:
    """How much of what is said was not said before by the same person: 0 to 1."""
    mine = telling_words(text)
    if not mine:
        return 0.0
    return 1 - max((len(mine & telling_words(each)) / len(mine) for each in earlier), default=0.0)


@lru_cache(maxsize=4096)
def telling_words(text: str) -> frozenset[str]:
    """The words that carry meaning, as far as their length tells."""
    return frozenset(word for word in tokens(text) if len(word) > 3 or word.isdigit())


def binding_of(statement: Found, facts: Sequence[Found]) -> frozenset[str]:
    """The kinds of the commitments that stand within a statement."""
    fact = statement.fact
    return frozenset(
        each.fact.type
        for each in facts
        if isinstance(each.fact, Commitment)
        and each.source.article_id == statement.source.article_id
        and each.fact.start < fact.end
        and fact.start < each.fact.end
    )


def _speaker(found: Found) -> str:
    speaker = speaker_of(found.fact)
    return speaker.name if speaker and speaker.entity is not None and is_named(speaker) else ""


def _is_due(found: Found, today: date) -> bool:
    return isinstance(found.fact, Deadline | Event) and found.fact.due_to > today


def _telling_reasons(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Those that count, the weightiest first."""
    return tuple(sorted((each for each in reasons if abs(each.points) >= 0.05), key=lambda each: -abs(each.points)))


def _count(number: int, what: str, one: str, many: str) -> str:
    return f"{number} {what} {one}".rstrip() if number == 1 else f"{number} {what}s {many}".rstrip()
