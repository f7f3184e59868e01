"""The plain frozen data that crosses borders.

Offsets count Unicode code points in ``Article.text`` (the whole decoded source), end exclusive. Days are
``datetime.date`` as printed by the publisher; moments end in ``_at`` and are timezone-aware. Ids are integers given by
the store; 0 means "not stored yet". ``entity`` is an article-local (or run-local) id until a store saves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, ClassVar, Literal

PartKind = Literal["headline", "byline", "dateline", "credit", "heading", "body", "trailer"]
EntityType = Literal["person", "organisation", "place"]
MentionKind = Literal["name", "nominal", "pronoun"]
TimeType = Literal["DATE", "TIME", "DURATION", "SET"]
Style = Literal["direct", "mixed", "indirect"]
Boundary = Literal["by", "before", "on", "until", "from"]
CommitmentType = Literal["promise", "threat", "demand", "offer"]
Qualifier = Literal["exact", "more_than", "less_than", "about", "at_least", "at_most", "range"]
Status = Literal["standing", "corrected", "retracted"]
FactOrigin = Literal["grammar", "model", "editor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of an article's text: ``article.text[start:end] == text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor(Span):
    """A mention of somebody who speaks or acts. ``name`` is canonical; ``stands_for``: the Kremlin -> Russia."""

    name: str
    entity: int | None = None
    stands_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate(Span):
    lemma: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of the source by what it is; parts do not overlap and are in text order."""

    kind: PartKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of one article.

    ``published_day`` is the day as printed (what "today" means in it). ``text`` is the whole decoded source with NUL
    and lone surrogates replaced one for one; ``parts`` tell headline, byline, credits, headings, body apart.
    """

    text: str
    parts: tuple[Part, ...]
    content_hash: str
    title: str = ""
    byline: str = ""
    publisher: str = ""
    url: str = ""
    canonical_url: str = ""
    published_day: date | None = None
    published_at: datetime | None = None
    language: str = "en"
    id: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words a fact rests on: ``article.text[start:end] == quote``, checked on save and again on render."""

    start: int
    end: int
    quote: str
    article_id: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression(Span):
    """A temporal expression; ``value`` and ``mod`` as in TIMEX3."""

    type: TimeType
    value: str
    mod: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Span):
    """One mention of a person, organisation or place; ``name`` is canonical in the article."""

    kind: MentionKind
    type: EntityType
    name: str
    entity: int
    stands_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every kind of fact has. ``evidence[0]`` is the fact's own stretch; more may follow (a role's country)."""

    kind: ClassVar[str]

    evidence: tuple[Evidence, ...]
    summary: str
    said_by: Actor | None = None
    status: Status = "standing"
    origin: FactOrigin = "grammar"
    confidence: float = 1.0
    id: int = 0

    @property
    def start(self) -> int:
        return self.evidence[0].start

    @property
    def end(self) -> int:
        return self.evidence[0].end

    @property
    def quote(self) -> str:
        return self.evidence[0].quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Fact):
    """Who said what. ``said_by`` equals ``speaker``. ``content`` includes quotation marks, never a leading "that"."""

    kind: ClassVar[str] = "statement"
    speaker: Actor | None
    cue: Span | None
    content: Span
    content_spans: tuple[Span, ...] = ()
    style: Style
    said_on: date | None = None
    said_to: str | None = None
    where: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Fact):
    """A named person and an office. ``mention``: the smallest stretch that holds name and title."""

    kind: ClassVar[str] = "role"
    name: str
    title: str
    of: str | None = None
    former: bool = False
    mention: Span
    entity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Fact):
    """Class D: someone must, threatens or promises by then. ``due_from`` = ``due_to`` = last day of the period."""

    kind: ClassVar[str] = "deadline"
    due_from: date
    due_to: date
    boundary: Boundary
    class_: Literal["D", "S", "E"] = "D"
    actor: Actor | None = None
    action: Span | None = None
    condition: Span | None = None
    time: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Fact):
    """Class S (scheduled) or E (a state starts or ends)."""

    kind: ClassVar[str] = "event"
    due_from: date
    due_to: date
    boundary: Boundary
    class_: Literal["D", "S", "E"] = "S"
    actor: Actor | None = None
    action: Span | None = None
    condition: Span | None = None
    time: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Fact):
    kind: ClassVar[str] = "commitment"
    type: CommitmentType
    actor: Actor
    target: Actor | None = None
    action: Span
    condition: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Fact):
    """A number that counts or measures: ``value``, or ``low``/``high`` for a range or a vague plural."""

    kind: ClassVar[str] = "figure"
    number: Span
    value: float | None = None
    low: float | None = None
    high: float | None = None
    qualifier: Qualifier
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening(Fact):
    """Who did what to whom, where, when. ``when`` is a TIMEX3 value."""

    kind: ClassVar[str] = "happening"
    predicate: Predicate
    agent: Actor | None = None
    patient: Actor | None = None
    where: str | None = None
    when: str | None = None
    negated: bool = False
    reported: bool = False


FACT_CLASSES: tuple[type[Fact], ...] = (Statement, Role, Deadline, Event, Commitment, Figure, Happening)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was read from one article."""

    times: tuple[TimeExpression, ...] = ()
    people: tuple[Mention, ...] = ()
    facts: tuple[Fact, ...] = ()


def with_entities(extraction: Extraction, mapping: Mapping[int, int]) -> Extraction:
    """The extraction with its entity ids replaced by those of ``mapping``; an id that is not in it becomes no entity.

    A mention always has an entity: one that ``mapping`` does not name is left out.
    """
    return replace(
        extraction,
        people=tuple(replace(m, entity=mapping[m.entity]) for m in extraction.people if m.entity in mapping),
        facts=tuple(_remapped(fact, mapping) for fact in extraction.facts),
    )


def _remapped(fact: Fact, mapping: Mapping[int, int]) -> Fact:
    changes: dict[str, Any] = {}
    for each in fields(fact):
        value = getattr(fact, each.name)
        if isinstance(value, Actor) and value.entity is not None:
            changes[each.name] = replace(value, entity=mapping.get(value.entity))
        elif each.name == "entity" and value is not None:
            changes["entity"] = mapping.get(value)
    return replace(fact, **changes) if changes else fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRole:
    """An office somebody was said to hold, with the day and the fact it was seen in."""

    title: str
    of: str | None
    former: bool
    day: date
    fact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person or organisation known over articles."""

    id: int
    name: str
    type: EntityType = "person"
    aliases: tuple[str, ...] = ()
    roles: tuple[SeenRole, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameKeys:
    """Under which keys somebody is looked up: two spellings of one name share at least one. Linking makes them."""

    type: EntityType
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The head of the article a fact comes from: what a line shows beside the fact."""

    article_id: int
    title: str
    publisher: str
    byline: str
    url: str
    published_day: date
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A stored fact and where it stands."""

    fact: Fact
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles about one thing, over days. ``origins``: whose texts they are, the most copied first."""

    id: int
    first_day: date
    last_day: date
    articles: int
    outlets: int
    origins: tuple[str, ...]
    newest: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story and whose text it is: an agency's, another outlet's that it copies, or its own."""

    source: Source
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An article with the story it belongs to and whose text it is."""

    source: Source
    story_id: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOf:
    """Whose words an article mostly is. ``share``: of its runs of four words, how many stand there, 0 to 1."""

    source: Source
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FactQuery:
    """Which facts; every condition given must hold. Days are inclusive.

    ``about``: words that must all occur (folded, singular or plural) in the fact's summary, quote, names or its
    article's title.
    ``story_id``: of any of the story's articles. ``articles``: of any of these.
    ``entities``: said by, acting, or holding the role; ``said_by``: only as the speaker. ``since``/``until``: day of
    publication (``said_on`` where known). ``due_since``/``due_until``: overlap with the due days.
    """

    kinds: tuple[str, ...] = ()
    about: str = ""
    entities: tuple[int, ...] = ()
    said_by: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    due_since: date | None = None
    due_until: date | None = None
    article_id: int | None = None
    story_id: int | None = None
    articles: tuple[int, ...] = ()
    order: Literal["newest", "oldest", "due", "due_latest"] = "newest"
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    articles: int = 0
    facts: int = 0
    people: int = 0
    stories: int = 0
    by_kind: tuple[tuple[str, int], ...] = field(default=())
    newest_day: date | None = None
    oldest_day: date | None = None
