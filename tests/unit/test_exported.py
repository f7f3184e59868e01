"""Facts for other programs: nothing is left out, nothing comes twice, and no spreadsheet runs what a stranger wrote."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes.desk import ADMIN, SOMEBODY, Desk
from fakes.memory_store import MemoryStore
from fakes.records import deadline, figure, found, happening, role, statement
from hypothesis import given
from hypothesis import strategies as some
from telling import DAY, extraction, facts, telling

from bot.cli import cli
from digests.jsonl import exported
from digests.jsonl.exported import COLUMNS, as_object, every, safe, whole, windows
from digests.model import Counts, FactQuery, Found
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

EACH = [
    found(statement(1, "=HYPERLINK(1)", who="Fuat Oktay")),
    found(deadline(2, "leave", due=date(2020, 2, 29))),
    found(figure(3, "700,000", "people displaced", value=700_000.0)),
    found(happening(4, "Shells fell", negated=True)),
    found(role(5, "Fuat Oktay", "Vice President")),
]
DAYS = some.dates(date(2019, 12, 1), date(2020, 4, 1))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore(await SqliteDatabase.open(tmp_path / "own.db", [FACTS]))
    yield opened
    await opened.close()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_table_has_a_row_for_each_fact_of_every_kind() -> None:
    table = rows(whole("csv", EACH))
    assert [row["kind"] for row in table] == ["statement", "deadline", "figure", "happening", "role"]
    assert table[1]["due_to"] == "2020-02-29"
    assert (table[2]["value"], table[2]["unit"], table[2]["qualifier"]) == ("700000", "people displaced", "exact")
    assert table[3]["negated"] == "True"
    assert (table[4]["who"], table[4]["title"]) == ("Fuat Oktay", "Vice President")
    assert whole("csv", []).splitlines() == [",".join(COLUMNS)]


def test_what_strangers_write_is_no_formula() -> None:
    assert rows(whole("csv", EACH))[0]["quote"] == "'=HYPERLINK(1)"
    assert [safe(value) for value in ("+1", "@a", "-x", "\tx", "a=b", -5, 1.5, None)] == [
        *("'+1", "'@a", "'-x", "'\tx"),
        *("a=b", -5, 1.5, None),
    ]


def test_json_is_one_array_with_every_field() -> None:
    array = json.loads(whole("json", EACH))
    assert [each["id"] for each in array] == [1, 2, 3, 4, 5]
    assert array[0]["quote"] == "=HYPERLINK(1)"
    assert array[1]["due"] == {"from": "2020-02-29", "to": "2020-02-29"}
    assert array[2] == as_object(EACH[2])
    assert array[2]["article"]["publisher"] == "Levant Wire"
    assert json.loads(whole("json", [])) == []


@given(since=some.none() | DAYS, until=some.none() | DAYS, first=DAYS, length=some.integers(0, 60), day=DAYS)
def test_every_day_lies_in_one_window_if_it_was_asked_for(
    since: date | None, until: date | None, first: date, length: int, day: date
) -> None:
    counts = Counts(oldest_day=first, newest_day=first + timedelta(days=length))
    asked = (since is None or since <= day) and (until is None or day <= until)
    held = [
        window
        for window in windows(FactQuery(since=since, until=until), counts)
        if (window[0] is None or window[0] <= day) and (window[1] is None or day <= window[1])
    ]
    assert len(held) == asked


async def test_all_facts_come_once_however_many(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "_BATCH", 2)
    await store.save(telling(), extraction(), links={})
    late = replace(telling(), text=telling().text, content_hash="other", canonical_url="")
    await store.save(replace(late, published_day=DAY + timedelta(days=40)), extraction(), links={})
    got: list[Found] = [each async for each in every(store, FactQuery())]
    assert sorted(each.fact.id for each in got) == list(range(1, 2 * len(facts()) + 1))
    only = [each async for each in every(store, FactQuery(kinds=("statement",), until=DAY))]
    assert {each.fact.kind for each in only} == {"statement"}
    assert [each async for each in every(store, FactQuery(since=date(2030, 1, 1)))] == []


@pytest.mark.parametrize(
    ("typed", "kinds", "about"),
    [
        ("/export csv", (), ""),
        ("/export CSV deadlines Turkey", ("deadline",), "Turkey"),
        ("/export json figures and quotes about Idlib since 10 Feb", ("figure", "statement"), "Idlib"),
    ],
)
async def test_facts_are_exported_in_a_chat_by_kind_and_topic(typed: str, kinds: tuple[str, ...], about: str) -> None:
    desk = Desk(store=MemoryStore(found=EACH))
    reply = await desk.ask(typed, origin=ADMIN)
    (query,) = desk.store.queries
    assert (query.kinds, query.about) == (kinds, about)
    assert reply.template == "exported"


async def test_an_exported_file_goes_with_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.export.MOST", 3)
    desk = Desk(store=MemoryStore(found=EACH))
    reply = await desk.ask("/export csv", origin=ADMIN)
    assert reply.file is not None
    assert reply.file.name.endswith(".csv")
    assert len(rows(reply.file.text)) == 3
    assert (reply.data["count"], reply.data["clipped"]) == (3, True)
    assert (await Desk(store=MemoryStore()).ask("/export json", origin=ADMIN)).data["count"] == 0
    assert (await desk.ask("/export pdf", origin=ADMIN)).template == "usage"
    assert (await desk.ask("/export csv ???", origin=ADMIN)).template in ("usage", "exported")
    assert (await desk.ask("/export csv", origin=SOMEBODY)).template == "not_allowed"


async def test_export_from_the_command_line(store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/own.db")
    monkeypatch.chdir(tmp_path)
    await store.save(telling(), extraction(), links={})
    run = CliRunner()

    def ran(*given: str) -> str:
        done = run.invoke(cli, ["export", *given])
        assert done.exit_code == 0, done.output
        return done.stdout

    table = rows(await asyncio.to_thread(ran))
    assert len(table) == len(facts())
    array = json.loads(await asyncio.to_thread(ran, "--format", "json", "--kind", "statement", "--since", "2020-01-01"))
    assert {each["kind"] for each in array} == {"statement"}
    assert "<opml" in await asyncio.to_thread(ran, "--format", "opml")
    assert await asyncio.to_thread(ran, "out.csv", "--until", "2019-01-01") == ""
    assert (tmp_path / "out.csv").read_text().startswith("id,kind,day")
    refused = await asyncio.to_thread(run.invoke, cli, ["export", "--kind", "rumour"])
    assert refused.exit_code == 2
