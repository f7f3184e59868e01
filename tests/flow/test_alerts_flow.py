"""What people follow, and what they are told of it: through the router, the record of changes and the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fakes.desk import commands_of
from fakes.newsroom import EDITOR, OTHER, Newsroom, drawn, due, newsroom, report, says

from bot.circulation import alerts, reminders
from bot.circulation.corrections import Corrector
from bot.commands import follow
from digests.errors import StoreError
from digests.store.database import Database

SAYS = "Fuat Oktay said on Saturday that the road would be opened."
MORE = "Fuat Oktay promised the village a school of its own."


@pytest.fixture
async def room(database: Database) -> AsyncIterator[Newsroom]:
    async with newsroom(database) as opened:
        yield opened


async def known(room: Newsroom) -> int:
    """An article from before anybody followed anything; the id of the person in it."""
    article = report("Fuat Oktay arrived in the capital.", title="Arrival")
    await room.arrive(article, (says(article, "Fuat Oktay arrived in the capital.", "Fuat Oktay"),))
    await room.look()
    return (await room.store.people(["Oktay"]))[0].id


async def told(room: Newsroom) -> list[str]:
    return [drawn(reply) for _, reply in await room.look()]


async def oktay(room: Newsroom, *sentences: str, person: int, **more: object) -> None:
    article = report(*sentences, **more)
    facts = tuple(says(article, sentence, "Fuat Oktay") for sentence in sentences)
    await room.arrive(article, facts, links={1: person})


async def test_whoever_follows_a_person_is_told_with_evidence_and_a_way_to_mute(room: Newsroom) -> None:
    person = await known(room)
    assert "Followed, as number 1: Fuat Oktay" in await room.read("/follow Oktay")
    await oktay(room, SAYS, person=person)
    ((address, reply),) = await room.look()
    assert (address.platform, address.chat) == ("telegram", "telegram:1")
    said = drawn(reply)
    assert SAYS in said
    assert "/evidence" in said
    assert commands_of(reply) == ["/mute 1 3 hours", "/following"]
    assert room.woken == 1
    assert await room.look() == []


async def test_nobody_else_is_told(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    await oktay(room, SAYS, person=person)
    assert {address.chat for address, _ in await room.look()} == {"telegram:1"}
    assert "Nothing yet" in await room.read("/following", OTHER)
    assert "follows nothing like" in await room.read("/unfollow 1", OTHER)
    assert "follows nothing like" in await room.read("/mute 1", OTHER)
    assert "Fuat Oktay" in await room.read("/following")


async def test_copies_of_one_text_are_told_once(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    body = (
        SAYS,
        *(f"The river rose by {n} hands near the old mill, farmers of the valley said again." for n in range(9)),
    )
    for publisher, sentence in (("Levant Wire", SAYS), ("Volga Post", SAYS), ("Daily", SAYS.replace("would", "will"))):
        article = report(sentence, *body[1:], title=f"Roads in the {publisher}", publisher=publisher)
        await room.arrive(article, (says(article, sentence, "Fuat Oktay"),), links={1: person})
        room.now += timedelta(minutes=1)
        messages = await told(room)
        assert len(messages) == (publisher == "Levant Wire")


async def test_a_version_tells_only_what_is_new_in_it(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    url = "https://levant.example/1"
    await oktay(room, SAYS, person=person, url=url)
    assert len(await told(room)) == 1
    room.now += timedelta(minutes=1)
    await oktay(room, SAYS.replace("said on", "said  on"), person=person, url=url, title="Another Title")
    assert await told(room) == []
    await oktay(room, SAYS.replace("that the road", "the road"), person=person, url=url)
    assert await told(room) == []
    await oktay(room, SAYS, MORE, person=person, url=url)
    (said,) = await told(room)
    assert MORE in said
    assert SAYS not in said


async def test_a_number_that_changes_in_a_version_is_told(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    url = "https://levant.example/1"
    await oktay(room, "Fuat Oktay said that 40 roads were closed.", person=person, url=url)
    await room.look()
    room.now += timedelta(minutes=1)
    await oktay(room, "Fuat Oktay said that 60 roads were closed.", person=person, url=url)
    (said,) = await told(room)
    assert "60 roads" in said


@pytest.mark.parametrize(("day", "messages"), [(15, 1), (13, 1), (16, 1), (12, 0), (20, 0), (1, 0)])
async def test_only_what_is_fresh_is_told(room: Newsroom, day: int, messages: int) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    await oktay(room, SAYS, person=person, day=date(2020, 2, day))
    assert len(await told(room)) == messages


async def test_a_large_import_of_old_articles_tells_nobody(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    for number in range(30):
        await oktay(room, f"Fuat Oktay said that it was year {number}.", person=person, day=date(2015, 2, 1))
    await oktay(room, SAYS, person=person)
    (said,) = await told(room)
    assert "year" not in said


async def test_a_large_import_does_not_keep_the_first_lines_back(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "PAGE", 2)
    monkeypatch.setattr(alerts, "PAGES", 2)
    person = await known(room)
    await room.ask("/follow Oktay")
    for number in range(6):
        await oktay(room, f"Fuat Oktay said that road number {number} would be opened.", person=person)
    (message,) = await told(room)
    assert message.count("would be opened") == 4
    assert await told(room) == []
    room.now += timedelta(seconds=20)
    (message,) = await told(room)
    assert message.count("would be opened") == 2


async def test_what_came_before_the_first_start_is_not_told(room: Newsroom) -> None:
    article = report(SAYS)
    await room.arrive(article, (says(article, SAYS, "Fuat Oktay"),))
    await room.ask("/follow Oktay")
    assert await told(room) == []


async def test_a_story_is_followed_on_when_it_is_merged_into_another(room: Newsroom) -> None:
    first = report("Snow fell on the pass all night.", title="Snow on the pass")
    story = await room.store.stories_of([await room.arrive(first)])
    number = next(iter(story.values()))
    assert "Followed, as number 1: Snow on the pass" in await room.read(f"/follow story {number}")
    await room.look()
    second = report("Fuat Oktay said that the pass was closed.", title="Pass closed")
    other = await room.arrive(second, (says(second, "Fuat Oktay said that the pass was closed.", "Fuat Oktay"),))
    into = (await room.store.stories_of([other]))[other]
    await room.database.write(lambda c: c.execute("UPDATE stories SET merged_into = ? WHERE id = ?", (into, number)))
    (said,) = await told(room)
    assert "the pass was closed" in said
    assert "no story 99" in await room.read("/follow story 99")


async def test_a_followed_story_is_told_by_its_first_sentence_where_nothing_was_read_from_it(room: Newsroom) -> None:
    number = await room.arrive(report("Snow fell on the pass all night. It was cold.", title="Snow"))
    story = (await room.store.stories_of([number]))[number]
    await room.ask(f"/follow story {story}")
    await room.look()
    await room.database.write(lambda c: c.execute("UPDATE story_articles SET story_id = story_id"))
    more = await room.arrive(report("Snow fell on the town as well. It was colder.", title="More snow"))
    await room.database.write(
        lambda c: c.execute("UPDATE story_articles SET story_id = ? WHERE article_id = ?", (story, more))
    )
    (said,) = await told(room)
    assert "Snow fell on the town as well." in said
    assert "colder" not in said
    assert f"/facts_{more}" in said or f"/facts {more}" in said


async def test_deadlines_of_a_topic_are_told_and_those_that_passed_are_not(room: Newsroom) -> None:
    await room.look()
    said = await room.read("/follow deadlines Turkey")
    assert "deadlines: Turkey" in said
    late, soon = "Turkey had to answer by February 1.", "Turkey must answer by February 29."
    other = "Vesland must answer by March 5."
    article = report(late, soon, other)
    facts = (
        due(article, late, date(2020, 2, 1)),
        due(article, soon, date(2020, 2, 29)),
        due(article, other, date(2020, 3, 5)),
    )
    await room.arrive(article, facts)
    (message,) = await told(room)
    assert soon in message
    assert "in 14 days" in message
    assert late not in message
    assert other not in message


async def test_the_same_deadline_in_other_words_is_told_once(room: Newsroom) -> None:
    await room.look()
    await room.ask("/follow deadlines")
    for sentence in ("Vesland must answer by February 29.", "By Saturday fortnight Vesland must answer, it was told."):
        article = report(sentence, title=sentence)
        fact = replace(
            due(article, sentence, date(2020, 2, 29), "Vesland", 1),
            action=replace(due(article, "answer", date(2020, 2, 29)).time),
        )
        await room.arrive(article, (fact,))
    assert len(await told(room)) == 1
    room.now += timedelta(minutes=5)
    assert await told(room) == []


async def test_words_are_told_by_the_sentence_that_says_them(room: Newsroom) -> None:
    await room.look()
    said = await room.read('/follow words "peace talks" drones -football')
    assert "any of: “peace talks”, “drones”" in said
    assert "without: “football”" in said
    await room.arrive(report("It rained. A drone was seen over the town at night.", title="Night"))
    await room.arrive(report("The drones filmed football.", title="Sport"))
    await room.arrive(report("The talks were short.", title="Talks"))
    (message,) = await told(room)
    assert "A drone was seen over the town at night." in message
    assert "It rained" not in message
    assert "filmed" not in message


async def test_lines_of_one_article_are_told_in_its_own_order(room: Newsroom) -> None:
    person = await known(room)
    await room.look()
    await room.ask("/follow words ferry")
    wrong, right = "A report on the ferry gave a wrong number.", "Oktay said the ferry had carried 80 people."
    article = report(wrong, right, title="Correction")
    facts = (says(article, right, "Oktay", person), due(article, wrong, date(2020, 2, 29)))
    await room.arrive(article, tuple(reversed(facts)))
    (message,) = await told(room)
    assert message.index(wrong) < message.index(right)
    assert "by Sat 29 Feb 2020" in message


async def test_a_headline_is_not_quoted_under_itself(room: Newsroom) -> None:
    await room.look()
    await room.ask("/follow words ferries")
    article = report("It rained in Ardal.", title="Ferries Stay in Port as Storm Nears")
    await room.arrive(article)
    (message,) = await told(room)
    assert message.count("Ferries Stay in Port") == 1


async def test_a_name_that_nobody_has_is_followed_as_words_and_that_is_said(room: Newsroom) -> None:
    await known(room)
    reply = await room.ask("/follow Fuat Okatay")
    said = drawn(reply)
    assert "Nobody of the name “Fuat Okatay” is in the archive, so the words are followed." in said
    assert "all of: “Fuat”, “Okatay”" in said
    assert "/follow Fuat Oktay" in commands_of(reply)


async def test_of_two_people_of_a_name_it_is_asked_which(room: Newsroom) -> None:
    for name in ("Fuat Oktay", "Burhan Oktay"):
        article = report(f"{name} spoke.", title=name)
        await room.arrive(article, (says(article, f"{name} spoke.", name),))
    reply = await room.ask("/follow Oktay urgent remind 2 days")
    assert reply.template == "which"
    assert sorted(commands_of(reply)) == [
        "/follow Burhan Oktay urgent remind 48 hours",
        "/follow Fuat Oktay urgent remind 48 hours",
    ]
    said = await room.read("/follow Burhan Oktay urgent remind 48 hours")
    assert "urgent, also in quiet hours" in said
    assert "reminder 2 days before each deadline" in said
    assert (await room.ask("/who Fuat Oktay")).template == "who"


async def test_a_burst_is_one_message_with_a_count_and_the_best_lines(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    await oktay(room, SAYS, person=person)
    assert len(await told(room)) == 1
    for number in range(12):
        room.now += timedelta(seconds=1)
        sentence = f"Fuat Oktay said that road number {number} would be opened."
        await oktay(room, sentence, person=person, title=f"Road {number}")
        assert await told(room) == []
    room.now += timedelta(seconds=15)
    (message,) = await told(room)
    assert "12 articles, 12 lines" in message
    assert message.count("would be opened") == 8
    assert "and 4 more" in message


async def test_a_place_that_was_told_much_hears_less_often(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    count = 0
    for number in range(60):
        await oktay(room, f"Fuat Oktay said that road number {number} would be opened.", person=person)
        count += len(await told(room))
        room.now += timedelta(seconds=30)
    assert 10 <= count <= 16


async def test_quiet_hours_hold_what_is_not_urgent_and_tell_it_bundled_after(room: Newsroom) -> None:
    person = await known(room)
    settings = await room.books.settings("telegram:1")
    quiet = replace(settings, quiet_from=room.now.time().replace(hour=11), quiet_to=room.now.time().replace(hour=15))
    await room.books.change_settings("telegram:1", quiet)
    await room.ask("/follow Oktay")
    await room.look()
    for number in range(3):
        await oktay(room, f"Fuat Oktay said that road number {number} would be opened.", person=person)
        assert await told(room) == []
        room.now += timedelta(minutes=30)
    await room.ask("/follow words snow urgent")
    await room.arrive(report("Snow fell on the pass.", title="Weather"))
    (message,) = await told(room)
    assert "Snow fell" in message
    assert "road" not in message
    room.now += timedelta(hours=2)
    (message,) = await told(room)
    assert "While it was quiet: 3 articles." in message
    assert message.count("would be opened") == 3


async def test_what_was_retracted_while_it_waited_is_not_told(room: Newsroom) -> None:
    person = await known(room)
    settings = replace(
        await room.books.settings("telegram:1"),
        quiet_from=room.now.time().replace(hour=11),
        quiet_to=room.now.time().replace(hour=15),
    )
    await room.books.change_settings("telegram:1", settings)
    await room.ask("/follow Oktay")
    await oktay(room, SAYS, person=person)
    await room.look()
    await room.database.write(lambda c: c.execute("UPDATE facts SET status = 'retracted'"))
    room.now += timedelta(hours=4)
    assert await told(room) == []
    assert await room.follows.waiting(now=room.now) == []


async def test_muted_and_unfollowed_is_silent(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    assert "Silent about Fuat Oktay until 15 Feb 2020, 15:00" in await room.read("/mute 1 3 hours")
    assert "muted until" in await room.read("/following")
    await oktay(room, SAYS, person=person)
    assert await told(room) == []
    room.now += timedelta(hours=3, minutes=1)
    await oktay(room, MORE, person=person)
    assert len(await told(room)) == 1
    assert "until you say otherwise" in await room.read("/mute Oktay forever")
    assert "Muted no more" in await room.read("/mute 1 off")
    assert "Followed no more: Fuat Oktay" in await room.read("/unfollow oktay")
    await oktay(room, "Fuat Oktay left.", person=person)
    assert await told(room) == []


async def test_two_follows_of_a_chat_tell_a_sentence_once(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    await room.ask("/follow words road")
    await oktay(room, SAYS, person=person)
    (message,) = await told(room)
    assert message.count(SAYS) == 1


class Falling:
    """The books of a process that ends in the middle: the lines' transaction, or the message's, is never kept."""

    def __init__(self, follows: object, falls: str) -> None:
        self._follows = follows
        self._falls = falls

    def __getattr__(self, name: str) -> object:
        if name == self._falls:
            raise KeyboardInterrupt
        return getattr(self._follows, name)


@pytest.mark.parametrize("falls", ["take_in", "settle"])
async def test_wherever_the_program_ends_a_line_is_told_once(room: Newsroom, falls: str) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    await oktay(room, SAYS, person=person)
    with pytest.raises(KeyboardInterrupt):
        await room.new_alerts(Falling(room.follows, falls)).once(room.now)
    assert await room.queued() == []
    await room.new_alerts().once(room.now)
    assert len(await room.queued()) == 1
    await room.new_alerts().once(room.now + timedelta(hours=1))
    assert await room.queued() == []


async def test_of_two_processes_one_tells(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    await oktay(room, SAYS, person=person)
    one, two = room.new_alerts(), room.new_alerts()
    lines = [await each._found(await room.store.changes(1), room.now) for each in (one, two)]
    upto = await room.store.last_change()
    took = [await room.follows.take_in("alerts", found, after=1, upto=upto, at=room.now) for found in lines]
    assert took == [1, None]
    waiting = await room.follows.waiting(now=room.now)
    assert [await each.tell(room.now) for each in (one, two)] == [1, 0]
    assert len(waiting) == 1


async def test_in_a_terminal_it_is_said_that_nobody_can_be_told_there(room: Newsroom) -> None:
    terminal = replace(EDITOR, platform="console", chat="console", user="console")
    person = await known(room)
    assert "a terminal cannot be told by itself" in await room.read("/follow Oktay", terminal)
    await oktay(room, SAYS, person=person)
    assert await told(room) == []


async def test_an_alert_of_which_nothing_stands_is_not_sent(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay")
    corrector = Corrector(
        store=room.store, books=room.services.corrections, queued=lambda: None, kept=timedelta(days=30)
    )
    await corrector.once(room.now)
    await oktay(room, SAYS, person=person)
    await room.alerts.once(room.now)
    ((_, reply),) = await room.queued()
    assert SAYS in drawn(reply)
    await room.store.retract(2, by="telegram:9", why="a misprint", at=room.now)
    await corrector.once(room.now)
    assert await room.database.read(lambda c: c.execute("SELECT COUNT(*) FROM outbox").fetchone()[0]) == 0


GROUP = replace(EDITOR, chat="telegram:-5", user="telegram:1", private=False)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/follow", "/follow NAME"),
        ("/follow ?!", "/follow NAME"),
        ("/follow #99", "No"),
        ("/follow Oktay", "Only this group's admins"),
        ("/unfollow 1", "Only this group's admins"),
        ("/mute 1", "Only this group's admins"),
        ("/unfollow", "/unfollow NUMBER or NAME"),
        ("/mute", "/mute NUMBER or NAME"),
        ("/mute nothing of the kind", "follows nothing like"),
        ("/unfollow ?", "follows nothing like"),
        ("/following everything", "/following"),
    ],
)
async def test_what_cannot_be_done_is_said(room: Newsroom, typed: str, said: str) -> None:
    await known(room)
    origin = GROUP if "admins" in said else EDITOR
    assert said in await room.read(typed, origin)


async def test_a_group_s_admins_and_editors_follow_for_it_and_its_topic_is_told(room: Newsroom) -> None:
    person = await known(room)
    await room.ask("/follow Oktay", replace(GROUP, role="editor", thread="77"))
    await oktay(room, SAYS, person=person)
    ((address, _),) = await room.look()
    assert (address.chat, address.thread, address.user) == ("telegram:-5", "77", "")


async def test_of_several_follows_of_a_name_it_is_asked_which(room: Newsroom) -> None:
    await known(room)
    await room.ask("/follow deadlines Vesland")
    await room.ask("/follow words Vesland")
    reply = await room.ask("/mute vesland today")
    assert commands_of(reply) == ["/mute 1 today", "/mute 2 today"] or "Vesland" in drawn(reply)
    assert "Followed no more: deadlines: Vesland" in await room.read("/unfollow deadlines: vesland")


async def test_a_long_list_comes_page_by_page_with_buttons_for_each(room: Newsroom) -> None:
    for number in range(8):
        await room.ask(f"/follow words w{number} and more words that make a long name of it")
    await room.ask("/mute 1 today")
    first = await room.ask("/following")
    assert commands_of(first)[:3] == ["/unfollow 1", "/mute 1 off", "/unfollow 2"]
    assert commands_of(first)[-1] == "/following page 2"
    assert "w7" in await room.read("/following page 2")
    assert "There is no page 9." in await room.read("/following page 9")


async def test_a_chat_may_follow_so_much_and_no_more(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "MOST_FOLLOWS", 2)
    for word in ("one", "two", "three"):
        last = await room.read(f"/follow words {word}")
    assert "This chat follows 2 things already" in last
    assert "Followed already; now" in await room.read("/follow words two urgent")


async def test_one_article_that_cannot_be_read_holds_up_no_other(room: Newsroom) -> None:
    await room.look()
    await room.ask("/follow words road")
    bad = await room.arrive(report("The road is long.", title="One"))
    await room.arrive(report("The road is wide.", title="Two"))
    await room.database.write(
        lambda c: c.execute("UPDATE article_versions SET parts = '[1]' WHERE article_id = ?", (bad,))
    )
    (message,) = await told(room)
    assert "The road is wide." in message


async def test_a_loop_outlives_a_database_that_fails(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "TICK", 0.0)
    monkeypatch.setattr(reminders, "TICK", 0.0)
    looks = 0

    class Failing:
        def __getattr__(self, name: str) -> object:
            nonlocal looks
            looks += 1
            raise StoreError("the disk is full") if looks % 2 else RuntimeError("a fault of ours")

    store = Failing()
    given = {"books": room.books, "follows": room.follows, "platforms": ("telegram",), "queued": lambda: None}
    loops = [
        alerts.Alerts(store=store, **given),
        reminders.ReminderLoop(store=store, reminders=room.services.reminders, **given),
    ]
    for each in loops:
        looks = 0
        task = asyncio.create_task(each.run())
        await asyncio.wait([task], timeout=0.2)
        assert looks > 4
        assert not task.done()
        task.cancel()
