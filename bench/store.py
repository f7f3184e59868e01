"""A database full of made-up facts, and what the queries behind the commands cost on it.

``fill(path, facts)`` writes through the store's own saving code, with durability off and the search tables built at the
end: a million facts take some minutes of one core. Run it with ``python -m bench.store PATH [FACTS]``.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from digests.model import (
    Actor,
    Article,
    Commitment,
    Deadline,
    Event,
    Evidence,
    Extraction,
    Fact,
    FactQuery,
    Figure,
    Mention,
    Part,
    Role,
    Span,
    Statement,
)
from digests.store.migrations import FACTS
from digests.store.people import find_people
from digests.store.queries import article_sql, fact_sql
from digests.store.saving import save
from digests.store.search import Fts5
from digests.store.sqlite.opening import prepare
from digests.text.names import name_key

if TYPE_CHECKING:
    from sqlite3 import Connection

FIRST_DAY = date(2018, 1, 1)
DAYS = 1000
PEOPLE = 20_000
FACTS_AN_ARTICLE = 20
_SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ra",
    "te",
    "su",
    "vo",
    "ni",
    "dra",
    "sen",
    "gol",
    "bar",
    "tim",
    "ul",
    "fe",
    "por",
    "zan",
)
_VERBS = ("said", "warned", "denied", "claimed", "confirmed", "announced")
_UNITS = ("soldiers", "refugees", "houses", "votes", "tonnes", "jobs")


class World:
    """Names and words, some of them very common: the n-th is met n times as rarely as the first."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.words = sorted({self._word(3) for _ in range(8000)})
        self.chance.shuffle(self.words)
        self.people = [f"{self._word(2).title()} {self._word(3).title()}" for _ in range(PEOPLE)]

    def _word(self, syllables: int) -> str:
        return "".join(self.chance.choice(_SYLLABLES) for _ in range(syllables))

    def often(self, size: int) -> int:
        """A number below ``size``, small ones often (Zipf)."""
        return min(int(size ** self.chance.random()) - 1, size - 1)

    def some_words(self, count: int) -> str:
        return " ".join(self.words[self.often(len(self.words))] for _ in range(count))


def fill(path: Path, facts: int, *, progress: Callable[[int, int], None] | None = None) -> None:
    """A new database with at least ``facts`` facts over ``DAYS`` days; everything in it is made up."""
    connection = prepare(path, [FACTS])
    try:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        triggers = _without_triggers(connection)
        world = World()
        ids: dict[int, int] = {}
        for at in range(0, facts, FACTS_AN_ARTICLE):
            if at % (FACTS_AN_ARTICLE * 500) == 0:
                _commit(connection)
                if progress is not None:
                    progress(at, facts)
            day = FIRST_DAY + timedelta(days=at * DAYS // facts)
            _save_one(connection, world, at, day, ids)
        _commit(connection)
        for table in ("fact_search", "due_search", "article_search"):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
        for trigger in triggers:
            connection.execute(trigger)
        connection.execute("ANALYZE")
        connection.execute("COMMIT")
    finally:
        connection.close()


def _without_triggers(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE '%_words'"
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in rows]


def _commit(connection: Connection) -> None:
    if connection.in_transaction:
        connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")


def _save_one(connection: Connection, world: World, number: int, day: date, ids: dict[int, int]) -> None:
    """One article; ``ids`` (number in the world -> id in the database) takes the linker's place."""
    local: dict[int, int] = {}
    text, extraction = made_up(world, number, day)
    for mention in extraction.people:
        if mention.entity in ids:
            local[mention.entity] = ids[mention.entity]
    article = Article(
        text=text,
        parts=(Part(kind="body", start=0, end=len(text)),),
        content_hash=f"made up {number}",
        title=f"{world.some_words(6)} {number}",
        publisher="example.org",
        canonical_url=f"https://example.org/{number}",
        published_day=day,
    )
    save(connection, article, extraction, links=local, keys={})
    for mention in extraction.people:
        if mention.entity not in ids:
            key = name_key(mention.name)
            row = connection.execute("SELECT person_id FROM person_names WHERE name_key = ?", (key,)).fetchone()
            ids[mention.entity] = row[0]


def made_up(world: World, number: int, day: date) -> tuple[str, Extraction]:
    """A text of ``FACTS_AN_ARTICLE`` sentences, one fact each, and what was read from it."""
    facts: list[Fact] = []
    people: list[Mention] = []
    lines: list[str] = []
    at = 0
    for turn in range(FACTS_AN_ARTICLE):
        entity = world.often(PEOPLE)
        sentence = f"{world.people[entity]} {world.chance.choice(_VERBS)} {world.some_words(10)} on {number} {turn}."
        facts.append(_fact(world, turn, entity, sentence, at, day))
        name = world.people[entity]
        people.append(
            Mention(start=at, end=at + len(name), text=name, kind="name", type="person", name=name, entity=entity)
        )
        lines.append(sentence)
        at += len(sentence) + 1
    return "\n".join(lines), Extraction(people=tuple(people), facts=tuple(facts))


def _fact(world: World, turn: int, entity: int, sentence: str, at: int, day: date) -> Fact:
    words = sentence.split(" ")
    name = world.people[entity]
    actor = Actor(start=at, end=at + len(name), text=name, name=name, entity=entity)
    rest = Span(start=at + len(name) + 1, end=at + len(sentence), text=sentence[len(name) + 1 :])
    evidence = (Evidence(start=at, end=at + len(sentence), quote=sentence),)
    summary = f"{name}: {' '.join(words[3:9])}"
    if turn % 20 < 10:
        return Statement(
            evidence=evidence, summary=summary, said_by=actor, speaker=actor, cue=None, content=rest, style="indirect"
        )
    if turn % 20 < 15:
        unit = world.chance.choice(_UNITS)
        return Figure(
            evidence=evidence,
            summary=summary,
            said_by=actor,
            number=rest,
            value=float(turn),
            qualifier="exact",
            unit=unit,
        )
    if turn % 20 < 17:
        return Role(
            evidence=evidence, summary=summary, name=name, title=words[5], of=words[6], mention=rest, entity=entity
        )
    if turn % 20 < 18:
        return Commitment(evidence=evidence, summary=summary, type="promise", actor=actor, action=rest)
    due = day + timedelta(days=world.chance.randrange(-5, 90))
    kind = Deadline if turn % 20 < 19 else Event
    return kind(
        evidence=evidence, summary=summary, due_from=due, due_to=due, boundary="by", actor=actor, action=rest, time=rest
    )


def queries(world: World, today: date) -> Iterator[tuple[str, Callable[[Connection], object]]]:
    """The queries behind each command, with common and rare names and words in turn."""
    for rank in (0, 1, 3, 10, 50, 300, 2000, 9000):
        name, word = world.people[rank], world.words[min(rank, len(world.words) - 1)]

        def who(connection: Connection, name: str = name) -> object:
            people = find_people(connection, [name.split()[-1]])
            return _facts(connection, FactQuery(entities=(people[0].id,), limit=10)) if people else None

        def said(connection: Connection, name: str = name, word: str = word) -> object:
            people = find_people(connection, [name.split()[-1]])
            query = FactQuery(kinds=("statement",), said_by=tuple(p.id for p in people[:1]), about=word, limit=6)
            return _facts(connection, query)

        def numbers(connection: Connection, word: str = word) -> object:
            return _facts(connection, FactQuery(kinds=("figure",), about=word, limit=50))

        def about(connection: Connection, word: str = word) -> object:
            return _facts(connection, FactQuery(about=word, limit=10))

        def latest(connection: Connection, word: str = word) -> object:
            return _articles(connection, word)

        def theirs(connection: Connection, name: str = name) -> object:
            people = find_people(connection, [name.split()[-1]])
            ids = tuple(p.id for p in people[:1])
            return _facts(connection, FactQuery(entities=ids, order="due", due_since=today, limit=6))

        yield "who", who
        yield "said about", said
        yield "numbers", numbers
        yield "about", about
        yield "latest about", latest
        yield "deadlines of", theirs

    def deadlines(connection: Connection) -> object:
        ahead = _facts(connection, FactQuery(kinds=("deadline",), order="due", due_since=today, limit=6))
        past = FactQuery(kinds=("deadline",), order="due_latest", due_until=today - timedelta(days=1), limit=6)
        return ahead, _facts(connection, past)

    yield "deadlines", deadlines
    yield "latest", lambda connection: _articles(connection, "")
    yield "evidence", lambda connection: connection.execute("SELECT * FROM facts WHERE id = 777").fetchall()


def _facts(connection: Connection, query: FactQuery) -> list[object]:
    asked = fact_sql(query, Fts5())
    return connection.execute(*asked).fetchall() if asked else []


def _articles(connection: Connection, word: str) -> list[object]:
    asked = article_sql(word, 10, 0, Fts5())
    return connection.execute(*asked).fetchall() if asked else []


def measure(path: Path, *, rounds: int = 30) -> dict[str, list[float]]:
    """Milliseconds of CPU of each query, by command; a first round warms the caches."""
    connection = prepare(path, [FACTS])
    took: dict[str, list[float]] = {}
    try:
        asked = list(queries(World(), FIRST_DAY + timedelta(days=DAYS - 30)))
        for at in range(rounds + 1):
            for name, ask in asked:
                start = time.process_time()
                ask(connection)
                if at:
                    took.setdefault(name, []).append(1000 * (time.process_time() - start))
    finally:
        connection.close()
    return took


def main(arguments: list[str]) -> int:
    path, facts = Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1_000_000
    if not path.exists():
        start = time.process_time()
        fill(path, facts)
        print(f"{facts:,} facts in {time.process_time() - start:.0f} s CPU, {path.stat().st_size / 1e6:,.0f} MB")
    for name, times in measure(path).items():
        cut = statistics.quantiles(times, n=100, method="inclusive")
        print(f"{name:14} p50 {cut[49]:7.3f} ms  p99 {cut[98]:7.3f} ms  worst {max(times):7.3f} ms CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
