"""Secret addresses: found by the secret alone, one a kind and chat, ended, moved and forgotten with their chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from databases import everything, texts_of

from bot.books.forgetting import forget
from bot.books.secrets import Entry, Held, SqlSecrets, new_secret
from bot.books.sql import SqlBooks
from digests.store.database import Database

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)
HELD = Held(chat="telegram:-7", kind="feed", user="telegram:1", made_at=NOON, kinds=("statement",), about="Idlib")
CALENDAR = replace(HELD, kind="calendar", kinds=())
ENTRY = Entry(print="p", first=date(2020, 2, 29), last=date(2020, 3, 1), changed_at=NOON, sequence=2, cancelled=True)


@pytest.fixture
def secrets(database: Database) -> SqlSecrets:
    return SqlSecrets(database)


def test_no_two_secrets_are_alike_and_they_fit_into_addresses() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) == 32 and each.replace("-", "").replace("_", "").isalnum() for each in made)


async def test_a_secret_leads_to_its_chat_and_choice(secrets: SqlSecrets) -> None:
    await secrets.make(HELD, "open sesame")
    assert await secrets.held_by("open sesame", "feed") == HELD
    assert await secrets.held("telegram:-7", "feed") == HELD
    assert await secrets.held_by("open sesame", "calendar") is None
    assert await secrets.held_by("open simsim", "feed") is None


async def test_only_its_hash_is_in_the_database(database: Database, secrets: SqlSecrets) -> None:
    await secrets.make(HELD, "opensesamesecret")
    kept = await everything(database)
    assert "telegram:-7" in kept
    assert "opensesamesecret" not in kept


async def test_a_new_secret_ends_the_old_one_and_what_it_has_shown(secrets: SqlSecrets) -> None:
    await secrets.make(CALENDAR, "old")
    await secrets.keep_entries(CALENDAR.chat, {7: ENTRY}, drop=())
    await secrets.make(HELD, "feed's own")
    assert await secrets.entries(CALENDAR.chat) == {7: ENTRY}
    await secrets.make(CALENDAR, "new")
    assert await secrets.held_by("old", "calendar") is None
    assert await secrets.held_by("new", "calendar") == CALENDAR
    assert await secrets.entries(CALENDAR.chat) == {}
    assert await secrets.held_by("feed's own", "feed") == HELD


async def test_what_it_shows_can_be_chosen_anew(secrets: SqlSecrets) -> None:
    assert not await secrets.choose(HELD)
    await secrets.make(HELD, "s")
    other = replace(HELD, kinds=(), about="")
    assert await secrets.choose(other)
    assert await secrets.held_by("s", "feed") == other


async def test_it_can_be_ended_once(secrets: SqlSecrets) -> None:
    await secrets.make(HELD, "s")
    assert await secrets.end(HELD.chat, "feed")
    assert not await secrets.end(HELD.chat, "feed")
    assert await secrets.held_by("s", "feed") is None


async def test_entries_are_kept_by_chat_and_fact(secrets: SqlSecrets) -> None:
    await secrets.keep_entries("telegram:1", {7: ENTRY, 8: ENTRY}, drop=())
    await secrets.keep_entries("telegram:2", {7: ENTRY}, drop=())
    await secrets.keep_entries("telegram:1", {7: replace(ENTRY, sequence=3)}, drop=[8])
    assert await secrets.entries("telegram:1") == {7: replace(ENTRY, sequence=3)}
    assert await secrets.entries("telegram:2") == {7: ENTRY}


async def test_they_go_along_when_a_chat_moves(database: Database, secrets: SqlSecrets) -> None:
    await secrets.make(CALENDAR, "s")
    await secrets.keep_entries(CALENDAR.chat, {7: ENTRY}, drop=())
    await SqlBooks(database).move_chat(CALENDAR.chat, "telegram:-100")
    held = await secrets.held_by("s", "calendar")
    assert held is not None
    assert held.chat == "telegram:-100"
    assert await secrets.entries("telegram:-100") == {7: ENTRY}


async def test_forgetting_a_chat_ends_its_addresses(database: Database, secrets: SqlSecrets) -> None:
    await secrets.make(CALENDAR, "s")
    await secrets.keep_entries(CALENDAR.chat, {7: ENTRY}, drop=())
    gone = await database.write(lambda rows: forget(rows, CALENDAR.chat, at=NOON, texts=texts_of(database)))
    assert (gone["web_secrets"], gone["calendar_entries"]) == (1, 1)
    assert await secrets.held_by("s", "calendar") is None
