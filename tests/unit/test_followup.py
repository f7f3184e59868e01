"""A follow-up made whole: whom, what and when it leaves out is taken from what was spoken of."""

from __future__ import annotations

from datetime import date

import pytest

from digests.ask.context import Context, following, names_in
from digests.ask.followup import resolved

TODAY = date(2020, 2, 21)


def spoken(question: str, *people: str, before: Context | None = None, who: str = "") -> Context:
    return following(before, question, today=TODAY, people=people, who=who)


MAYOR = spoken("Who is Brandt?", "Orsola Brandt")
SAID = spoken("What did Brandt say about the harbour since Wednesday?", "Orsola Brandt")
BODY = spoken("What did the Kremlin say about Ankara?")
COUNT = spoken("How many sailors does Turkey employ?")
DUE = spoken("When must Syrian tugs return?")
OFFICE = spoken("Who is Turkey's harbour minister?", "Veli Kaya")
NEWS = spoken("Did anything change on Idlib since Wednesday?")
DENIED = spoken("Who denies sinking ferries?")


@pytest.mark.parametrize(
    ("context", "typed", "whole"),
    [
        (MAYOR, "and what did he say about Russia?", "what did Orsola Brandt say about Russia?"),
        (MAYOR, "what else did she say?", "what did Orsola Brandt say?"),
        (MAYOR, "who is her husband?", "who is Orsola Brandt's husband?"),
        (MAYOR, "did Kaya meet her?", "did Kaya meet Orsola Brandt?"),
        (MAYOR, "what did they say on ferries?", "what did Brandt say on ferries?"),
        (MAYOR, "what about the ferries?", "What did Orsola Brandt say about the ferries?"),
        (SAID, "and since Friday?", "What did Brandt say about the harbour since Friday?"),
        (SAID, "since Friday?", "What did Brandt say about the harbour since Friday?"),
        (SAID, "what about Kaya?", "What did Kaya say about the harbour since 2020-02-19?"),
        (SAID, "and Kaya since Monday?", "What did Kaya say about the harbour since Monday?"),
        (SAID, "How about the Kremlin?", "What did the Kremlin say about the harbour since 2020-02-19?"),
        (SAID, "and about Russia?", "What did Brandt say about Russia since 2020-02-19?"),
        (SAID, "and Russia?", "What did Brandt say about Russia since 2020-02-19?"),
        (SAID, "and sailors, too?", "What did Brandt say about sailors since 2020-02-19?"),
        (SAID, "who denies that?", "who denies the harbour?"),
        (SAID, "who denies it since Friday?", "who denies the harbour since Friday?"),
        (SAID, "who denies?", "who denies the harbour?"),
        (SAID, "anything new?", "anything new on the harbour?"),
        (SAID, "when did she say that?", "What did Brandt say about the harbour since 2020-02-19?"),
        (SAID, "who else said so?", "who said the harbour?"),
        (MAYOR, "and his boss?", "Orsola Brandt's boss?"),
        (SAID, "did anything change since Friday?", "did anything change on the harbour since Friday?"),
        (BODY, "and Turkey?", "What did Turkey say about Ankara?"),
        (BODY, "what did they say about Idlib?", "what did the Kremlin say about Idlib?"),
        (BODY, "what is their plan?", "what is the Kremlin's plan?"),
        (COUNT, "and Lebanon?", "How many sailors does Lebanon employ?"),
        (COUNT, "what about pilots?", "How many pilots does Turkey employ?"),
        (spoken("What do the Russians say?"), "and Turkey?", "What do Turkey say?"),
        (DUE, "and Turkey?", "When must Turkish tugs return?"),
        (DUE, "where?", "where Syrian tugs return?"),
        (DUE, "who denies that?", "who denies Syrian tugs return?"),
        (OFFICE, "and Russia's?", "Who is Russia's harbour minister?"),
        (OFFICE, "what about Russia?", "Who is Russia's harbour minister?"),
        (OFFICE, "and the foreign minister?", "Who is Turkey's foreign minister?"),
        (OFFICE, "what did he say about Idlib?", "what did Veli Kaya say about Idlib?"),
        (NEWS, "what about Libya?", "Did anything change on Libya since 2020-02-19?"),
        (NEWS, "and on Libya?", "Did anything change on Libya since 2020-02-19?"),
        (NEWS, "how many ferries are there?", "how many ferries are in Idlib?"),
        (NEWS, "when did it begin?", "when did Idlib begin?"),
        (DENIED, "and Kaya?", "What did Kaya say about sinking ferries?"),
        (DENIED, "and when?", "when sinking ferries?"),
    ],
)
def test_what_is_left_out_is_taken_from_before(context: Context, typed: str, whole: str) -> None:
    assert resolved(typed, context, today=TODAY).text == whole


@pytest.mark.parametrize(
    "typed",
    [
        "What did Rutte say about his budget?",
        "What did the minister say about his budget?",
        "Who said he would resign?",
        "What did Putin say when Erdogan called him?",
        "When will the strike end and how long did it last?",
        "How many of them are Syrians?",
        "Did the minister ask somebody to meet him?",
        "Is it true?",
        "Kaya?",
        "When does the ferry sail?",
    ],
)
def test_a_question_that_says_all_itself_stays_as_it_is(typed: str) -> None:
    understood = resolved(typed, SAID, today=TODAY)
    assert (understood.text, understood.kept, understood.changed) == (typed, (), False)


@pytest.mark.parametrize(
    "typed", ["what about Kaya?", "who denies that?", "and since Friday?", "anything new?", "where?"]
)
def test_without_a_conversation_nothing_is_made_up(typed: str) -> None:
    understood = resolved(typed, None, today=TODAY)
    assert understood.text == typed.removeprefix("and ")
    assert not understood.kept


@pytest.mark.parametrize(
    ("typed", "pronoun"),
    [("what did he say?", "he"), ("Who is she?", "she"), ("what is his plan?", "his"), ("who met him?", "him")],
)
def test_a_pronoun_that_means_nobody_known_is_named(typed: str, pronoun: str) -> None:
    assert resolved(typed, None, today=TODAY).lacking == pronoun
    assert resolved(typed, NEWS, today=TODAY).lacking == pronoun


def test_what_was_kept_is_told() -> None:
    assert resolved("what did he say?", MAYOR, today=TODAY).kept == ("Orsola Brandt",)
    assert resolved("and since Friday?", SAID, today=TODAY).kept == ("Brandt", "the harbour")
    assert resolved("what about Kaya?", SAID, today=TODAY).kept == ("the harbour",)


def test_whom_else_a_pronoun_could_mean_is_told() -> None:
    two = spoken("What did Brandt say about Kaya?", "Orsola Brandt", "Veli Kaya")
    assert resolved("what did he say about Russia?", two, today=TODAY).others == ("Veli Kaya",)
    assert resolved("when does the ferry sail?", two, today=TODAY).others == ()


def test_people_and_topic_outlive_a_question_that_names_none() -> None:
    after = spoken("Who opened the meeting?", before=spoken("When is the deadline?", before=SAID))
    assert after.people == ("Orsola Brandt",)
    assert after.since is None
    assert resolved("what did she say?", after, today=TODAY).text == "what did Orsola Brandt say?"


def test_days_are_kept_as_days_not_as_words() -> None:
    week = spoken("What did Brandt say about the harbour last week?", "Orsola Brandt")
    assert resolved("what about Kaya?", week, today=date(2020, 3, 9)).text == (
        "What did Kaya say about the harbour from 2020-02-10 to 2020-02-16?"
    )
    day = spoken("What did Brandt say about the harbour on 14 Feb?", "Orsola Brandt")
    assert resolved("and Kaya?", day, today=TODAY).text == "What did Kaya say about the harbour on 2020-02-14?"


def test_the_person_is_no_part_of_the_topic() -> None:
    asked = spoken("when did Orsola Brandt open the harbour?", "Orsola Brandt", before=MAYOR)
    assert asked.topic == "open harbour"


def test_names_in_a_question_are_its_capitals() -> None:
    assert names_in("Did Fuat Oktay meet Putin's envoy?") == ["Fuat Oktay", "Putin"]
    assert names_in("what did he say?") == []
