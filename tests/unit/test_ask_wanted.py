"""What a question typed in a chat is after: shape, whom it is about, which days."""

from datetime import date

import pytest

from bot.commands.ask import is_question
from digests.ask.told import covered
from digests.ask.wanted import understand
from digests.text.terms import country_term, terms

TODAY = date(2020, 2, 19)


@pytest.mark.parametrize(
    ("text", "shape", "who"),
    [
        ("Who is Oktay?", "who", "Oktay"),
        ("who's Fuat Oktay", "who", "Fuat Oktay"),
        ("Who is Turkey's defence minister?", "office", "Turkey's defence minister"),
        ("who is the president of the European Council", "office", "the president of the European Council"),
        ("Who was appointed chancellor?", "open", ""),
        ("What did the Kremlin say about Ankara?", "said", "the Kremlin"),
        ("what does Merkel think of the budget?", "said", "Merkel"),
        ("Who denies that towns were bombed?", "denied", ""),
        ("Who accused Turkey of breaking its word?", "spoke", ""),
        ("Did anything change on Idlib since Friday?", "changed", ""),
        ("Any news on the budget?", "changed", ""),
        ("When must the troops leave?", "due", ""),
        ("By when must the money arrive?", "due", ""),
        ("How many refugees does Turkey host?", "number", ""),
        ("How much will it cost?", "number", ""),
        ("Why did he resign?", "open", ""),
        ("Idlib ceasefire", "open", ""),
    ],
)
def test_the_shape_of_a_question(text: str, shape: str, who: str) -> None:
    wanted = understand(text, today=TODAY)
    assert (wanted.shape, wanted.who) == (shape, who)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("What did Oktay say about Idlib last week?", date(2020, 2, 10), date(2020, 2, 16)),
        ("Did anything change on Idlib since Friday?", date(2020, 2, 14), None),
        ("What did Oktay say about Idlib?", None, None),
        ("When must they withdraw by the end of February?", None, None),
    ],
)
def test_days_are_the_askers(text: str, since: date | None, until: date | None) -> None:
    wanted = understand(text, today=TODAY)
    assert (wanted.since, wanted.until) == (since, until)


def test_a_capital_counts_as_its_country() -> None:
    wanted = understand("What did Moscow say about Ankara?", today=TODAY)
    assert {other for _, other in wanted.same} == {country_term("Russia"), country_term("Turkey")}


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        ("Turkey hosts 3.6 million refugees", True),
        ("Ankara hosts refugees", False),
        ("Germany hosts 3.6 million refugees", False),
        ("Turkey hosts a summit", False),
    ],
)
def test_every_name_of_the_question_must_be_told(told: str, answers: bool) -> None:
    wanted = understand("How many refugees does Turkey host?", today=TODAY)
    assert (covered(wanted, frozenset(terms(told))) > 0.8) is answers


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("who is Turkey's defence minister?", True),
        ("who denies it", True),
        ("what happened in Idlib?", True),
        ("who Oktay", False),
        ("said Cavusoglu about Idlib", False),
        ("deadlines next week?", False),
    ],
)
def test_a_question_is_told_from_a_command_without_its_slash(text: str, asks: bool) -> None:
    assert is_question(text) is asks
