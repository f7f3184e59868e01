"""What happened to what is kept: the record of changes, and editors' words on facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from digests.model import Fact

ChangeKind = Literal["new", "version", "moved", "correct", "retract"]
EditKind = Literal["correct", "retract", "move"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the record of changes, written with what it is about; ids grow in the order of the writes.

    ``new``: an article was saved; ``version``: another text of one; ``moved``: behind a version, that its fact
    ``fact_id`` is due on another day now; ``correct`` and ``retract``: an editor's word on the fact ``fact_id``
    (``by``: who, ``why``). ``before``: the fact's summary until then.
    ``day``: of the article's publication.
    ``first_fact``: of ``new`` and ``version``: the article's facts with this or a greater id did not exist before.
    """

    id: int
    kind: ChangeKind
    at: datetime
    article_id: int
    version: int = 1
    story_id: int = 0
    first_fact: int = 0
    fact_id: int | None = None
    day: date | None = None
    by: str = ""
    why: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An editor's word on a fact, kept for good. ``by``: who. ``after``: None when the fact was retracted.

    ``move``: nobody's word, but a new version of the article, by which the fact is due on another day.
    """

    id: int
    fact_id: int
    kind: EditKind
    at: datetime
    by: str
    why: str
    before: Fact
    after: Fact | None = None
