"""Proposals of each kind, made into facts or refused: what a model says must be what the sentence is built to say.

Names are those our reading knows, days those our grammar reads, numbers those of ``digests.text.numbers``. Between the
stretches that a model names only words may stand that join them; any word elsewhere that turns the sentence refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from digests.ingest.proposing.ground import Ground, Refused, Stretch, covers, overlap, within
from digests.ingest.proposing.joins import CONFIDENCE, OF, OFFICES, VERBS, alone, apart, short, unturned
from digests.ingest.proposing.statements import statement
from digests.model import Boundary, Deadline, Event, Fact, Figure, Role, Statement, TimeExpression
from digests.text import dates
from digests.text.folding import fold
from digests.text.numbers import Number, numbers
from digests.text.wordlist import words

_MUST = words(
    "must shall will should has have had until to be is are was were been required ordered told given obliged agreed",
    "promised pledged vowed threatened needs need bound due the a",
)
_BINDING = _MUST - words("will to be is are was were been the a has have had due until")
_HAS_TO = re.compile(r"\b(?:has|have|had) to\b")
_JOINS_TIME = words("by before until on from the of no later than at end within in")
_JOINS_OFFICE = words("the a an is its their our his her currently country's")
_FORMER = words(
    "former ex late acting then interim designate elect caretaker outgoing incoming candidate", "will become successor"
)
_LESSER = words("deputy vice assistant under junior shadow")
_GOES_ON = words("of for to at in on and from with who since")
_NO_UNIT = words(
    "the a an of in on at to and or are is was were this that these those them they it by from with per as for than",
    "number total more less fewer other others",
)


def deadline(ground: Ground, given: Mapping[str, Stretch]) -> Deadline:
    """Somebody must do something, or binds himself to, by a day that the grammar reads. Raises ``Refused``."""
    actor, action, time = given["actor"], given["action"], given["time"]
    who = ground.mention_at(actor, called="actor")
    apart(actor, action)
    apart(action, time)
    read = _time(ground, time)
    known: list[Deadline | Event] = [*ground.facts(Deadline), *ground.facts(Event)]
    if any(overlap((each.time.start, each.time.end), time) for each in known):
        raise Refused("the grammar reads this day")
    if not actor[1] <= action[0] or not set(ground.between(actor, action)) <= _MUST:
        raise Refused("it is not said that this one must do it")
    alone(ground, actor, since=max(ground.start, time[1] if time < actor else 0))
    bound = (actor[1], action[0])
    if set(ground.words(*action)[:1]) & OF:
        raise Refused("what is to be done does not begin there")
    joins = ground.between(actor, action)
    if not _BINDING & set(joins) and not _HAS_TO.search(" ".join(joins)):
        raise Refused("nothing binds anybody to it")
    _timed(ground, actor, action, time)
    unturned(ground, [action, time], but=words("must shall will should"))
    due = _due(read, ground.article.published_day)
    boundary = _boundary(ground, time, read)
    return Deadline(
        evidence=ground.evidence,
        summary=short(f"{who.name}: {ground.text[slice(*action)]}, {boundary} {due.day} {due:%b %Y}"),
        said_by=ground.said_by(action, but=[bound]),
        due_from=due,
        due_to=due,
        boundary=boundary,
        actor=ground.actor(actor, who),
        action=ground.span(action),
        time=ground.span((read.start, read.end)),
        origin="model",
        confidence=CONFIDENCE,
    )


def role(ground: Ground, given: Mapping[str, Stretch]) -> Role:
    """Somebody named holds an office that stands right beside the name. Raises ``Refused``."""
    name, title = given["name"], _bare(ground, given["title"])
    who = ground.mention_at(name, called="name")
    apart(name, title)
    said = ground.text[slice(*title)]
    if who.type != "person" or who.kind != "name":
        raise Refused("not a person's name")
    if not _is_office(said):
        raise Refused("no office")
    after = re.match(r"\s+([^\W_]+)", ground.text[title[1] : ground.end])
    if title > name and after and after[1].lower() not in _GOES_ON:
        raise Refused("cuts an office")
    if any(each.entity == who.entity and _same_office(each.title, said) for each in _roles(ground)):
        raise Refused("the grammar reads this office")
    first, second = sorted([name, title])
    between = set(ground.between(first, second))
    if not between <= _JOINS_OFFICE or (not between and first == name and ground.text[name[1] : title[0]] != ", "):
        raise Refused("the office does not stand beside the name")
    near = (first[0] - 2, second[1] + 2)
    if any(each.entity != who.entity and overlap((each.start, each.end), near) for each in ground.mentions()):
        raise Refused("the office may be that of somebody else beside it")
    unturned(ground, [title])
    beside = {*ground.words(max(ground.start, first[0] - 24), first[0]), *between}
    if (_FORMER | _LESSER) & beside or _FORMER & set(fold(said).split()):
        raise Refused("an office that may be over, or not begun")
    return Role(
        evidence=ground.evidence,
        summary=short(f"{who.name}, {said}"),
        said_by=ground.said_by((first[0], second[1])),
        name=who.name,
        title=said,
        mention=ground.span((first[0], second[1])),
        entity=who.entity,
        origin="model",
        confidence=CONFIDENCE,
    )


def figure(ground: Ground, given: Mapping[str, Stretch]) -> Figure:
    """A number as the grammar of numbers reads it, and the words counted right after it. Raises ``Refused``."""
    named, unit = given["number"], given["unit"]
    number = _number(ground, named)
    at = (ground.start + number.start, ground.start + number.end)
    if any(overlap((each.number.start, each.number.end), at) for each in ground.facts(Figure)):
        raise Refused("the grammar reads this number")
    if number.bare_year or number.rate:
        raise Refused("a year, or so much a time")
    counted = ground.text[slice(*unit)]
    if not within(unit, [at]) and _NO_UNIT & set(counted.lower().split()):
        raise Refused("nothing that can be counted")
    if within(unit, [at]) and not number.unit:
        raise Refused("the number itself is not what is counted")
    if not counted.replace(" ", "").replace("-", "").isalpha():
        raise Refused("nothing that can be counted")
    if not within(unit, [at]) and ground.text[at[1] : unit[0]] not in (" ", "-", " of "):
        raise Refused("the number does not count this")
    unturned(ground, [at])
    return Figure(
        evidence=ground.evidence,
        summary=short(ground.sentence),
        said_by=ground.said_by(at),
        number=ground.span(at),
        value=number.value,
        low=number.low,
        high=number.high,
        qualifier=number.qualifier,
        unit=number.unit or counted.lower(),
        origin="model",
        confidence=CONFIDENCE,
    )


KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[Ground, Mapping[str, Stretch]], Fact]]] = {
    "statements": (("speaker", "content"), statement),
    "deadlines": (("actor", "action", "time"), deadline),
    "roles": (("name", "title"), role),
    "figures": (("number", "unit"), figure),
}
"""What a model is asked for: the fields of each kind, and who makes a fact of them."""


def _time(ground: Ground, stretch: Stretch) -> TimeExpression:
    """The one time that the grammar reads in these words."""
    found = [each for each in ground.times() if within((each.start, each.end), [stretch])]
    if len(found) != 1 or not set(ground.words(stretch[0], found[0].start)) <= _JOINS_TIME:
        raise Refused("no day that the grammar reads")
    return found[0]


def _timed(ground: Ground, actor: Stretch, action: Stretch, time: Stretch) -> None:
    """Refuse a day that does not bound the action: one that follows it, or opens the sentence before who must act."""
    after = action[1] <= time[0] and set(ground.between(action, time)) <= _JOINS_TIME
    opens = time[1] <= actor[0] and set(ground.between(time, actor)) <= {"the"}
    if not after and not opens:
        raise Refused("the day belongs to something else")


def _due(time: TimeExpression, today: date | None) -> date:
    if today is None:
        raise Refused("no day of publication")
    if time.type == "DURATION" or time.value.startswith("P"):
        due = dates.after(today, time.value)
    else:
        days = dates.day_range(time.value, today=today)
        due = days[1] if days else None
    if due is None or due < today or due > today + timedelta(days=3660):
        raise Refused("no day that is still ahead")
    return due


_BOUNDARIES: Mapping[str, Boundary] = {
    "by": "by",
    "than": "by",
    "within": "by",
    "before": "before",
    "until": "until",
}


def _boundary(ground: Ground, stretch: Stretch, time: TimeExpression) -> Boundary:
    """By the words before the day."""
    lead = ground.words(max(ground.start, stretch[0] - 24), time.start)[-4:]
    return next((_BOUNDARIES[word] for word in reversed(lead) if word in _BOUNDARIES), "on")


def _bare(ground: Ground, title: Stretch) -> Stretch:
    """An office without the article before it."""
    article = re.match(r"(?:the|a|an)\s+", ground.text[slice(*title)], re.IGNORECASE)
    return (title[0] + article.end(), title[1]) if article else title


def _is_office(said: str) -> bool:
    """Whether the words, up to what the office is of, end with a noun for one."""
    if not re.fullmatch(r"[\w'’. -]+", said) or fold(said).split()[-1] in _GOES_ON or VERBS & set(fold(said).split()):
        return False
    head = re.split(r"\s(?:of|for|to|at|in)\s", said, maxsplit=1)[0]
    return bool(fold(head)) and fold(head).split()[-1] in OFFICES


def _roles(ground: Ground) -> list[Role]:
    """Every office the grammar read in the article."""
    return [each for each in ground.extraction.facts if isinstance(each, Role)]


def _same_office(one: str, other: str) -> bool:
    mine, theirs = set(fold(one).split()), set(fold(other).split())
    return mine <= theirs or theirs <= mine


def _number(ground: Ground, stretch: Stretch) -> Number:
    """The number that the sentence gives at these words, with the qualifier before it."""
    at = ground.start
    for each in numbers(ground.sentence):
        if covers((at + each.start, at + each.end), stretch) and overlap((at + each.core, at + each.end), stretch):
            return each
    raise Refused("no number that the grammar reads")


def key_of(fact: Fact) -> tuple[object, ...]:
    """What makes two proposals one."""
    match fact:
        case Statement():
            return fact.kind, fact.start, fact.speaker and fact.speaker.entity
        case Role():
            return fact.kind, fact.entity
        case Figure():
            return fact.kind, fact.number.start
        case Deadline():
            return fact.kind, fact.time.start
    return fact.kind, fact.start
