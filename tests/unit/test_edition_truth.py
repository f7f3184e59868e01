"""What a digest must not say: dates nobody knows, claims nobody answers, sums of two things, half a quotation."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fakes.copydesk import Copy
from fakes.records import SATURDAY, actor, article, figure, found, source, span, statement

from digests.edition.calendar import ahead_items, passed_items
from digests.edition.denials import denies
from digests.edition.differences import differences
from digests.edition.figures import grouped
from digests.edition.items import Item
from digests.edition.naming import doubtful_day
from digests.edition.numbers import figure_items
from digests.edition.opening import opened, stands_alone
from digests.edition.rank import of_quote, office_of
from digests.edition.same import alike
from digests.edition.select import denied_by
from digests.edition.texts import Texts
from digests.model import Event, Fact, Found, Person, Placed, SeenRole, Span, Statement

WEEK = timedelta(days=7)


def due(time: str, *, on: date = SATURDAY + WEEK, day: date = SATURDAY, number: int = 1) -> Found:
    copy = Copy(text=f"The yard opens {time}.", day=day)
    fact = replace(copy.due(f"The yard opens {time}", on=on, kind=Event), id=number, time=span(time))
    return found(fact, article_id=number, day=day)


@pytest.mark.parametrize(
    ("time", "doubtful"),
    [
        ("Saturday", True),
        ("5 p.m. Saturday", True),
        ("Saturday morning", True),
        ("next Saturday", False),
        ("Saturday week", False),
        ("Saturday, Feb. 22", False),
        ("22 February", False),
        ("Sunday", False),
    ],
)
def test_a_weekday_that_is_the_articles_own_may_be_that_day(time: str, doubtful: bool) -> None:
    assert (doubtful_day(due(time)) == SATURDAY) is doubtful


def test_a_calendar_does_not_guess_which_saturday_is_meant() -> None:
    assert ahead_items([due("Saturday")], {}, today=SATURDAY, new={1}, top=()) == []
    assert len(ahead_items([due("next Saturday")], {}, today=SATURDAY, new={1}, top=())) == 1
    over = {"since": SATURDAY + WEEK, "today": SATURDAY + WEEK + timedelta(days=1), "top": {1}}
    assert passed_items([due("Saturday")], {}, **over) == []
    assert len(passed_items([due("next Saturday")], {}, **over)) == 1


def test_a_date_that_was_put_off_is_updated_and_the_old_one_is_gone() -> None:
    text = "The union must answer the yard on Tuesday. The union's answer to the yard was postponed to Thursday."
    copy = Copy(text=text, day=SATURDAY)
    old = copy.due("The union must answer the yard", on=date(2020, 2, 18), who="The union", action="answer the yard")
    new = copy.due(
        "The union's answer to the yard was postponed", on=date(2020, 2, 20), action="answer to the yard was postponed"
    )
    before = found(replace(old, id=1), article_id=1, day=date(2020, 2, 14))
    after = found(replace(new, id=2), article_id=2)
    placed = {number: Placed(source=source(number), story_id=7, origin="Harbour Wire") for number in (1, 2)}
    (item,) = ahead_items([before, after], placed, today=SATURDAY, new={2}, top=())
    assert (item.found[0].fact.id, item.tag) == (2, "updated")
    again = ahead_items([before, replace(after, fact=replace(new, id=2, evidence=old.evidence))], placed,
                        today=SATURDAY, new={2}, top=())  # fmt: skip
    assert len(again) == 2


@pytest.mark.parametrize(
    ("quote", "cue", "content", "denial"),
    [
        ("Her papers were rejected by harbour officials", "rejected", "Her papers", False),
        ("papers rejected by harbour officials", "rejected", "papers", False),
        ("Harbour officials were rejecting the report", "rejecting", "the report", True),
        ("My town came up big, rejecting a stranger", "rejecting", "a stranger", False),
        ("Kern repeated the baseless tale", "repeated", "the baseless tale", False),
        ("The yard called the lawsuit baseless", "called", "the lawsuit baseless", True),
        ("The fabrications of the mayor are stunning, she said", "said", "The fabrications of the mayor", False),
        ("The letters were fabricated, she said", "said", "The letters were fabricated", True),
        ("It never happened to me, he said", "said", "It never happened to me", False),
        ("It never happened, he said", "said", "It never happened", True),
    ],
)
def test_what_is_done_to_papers_or_told_of_fabrications_is_no_denial(
    quote: str, cue: str, content: str, denial: bool
) -> None:
    fact = statement(1, quote, cue=cue)
    assert isinstance(fact, Statement)
    at = quote.index(cue)
    assert denies(replace(fact, cue=Span(start=at, end=at + len(cue), text=cue), content=span(content))) is denial


def _said(number: int, who: str, content: str, *, cue: str = "said", entity: int | None = None) -> Found:
    fact = statement(number, content, who=who, cue=cue)
    speaker = replace(actor(who), entity=entity if entity is not None else number)
    return found(replace(fact, speaker=speaker, said_by=speaker), article_id=number)


DENIAL = "the yard of Ilse Brandao had dumped oil in the harbour"


@pytest.mark.parametrize(
    ("who", "claim", "answered"),
    [
        ("Ada Kern", "Brandao dumped oil in the harbour", True),
        ("Ada Kern", "oil was dumped in the harbour by the yard", True),
        ("Ada Kern", "Will Brandao say that oil was dumped in the harbour?", False),
        ("Ada Kern", "the harbour smells of oil", False),
    ],
)
def test_a_denial_stands_beside_what_it_answers_only(who: str, claim: str, answered: bool) -> None:
    denial = _said(1, "Ilse Brandao", DENIAL, cue="denied")
    item = Item(section="denials", source=denial.source, found=(denial,))
    assert (len(denied_by(item, [denial, _said(2, who, claim)]).found) == 2) is answered


def test_an_unknown_voice_claims_nothing() -> None:
    denial = _said(1, "Ilse Brandao", DENIAL, cue="denied")
    item = Item(section="denials", source=denial.source, found=(denial,))
    claim = _said(2, "this person", "Brandao dumped oil in the harbour")
    assert isinstance(claim.fact, Statement)
    nobody = replace(claim.fact, speaker=replace(actor("this person"), entity=None))
    assert denied_by(item, [replace(claim, fact=nobody)]) == item


def _sums(newer: tuple[str, float], older: tuple[str, float], quotes: tuple[str, str]) -> list[Item]:
    told = [
        found(figure(2, newer[0], "USD", value=newer[1], quote=quotes[0]), article_id=2),
        found(figure(1, older[0], "USD", value=older[1], quote=quotes[1]), article_id=1, day=date(2020, 2, 10)),
    ]
    return figure_items(told, texts=Texts(), said_in={}, new={2}, top=False)


def test_two_sums_of_one_sentence_are_two_things() -> None:
    given = "The port gave $70 million for the new sea wall of Ardal"
    needed = "The port gave $70 million for the new sea wall of Ardal, of which $90 million is needed"
    assert _sums(("$90 million", 9e7), ("$70 million", 7e7), (needed, given)) == []
    raised = "The port raised what it gave for the new sea wall of Ardal from $70 million to $90 million"
    assert len(_sums(("$90 million", 9e7), ("$70 million", 7e7), (raised, given))) == 1
    hourly = "The port gave $2 for the new sea wall of Ardal"
    assert _sums(("$2", 2), ("$70 million", 7e7), (hourly, given)) == []


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("That has led to a lot of worry in the yards", True),
        ("It’s going to where the ships are", True),
        ("Doing that would close the yards", True),
        ("It is important that the yards stay open", False),
        ("The yards will stay open", False),
    ],
)
def test_words_that_go_on_from_others_count_less(words: str, back: bool) -> None:
    said = found(statement(1, words))
    texts = [each.text for each in of_quote(said, office="", novelty=1, outlets=1, origins=1)]
    assert ("goes on from what stands before it" in texts) is back


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("The yard opens on Monday.", True),
        ("“We open,” he said.", True),
        ('"This is not to say that we open.', False),
        ("“We open on Monday.", False),
        ("Why does the yard open?", False),
        ("Founded: 1990 Ownership: Private Sector: Ships.", False),
    ],
)
def test_a_story_is_told_in_sentences_that_stand_alone(sentence: str, alone: bool) -> None:
    assert stands_alone(sentence) is alone


def test_a_story_opens_with_its_own_first_sentence_where_the_best_goes_on_from_another() -> None:
    text = "The yard opens on Monday. Why now? It needs forty hands."
    told = article(text)
    spans = [Span(start=text.index(each), end=text.index(each) + len(each), text=each) for each in text.split("  ")]
    question = Span(start=26, end=34, text="Why now?")
    last = Span(start=35, end=len(text), text="It needs forty hands.")
    assert [each.text for each in opened([question, last], told)] == ["The yard opens on Monday.", last.text]
    assert opened(spans, replace(told, parts=())) == spans[:2]
    assert opened([last], replace(told, parts=())) == [last]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The union must answer the yard", "By then the yard must have an answer from the union", True),
        ("The union must answer the yard", "The union must leave the harbour", False),
        ("The union must answer the yard", "The union must not answer the yard", False),
    ],
)
def test_one_duty_in_other_words_is_told_once(one: str, other: str, same: bool) -> None:
    def told(sentence: str) -> Fact:
        action = sentence.partition("must ")[2]
        made = Copy(text=sentence, day=SATURDAY).due(sentence, on=date(2020, 2, 20), who="union", action=action)
        return replace(made, id=1)

    assert alike(told(one), told(other)) is same


def test_one_slip_of_a_reader_deposes_no_president() -> None:
    day = date(2020, 2, 14)

    def seen(title: str, of: str | None = None, *, on: date = day) -> SeenRole:
        return SeenRole(title=title, of=of, former=False, day=on, fact_id=1)

    roles = (seen("President", "Vesland"), seen("President", "Wire"), seen("acting President", on=SATURDAY))
    assert office_of(Person(id=1, name="Ada Kern", roles=roles), day=SATURDAY).startswith("President")
    rival = (seen("Mayor"), seen("predecessor", on=SATURDAY))
    assert office_of(Person(id=1, name="Ada Kern", roles=rival), day=SATURDAY) == "Mayor"


@pytest.mark.parametrize("time", ["4 p.m.", "4 p.m. (ET)", "noon"])
def test_a_clock_names_no_day(time: str) -> None:
    assert ahead_items([due(time, on=SATURDAY)], {}, today=SATURDAY, new={1}, top=()) == []
    assert len(ahead_items([due(f"{time} today", on=SATURDAY)], {}, today=SATURDAY, new={1}, top=())) == 1


def test_a_story_begins_with_no_dateline_and_no_note() -> None:
    text = "Ardal Harbour Business — The yard opens on Monday."
    told = article("Editor’s Note: Ada Kern writes on ships. The yard opens on Monday, she said.")
    assert [each.text for each in opened([], told)] == ["The yard opens on Monday, she said."]
    assert opened([], article(text))


def test_what_a_correction_repeats_as_wrong_contradicts_nobody() -> None:
    def told(number: int, count: int, *, article_id: int, title: str, at: int, day: date = SATURDAY) -> Found:
        fact = figure(number, str(count), "people displaced", value=count, quote=f"{count} people were displaced")
        passage = replace(fact.evidence[0], start=at, end=at + len(fact.quote))
        made = found(
            replace(fact, evidence=(passage,)), article_id=article_id, day=day, publisher=f"Outlet {article_id}"
        )
        return replace(made, source=replace(made.source, title=title))

    wrong = told(2, 700, article_id=2, title="Correction: the displaced", at=40)
    right = told(3, 800, article_id=2, title="Correction: the displaced", at=90)
    first = told(1, 800, article_id=1, title="The displaced", at=0)
    assert differences([right, wrong, first]) == {}
    plain = [replace(each, source=replace(each.source, title="The displaced")) for each in (right, wrong)]
    assert differences([*plain, first]) != {}


@pytest.mark.parametrize(
    ("one", "other", "groups"),
    [
        ("sheets of sugar cookie dough", "sheets of gingerbread dough", 2),
        ("tons of wheat", "tons of spring wheat", 1),
        ("sheets", "sheets of gingerbread dough", 1),
        ("people displaced", "people displaced", 1),
    ],
)
def test_sheets_of_two_things_are_not_one_figure(one: str, other: str, groups: int) -> None:
    told = [found(figure(n, str(n), unit, value=n), article_id=n) for n, unit in enumerate((one, other), start=1)]
    assert len(grouped(told)) == groups
