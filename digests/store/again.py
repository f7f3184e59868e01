"""A new version of an article: which of its facts stand again, and what of an editor's words outlives the change.

The same words say the same fact even where its one line is put otherwise now. What an editor retracted stays retracted;
what an editor corrected stays corrected for as long as the words it rests on stand in the article, wherever they moved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from digests.model import Article, Deadline, Event, Evidence, Fact, Role, Span
from digests.store.codec import FIELDS, fact_from
from digests.store.edits import load_history
from digests.store.fact_rows import put_in, take_out
from digests.store.moved import moved, says
from digests.store.people import roles_again

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

Reading = tuple[str, str]
"""A fact's quote and one line."""
_BOOKKEEPING = frozenset({"id", "status", "origin", "confidence", "evidence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact of the article as it was. ``readings``: all that was ever read for it, by grammar and by editors.

    ``read``: as it was before the first editor spoke; None where none did.
    """

    fact: Fact
    readings: frozenset[Reading]
    read: Fact | None = None

    @property
    def retracted(self) -> bool:
        return self.fact.status == "retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """``kept``: positions of the new facts that keep a number; ``retracted``: positions that are not to be shown.

    ``moved``: of the numbers that are kept those due on another day now, with their rows until then.
    """

    kept: Mapping[int, int] = field(default_factory=dict)
    spoken: frozenset[int] = frozenset()
    """Positions in whose place an editor's words stand, or nothing."""
    retracted: frozenset[int] = frozenset()
    moved: Mapping[int, Row] = field(default_factory=dict)


def stand_again(connection: Connection, article: Article, facts: Sequence[Fact]) -> Again:
    """Settle what becomes of the facts of the last version; ``facts`` are read from the new one and not saved yet."""
    known = _known(connection, article.id)
    meant = pair(known, facts)
    by_id = {each.fact.id: each for each in known}
    partners = {fact_id: facts[at] for at, fact_id in meant.items()}
    shifted = _shifted_days(known, meant, facts, article)
    kept = {at: fact_id for at, fact_id in meant.items() if by_id[fact_id].read is None} | shifted
    renewed = set(kept.values())
    settled: list[Fact] = []
    for each in known:
        if each.fact.status == "standing":
            take_out(connection, each.fact.id)
        if each.retracted or each.fact.id in renewed:
            continue
        settled.append(each.fact)
        carried = carry(each, partners.get(each.fact.id), article.text) if each.read else None
        if carried is not None:
            settled.append(carried)
            put_in(connection, carried, each.fact.id, article=article, known=True)
        else:
            connection.execute("UPDATE facts SET status = 'corrected' WHERE id = ?", (each.fact.id,))
    roles_again(connection, [each for each in settled if isinstance(each, Role)])
    spoken = frozenset(meant) - frozenset(kept)
    return Again(
        kept=kept,
        spoken=spoken,
        retracted=frozenset(at for at in spoken if by_id[meant[at]].retracted),
        moved=_rows(connection, [fact_id for at, fact_id in kept.items() if _is_moved(by_id[fact_id].fact, facts[at])]),
    )


def _is_moved(one: Fact, other: Fact) -> bool:
    """Whether a fact that keeps its number is due on another day; one that stood no more only comes back."""
    if not isinstance(one, Deadline | Event) or not isinstance(other, Deadline | Event) or one.status != "standing":
        return False
    return (one.due_from, one.due_to) != (other.due_from, other.due_to)


def _rows(connection: Connection, numbers: Sequence[int]) -> dict[int, Row]:
    found = (connection.execute("SELECT * FROM facts WHERE id = ?", (each,)).fetchone() for each in numbers)
    return {row["id"]: row for row in found}


def _shifted_days(
    known: Sequence[Known], meant: Mapping[int, int], facts: Sequence[Fact], article: Article
) -> dict[int, int]:
    """Which new facts are deadlines that moved. What an editor spoke on goes with the words it rests on."""
    standing = [each for each in known if not each.retracted and each.fact.status == "standing"]
    same = set(meant.values())
    gone = {
        each.fact.id: each.read is None and each.fact.id not in same and not says(article.text, each.fact.quote)
        for each in standing
    }
    assert article.published_day is not None, "checked before the transaction"
    return moved([each.fact for each in standing], facts, gone=gone, today=article.published_day)


def pair(known: Sequence[Known], facts: Sequence[Fact]) -> dict[int, int]:
    """Which known fact each new one is: position -> number. Pure.

    One to one: first the same words and line, then the same words, then, of what editors spoke on, the same line.
    Whatever else says a line that was retracted is that fact, too.
    """
    meant: dict[int, int] = {}
    for same, candidates in ((_all, known), (_quote, known), (_line, [each for each in known if each.read])):
        _pair(meant, same, candidates, facts)
    lines = {(each.fact.kind, line): each.fact.id for each in known if each.retracted for _, line in each.readings}
    return {
        at: fact_id
        for at, fact in enumerate(facts)
        if (fact_id := meant.get(at) or lines.get((fact.kind, fact.summary)))
    }


def _all(reading: Reading) -> tuple[str, ...]:
    return reading


def _quote(reading: Reading) -> tuple[str, ...]:
    return reading[:1]


def _line(reading: Reading) -> tuple[str, ...]:
    return reading[1:]


def _pair(
    meant: dict[int, int],
    same: Callable[[Reading], tuple[str, ...]],
    candidates: Sequence[Known],
    facts: Sequence[Fact],
) -> None:
    waiting: dict[tuple[str, ...], list[int]] = {}
    for each in candidates:
        if each.fact.id not in meant.values():
            for key in {same(reading) for reading in each.readings}:
                waiting.setdefault((each.fact.kind, *key), []).append(each.fact.id)
    taken = set(meant.values())
    for at, fact in enumerate(facts):
        ids = [each for each in waiting.get((fact.kind, *same((fact.quote, fact.summary))), ()) if each not in taken]
        if ids and at not in meant:
            meant[at] = ids[0]
            taken.add(ids[0])


def carry(known: Known, now: Fact | None, text: str) -> Fact | None:
    """An editor's fact on a new text, or None where its words are gone; ``now``: what is read in its place there."""
    fact, read = known.fact, known.read
    assert read is not None
    moved = _moved(fact, text)
    if moved is not None or now is None:
        return moved
    if [each.quote for each in fact.evidence] != [each.quote for each in read.evidence]:
        return None  # the editor's own choice of words, and they are gone
    said = {
        name: getattr(fact, name)
        for name in FIELDS[type(fact)]
        if name not in _BOOKKEEPING and not _alike(getattr(fact, name), getattr(read, name))
    }
    if any(type(value) is Span and value.text not in now.quote for value in said.values()):
        return None
    placed: dict[str, Any] = {
        name: _nearest(value, now, text) if isinstance(value, Span) else value for name, value in said.items()
    }
    return replace(now, **placed, origin=fact.origin, confidence=fact.confidence)


def _alike(one: Any, other: Any) -> bool:
    """Whether two values say the same, wherever in the text they stand."""
    if isinstance(one, Span) and isinstance(other, Span):
        return replace(one, start=0, end=0) == replace(other, start=0, end=0)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _nearest(span: Span, now: Fact, text: str) -> Span:
    """The span's words as they stand in the new evidence; a name that is no word of it is put at its beginning."""
    at = text.find(span.text, now.start, now.end) if span.text else -1
    if at < 0:
        return replace(span, start=now.start, end=now.start, text="")
    return replace(span, start=at, end=at + len(span.text))


def _moved(fact: Fact, text: str) -> Fact | None:
    """The fact with all offsets where its words stand now."""
    evidence = []
    for each in fact.evidence:
        start = near(text, each.quote, each.start)
        if start is None:
            return None
        evidence.append(Evidence(start=start, end=start + len(each.quote), quote=each.quote))
    shifts = [(old.start, old.end, new.start - old.start) for old, new in zip(fact.evidence, evidence, strict=True)]
    changes: dict[str, Any] = {"evidence": tuple(evidence), "status": "standing"}
    for name in FIELDS[type(fact)]:
        value = getattr(fact, name)
        if isinstance(value, Span):
            changes[name] = _shifted(value, shifts)
        elif name == "content_spans":
            changes[name] = tuple(_shifted(span, shifts) for span in value)
    return replace(fact, **changes)


def _shifted(span: Span, shifts: Sequence[tuple[int, int, int]]) -> Span:
    by = next((by for start, end, by in shifts if start <= span.start and span.end <= end), shifts[0][2])
    start = max(0, span.start + by)
    return replace(span, start=start, end=start + len(span.text))


def near(text: str, words: str, position: int) -> int | None:
    """Where ``words`` stand in ``text``, of several places the nearest to ``position``; None where nowhere."""
    before = text.rfind(words, 0, position + len(words))
    after = text.find(words, position)
    found = [each for each in (before, after) if each >= 0]
    return min(found, key=lambda each: abs(each - position), default=None)


def _known(connection: Connection, article_id: int) -> list[Known]:
    """The standing facts, and all that an editor spoke on, standing or not."""
    rows = connection.execute(
        "SELECT * FROM facts WHERE article_id = ? AND (status = 'standing'"
        " OR id IN (SELECT fact_id FROM fact_edits WHERE fact_id = facts.id)) ORDER BY id",
        (article_id,),
    ).fetchall()
    history = load_history(connection, [row["id"] for row in rows])
    found = []
    for row in rows:
        fact, edits = fact_from(row), history.get(row["id"], [])
        told = [fact, *(edit.before for edit in edits)]
        readings = frozenset((each.quote, each.summary) for each in told)
        spoken = [edit for edit in edits if edit.kind != "move"]
        found.append(Known(fact=fact, readings=readings, read=spoken[0].before if spoken else None))
    return found
