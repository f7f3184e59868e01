"""What is looked at (a date in its clause) and what is made of it (a frame)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Token

from digests.extract.clauses import is_verb, root_of
from digests.extract.deadlines.lead import Lead
from digests.model import Boundary, TimeExpression
from digests.text import dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """``verb``: what is done; ``actor``: the head word of who does it, if the frame itself names it (gave X until).

    ``thing``: the noun that is due ("the deadline for *bids*") where ``names_action`` is false.
    """

    class_: str
    boundary: Boundary
    verb: Token
    actor: Token | None = None
    condition: Token | None = None
    thing: Token | None = None
    names_action: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One date under examination."""

    time: TimeExpression
    lead: Lead
    tokens: list[Token]
    verb: Token
    today: date

    @property
    def root(self) -> Token:
        return root_of(self.tokens)

    @property
    def days(self) -> tuple[date, date] | None:
        return dates.day_range(self.time.value, today=self.today)

    @property
    def is_duration(self) -> bool:
        return self.time.type == "DURATION"

    @property
    def is_counted_from_elsewhere(self) -> bool:
        """ "within a year *of* her election": from a day that is not named."""
        last = self.tokens[-1]
        return last.i + 1 < len(last.doc) and last.doc[last.i + 1].lower_ in ("of", "after")

    @property
    def has_begun(self) -> bool:
        """Whether the day or period named is today or holds it: "today", "this year"."""
        return self.days is not None and self.days[0] <= self.today <= self.days[1]

    @property
    def names_a_day(self) -> bool:
        return self.days is not None and self.days[0] == self.days[1]

    @property
    def is_ahead(self) -> bool:
        return self.is_duration or (self.days is not None and self.days[0] > self.today)


def finite(verb: Token) -> Token:
    """The verb whose gerund complement it is ("told them to *stop* shelling by Thursday"), or that is "as planned"."""
    while verb.tag_ == "VBG" and verb.dep_ == "xcomp" and is_verb(verb.head):
        verb = verb.head
    if verb.tag_ == "VBN" and verb.dep_ == "advcl" and any(kid.lower_ == "as" for kid in verb.children):
        verb = verb.head
    return verb
