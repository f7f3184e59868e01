"""Where an answer leads: its evidence, more of it, the story's days, a follow; and what is spoken of after commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.desk import commands_of
from fakes.newsroom import EDITOR, Newsroom, drawn, newsroom, report, says, there

from bot.books.outgoing import enqueue, part_sent
from bot.model import Address, Origin, Reply

OPENS = "Orsola Brandt said that the harbour of Tessen would open."
SHUT = "Veli Kaya denied that the harbour of Tessen would open."
FERRY = "Orsola Brandt said that ferries would sail."
TERMINAL = Origin(platform="console", chat="console", user="console", role="admin")
GROUP = Origin(platform="telegram", chat="telegram:-5", user="telegram:1", private=False)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as made:
        text = report(OPENS, SHUT, FERRY, title="The harbour of Tessen")
        said = [says(text, each, "Orsola Brandt", 1) for each in (OPENS, FERRY)]
        denied = replace(says(text, SHUT, "Veli Kaya", 2), cue=there(text, "denied"))
        await made.arrive(text, (*said, denied))
        yield made


async def test_an_answer_leads_to_its_evidence_to_more_to_its_story_and_to_a_follow(desk: Newsroom) -> None:
    reply = await desk.ask("what did Brandt say about the harbour?")
    (row,) = reply.buttons
    assert [(each.label, each.command) for each in row] == [
        ("Evidence", "/evidence 1"),
        ("More", "/said Orsola Brandt about the harbour"),
        ("Timeline", "/timeline story 1"),
        ("Follow", "/follow Orsola Brandt"),
    ]
    for each in commands_of(reply):
        assert (await desk.ask(each)).template not in ("usage", "unknown", "nobody", "no_such_story")


async def test_whoever_else_a_pronoun_could_mean_is_a_button_away(desk: Newsroom) -> None:
    await desk.ask("did Brandt tell Kaya that the harbour would open?")
    reply = await desk.ask("and what did she say about the harbour?")
    assert OPENS in drawn(reply)
    assert reply.buttons[-1][0].label == "Veli Kaya instead"
    assert SHUT in await desk.read(reply.buttons[-1][0].command)


@pytest.mark.parametrize(
    ("before", "follow_up", "read"),
    [
        ("/who Brandt", "what did she say about ferries?", FERRY),
        ("/said Kaya", "what about Brandt?", OPENS),
        ("/said Brandt about the harbour", "and about ferries?", FERRY),
        ("/about harbour", "who denies that?", SHUT),
        ("/sides harbour", "who denies it?", SHUT),
        ("what did Brandt say?", "what about Kaya?", SHUT),
        ("who denies the harbour of Tessen would open?", "what did he say about the harbour?", SHUT),
    ],
)
async def test_a_follow_up_goes_on_from_any_answer(desk: Newsroom, before: str, follow_up: str, read: str) -> None:
    await desk.ask(before, TERMINAL)
    assert read in await desk.read(follow_up, TERMINAL)


async def test_whoever_said_nothing_about_it_is_not_quoted_on_something_else(desk: Newsroom) -> None:
    await desk.ask("/who Brandt")
    assert "does not hold" in await desk.read("what did she say about refugees?")


async def test_other_chats_know_nothing_of_it(desk: Newsroom) -> None:
    await desk.ask("/who Brandt", EDITOR)
    other = replace(EDITOR, chat="telegram:2", user="telegram:2")
    assert "not clear here" in await desk.read("what did she say about ferries?", other)
    assert "not clear here" in await desk.read("/ask what did she say about ferries?", GROUP)


async def sent(desk: Newsroom, chat: str, reply: Reply, message_id: str) -> None:
    """A message of the bot's that has arrived, written by nobody's question."""
    address = Address(platform="telegram", chat=chat)

    def work(rows: Any) -> None:
        number = enqueue(rows, address, reply, at=desk.now)
        part_sent(rows, number, message_id, at=desk.now, last=True, chat_free_at=None)

    await desk.database.write(work)


ALERT = Reply(
    template="alert",
    data={"sections": [{"label": "deadlines: harbour", "lines": [{"press": "/evidence 1", "who": "Orsola Brandt"}]}]},
)


@pytest.mark.parametrize(
    ("follow_up", "read"),
    [
        ("what did she say about ferries?", FERRY),
        ("who denies that?", SHUT),
        ("what about Kaya?", SHUT),
    ],
)
async def test_a_reply_to_an_alert_goes_on_from_what_it_tells(desk: Newsroom, follow_up: str, read: str) -> None:
    await sent(desk, GROUP.chat, ALERT, "77")
    assert read in await desk.read(f"/ask {follow_up}", replace(GROUP, replied_to="77"))


async def test_a_thread_under_an_alert_goes_on_from_it(desk: Newsroom) -> None:
    await sent(desk, "slack:C1", ALERT, "1.5")
    thread = Origin(platform="slack", chat="slack:C1", user="slack:U1", private=False, thread="1.5")
    assert SHUT in await desk.read("who denies that?", thread)


@pytest.mark.parametrize("where", ["78", "77"])
async def test_a_message_of_another_chat_leads_nowhere(desk: Newsroom, where: str) -> None:
    reply = await desk.ask("/who Brandt", EDITOR)
    await sent(desk, EDITOR.chat, reply, "77")
    own = replace(EDITOR, replied_to="77")
    assert FERRY in await desk.read("what did she say about ferries?", own)
    forged = replace(GROUP, replied_to=where)
    assert "not clear here" in await desk.read("/ask what did she say about ferries?", forged)


async def test_many_speakers_leave_open_who_is_meant(desk: Newsroom) -> None:
    lines = [{"press": f"/evidence {number}", "who": who} for number, who in ((1, "Orsola Brandt"), (3, "Veli Kaya"))]
    await sent(desk, GROUP.chat, Reply(template="digest", data={"sections": lines}), "79")
    assert "not clear here" in await desk.read("/ask what did he say?", replace(GROUP, replied_to="79"))


async def test_after_a_day_it_is_forgotten(desk: Newsroom) -> None:
    await desk.ask("/who Brandt")
    desk.now += timedelta(hours=25)
    assert "not clear here" in await desk.read("what did she say about ferries?")


async def test_what_was_understood_is_said(desk: Newsroom) -> None:
    await desk.ask("what did Brandt say about the harbour?")
    assert "About Brandt, as before: “What did Brandt say about ferries?”" in await desk.read("and about ferries?")
