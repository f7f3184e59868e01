"""Which dates are told of and which lie ahead: a reader of /deadlines must find what is to come, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from digests.extract.pipeline import extract
from digests.model import Article, Deadline, Event
from digests.sources.file import article_from
from digests.text.parts import parts_of

WEDNESDAY = date(2022, 11, 16)


def due(text: str) -> list[tuple[str, str]]:
    """The last day due and the boundary of every deadline and event."""
    article = Article(text=text, parts=parts_of(text), content_hash="x", published_day=WEDNESDAY)
    found = [fact for fact in extract(article).facts if isinstance(fact, Deadline | Event)]
    return [(fact.due_to.isoformat(), fact.boundary) for fact in found]


TOLD = [
    "December 11 - The ministry announces that the former governor of Tarno is in custody.",
    "On July 7, the skipper pleads guilty to smuggling charges.\nAugust 10 - The mayor signs the bill into law.",
    "Marta Quill/AFP/Getty Images A woman takes part in a protest in Lisbon on February 28.",
    "Ned Orlo/Reuters Kofi Asante scores the second goal of his team on Friday.",
    "Eight years later, they would rebuild their little shop as a chain of bakeries.",
    "The union declares war on the owners the next day and three days later on the city.",
    "In Oslo, it is usually foggy on Mondays, and people stay at home on any random Tuesday.",
    "The town typically has 200 visitors this year.",
    "Ferry companies funnel millions into lobbying in 2024.",
    "How concerned should the city be about the flood report tomorrow?",
    "Here is everything you need to know today.",
    "The committee investigating the Jan. 6 riot heard a guard.",
    "Bring along winter gear for the walk.",
    "Nearly 900 ferries were delayed within the country Friday and 150 sailings were cancelled.",
    "The president, who is attending the summit, said in March Vesland should be ejected from the league.",
    "“They don’t have the bed for it,” Kern, director of the clinic, said on KVR’s “Face the Harbour” on Sunday.",
    "Though there is no confirmation the indictment will come Friday, Kern may face charges.",
    "During a visit to the yard on Tuesday, Minister Ada Kern told journalists that nothing was lost.",
    "Kern briefly referenced the row, joking that the only ferry in Vesland will be gone on Thursday.",
    "There is no guarantee that the talks will resume on Friday.",
    "The yards will be open Monday through Friday from 11 a.m. to 1 p.m.",
    "Some who accept will be required to stay beyond December 1 to assist.",
    "Visitors interested in next weekend or the holiday weekend should call the park.",
    "Postal workers are taking action in the run-up to Christmas.",
    "It would take a month to be safe, even if they get the first dose next week.",
    "The council was scrambling to prevent a strike Wednesday.",
    "The captain told reporters Wednesday there should be an inquiry.",
    "The colt wasn't even entered for the race until Friday.",
    "The ministry could vote to release the papers Friday.",
    "2024 is going to see loud calls for a new bridge.",
    "Analysts said food prices will rise next month.",
    "Two days before the lease was set to expire, the tenants sued.",
    "The sales of Black Friday were poor, and few shops were open.",
    "Hide Caption 2 of 9 Photos: Premier Ned Orlo speaks to the press in Tarno on November 20.",
    "The envoy was not able to get inside the house Saturday.",
    "Most mills will likely go bankrupt by the end of May.",
    "He gets up early and comes home in the afternoon.",
    "It was one of the coldest mornings of the year.",
]
AHEAD = [
    ("The ministry will publish the report on Friday.", [("2022-11-18", "on")]),
    ("The trial begins on Jan. 9.", [("2023-01-09", "on")]),
    ("The treaty expires in 2024.", [("2024-12-31", "on")]),
    ("The president flies to Quito on Sunday for talks.", [("2022-11-20", "on")]),
    ("The hearing is set for March 1 at noon.", [("2023-03-01", "on")]),
    ("Under the plan, smoking would be banned from next January.", [("2023-01-01", "from")]),
    ("The waiver lasts until midnight on Sunday.", [("2022-11-20", "until")]),
    ("She plans to visit Accra on Thursday.", [("2022-11-17", "on")]),
    ("The mayor is set to meet the dockers Wednesday.", [("2022-11-23", "on")]),
    ("December 20 - The court will rule on the appeal.", [("2022-12-20", "on")]),
    ("The premier said she would resign in January.", [("2023-01-31", "on")]),
    ("The contest starts at 5 p.m. EST on Friday (4 p.m. CT on Friday).", [("2022-11-18", "on")]),
]


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_is_no_date_to_keep(text: str) -> None:
    assert due(text) == []


@pytest.mark.parametrize(("text", "wanted"), AHEAD)
def test_what_lies_ahead_is_kept(text: str, wanted: list[tuple[str, str]]) -> None:
    assert due(text) == wanted


def test_the_article_under_its_own_date_line_is_no_timeline() -> None:
    text = "# Cranes for the Harbour\n\nMay 15, 2020\n\nThe minister said two cranes would arrive by the end of May.\n"
    found = [fact.summary for fact in extract(article_from(text)).facts if fact.kind in ("deadline", "event")]
    assert found == ["two cranes: arrive, by 31 May 2020"]


def test_a_stretch_of_time_is_nobody_who_acts() -> None:
    (event,) = [
        fact
        for fact in extract(article_from("The week of calm will begin on Friday.", published="2022-11-16")).facts
        if isinstance(fact, Event)
    ]
    assert event.actor is None
    assert event.summary.startswith("The week of calm will begin")


def test_nobody_is_called_some_or_he() -> None:
    text = "Some who accept must stay until December 1 to help."
    (fact,) = [each for each in extract(article_from(text, published="2022-11-16")).facts if isinstance(each, Deadline)]
    assert not fact.summary.startswith("Some:")


def test_a_deadline_that_names_no_action_is_told_in_its_own_words() -> None:
    text = "She granted a reprieve, setting a deadline of December 21."
    (fact,) = [each for each in extract(article_from(text, published="2022-11-16")).facts if isinstance(each, Deadline)]
    assert fact.summary == "She granted a reprieve, setting a deadline of December 21, by 21 Dec 2022"
