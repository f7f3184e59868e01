"""Who has read what was wrong reads what is right: edits and answers through the real SDKs, the wire faked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.pressroom import EDITOR, Pressroom, pressroom
from fakes.slack_server import BOT_TOKEN, FakeSlack
from fakes.telegram_server import TOKEN, FakeTelegram, message
from fakes.telling import DAY, TEXT, evidence, extraction, facts, said, span, telling

from bot.access import Place
from bot.app.serving import serve_until
from bot.books.corrections import SqlCorrections
from bot.books.sql import MIGRATIONS
from bot.chat import slack as slack_chat
from bot.chat.slack_sender import Slack
from bot.chat.telegram import Telegram, wire
from bot.circulation import corrections
from bot.config import Settings
from bot.model import Address
from bot.outbox import pace
from digests.errors import StoreError
from digests.model import Deadline, Extraction
from digests.store.database import Database
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

TO_TELEGRAM = Address(platform="telegram", chat="telegram:7")
TO_SLACK = Address(platform="slack", chat="slack:C1")


@pytest.fixture(autouse=True)
def no_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages go out as fast as they can: what is tested is not the pace."""
    for platform in ("telegram", "slack"):
        monkeypatch.setitem(pace.LIMITS, platform, pace.Limits(gap=0.0))


@pytest.fixture
async def press(database: Database, telegram: FakeTelegram, slack: FakeSlack) -> AsyncIterator[Pressroom]:
    bot = wire(TOKEN, api_base=telegram.url)
    await bot.initialize()

    async def keep(command: str, address: Address) -> str:
        return "token"

    async with slack_chat.session() as session:
        client = slack_chat.client(BOT_TOKEN, api_base=slack.url, session=session)
        carriers: dict[str, Any] = {"telegram": Telegram(bot, keep=keep), "slack": Slack(client)}
        async with pressroom(database, carriers) as made:
            await made.store.save(telling(), extraction(), links={})
            yield made
    await bot.close_connections()


async def test_a_corrected_deadline_is_edited_before_and_after_where_it_was_read(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    assert "Sat 29 Feb 2020" in sent["shown"]
    await press.edit("/correct 3 due=31 March | the ministry moved it")
    await telegram.until(lambda: bool(telegram.edited))
    (edited,) = telegram.edited
    assert (edited["chat_id"], edited["message_id"]) == (7, sent["message_id"])
    assert "CORRECTED: due 29 Feb 2020 → 31 Mar 2020" in edited["shown"]
    assert "Tue 31 Mar 2020" in edited["shown"].partition("CORRECTED")[0]
    assert "(the ministry moved it)" in edited["shown"]
    await press.settled()
    assert len(telegram.called("sendMessage")) == 1


async def test_no_digest_quotes_the_sentence_of_a_retracted_fact(press: Pressroom, telegram: FakeTelegram) -> None:
    shown = await press.tell("/digest 2020-02-15", TO_TELEGRAM)
    quotes = shown.data["sections"][0]["items"][0]["quotes"]
    assert "the ferries will sail" in " ".join(quotes)
    await telegram.until_sent(1)
    await press.edit("/retract 1 she was misquoted")
    await telegram.until(lambda: bool(telegram.edited))
    assert "CORRECTED: quote “Maritime Minister" in telegram.edited[-1]["shown"]
    assert "(she was misquoted)" in telegram.edited[-1]["shown"]
    for typed in ("/digest 2020-02-15", "/digest full"):
        read = await press.desk.read(typed)
        assert "Ferry Talks Stall" in read or typed == "/digest full"
        assert "the ferries will sail" not in read


async def test_no_answer_quotes_the_sentence_of_a_retracted_fact(press: Pressroom) -> None:
    question = "/ask why will the ferries sail?"
    assert "the ferries will sail" in await press.desk.read(question)
    await press.edit("/retract 1 she was misquoted")
    assert "the ferries will sail" not in await press.desk.read(question)


async def test_a_retracted_line_is_marked_in_the_message_and_its_buttons_stay(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    await press.tell("/who Brandao", TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    keyboard = sent["reply_markup"]
    await press.edit("/retract 1 she was misquoted")
    await telegram.until(lambda: bool(telegram.edited))
    assert "RETRACTED (she was misquoted)" in telegram.edited[0]["shown"]
    assert telegram.edited[0]["reply_markup"] == keyboard


async def test_several_facts_that_change_at_once_are_one_edit(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/facts 1", TO_TELEGRAM)
    await telegram.until_sent(1)
    for typed in ("/retract 6 wrong", "/retract 7 wrong", "/correct 4 due=9 March | moved"):
        await press.desk.ask(typed, origin=EDITOR)
    await press.look()
    await telegram.until(lambda: bool(telegram.edited))
    await press.settled()
    assert len(telegram.edited) == 1
    assert telegram.edited[0]["shown"].count("RETRACTED") == 2
    assert telegram.edited[0]["shown"].count("CORRECTED") == 1


async def test_the_same_change_is_told_once_however_often_it_is_looked_at(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    await press.tell("/facts 1", TO_TELEGRAM)
    await telegram.until_sent(1)
    await press.edit("/retract 6 wrong")
    for later in (timedelta(0), timedelta(seconds=1), timedelta(minutes=3), timedelta(minutes=5)):
        await press.look(later=later)
    await press.settled()
    assert (len(telegram.edited), await press.edits()) == (1, 1)
    await press.edit("/correct 3 due=31 March | moved")
    await press.settled()
    assert (len(telegram.edited), await press.edits()) == (2, 2)
    assert "RETRACTED" in telegram.edited[1]["shown"]


async def test_a_second_correction_tells_what_was_read_first(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    await press.edit("/correct 3 due=31 March | moved")
    await press.settled()
    await press.edit("/correct 3 due=30 April | moved again")
    await press.settled()
    assert "CORRECTED: due 29 Feb 2020 → 30 Apr 2020" in telegram.edited[1]["shown"]
    await press.edit("/correct 3 due=29 Feb; line=Dockers' Union must answer by 29 February | not moved at all")
    await press.settled()
    assert "CORRECTED" not in telegram.edited[2]["shown"]


async def test_nobody_is_told_of_what_nobody_saw(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/numbers pickets", TO_TELEGRAM)
    await telegram.until_sent(1)
    await press.edit("/correct 3 due=31 March | moved")
    await press.settled()
    assert (telegram.edited, await press.edits()) == ([], 0)


async def test_an_answer_given_after_the_correction_shows_no_correction(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    await press.edit("/correct 3 due=31 March | moved")
    await press.tell("/deadlines", TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    await press.look()
    await press.settled()
    assert "Tue 31 Mar 2020" in sent["shown"]
    assert (telegram.edited, await press.edits()) == ([], 0)


async def test_what_was_composed_before_and_queued_after_the_correction_is_put_right_too(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    stale = await press.desk.ask("/deadlines")
    await press.edit("/correct 3 due=31 March | moved")
    await press.deliveries.enqueue(TO_TELEGRAM, stale, at=press.desk.now)
    press.outbox.wake()
    await telegram.until_sent(1)
    await press.look()
    await press.settled()
    assert "CORRECTED: due 29 Feb 2020" in telegram.sent[0]["shown"]


async def test_what_telegram_does_not_let_us_edit_is_answered(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    telegram.fixed.add(sent["message_id"])
    await press.edit("/correct 3 due=31 March | moved")
    answer = (await telegram.until_sent(2))[1]
    assert answer["reply_parameters"]["message_id"] == sent["message_id"]
    assert "It said: Dockers' Union must answer by 29 February" in answer["shown"]
    assert "CORRECTED: due 29 Feb 2020 → 31 Mar 2020" in answer["shown"]
    await press.settled()
    assert (await press.states()) == {"sent": 2}


@pytest.mark.parametrize(
    "refusal",
    ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"],
)
async def test_every_refusal_of_an_edit_leads_to_an_answer(
    press: Pressroom, telegram: FakeTelegram, refusal: str
) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    telegram.method_scripts["editMessageText"].append((400, {"description": f"Bad Request: {refusal}"}))
    await press.edit("/retract 3 wrong")
    assert "RETRACTED" in (await telegram.until_sent(2))[1]["shown"]


async def test_a_message_that_says_so_already_needs_no_answer(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    refused = {"description": "Bad Request: message is not modified: specified new message content is the same"}
    telegram.method_scripts["editMessageText"].append((400, refused))
    await press.edit("/retract 3 wrong")
    await press.settled()
    assert (len(telegram.sent), await press.states()) == (1, {"sent": 2})


async def test_an_edit_waits_when_telegram_says_so_and_goes_plain_where_its_html_is_refused(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    busy = {"description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}
    telegram.method_scripts["editMessageText"] += [(429, busy), "drop"]
    telegram.refuse_html = True
    await press.edit("/retract 3 wrong")
    await telegram.until(lambda: bool(telegram.edited))
    assert "parse_mode" not in telegram.edited[0]
    assert "RETRACTED" in telegram.edited[0]["shown"]


async def test_of_a_message_in_parts_only_the_parts_that_read_otherwise_are_edited(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    reply = await press.desk.ask("/facts 1")
    filler = [{**reply.data["lines"][0], "press": "/facts 1", "summary": "rain " * 700} for _ in range(2)]
    lines = [filler[0], *reply.data["lines"], filler[1]]
    await press.deliveries.enqueue(TO_TELEGRAM, replace(reply, data={**reply.data, "lines": lines}), at=press.desk.now)
    press.outbox.wake()
    await press.settled()
    assert len(telegram.sent) == 2
    which = next(each for each in telegram.sent if "12 pickets detained" in each["shown"])
    await press.edit("/retract 6 wrong")
    await press.settled()
    assert [each["message_id"] for each in telegram.edited] == [which["message_id"]]


async def test_parts_that_are_no_longer_as_many_are_answered(press: Pressroom, telegram: FakeTelegram) -> None:
    reply = await press.desk.ask("/facts 1")
    room = 4096 - len("".join(each["summary"] for each in reply.data["lines"])) - 420
    filler = {**reply.data["lines"][0], "press": "/facts 1", "summary": "x" * room}
    await press.deliveries.enqueue(
        TO_TELEGRAM, replace(reply, data={**reply.data, "lines": [*reply.data["lines"], filler]}), at=press.desk.now
    )
    press.outbox.wake()
    await press.settled()
    assert len(telegram.sent) == 1
    await press.edit(f"/retract 6 {'wrong ' * 49}")
    assert "RETRACTED" in (await telegram.until_sent(2))[1]["shown"]
    assert telegram.edited == []


async def test_what_waits_in_the_outbox_goes_out_as_it_reads_now(tmp_path: Path, telegram: FakeTelegram) -> None:
    bot = wire(TOKEN, api_base=telegram.url)
    await bot.initialize()

    async def keep(command: str, address: Address) -> str:
        return "token"

    async with pressroom(tmp_path, {"telegram": Telegram(bot, keep=keep)}, sending=False) as press:
        await press.store.save(telling(), extraction(), links={})
        await press.tell("/deadlines", TO_TELEGRAM)
        await press.edit("/retract 3 wrong")
    async with pressroom(tmp_path, {"telegram": Telegram(bot, keep=keep)}) as press:
        await press.settled()
        assert await press.edits() == 0
    (sent,) = telegram.sent
    assert "Dockers" not in sent["shown"]
    assert "Talks resume" in sent["shown"]
    await bot.close_connections()


async def test_what_was_sent_longer_ago_than_is_kept_is_left_alone(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    await press.settled()
    await press.desk.ask("/retract 3 wrong", origin=EDITOR)
    await press.look(later=press.kept + timedelta(minutes=1))
    await press.settled()
    assert telegram.edited == []


async def test_the_whole_server_edits_what_was_read_when_an_editor_types(
    tmp_path: Path, telegram: FakeTelegram
) -> None:
    path = tmp_path / "serve.db"
    async with await SqliteDatabase.open(path, [FACTS, MIGRATIONS]) as database:
        await SqlStore(database).save(telling(), extraction(), links={})
    settings = Settings(
        telegram_bot_token=TOKEN,
        telegram_api_base=telegram.url,
        database_url=f"sqlite:///{path}",
        access="open",
        onrecord_admins=frozenset({"telegram:9"}),
    )
    stop = asyncio.Event()
    server = asyncio.create_task(serve_until(stop, settings))
    try:
        await telegram.deliver(message("/deadlines"))
        await telegram.until_sent(1)
        await telegram.deliver(message("/retract 3 they were misquoted", chat=9, user=9))
        await telegram.until(lambda: bool(telegram.edited))
    finally:
        stop.set()
        await asyncio.wait_for(server, 30)
    assert "RETRACTED (they were misquoted)" in telegram.edited[0]["shown"]
    assert [each["shown"].splitlines()[0] for each in telegram.to(9)] == [
        "Retracted: Dockers' Union must answer by 29 February"
    ]


async def test_whom_was_let_out_hears_of_no_correction(press: Pressroom, telegram: FakeTelegram) -> None:
    for chat in ("telegram:7", "telegram:8"):
        await press.tell("/deadlines", replace(TO_TELEGRAM, chat=chat))
    await telegram.until_sent(2)
    await press.settled()

    async def still(places: Collection[Place]) -> Collection[Place]:
        return {place for place in places if place[0] == "telegram:8"}

    corrector = corrections.Corrector(
        store=press.store,
        books=SqlCorrections(press.database),
        queued=press.outbox.wake,
        kept=press.kept,
        still=still,
    )
    await press.desk.ask("/retract 3 wrong", origin=EDITOR)
    await corrector.once(datetime.now(UTC))
    await press.settled()
    assert [each["chat_id"] for each in telegram.edited] == [8]


async def test_the_loop_outlives_a_database_that_fails_and_a_fault_of_its_own(
    press: Pressroom, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "TICK", 0.001)
    failures: list[Exception] = [StoreError("the disk is full"), ValueError("a fault")]

    class Failing(SqlStore):
        async def last_change(self) -> int:
            if failures:
                raise failures.pop(0)
            return await super().last_change()

    books = SqlCorrections(press.database)
    corrector = corrections.Corrector(
        store=Failing(press.database), books=books, queued=press.outbox.wake, kept=press.kept
    )
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    await press.desk.ask("/retract 3 wrong", origin=EDITOR)
    running = asyncio.create_task(corrector.run())
    await telegram.until(lambda: bool(telegram.edited))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert failures == []


async def test_a_long_record_is_read_to_its_end(
    press: Pressroom, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    monkeypatch.setattr(corrections, "PAGE", 5)
    for number in range(corrections.PAGE + 3):
        article, read = said("Ada Rossi", "rain is near", day=DAY, number=number)
        await press.store.save(article, read, links={})
    await press.desk.ask("/retract 3 wrong", origin=EDITOR)
    assert await press.corrector.once(press.desk.now)
    assert not await press.corrector.once(press.desk.now)
    await telegram.until(lambda: bool(telegram.edited))


async def test_all_who_read_it_are_told_however_many_they_are(
    press: Pressroom, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "ROWS", 2)
    reply = await press.desk.ask("/deadlines")
    for chat in range(1, 6):
        await press.deliveries.enqueue(replace(TO_TELEGRAM, chat=f"telegram:{chat}"), reply, at=press.desk.now)
    press.outbox.wake()
    await press.settled()
    await press.edit("/retract 3 wrong")
    await press.look()
    await press.settled()
    assert sorted(each["chat_id"] for each in telegram.edited) == [1, 2, 3, 4, 5]


# a new version of an article


async def test_a_new_version_edits_the_messages_that_showed_what_it_says_no_more(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    await press.tell("/about cranes", TO_TELEGRAM)
    await press.tell("/facts 1", TO_TELEGRAM)
    await press.tell("/about ferries", TO_TELEGRAM)
    await telegram.until_sent(2)
    await press.settled()
    more = TEXT.replace("40 new cranes", "60 new cranes")
    kept = [replace(each, evidence=evidence(*(e.quote for e in each.evidence), text=more)) for each in facts()[:4]]
    await press.store.save(telling(more), Extraction(facts=tuple(kept)), links={})
    await press.look()
    await press.settled()
    gone = "CORRECTED: the article now says “Brandão promised the union 60 new cranes if it calls off the strike.”"
    assert gone in telegram.edited[-1]["shown"]
    assert all("ferries will sail" not in each["shown"].partition("CORRECTED")[2] for each in telegram.edited)


async def test_a_new_version_without_the_words_says_so(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/numbers pickets", TO_TELEGRAM)
    await telegram.until_sent(1)
    other = TEXT.replace("Police detained 12 pickets in Port Ardal. ", "")
    kept = [replace(each, evidence=evidence(*(e.quote for e in each.evidence), text=other)) for each in facts()[:5]]
    await press.store.save(telling(other), Extraction(facts=tuple(kept)), links={})
    await press.look()
    await telegram.until(lambda: bool(telegram.edited))
    assert "CORRECTED: the article no longer says so" in telegram.edited[0]["shown"]


async def test_a_deadline_that_a_new_version_puts_off_is_edited_before_and_after(
    press: Pressroom, telegram: FakeTelegram
) -> None:
    await press.tell("/deadlines", TO_TELEGRAM)
    await telegram.until_sent(1)
    await press.settled()
    later = TEXT.replace("February 29", "March 7")
    sentence = next(each.quote for each in facts() if isinstance(each, Deadline)).replace("February 29", "March 7")
    old = next(each for each in facts() if isinstance(each, Deadline))
    moved = replace(
        old,
        evidence=evidence(sentence, text=later),
        summary="Dockers' Union must answer by 7 March",
        due_from=date(2020, 3, 7),
        due_to=date(2020, 3, 7),
        action=span("answer", text=later),
        time=span("March 7", text=later),
    )
    saved = await press.store.save(telling(later), Extraction(facts=(moved,)), links={})
    assert saved.fact_ids == (facts().index(old) + 1,)
    await press.look()
    await telegram.until(lambda: bool(telegram.edited))
    assert "CORRECTED: due 29 Feb 2020 → 7 Mar 2020" in telegram.edited[0]["shown"]


async def test_a_new_version_that_says_the_same_edits_nothing(press: Pressroom, telegram: FakeTelegram) -> None:
    await press.tell("/facts 1", TO_TELEGRAM)
    await telegram.until_sent(1)
    await press.store.save(telling(TEXT + "\nMore.\n"), extraction(), links={1: 1, 2: 2})
    await press.look()
    await press.settled()
    assert (telegram.edited, await press.edits()) == ([], 0)


# Slack


async def test_in_slack_the_posted_message_is_updated(press: Pressroom, slack: FakeSlack) -> None:
    await press.tell("/deadlines", TO_SLACK)
    await slack.until_posted(1)
    (ts,) = slack.timestamps
    await press.edit("/correct 3 due=31 March | moved")
    posted = await slack.until_posted(2)
    method, update = posted[1]
    assert (method, update["channel"], update["ts"]) == ("chat.update", "C1", ts)
    assert "CORRECTED" in str(update["blocks"])
    assert "31 Mar 2020" in update["text"]


async def test_what_one_person_alone_was_shown_is_followed_by_an_answer_for_that_person(
    press: Pressroom, slack: FakeSlack
) -> None:
    await press.tell("/deadlines", replace(TO_SLACK, user="slack:U1"))
    await press.tell("/deadlines", replace(TO_SLACK, user="slack:U2", response_url=slack.response_url()))
    await slack.until_posted(2)
    await press.settled()
    await press.edit("/correct 3 due=31 March | moved")
    posted = (await slack.until_posted(4))[2:]
    assert [(method, data["user"]) for method, data in posted] == [
        ("chat.postEphemeral", "U1"),
        ("chat.postEphemeral", "U2"),
    ]
    assert all("CORRECTED" in data["text"] for _, data in posted)


async def test_what_slack_does_not_let_us_update_is_answered_in_its_thread(press: Pressroom, slack: FakeSlack) -> None:
    await press.tell("/deadlines", TO_SLACK)
    await press.tell("/deadlines", replace(TO_SLACK, thread="1581850000.999999"))
    await slack.until_posted(2)
    await press.settled()
    slack.fixed |= set(slack.timestamps)
    first, _ = slack.timestamps
    await press.edit("/retract 3 wrong")
    posted = (await slack.until_posted(4))[2:]
    assert [(method, data["thread_ts"]) for method, data in posted] == [
        ("chat.postMessage", first),
        ("chat.postMessage", "1581850000.999999"),
    ]
    assert all("RETRACTED" in data["text"] for _, data in posted)


async def test_a_direct_message_is_updated_in_its_conversation(press: Pressroom, slack: FakeSlack) -> None:
    await press.tell("/deadlines", Address(platform="slack", chat="slack:U1"))
    await slack.until_posted(1)
    await press.settled()
    await press.edit("/retract 3 wrong")
    method, update = (await slack.until_posted(2))[1]
    assert (method, update["channel"]) == ("chat.update", "DU1")


async def test_an_update_that_slack_cannot_take_now_is_tried_again(press: Pressroom, slack: FakeSlack) -> None:
    await press.tell("/deadlines", TO_SLACK)
    await slack.until_posted(1)
    slack.scripts["chat.update"] += [
        (200, {"ok": False, "error": "internal_error"}, {}),
        (200, {"ok": False, "error": "invalid_blocks"}, {}),
    ]
    await press.edit("/retract 3 wrong")
    method, update = (await slack.until_posted(2))[1]
    assert method == "chat.update"
    assert "RETRACTED" in update["text"]
    assert "blocks" not in update


async def test_an_app_home_is_drawn_anew_when_it_opens_and_not_before(press: Pressroom, slack: FakeSlack) -> None:
    reply = await press.desk.ask("/deadlines")
    address = Address(platform="slack", chat="slack:U1", user="slack:U1", home=True)
    await press.deliveries.enqueue(address, reply, at=press.desk.now)
    press.outbox.wake()
    await slack.until_posted(1)
    await press.settled()
    await press.edit("/retract 3 wrong")
    await press.settled()
    assert len(slack.posted) == 1
