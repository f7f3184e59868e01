"""/correct, /retract and the history that /evidence tells, on what any store keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from desk import ADMIN, Desk
from telling import DAY, TEXT, extraction, facts, said, telling

from bot.model import Origin
from digests.model import Extraction, FactQuery
from digests.store.base import Store

EDITOR = Origin(platform="telegram", chat="telegram:9", user="telegram:9", role="editor")
NUMBER = {fact.kind: number for number, fact in enumerate(facts(), start=1)}


@pytest.fixture
async def desk(store: Store) -> Desk:
    await store.save(telling(), extraction(), links={})
    return Desk(store=store)


async def fact(desk: Desk, kind: str) -> Any:
    found = await desk.store.fact(NUMBER[kind])
    return found.fact


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (
            "deadline",
            "due=31 March",
            {"due_to": "2020-03-31", "summary": "Dockers' Union must answer by 31 March 2020"},
        ),
        ("deadline", "due=2020-03-31; boundary=before", {"due_from": "2020-03-31", "boundary": "before"}),
        ("deadline", "action=must answer", {"action": "must answer"}),
        ("deadline", "action=nothing", {"action": None}),
        ("deadline", "actor=Brandao", {"actor": "Ilse Brandão", "summary": "Ilse Brandão must answer by 29 February"}),
        ("deadline", "actor=Port Authority", {"actor": "Port Authority"}),
        ("event", "due = 3 to 5 March", {"due_from": "2020-03-03", "due_to": "2020-03-05"}),
        ("event", "actor=The Dockers", {"actor": "The Dockers"}),
        ("statement", "speaker=Dockers' Union", {"speaker": "Dockers' Union", "said_by": "Dockers' Union"}),
        ("statement", "who=nobody", {"speaker": None, "said_by": None}),
        ("statement", "said on=13 Feb", {"said_on": "2020-02-13"}),
        ("statement", "content=the ferries", {"content": "the ferries"}),
        ("statement", "said_to=-; said_on=unknown", {"said_to": None, "said_on": None}),
        ("happening", "when=-", {"when": None}),
        ("event", "actor=nobody; speaker=The Board", {"actor": None, "said_by": "The Board"}),
        ("role", "title=Minister of Ports; former=yes", {"title": "Minister of Ports", "former": True}),
        ("role", "name=Dockers' Union", {"name": "Dockers' Union", "entity": 2}),
        ("commitment", "type=offer", {"type": "offer"}),
        ("figure", "value=15", {"value": 15.0, "summary": "12 pickets detained"}),
        ("figure", "value=3.6 million", {"value": 3_600_000.0}),
        ("figure", "high=15; low=12", {"value": None, "low": 12.0, "high": 15.0, "qualifier": "range"}),
        ("figure", "number=12 pickets; unit=strikers", {"number": "12 pickets", "unit": "strikers"}),
        (
            "happening",
            "when=14 Feb; negated=yes; reported=no",
            {"when": "2020-02-14", "negated": True, "reported": False},
        ),
        ("happening", "where=Ardal Bay", {"where": "Ardal Bay"}),
        ("happening", "line=Twelve were held", {"summary": "Twelve were held"}),
        ("happening", "quote=Brandão  heads the ministry", {"quote": "Brandão heads the ministry"}),
        ("happening", "Brandão heads the ministry", {"quote": "Brandão heads the ministry"}),
        ("happening", "Twelve were held", {"summary": "Twelve were held"}),
        ("statement", "said that “the ferries will sail”", {"quote": None}),
        ("statement", "that “the ferries will sail”.", {"quote": 'that "the ferries will sail".'}),
    ],
)
async def test_an_editor_puts_a_field_right(desk: Desk, kind: str, typed: str, expected: dict[str, Any]) -> None:
    before = await fact(desk, kind)
    reply = await desk.ask(f"/correct {NUMBER[kind]} {typed} | the letter says so", origin=EDITOR)
    assert reply.template == "edited", reply.data
    after = await fact(desk, kind)
    for name, value in expected.items():
        held = getattr(after, name)
        told = getattr(held, "name", None) or getattr(held, "text", None) or held
        if value is None and name == "quote":
            assert held == before.quote
        else:
            assert (str(told) if isinstance(told, date) else told) == value, name
    assert (after.id, after.origin, after.status) == (NUMBER[kind], "editor", "standing")
    for each in after.evidence:
        assert TEXT[each.start : each.end] == each.quote


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3 due=31 March", "Say why, for the record: /correct 3 due=31 March | your reason"),
        ("3 due=31 March | ", "Say why"),
        ("3 due=someday | x", "is no day I can read"),
        ("3 colour=red | x", "A deadline has no 'colour' to correct. It has: due, boundary, actor"),
        ("3 boundary=around | x", "boundary is one of: by, before, on, until, from"),
        ("3 due=29 Feb 2020 | x", "says so already; nothing was changed"),
        ("3 action=must leave | x", "does not stand in the words that fact 3 rests on"),
        ("3 quote= | x", "do not stand in article 1, word for word"),
        ("3 quote=must leave | x", "do not stand in article 1, word for word"),
        ("3 summary= | x", "A line cannot be empty"),
        (f"3 summary={'x' * 301} | x", "a line takes up to 300"),
        ("1 said_on=last week | x", "is more than one day"),
        ("1 content=nothing | x", "needs its content"),
        ("5 actor=nobody | x", "needs somebody as its actor"),
        ("6 value=many | x", "is no number I can read"),
        ("7 negated=perhaps | x", "negated is yes or no"),
        ("7 when=last week | x", "is more than one day"),
        (f"7 when=14 Feb | {'x' * 301}", "up to 300 are kept"),
        ("3 due 2026-12-20 | moved", "Put = after the field: /correct 3 due=2026-12-20 | moved"),
        ("3 due 2026-12-20", "/correct 3 due=2026-12-20 | your reason"),
        ("3 due: 20 December | x", "/correct 3 due=20 December | x"),
        ("3 Due to 20 December | x", "for a new line: /correct 3 line=Due to 20 December | x"),
        ("3 due | x", "/correct 3 due=VALUE | x"),
        ("1 said on 13 Feb | x", "/correct 1 said on=13 Feb | x"),
        ("1 speaker Ilse Brandão | x", "/correct 1 speaker=Ilse Brandão | x"),
        ("99 due=1 March | x", "99"),
        ("3", "/correct FACT"),
        ("", "/correct FACT"),
        ("due=1 March | x", "/correct FACT"),
    ],
)
async def test_what_cannot_be_corrected_is_said_and_nothing_changes(desk: Desk, typed: str, said: str) -> None:
    before = await desk.store.facts(FactQuery())
    last = await desk.store.last_change()
    assert said in await desk.read(f"/correct {typed}", origin=EDITOR)
    assert await desk.store.facts(FactQuery()) == before
    assert await desk.store.last_change() == last


async def test_readers_can_correct_and_retract_nothing(desk: Desk) -> None:
    for typed in ("/correct 3 due=31 March | x", "/retract 3 x"):
        reply = await desk.ask(typed)
        assert reply.template == "not_allowed"
    assert (await desk.store.counts()).facts == len(facts())


async def test_a_corrected_line_is_shown_as_edited_and_keeps_its_words(desk: Desk) -> None:
    read = await desk.read("/correct 3 due=31 March | the ministry moved it", origin=EDITOR)
    assert "Corrected: Dockers' Union must answer by 31 March 2020" in read
    assert "due 29 Feb 2020 → 31 Mar 2020" in read
    assert "Why: the ministry moved it" in read
    read = await desk.read("/deadlines in March")
    assert "31 Mar 2020" in read
    assert "edited" in read
    read = await desk.read("/evidence 3")
    assert "The Dockers' Union must answer by February 29." in read
    assert "edited" in read
    assert "Corrected by telegram:9, 15 Feb 2020, 12:00 UTC: the ministry moved it" in read
    assert "due 29 Feb 2020 → 31 Mar 2020" in read


async def test_a_retracted_fact_is_answered_by_its_history_alone(desk: Desk) -> None:
    await desk.read("/correct 6 value=15 | a typing mistake", origin=EDITOR)
    read = await desk.read("/retract 6: the police deny it", origin=EDITOR)
    assert "Retracted: 12 pickets detained" in read
    for typed in ("/numbers pickets", "/facts 1", "/about pickets", "/timeline pickets"):
        assert "12 pickets detained" not in await desk.read(typed), typed
    read = await desk.read("/evidence 6")
    assert "this is not on the record any more" in read
    assert "Corrected by telegram:9, 15 Feb 2020, 12:00 UTC: a typing mistake" in read
    assert "Retracted by telegram:9, 15 Feb 2020, 12:00 UTC: the police deny it" in read
    assert "Police detained" not in read
    assert "was retracted before" in await desk.read("/retract 6 again", origin=EDITOR)
    assert "Fact 6 was retracted" in await desk.read("/correct 6 value=1 | x", origin=EDITOR)


async def test_a_retraction_needs_a_fact_and_a_reason(desk: Desk) -> None:
    assert "/retract FACT WHY" in await desk.read("/retract", origin=EDITOR)
    assert "Say why, for the record: /retract 6 your reason" in await desk.read("/retract 6", origin=EDITOR)
    assert "99" in await desk.read("/retract 99 x", origin=ADMIN)
    assert (await desk.store.counts()).facts == len(facts())


async def test_what_goes_with_a_retracted_line_is_named(desk: Desk) -> None:
    text = TEXT.replace("harbour.example", "post.example")
    twice = replace(facts()[5], evidence=(*facts()[5].evidence,))
    again = replace(twice, evidence=(facts()[6].evidence[0],))
    saved = await desk.store.save(telling(text), Extraction(facts=(twice, again)), links={})
    first, second = saved.fact_ids
    assert f"they say the same line of the same article: {second}." in await desk.read(
        f"/retract {first} wrong", origin=EDITOR
    )


async def test_a_name_that_could_be_several_is_asked_about(desk: Desk) -> None:
    article, read = said("Otto Brandão", "so be it", day=DAY)
    await desk.store.save(article, read, links={})
    answer = await desk.read("/correct 3 actor=Brandao | x", origin=EDITOR)
    assert "Brandao could be several: Ilse Brandão (#1), Otto Brandão (#3)" in answer
    assert "Corrected" in await desk.read("/correct 3 actor=#3 | x", origin=EDITOR)
    assert (await fact(desk, "deadline")).actor.name == "Otto Brandão"


async def test_a_name_nobody_is_known_by_is_shown_and_said_to_lead_nowhere(desk: Desk) -> None:
    read = await desk.read("/correct 3 actor=Port Authority; speaker=nobody | x", origin=EDITOR)
    assert "Nobody in the archive is called Port Authority: the line shows the name" in read
    assert "Nobody in the archive" not in await desk.read("/correct 3 actor=Brandao | x", origin=EDITOR)


async def test_what_a_new_version_says_no_more_cannot_be_corrected(desk: Desk) -> None:
    await desk.store.save(telling(TEXT.replace("must answer", "may answer")), Extraction(), links={})
    read = await desk.read("/correct 3 due=1 March | x", origin=EDITOR)
    assert "is said no more by its article's newest version: see /evidence 3" in read
