"""What editors say about facts: every query agrees, nothing brings a retracted fact back, history is kept for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest
from telling import DAY, MINISTER, TEXT, evidence, extraction, facts, span, telling

from digests.errors import EvidenceError, UserError
from digests.model import Actor, Deadline, Event, Extraction, Fact, FactQuery, Figure, Role, Statement
from digests.store.base import Store
from digests.store.search import Table
from digests.store.sql import SqlStore

AT = datetime(2020, 2, 16, 9, 30, tzinfo=UTC)
WORD: dict[str, Any] = {"by": "telegram:9", "why": "the ministry's letter says so", "at": AT}
KINDS = [fact.kind for fact in facts()]
VIEWS = ("statements", "roles", "deadlines", "events", "commitments", "figures", "happenings")


async def saved(store: Store) -> tuple[int, ...]:
    return (await store.save(telling(), extraction(), links={})).fact_ids


async def stored(store: Store, fact_id: int) -> Fact:
    found = await store.fact(fact_id)
    assert found is not None
    return found.fact


async def of_kind(store: Store, kind: str) -> Fact:
    (found,) = await store.facts(FactQuery(kinds=(kind,)))
    return found.fact


def queries(fact: Fact, people: tuple[int, ...]) -> list[FactQuery]:
    """Every way to ask for facts."""
    word = fact.quote.split()[0]
    month = timedelta(days=30)
    asked: list[dict[str, Any]] = [
        {},
        {"kinds": (fact.kind,)},
        {"about": word},
        {"about": word, "kinds": (fact.kind,), "order": "oldest"},
        {"about": word, "article_id": 1},
        {"about": word, "order": "due"},
        {"article_id": 1},
        {"article_id": 1, "order": "due_latest"},
        {"story_id": 1},
        {"order": "oldest"},
        {"order": "due"},
        {"order": "due_latest"},
        {"order": "due", "due_since": DAY - month, "due_until": DAY + month},
        {"due_since": DAY - month, "due_until": DAY + month},
        {"since": DAY - month, "until": DAY + month},
        {"entities": people},
        {"said_by": people},
        {"entities": people, "about": word},
        {"said_by": people, "about": word},
        {"entities": people, "order": "due"},
        {"entities": people, "article_id": 1},
    ]
    return [FactQuery(**each) for each in asked]


async def shown_anywhere(store: SqlStore, fact: Fact) -> list[object]:
    """Every query, view, search table and count that still knows a fact."""
    people = tuple(person.id for person in await store.people(["Brandao", "Dockers' Union"]))
    known: list[object] = [
        query for query in queries(fact, people) if any(found.fact.id == fact.id for found in await store.facts(query))
    ]
    for name in ("Brandao", "Dockers' Union"):
        known += [role for person in await store.people([name]) for role in person.roles if role.fact_id == fact.id]

    def rows(connection: Any) -> list[object]:
        found = [(view, fact.id) for view in VIEWS if _count(connection, f"{view} WHERE fact_id = {fact.id}")]
        for words in ("fact_words", "due_words"):
            found += [(words, fact.id)] * _count(connection, f"{words} WHERE place & 4294967295 = {fact.id}")
        word = fact.quote.split()[0].lower().strip("'")
        searched: tuple[Table, ...] = ("fact_search", "due_search")
        for table in searched:
            match = store.database.search.matching(table, [word])
            sql = f"SELECT 1 FROM {table} s WHERE {match.condition} AND {match.place} & 4294967295 = {fact.id}"
            found += [(table, fact.id)] * len(connection.execute(sql, match.params).fetchall())
        found += [("fact_people", fact.id)] * _count(connection, f"fact_people WHERE fact_id = {fact.id}")
        counted = _count(connection, f"facts WHERE status = 'standing' AND kind = '{fact.kind}'")
        told = dict(connection.execute("SELECT name, value FROM counters").fetchall())[f"fact {fact.kind}"]
        return [*found, *([("counters", fact.kind)] if counted != told else [])]

    return known + await store.database.read(rows)


def _count(connection: Any, which: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {which}").fetchone()[0])


@pytest.mark.parametrize("number", range(len(KINDS)), ids=KINDS)
async def test_what_is_retracted_is_known_to_no_query_view_search_or_count(store: SqlStore, number: int) -> None:
    ids = await saved(store)
    fact = await stored(store, ids[number])
    assert await shown_anywhere(store, fact) != []
    before = await store.counts()
    assert await store.retract(fact.id, **WORD) == [fact.id]
    assert await shown_anywhere(store, fact) == []
    assert (await store.counts()).facts == before.facts - 1
    assert (await stored(store, fact.id)).status == "retracted"


@pytest.mark.parametrize("number", range(len(KINDS)), ids=KINDS)
async def test_what_is_retracted_stays_so_when_its_article_is_saved_again(store: SqlStore, number: int) -> None:
    ids = await saved(store)
    fact = await stored(store, ids[number])
    await store.retract(fact.id, **WORD)
    moved = TEXT.replace("Maritime Minister Ilse", "Rain fell. Maritime Minister Ilse")
    for version, text in enumerate((TEXT, moved, TEXT + "\nMore.\n", TEXT), start=1):
        again = replace(_at(facts()[number], text), confidence=0.5)
        others = [_at(each, text) for at, each in enumerate(facts()) if at != number]
        outcome = await store.save(telling(text), Extraction(facts=(again, *others)), links={})
        assert outcome.retracted == ((0,) if outcome.created else ()), version
        assert len(outcome.fact_ids) == (len(others) if outcome.created else 0)
        assert await shown_anywhere(store, fact) == []
        assert (await store.counts()).facts == len(others)
    read_otherwise = replace(_at(facts()[number], TEXT), summary="The same words, read otherwise")
    await store.save(telling(TEXT + "\nEven more.\n"), Extraction(facts=(read_otherwise,)), links={})
    assert (await store.counts()).facts == 0


def _at(fact: Fact, text: str) -> Fact:
    """What is read from another text: the same quotes where they stand there."""
    return replace(fact, evidence=evidence(*(each.quote for each in fact.evidence), text=text))


async def test_the_same_line_from_other_words_of_the_article_goes_and_stays_away_with_it(store: SqlStore) -> None:
    twice = TEXT + "\nAgain: the union must answer by February 29.\n"
    first = facts()[2]
    other = replace(first, evidence=evidence("the union must answer by February 29", text=twice))
    ids = (await store.save(telling(twice), Extraction(facts=(first, other)), links={})).fact_ids
    assert await store.retract(ids[1], **WORD) == [ids[1], ids[0]]
    assert (await store.counts()).facts == 0
    third = replace(first, evidence=evidence("must answer by February 29.", text=twice + "x"))
    assert (await store.save(telling(twice + "x"), Extraction(facts=(third,)), links={})).fact_ids == ()


async def test_the_same_line_in_another_article_is_another_fact(store: SqlStore) -> None:
    ids = await saved(store)
    text = TEXT.replace("harbour.example", "post.example")
    other = await store.save(telling(text), Extraction(facts=(_at(facts()[5], text),)), links={})
    await store.retract(ids[5], **WORD)
    assert [found.fact.id for found in await store.facts(FactQuery(kinds=("figure",)))] == [other.fact_ids[0]]


async def test_retracting_twice_changes_nothing_and_an_unknown_number_is_said(store: SqlStore) -> None:
    ids = await saved(store)
    last = await store.last_change()
    await store.retract(ids[0], **WORD)
    assert await store.retract(ids[0], by="telegram:8", why="again", at=AT) == []
    assert await store.last_change() == last + 1
    assert [edit.by for edit in (await store.history(ids))[ids[0]]] == ["telegram:9"]
    with pytest.raises(UserError, match="no fact 99"):
        await store.retract(99, **WORD)


async def test_an_office_that_no_standing_fact_gives_is_not_remembered(store: SqlStore) -> None:
    ids = await saved(store)
    person = (await store.people(["Brandao"]))[0]
    earlier = telling(TEXT.replace("strike.", "strike!"), canonical_url="", published_day=DAY - timedelta(days=9))
    role = replace(facts()[1])
    older = await store.save(
        earlier, Extraction(facts=(role,), people=extraction().people), links={MINISTER: person.id}
    )
    await store.retract(ids[1], **WORD)
    (left,) = (await store.people(["Brandao"]))[0].roles
    assert (left.day, left.fact_id) == (DAY - timedelta(days=9), older.fact_ids[0])
    await store.retract(older.fact_ids[0], **WORD)
    assert (await store.people(["Brandao"]))[0].roles == ()


async def test_an_office_that_a_new_version_no_longer_gives_is_not_remembered(store: SqlStore) -> None:
    await saved(store)
    text = TEXT.replace("Brandão heads the ministry of Vesland.", "It rained.")
    await store.save(telling(text), Extraction(people=extraction().people), links={MINISTER: 1})
    assert (await store.people(["Brandao"]))[0].roles == ()


# corrections


async def corrected(store: Store, kind: str, **changes: Any) -> tuple[Any, Any]:
    before = await of_kind(store, kind)
    after = replace(before, origin="editor", **changes)
    await store.correct(before, after, **WORD)
    return before, await of_kind(store, kind)


async def test_a_corrected_fact_is_found_by_what_it_says_now_and_by_nothing_else(store: SqlStore) -> None:
    await saved(store)
    union = (await store.people(["Dockers' Union"]))[0]
    speaker = Actor(start=0, end=1, text=TEXT[0], name="Dockers' Union", entity=union.id)
    before, after = await corrected(
        store,
        "statement",
        speaker=speaker,
        said_by=speaker,
        said_on=date(2020, 2, 1),
        summary="Dockers' Union: boats shall go",
    )
    assert (after.id, after.speaker.name, after.status, after.origin) == (
        before.id,
        "Dockers' Union",
        "standing",
        "editor",
    )
    for query, expected in (
        (FactQuery(kinds=("statement",), said_by=(union.id,)), [before.id]),
        (FactQuery(kinds=("statement",), said_by=(before.speaker.entity,)), []),
        (FactQuery(kinds=("statement",), about="shall"), [before.id]),
        (FactQuery(kinds=("statement",), until=date(2020, 2, 1)), [before.id]),
        (FactQuery(kinds=("statement",), since=date(2020, 2, 2)), []),
    ):
        assert [found.fact.id for found in await store.facts(query)] == expected, query
    assert (await store.counts()).facts == len(facts())


async def test_a_moved_deadline_is_due_on_its_new_day_only(store: SqlStore) -> None:
    await saved(store)
    day = date(2020, 3, 31)
    before, after = await corrected(store, "deadline", due_from=day, due_to=day, boundary="before")
    assert (after.due_to, after.boundary) == (day, "before")
    orders: tuple[Literal["due", "newest"], ...] = ("due", "newest")
    for order in orders:
        march = FactQuery(kinds=("deadline",), due_since=date(2020, 3, 31), order=order)
        february = FactQuery(kinds=("deadline",), due_until=date(2020, 3, 30), order=order)
        assert [found.fact.id for found in await store.facts(march)] == [before.id]
        assert await store.facts(february) == []
        assert await store.facts(replace(february, about="union")) == []


async def test_a_corrected_office_takes_the_place_of_the_old_one(store: SqlStore) -> None:
    await saved(store)
    await corrected(store, "role", title="Minister of Ports", former=True)
    (role,) = (await store.people(["Brandao"]))[0].roles
    assert (role.title, role.former) == ("Minister of Ports", True)


async def test_an_editors_words_are_kept_with_who_when_and_why(store: SqlStore) -> None:
    await saved(store)
    last = await store.last_change()
    before, after = await corrected(store, "figure", value=15.0)
    assert isinstance(after, Figure)
    await store.retract(after.id, by="slack:U1", why="no such raid", at=AT + timedelta(hours=1))
    first, second = (await store.history([after.id, 999]))[after.id]
    assert (first.kind, first.by, first.why, first.at, first.before, first.after) == (
        "correct",
        "telegram:9",
        WORD["why"],
        AT,
        before,
        after,
    )
    assert (second.kind, second.by, second.after) == ("retract", "slack:U1", None)
    assert second.before == after
    changes = await store.changes(last)
    assert [(each.kind, each.fact_id, each.by, each.before) for each in changes] == [
        ("correct", after.id, "telegram:9", before.summary),
        ("retract", after.id, "slack:U1", after.summary),
    ]
    assert all(each.article_id == 1 and each.story_id == 1 for each in changes)


async def test_a_correction_of_what_changed_meanwhile_is_refused(store: SqlStore) -> None:
    ids = await saved(store)
    before = await of_kind(store, "figure")
    await store.correct(before, replace(before, value=15.0, origin="editor"), **WORD)
    with pytest.raises(UserError, match="changed meanwhile"):
        await store.correct(before, replace(before, value=16.0, origin="editor"), **WORD)
    await store.retract(ids[0], **WORD)
    gone = await stored(store, ids[0])
    with pytest.raises(UserError, match="does not stand"):
        await store.correct(gone, replace(gone, summary="x"), **WORD)


async def test_a_correction_whose_quote_is_not_in_the_article_is_refused(store: SqlStore) -> None:
    await saved(store)
    before = await of_kind(store, "figure")
    made_up = replace(before, evidence=(replace(before.evidence[0], quote="Police released 12 pickets"),))
    with pytest.raises(EvidenceError):
        await store.correct(before, made_up, **WORD)
    assert await of_kind(store, "figure") == before
    assert await store.history([before.id]) == {}


# corrections and further versions


async def test_a_correction_outlives_a_new_version_wherever_its_words_moved(store: SqlStore) -> None:
    ids = await saved(store)
    day = date(2020, 3, 31)
    await corrected(store, "deadline", due_from=day, due_to=day, summary="The union has until 31 March")
    text = TEXT.replace("Maritime Minister Ilse", "Rain fell on the harbour. Maritime Minister Ilse")
    read = replace(_at(facts()[2], text), confidence=0.6)
    assert (await store.save(telling(text), Extraction(facts=(read,)), links={})).fact_ids == ()
    after = await of_kind(store, "deadline")
    assert isinstance(after, Deadline)
    assert (after.id, after.due_to, after.origin, after.summary) == (
        ids[2],
        day,
        "editor",
        "The union has until 31 March",
    )
    assert after.evidence[0].version == 2
    assert text[after.start : after.end] == after.quote
    for each in (after.action, after.time):
        assert each is not None
        assert text[each.start : each.end] == each.text
    assert (await store.counts()).facts == 1


async def test_a_correction_outlives_a_version_in_which_nothing_is_read_any_more(store: SqlStore) -> None:
    await saved(store)
    await corrected(store, "event", due_to=date(2020, 3, 9))
    await store.save(telling(TEXT + "\nMore.\n"), Extraction(), links={})
    after = await of_kind(store, "event")
    assert isinstance(after, Event)
    assert after.due_to == date(2020, 3, 9)


async def test_a_correction_goes_along_when_the_sentence_is_put_otherwise_and_read_alike(store: SqlStore) -> None:
    ids = await saved(store)
    day = date(2020, 3, 31)
    await corrected(store, "deadline", due_from=day, due_to=day)
    text = TEXT.replace("The Dockers' Union must answer by", "The Dockers' Union really must answer by")
    quote = "The Dockers' Union really must answer by February 29."
    read = replace(facts()[2], evidence=evidence(quote, text=text))
    await store.save(telling(text), Extraction(facts=(read,)), links={})
    after = await of_kind(store, "deadline")
    assert isinstance(after, Deadline)
    assert (after.id, after.quote, after.due_to, after.origin) == (ids[2], quote, day, "editor")


async def test_a_correction_goes_along_over_versions_that_move_and_then_put_otherwise(store: SqlStore) -> None:
    ids = await saved(store)
    boss = Actor(start=0, end=0, text="", name="The Harbour Board")
    await corrected(store, "deadline", said_by=boss)
    moved = TEXT.replace("Maritime Minister Ilse", "Rain fell. Maritime Minister Ilse")
    await store.save(telling(moved), Extraction(facts=(_at(facts()[2], moved),)), links={})
    other = moved.replace("Union must answer by", "Union must reply by")
    quote = "The Dockers' Union must reply by February 29."
    read = replace(facts()[2], evidence=evidence(quote, text=other), action=span("reply", text=other))
    await store.save(telling(other), Extraction(facts=(read,)), links={})
    after = await of_kind(store, "deadline")
    assert isinstance(after, Deadline)
    assert (after.id, after.quote, after.origin) == (ids[2], quote, "editor")
    assert after.said_by is not None
    assert after.said_by.name == "The Harbour Board"
    assert after.action is not None
    assert after.action.text == "reply"


async def test_a_correction_whose_words_are_gone_stands_no_more_and_comes_back_with_them(store: SqlStore) -> None:
    ids = await saved(store)
    day = date(2020, 3, 31)
    await corrected(store, "deadline", due_from=day, due_to=day)
    without = TEXT.replace("The Dockers' Union must answer by February 29. ", "")
    await store.save(telling(without), Extraction(), links={})
    assert (await stored(store, ids[2])).status == "corrected"
    await store.save(telling(TEXT + "\n"), Extraction(facts=(facts()[2],)), links={})
    after = await of_kind(store, "deadline")
    assert isinstance(after, Deadline)
    assert (after.id, after.due_to, after.status) == (ids[2], day, "standing")


async def test_another_passage_chosen_by_an_editor_is_kept_or_nothing_is_shown(store: SqlStore) -> None:
    ids = await saved(store)
    await corrected(store, "deadline", evidence=evidence("Talks resume on March 2."), time=span("March 2"))
    more = TEXT + "\nMore.\n"
    await store.save(telling(more), Extraction(facts=(facts()[2],)), links={})
    assert (await of_kind(store, "deadline")).quote == "Talks resume on March 2."
    without = more.replace("Talks resume on March 2. ", "")
    saved_again = await store.save(telling(without), Extraction(facts=(_at(facts()[2], without),)), links={})
    assert saved_again.fact_ids == ()
    assert (await stored(store, ids[2])).status == "corrected"
    assert (await store.counts()).facts == 0


async def test_content_an_editor_chose_goes_along_only_where_it_stands(store: SqlStore) -> None:
    await saved(store)
    await corrected(store, "statement", content=span("ferries will sail"))
    text = TEXT.replace("said on Saturday", "said once more on Saturday")
    quote = 'Maritime Minister Ilse Brandão said once more on Saturday that "the ferries will sail".'
    read = replace(facts()[0], evidence=evidence(quote, text=text))
    await store.save(telling(text), Extraction(facts=(read,)), links={})
    after = await of_kind(store, "statement")
    assert isinstance(after, Statement)
    assert (after.content.text, text[after.content.start : after.content.end]) == (("ferries will sail",) * 2)
    gone = text.replace("ferries will sail", "ships will sail")
    quote = quote.replace("ferries", "ships")
    await store.save(
        telling(gone), Extraction(facts=(replace(facts()[0], evidence=evidence(quote, text=gone)),)), links={}
    )
    assert (await store.counts()).facts == 0


async def test_a_role_an_editor_corrected_keeps_its_office_over_versions(store: SqlStore) -> None:
    await saved(store)
    await corrected(store, "role", title="Minister of Ports")
    text = TEXT + "\nMore.\n"
    read = replace(facts()[1])
    await store.save(telling(text), Extraction(facts=(read,), people=extraction().people), links={MINISTER: 1})
    (role,) = (await store.people(["Brandao"]))[0].roles
    assert role.title == "Minister of Ports"
    assert isinstance(await of_kind(store, "role"), Role)


async def test_all_facts_ever_read_from_an_article_are_numbered_whether_they_stand_or_not(store: SqlStore) -> None:
    ids = await saved(store)
    await store.retract(ids[0], **WORD)
    second = await store.save(telling(TEXT + "\nMore.\n"), Extraction(facts=(facts()[2],)), links={})
    assert await store.numbers_of([second.article_id, 99]) == sorted({*ids, *second.fact_ids})
    assert await store.numbers_of([]) == []
