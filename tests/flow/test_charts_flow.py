"""Charts as people ask for them and see them: through the real SDKs, the wire faked, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes.charts import PNG, Pencil
from fakes.newsroom import counts, due, report
from fakes.pressroom import Pressroom, pressroom
from fakes.slack_server import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack, event
from fakes.telegram_server import TOKEN, FakeTelegram, message, press

from bot.app.serving import serve_until
from bot.books.sql import MIGRATIONS
from bot.chat import slack as slack_chat
from bot.chat.slack_sender import Slack
from bot.chat.telegram import Telegram, wire
from bot.config import Settings
from bot.model import Address
from bot.outbox import pace
from bot.render import UNDRAWN
from digests.edition.charts.model import Chart, DrawsCharts, Form
from digests.model import Extraction
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

TO_TELEGRAM = Address(platform="telegram", chat="telegram:7")
TO_SLACK = Address(platform="slack", chat="slack:C1")
LEAVE, OPEN, MEET = "Troops must leave by 29 February.", "The road must open by 20 February.", "They must meet today."
FEW, MANY = "They counted 700,000 people displaced.", "They counted more than 900,000 people displaced."
DATES = "/timeline A Report chart"


async def seeded(database: SqliteDatabase) -> None:
    """Three dates in one article, and a figure in each of two."""
    store = SqlStore(database)
    first = report(LEAVE, OPEN, MEET, FEW)
    facts = (
        due(first, LEAVE, date(2020, 2, 29)),
        due(first, OPEN, date(2020, 2, 20)),
        due(first, MEET, date(2020, 2, 15)),
        counts(first, FEW, "700,000", "people displaced", 700_000),
    )
    await store.save(first, Extraction(facts=facts), links={})
    other = report(MANY, title="Another Report", day=date(2020, 2, 16), publisher="Volga Post")
    more = counts(other, MANY, "more than 900,000", "people displaced", 900_000, qualifier="more_than")
    await store.save(other, Extraction(facts=(more,)), links={})


class Slow:
    """Draws when it is let."""

    def __init__(self) -> None:
        self.begun, self.let = asyncio.Event(), asyncio.Event()

    async def draw(self, chart: Chart, form: Form) -> bytes | None:
        self.begun.set()
        await self.let.wait()
        return PNG


class Broken:
    async def draw(self, chart: Chart, form: Form) -> bytes | None:
        raise RuntimeError("no ink")


@pytest.fixture(autouse=True)
def no_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    for platform in ("telegram", "slack"):
        monkeypatch.setitem(pace.LIMITS, platform, pace.Limits(gap=0.0))


@asynccontextmanager
async def desk(
    folder: Path, telegram: FakeTelegram, slack: FakeSlack, draws: DrawsCharts | None, *, fresh: bool = True
) -> AsyncIterator[Pressroom]:
    bot = wire(TOKEN, api_base=telegram.url)
    await bot.initialize()

    async def keep(command: str, address: Address) -> str:
        return "token"

    async with slack_chat.session() as session:
        client = slack_chat.client(BOT_TOKEN, api_base=slack.url, session=session)
        carriers: dict[str, Any] = {"telegram": Telegram(bot, keep=keep), "slack": Slack(client)}
        async with pressroom(folder, carriers, draws=draws) as made:
            if fresh:
                await seeded(made.database)
            yield made
    await bot.close_connections()


@pytest.fixture
def pencil() -> Pencil:
    return Pencil()


@pytest.fixture
async def room(tmp_path: Path, telegram: FakeTelegram, slack: FakeSlack, pencil: Pencil) -> AsyncIterator[Pressroom]:
    async with desk(tmp_path, telegram, slack, pencil) as made:
        yield made


def buttons(sent: dict[str, Any]) -> list[str]:
    return [each["callback_data"] for row in sent["reply_markup"]["inline_keyboard"] for each in row]


@asynccontextmanager
async def serving(folder: Path, **given: Any) -> AsyncIterator[None]:
    """``onrecord serve`` on an archive of its own."""
    async with await SqliteDatabase.open(folder / "flow.db", [FACTS, MIGRATIONS]) as database:
        await seeded(database)
    stop = asyncio.Event()
    settings = Settings(database_url=f"sqlite:///{folder}/flow.db", access="open", **given)
    task = asyncio.create_task(serve_until(stop, settings))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def test_in_telegram_the_button_brings_the_picture_with_its_words(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with serving(tmp_path, telegram_bot_token=TOKEN, telegram_api_base=telegram.url):
        await telegram.deliver(message("/timeline A Report"))
        (words,) = await telegram.until_sent(1)
        assert "photo" not in words
        await telegram.deliver(press(buttons(words)[-1]))
        picture = (await telegram.until_sent(2))[1]
    assert picture["photo"].startswith(b"\x89PNG")
    assert len(picture["photo"]) > 20_000
    for shown in ("3. Sat 29 Feb 2020 · deadline", LEAVE, "Levant Wire", "/evidence_1"):
        assert shown in picture["shown"]
    assert UNDRAWN not in picture["shown"]
    assert buttons(picture) == ["/timeline A Report"]


async def test_in_slack_the_words_come_first_and_then_the_picture_with_its_alt_text(
    slack: FakeSlack, tmp_path: Path
) -> None:
    given = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_signing_secret": SECRET}
    async with serving(tmp_path, slack_api_base=slack.url, **given):
        typed = event("app_mention", text="<@U0BOT> numbers displaced chart", channel="C1")
        await slack.envelope("events_api", typed)
        (words, (method, file)) = (await slack.until_posted(2))[:2]
    assert "700,000" in words[1]["text"]
    assert "more than 900,000" in words[1]["text"]
    assert method == "files.completeUploadExternal"
    assert file["channel_id"] == "C1"
    assert "Figures by source and day about" in str(file["files"])
    (asked,) = slack.called("files.getUploadURLExternal")
    assert "2. more than 900,000 people displaced (Volga Post, 16 Feb 2020)." in asked["alt_txt"]
    assert asked["filename"] == "figures.png"
    assert int(asked["length"]) == len(slack.uploads["F1"])
    assert slack.uploads["F1"].startswith(b"\x89PNG")


async def test_who_alone_is_answered_in_a_slack_channel_gets_the_picture_alone(
    room: Pressroom, slack: FakeSlack
) -> None:
    await room.tell(DATES, Address(platform="slack", chat="slack:C1", user="slack:U7"))
    posted = await slack.until_posted(2)
    assert [method for method, _ in posted] == ["chat.postEphemeral", "files.completeUploadExternal"]
    assert posted[1][1]["channel_id"] == "DU7"


async def test_too_few_facts_for_a_chart_are_told_in_words(room: Pressroom, telegram: FakeTelegram) -> None:
    await room.tell("/timeline A Report since 20 Feb chart", TO_TELEGRAM)
    await room.tell("/numbers since 16 Feb 2020 chart", TO_TELEGRAM)
    dates, figures = await telegram.until_sent(2)
    assert "A chart takes at least 3 dated facts that stand; here are 2, so in words only." in dates["shown"]
    assert "A chart takes at least 2 figures of one thing" in figures["shown"]
    assert "photo" not in dates
    assert "reply_markup" not in dates


async def test_words_that_are_longer_than_a_caption_go_on_in_messages(room: Pressroom, telegram: FakeTelegram) -> None:
    sentences = [f"The {'very ' * 20}long road {number} must open." for number in range(10)]
    article = report(*sentences, title="Roads")
    facts = tuple(due(article, each, date(2020, 3, 1 + place)) for place, each in enumerate(sentences))
    await room.store.save(article, Extraction(facts=facts), links={})
    await room.tell("/timeline roads chart", TO_TELEGRAM)
    first, second = await telegram.until_sent(2)
    await room.settled()
    assert first["photo"] == PNG
    assert len(first["shown"]) <= 1024
    assert len(first["shown"]) + len(second["shown"]) > 1400
    shown = first["shown"] + second["shown"]
    assert all(f"{number}. " in shown for number in range(1, 11))
    assert "reply_markup" not in first
    assert buttons(second) == ["/timeline roads"]


async def test_more_than_a_picture_holds_is_on_its_next_page(room: Pressroom) -> None:
    sentences = [f"Lane {number} must open." for number in range(15)]
    article = report(*sentences, title="Lanes")
    facts = tuple(due(article, each, date(2020, 3, 1 + place)) for place, each in enumerate(sentences))
    await room.store.save(article, Extraction(facts=facts), links={})
    first = await room.desk.ask("/timeline lanes chart")
    assert len(first.data["lines"]) == 12
    more = first.buttons[0][0].command
    assert more == "/timeline lanes chart page 2"
    assert [line["number"] for line in (await room.desk.ask(more)).data["lines"]] == [13, 14, 15]
    assert (await room.desk.ask("/timeline lanes chart page 3")).template == "nothing"
    assert (await room.desk.ask("/numbers displaced chart page 2")).template == "nothing"


@pytest.mark.parametrize("draws", [None, Pencil(png=None), Broken()], ids=["nobody", "in vain", "broken"])
async def test_what_cannot_be_drawn_is_told_in_words(
    tmp_path: Path, telegram: FakeTelegram, slack: FakeSlack, draws: DrawsCharts | None
) -> None:
    async with desk(tmp_path, telegram, slack, draws) as room:
        await room.tell(DATES, TO_TELEGRAM)
        await room.tell(DATES, TO_SLACK)
        (sent,) = await telegram.until_sent(1)
        posted = await slack.until_posted(2)
        await room.settled()
    assert sent["shown"].endswith(UNDRAWN)
    assert LEAVE in sent["shown"]
    assert buttons(sent) == ["/timeline A Report"]
    assert "photo" not in sent
    assert [method for method, _ in posted] == ["chat.postMessage"] * 2
    assert posted[1][1]["text"] == UNDRAWN


async def test_while_a_picture_is_drawn_others_are_answered_and_nothing_is_in_doubt(
    tmp_path: Path, telegram: FakeTelegram, slack: FakeSlack
) -> None:
    slow = Slow()
    async with desk(tmp_path, telegram, slack, slow) as room:
        await room.tell(DATES, TO_TELEGRAM)
        await slow.begun.wait()
        await room.tell("/timeline A Report", Address(platform="telegram", chat="telegram:8"))
        (other,) = await telegram.until_sent(1)
        assert other["chat_id"] == 8
        async with asyncio.timeout(30):
            while await room.states() != {"pending": 1, "sent": 1}:
                continue
        slow.let.set()
        assert (await telegram.until_sent(2))[1]["photo"] == PNG


async def test_a_picture_whose_drawing_was_cut_off_is_drawn_anew_and_sent_once(
    tmp_path: Path, telegram: FakeTelegram, slack: FakeSlack
) -> None:
    slow, pencil = Slow(), Pencil()
    async with desk(tmp_path, telegram, slack, slow) as room:
        await room.tell(DATES, TO_TELEGRAM)
        await slow.begun.wait()
    assert telegram.sent == []
    async with desk(tmp_path, telegram, slack, pencil, fresh=False) as room:
        (sent,) = await telegram.until_sent(1)
        await room.settled()
        assert await room.states() == {"sent": 1}
    assert sent["photo"] == PNG
    assert len(telegram.sent) == len(pencil.asked) == 1


async def test_a_picture_that_did_not_arrive_is_sent_again_and_not_drawn_again(
    room: Pressroom, telegram: FakeTelegram, slack: FakeSlack, pencil: Pencil
) -> None:
    telegram.scripts[7].append((502, {"html": "<html>bad gateway</html>"}))
    slack.scripts["files.completeUploadExternal"].append(
        (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "0"})
    )
    await room.tell(DATES, TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    await room.tell(DATES, TO_SLACK)
    await slack.until_posted(2)
    await room.settled()
    assert sent["photo"] == PNG
    assert [method for method, _ in slack.posted] == ["chat.postMessage", "files.completeUploadExternal"]
    assert len(pencil.asked) == 2


@pytest.mark.parametrize("refusal", ["not enough rights to send photos to the chat", "IMAGE_PROCESS_FAILED"])
async def test_where_telegram_takes_no_picture_the_words_go(
    room: Pressroom, telegram: FakeTelegram, refusal: str
) -> None:
    telegram.method_scripts["sendPhoto"].append((400, {"description": f"Bad Request: {refusal}"}))
    await room.tell(DATES, TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    await room.settled()
    assert "photo" not in sent
    assert UNDRAWN in sent["shown"]


async def test_a_caption_that_telegram_cannot_parse_goes_out_plain(room: Pressroom, telegram: FakeTelegram) -> None:
    telegram.refuse_html = True
    await room.tell(DATES, TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    assert sent["photo"] == PNG
    assert "/evidence 1" in sent["shown"]
    assert "<b>" not in sent["shown"]


async def test_a_chat_that_is_gone_is_gone_for_pictures_too(room: Pressroom, telegram: FakeTelegram) -> None:
    telegram.method_scripts["sendPhoto"].append((403, {"description": "Forbidden: bot was blocked by the user"}))
    await room.tell(DATES, TO_TELEGRAM)
    await telegram.until(lambda: bool(telegram.called("sendPhoto")))
    await room.settled()
    assert await room.states() == {"failed": 1}


async def test_where_slack_takes_no_file_it_says_so(room: Pressroom, slack: FakeSlack) -> None:
    slack.scripts["files.getUploadURLExternal"].append((200, {"ok": False, "error": "missing_scope"}, {}))
    await room.tell(DATES, TO_SLACK)
    posted = await slack.until_posted(2)
    assert posted[1] == ("chat.postMessage", posted[1][1])
    assert posted[1][1]["text"] == UNDRAWN


async def test_a_retracted_fact_is_taken_out_of_telegrams_picture(
    room: Pressroom, telegram: FakeTelegram, pencil: Pencil
) -> None:
    await room.tell(DATES, TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    pencil.png = PNG + b" again"
    await room.edit("/retract 2 wrong road")
    await telegram.until(lambda: bool(telegram.edited))
    await room.settled()
    (edited,) = telegram.edited
    assert (edited["message_id"], edited["photo"]) == (sent["message_id"], PNG + b" again")
    assert "RETRACTED (wrong road)" in edited["shown"]
    assert [row.number for row in pencil.asked[-1][0].rows] == [1, 3]
    assert buttons(edited) == ["/timeline A Report"]
    assert await room.states() == {"sent": 2}


async def test_a_corrected_day_moves_in_the_picture(room: Pressroom, telegram: FakeTelegram, pencil: Pencil) -> None:
    await room.tell(DATES, TO_TELEGRAM)
    await telegram.until_sent(1)
    await room.edit("/correct 1 due=31 March | the ministry moved it")
    await telegram.until(lambda: bool(telegram.edited))
    assert "CORRECTED: due 29 Feb 2020 → 31 Mar 2020" in telegram.edited[0]["shown"]
    assert pencil.asked[-1][0].rows[-1].start == date(2020, 3, 31).toordinal()


async def test_a_corrected_figure_moves_in_the_picture(room: Pressroom, telegram: FakeTelegram, pencil: Pencil) -> None:
    await room.tell("/numbers displaced chart", TO_TELEGRAM)
    await telegram.until_sent(1)
    assert [(row.start, row.opens) for row in pencil.asked[0][0].rows] == [(700_000, ""), (900_000, "up")]
    await room.edit("/correct 5 qualifier=exact; value=950000 | misread")
    await telegram.until(lambda: bool(telegram.edited))
    assert [(row.start, row.opens) for row in pencil.asked[-1][0].rows] == [(700_000, ""), (950_000, "")]


@pytest.mark.parametrize("why", ["not drawn", "not editable", "refused"])
async def test_where_the_picture_cannot_be_replaced_a_message_tells_what_changed(
    room: Pressroom, telegram: FakeTelegram, pencil: Pencil, why: str
) -> None:
    await room.tell(DATES, TO_TELEGRAM)
    (sent,) = await telegram.until_sent(1)
    if why == "not drawn":
        pencil.png = None
    elif why == "not editable":
        telegram.fixed.add(sent["message_id"])
    else:
        telegram.method_scripts["editMessageMedia"].append((400, {"description": "Bad Request: wrong file"}))
    await room.edit("/retract 2 wrong road")
    told = (await telegram.until_sent(2))[1]
    assert told["reply_parameters"]["message_id"] == sent["message_id"]
    assert "wrong road" in told["shown"]


async def test_slack_edits_the_words_and_tells_that_the_picture_is_of_before(room: Pressroom, slack: FakeSlack) -> None:
    await room.tell(DATES, TO_SLACK)
    await slack.until_posted(2)
    await room.edit("/retract 2 wrong road")
    posted = await slack.until_posted(4)
    await room.settled()
    assert [method for method, _ in posted[2:]] == ["chat.update", "chat.postMessage"]
    assert "RETRACTED" in posted[2][1]["text"]
    assert "wrong road" in posted[3][1]["text"]
    assert posted[3][1]["thread_ts"] == posted[2][1]["ts"]
