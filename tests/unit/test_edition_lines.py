"""Which lines a digest shows: whole sentences, none twice, each date and each figure once, what changed and how."""

from dataclasses import replace
from datetime import date

import pytest
from fakes.copydesk import Copy
from fakes.records import SATURDAY, deadline, figure, found, source, statement

from digests.edition.calendar import ahead_items, groups, in_days, passed_items
from digests.edition.changes import edit_item, revision_items
from digests.edition.denials import denies
from digests.edition.items import Item, Reason, SectionName
from digests.edition.naming import actor_name, is_own
from digests.edition.numbers import figure_items
from digests.edition.pages import Room, laid_out
from digests.edition.sentences import Shown, same_words, sentence_of
from digests.edition.texts import Texts
from digests.history import Change
from digests.model import Actor, Event, Evidence, Fact, Found, Placed, Statement

TEXT = (
    "PORT ARDAL - The ferries will sail again, Minister Brandão said on Friday. Dockers deny that.\n\n"
    "Twelve pickets were detained in the harbour."
)
COPY = Copy(text=TEXT, day=SATURDAY)


def of(
    fact: Fact, number: int = 1, *, article: int = 1, publisher: str = "Harbour Wire", day: date = SATURDAY
) -> Found:
    return Found(fact=replace(fact, id=number), source=source(article, publisher=publisher, day=day))


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("ferries will sail again", "The ferries will sail again, Minister Brandão said on Friday."),
        ("Twelve pickets were detained", "Twelve pickets were detained in the harbour."),
    ],
)
def test_a_fact_is_quoted_with_the_whole_sentence_without_its_dateline(quote: str, sentence: str) -> None:
    fact = of(COPY.counted(quote, quote, "ferries", 1))
    passage = sentence_of(fact, TEXT)
    assert passage.quote == sentence == TEXT[passage.start : passage.end]


def test_an_agencys_dateline_is_no_part_of_a_sentence() -> None:
    copy = Copy(text="Port Ardal (AFP) – Twelve pickets were detained.", day=SATURDAY)
    fact = of(copy.counted("Twelve pickets", "Twelve", "pickets", 12))
    assert sentence_of(fact, copy.text).quote == "Twelve pickets were detained."


def test_what_says_nothing_by_itself_is_quoted_with_the_sentence_before() -> None:
    fact = of(COPY.said("Dockers deny that", "Dockers", "that", cue="deny"))
    assert sentence_of(fact, TEXT).quote.startswith("The ferries will sail again")
    assert sentence_of(fact, TEXT).quote.endswith("Dockers deny that.")


def test_a_sentence_without_an_end_is_not_quoted_whole_nor_one_of_another_text() -> None:
    long = "And so on " * 60
    copy = Copy(text=f"{long}the pickets stay.", day=SATURDAY)
    fact = of(copy.counted("the pickets stay", "pickets", "pickets", 1))
    assert sentence_of(fact, copy.text).quote == "the pickets stay"
    assert sentence_of(fact, "Another text altogether.").quote == "the pickets stay"


def test_a_quotation_is_known_again_with_a_few_words_changed_or_in_part() -> None:
    shown = Shown()
    assert not shown.has("Ferries will sail again before spring")
    shown.take([Evidence(start=0, end=1, quote="The ferries will sail again before spring, the minister said.")])
    assert shown.has("Ferries will sail again before spring")
    assert shown.has("The ferries will sail again before spring, said the minister on Friday.")
    assert not shown.has("Dockers called the strike off on Friday")
    assert same_words("", "")
    assert not shown.has("The minister denied that the ferries will sail again before spring.")
    assert not same_words("Divers found 12 dead in the harbour", "Divers found 14 dead in the harbour")


def test_one_deadline_told_in_several_ways_is_one_line() -> None:
    ways = [
        ("Syrian troops", "pull back"),
        ("Syrian forces", "withdraw behind the posts"),
        ("Damascus", "pull back its troops"),
    ]
    facts = [
        found(replace(deadline(number, action, due=date(2020, 2, 20)), actor=_who(who)), article_id=number)
        for number, (who, action) in enumerate(ways, start=1)
    ]
    placed = {number: _placed(number, story=7) for number in (1, 2, 3)}
    assert [len(group) for group in groups(facts, placed)] == [3]
    (item,) = ahead_items(facts, placed, today=SATURDAY, new={1, 2, 3}, top=())
    assert (item.tag, len(item.found), item.outlets) == ("new", 3, 1)


def test_two_who_must_act_on_one_day_are_two_lines() -> None:
    one = found(replace(deadline(1, "sign the treaty", due=date(2020, 2, 20)), actor=_who("Taliban")), article_id=1)
    other = found(replace(deadline(2, "pull back", due=date(2020, 2, 20)), actor=_who("Damascus")), article_id=2)
    assert len(groups([one, other], {1: _placed(1, story=7), 2: _placed(2, story=7)})) == 2
    assert len(groups([one, other], {})) == 2


def test_an_event_that_one_outlet_told_days_ago_is_stale_and_a_deadline_is_not() -> None:
    copy = Copy(text="Talks resume in Port Ardal. Dockers must answer.", day=SATURDAY)
    event = copy.due("Talks resume in Port Ardal", on=date(2020, 2, 20), kind=Event)
    due = copy.due("Dockers must answer", on=date(2020, 2, 20))
    told = [found(event, article_id=1, day=date(2020, 2, 10)), found(due, article_id=2, day=date(2020, 2, 10))]
    assert [each.found[0].fact.kind for each in ahead_items(told, {}, today=SATURDAY, new=(), top=())] == ["deadline"]
    again = found(event, article_id=3, publisher="Volga Post", day=date(2020, 2, 11))
    (item,) = ahead_items([told[0], again], {}, today=SATURDAY, new=(), top=())
    assert item.outlets == 2


def test_an_event_that_one_outlet_told_passes_in_silence() -> None:
    copy = Copy(text="Talks resume in Port Ardal.", day=SATURDAY)
    event = copy.due("Talks resume in Port Ardal", on=date(2020, 2, 14), kind=Event)
    once = found(event, article_id=1, day=date(2020, 2, 13))
    twice = found(event, article_id=2, day=date(2020, 2, 13), publisher="Volga Post")
    over = {"since": date(2020, 2, 14), "today": SATURDAY}
    assert passed_items([once], {}, top=(), **over) == []
    assert len(passed_items([once], {}, top={1}, **over)) == 1
    assert len(passed_items([once, twice], {}, top=(), **over)) == 1


def test_the_calendar_looks_a_week_ahead_and_leaves_out_what_has_no_day() -> None:
    days = [14, 15, 22, 23]
    facts = [found(deadline(day, f"do task number {day}", due=date(2020, 2, day)), article_id=day) for day in days]
    vague = found(deadline(99, "finish", due=date(2020, 2, 1), until=date(2020, 2, 20)), article_id=99)
    items = ahead_items([*facts, vague], {}, today=SATURDAY, new=(), top=())
    assert [item.found[0].fact.id for item in in_days(items)] == [15, 22]
    assert all(item.tag == "" for item in items)


def test_only_what_was_told_before_its_day_has_passed() -> None:
    due = date(2020, 2, 14)
    told_before = found(deadline(1, "answer the union", due=due), article_id=1, day=date(2020, 2, 13))
    told_after = found(deadline(2, "lift the blockade", due=due), article_id=2, day=SATURDAY)
    long_ago = found(deadline(3, "pay the wages", due=date(2020, 2, 1)), article_id=3, day=date(2020, 1, 1))
    items = passed_items([told_before, told_after, long_ago], {}, since=due, today=SATURDAY, top=())
    assert [(item.found[0].fact.id, item.tag) for item in items] == [(1, "passed")]


def test_the_fullest_wording_stands_for_a_deadline_and_the_original_before_its_copy() -> None:
    bare = replace(deadline(1, "answer", due=date(2020, 2, 20)), actor=None, action=None)
    full = deadline(2, "answer the union", due=date(2020, 2, 20))
    placed = {1: _placed(1), 2: _placed(2), 3: Placed(source=source(3), story_id=7, origin="Levant Wire")}
    facts = [found(bare, article_id=1), found(full, article_id=2), found(replace(full, id=3), article_id=3)]
    (item,) = ahead_items(facts, placed, today=SATURDAY, new={1}, top=())
    assert item.found[0].fact.id == 3
    assert item.tag == ""


def test_events_are_lines_as_deadlines_are() -> None:
    copy = Copy(text="Talks resume on March 2 in Port Ardal.", day=SATURDAY)
    event = copy.due("Talks resume on March 2", on=date(2020, 2, 20), kind=Event)
    (item,) = ahead_items([of(event)], {}, today=SATURDAY, new=(), top=())
    assert "scheduled" in [reason.text for reason in item.reasons]


def _figures(newer: str, older: str, *, unit: str = "people killed", days: int = 1) -> list[Found]:
    """Two figures of one thing: today's, and one told before; the values are those of the first number in each."""

    def value(text: str) -> float:
        return float(next(word for word in text.split() if word.isdigit()))

    return [
        found(figure(2, "n", unit, value=value(newer), quote=newer), article_id=2, publisher="Volga Post"),
        found(
            figure(1, "n", unit, value=value(older), quote=older),
            article_id=1,
            day=date(2020, 2, 15 - days),
        ),
    ]


def _told(figures: list[Found], *, new: set[int]) -> list[Item]:
    return figure_items(figures, texts=Texts(), said_in={}, new=new, top=False)


def test_a_figure_that_moved_is_told_with_the_one_before() -> None:
    (item,) = _told(_figures("There were 14 people killed.", "There were 12 people killed."), new={2})
    assert item.tag == "updated"
    assert [each.fact.id for each in item.found] == [2, 1]
    assert item.difference is not None
    assert item.difference.kind == "older"


def test_a_figure_that_says_it_was_corrected_is_told_so() -> None:
    (item,) = _told(_figures("The corrected count is 10 people killed.", "There were 12 people killed."), new={2})
    assert item.tag == "corrected"


def test_sources_of_one_day_contradict_each_other() -> None:
    (item,) = _told(_figures("There were 14 people killed.", "There were 12 people killed.", days=0), new={2})
    assert item.difference is not None
    assert (item.tag, item.difference.kind) == ("", "contradiction")


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("13 soldiers were killed in the past two weeks.", "5 soldiers were killed."),
        ("900 people have fled.", "142 people fled in four days."),
        ("8 soldiers were killed on Thursday.", "5 soldiers were killed on Monday."),
    ],
)
def test_counts_of_different_times_did_not_move(newer: str, older: str) -> None:
    assert _told(_figures(newer, older), new={2}) == []


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("There were 200 people in the old market that night.", "Zones where 100 people drink are planned."),
        ("thousands fled", "There were 12 people killed."),
        ("Her lead of 200 delegates is large.", "The state has 100 delegates, all of them pledged."),
    ],
)
def test_what_is_not_the_same_or_no_figure_does_not_contradict(newer: str, older: str) -> None:
    one, other = _figures("There were 200 people.", "There were 100 people.", unit="people", days=0)
    vague = newer == "thousands fled"
    fact = replace(
        one.fact, evidence=(replace(one.fact.evidence[0], quote=newer),), **({"value": None} if vague else {})
    )
    before = replace(other.fact, evidence=(replace(other.fact.evidence[0], quote=older),))
    assert _told([replace(one, fact=fact), replace(other, fact=before)], new={2}) == []


def test_figures_that_differed_before_this_digest_are_no_news() -> None:
    figures = _figures("There were 14 people killed.", "There were 12 people killed.")
    assert _told(figures, new={9}) == []
    assert _told(figures, new=set()) == []


def test_a_misprint_in_a_copy_is_told_of_the_copy() -> None:
    sentence = "Some {} people have been displaced since December, the union says."
    original = found(figure(1, "800", "people", value=800, quote=sentence.format(800)), article_id=1)
    copied = found(figure(2, "700", "people", value=700, quote=sentence.format(700)), article_id=2)
    texts = Texts(origins={1: "Levant Wire", 2: "Levant Wire"}, copied={2: 1})
    (item,) = figure_items([copied, original], texts=texts, said_in={}, new={2}, top=True)
    assert [each.fact.id for each in item.found] == [2, 1]
    assert item.difference is not None
    assert item.difference.kind == "copy"


OLD = Copy(text="Two boats sank off Port Ardal on Friday. The harbour was closed at once.", day=SATURDAY)
NEW = Copy(text="Three boats sank off Port Ardal on Friday. Divers look for the crew.", day=SATURDAY)


def test_a_new_version_is_told_by_the_sentences_that_changed() -> None:
    moved = of(NEW.counted("Three boats sank off Port Ardal", "Three", "boats", 3))
    added = of(NEW.said("Divers look for the crew", "Divers", "look for the crew", cue="look"), number=2)
    updated, new = revision_items([moved, added], NEW.article, OLD.article)
    assert (updated.tag, new.tag) == ("updated", "new")
    assert updated.revision is not None
    assert updated.revision.before == "Two boats sank off Port Ardal on Friday."
    assert updated.revision.after == "Three boats sank off Port Ardal on Friday."
    assert new.revision is None
    assert new.passages[0].quote == "Divers look for the crew."


def test_a_sentence_that_reads_as_before_is_no_change_and_one_is_told_once() -> None:
    kept = of(OLD.counted("Two boats sank", "Two", "boats", 2))
    assert revision_items([kept], OLD.article, OLD.article) == []
    twice = [of(NEW.counted("Three boats sank", "Three", "boats", 3), number) for number in (1, 2)]
    assert len(revision_items(twice, NEW.article, OLD.article)) == 1


def test_a_version_that_says_it_is_a_correction_is_one() -> None:
    text = f"{NEW.text}\n\nCorrection: an earlier version spoke of two boats."
    corrected = replace(NEW, text=text)
    moved = of(corrected.counted("Three boats sank", "Three", "boats", 3))
    (item,) = revision_items([moved], corrected.article, OLD.article)
    assert item.tag == "corrected"
    assert "the article says that it was corrected" in [reason.text for reason in item.reasons]


def test_an_editors_word_is_told_and_what_was_retracted_is_not_repeated() -> None:
    fact = found(statement(5, "We kept our word", summary="Oktay: we kept our word"))
    given = {"id": 3, "at": None, "article_id": 1, "fact_id": 5, "by": "Ada", "why": "misread", "before": "was"}
    retracted = edit_item(Change(kind="retract", **given), fact)
    assert retracted.revision is not None
    assert (retracted.tag, retracted.found, retracted.revision.before) == ("retracted", (), "was")
    corrected = edit_item(Change(kind="correct", **given), fact)
    assert corrected.revision is not None
    assert (corrected.tag, corrected.revision.after, corrected.revision.by) == ("corrected", fact.fact.summary, "Ada")


@pytest.mark.parametrize(
    ("cue", "content", "denial"),
    [
        ("denied", "that ferries sail", True),
        ("rejected", "the result", True),
        ("dismissed", "the accusation as a joke", True),
        ("dismissed", "the Northern Ireland secretary", False),
        ("said", "the report is false", True),
        ("said", "ferries sail", False),
    ],
)
def test_a_denial_is_of_a_claim(cue: str, content: str, denial: bool) -> None:
    fact = statement(1, content, cue=cue)
    assert isinstance(fact, Statement)
    assert denies(fact) is denial


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("His rival Abdullah Abdullah, who got 39 percent", "Abdullah Abdullah"),
        ("their spokesman", "their spokesman"),
        ("Its Own Voice", "Its Own Voice"),
    ],
)
def test_a_name_leaves_out_what_is_only_said_of_somebody(called: str, name: str) -> None:
    assert actor_name(Actor(start=0, end=1, text="x", name=called)) == name


@pytest.mark.parametrize(
    ("origin", "outlet", "own"),
    [("Meridian Wire", "meridian-wire.example", True), ("Reuters", "harbour-daily.example", False)],
)
def test_a_text_is_an_outlets_own_under_its_name_and_its_host(origin: str, outlet: str, own: bool) -> None:
    assert is_own(origin, outlet) is own


def item(number: int, quote: str, *, section: SectionName = "record", who: str = "", score: float = 1.0) -> Item:
    fact = found(statement(number, quote, who=who or f"Speaker {number}"), article_id=number)
    passages = (Evidence(start=0, end=len(quote), quote=quote, article_id=number),)
    reasons = (Reason(points=score, text="x"),)
    return Item(section=section, source=fact.source, found=(fact,), passages=passages, reasons=reasons)


QUOTES = [
    "The ferries will sail again",
    "Dockers stay away until Monday",
    "Cranes arrive from Vesland tomorrow",
    "Police let all pickets go home",
    "Wages rise in every harbour",
]


def test_sections_stand_in_reading_order_with_their_lines_numbered_through() -> None:
    top = replace(item(9, "A sentence about something else entirely", section="top"), found=())
    sections = laid_out({"record": [item(1, QUOTES[0])], "top": [top]}, Room.of("short"))
    assert [section.name for section in sections] == ["top", "record"]
    assert [each.number for section in sections for each in section.items] == [1, 2]


def test_a_date_in_no_whole_sentence_is_no_line_and_an_event_told_above_is_not_repeated() -> None:
    copy = Copy(text="Talks resume on Thursday in Port Ardal.", day=SATURDAY)
    event = of(copy.due("Talks resume on Thursday", on=date(2020, 2, 20), kind=Event))
    link, whole = (
        (Evidence(start=0, end=1, quote=quote),) for quote in ("Ferry talks: How to", "Talks resume on Thursday.")
    )
    ahead = Item(section="ahead", source=event.source, found=(event,), passages=link)
    assert laid_out({"ahead": [ahead]}, Room.of("short")) == ()
    top = Item(section="top", source=event.source, passages=whole)
    (section,) = laid_out({"top": [top], "ahead": [replace(ahead, passages=whole)]}, Room.of("short"))
    assert section.name == "top"


def test_what_does_not_fit_is_counted() -> None:
    (section,) = laid_out({"record": [item(n, quote) for n, quote in enumerate(QUOTES)]}, Room.of("short"))
    assert (len(section.items), section.more) == (3, 2)


def test_nobody_speaks_more_often_than_the_length_allows() -> None:
    items = [item(n, quote, who="Fuat Oktay") for n, quote in enumerate(QUOTES)]
    (short,) = laid_out({"record": items}, Room.of("short"))
    (full,) = laid_out({"record": items}, Room.of("full"))
    assert (len(short.items), len(full.items)) == (1, 2)


def test_no_sentence_is_quoted_in_two_sections() -> None:
    quote = "The ferries will sail again before spring, the minister said."
    top = replace(item(9, quote, section="top"), found=())
    (section,) = laid_out({"top": [top], "record": [item(1, quote)]}, Room.of("short"))
    assert section.name == "top"


def test_a_date_whose_sentence_was_quoted_goes_without_the_quotation() -> None:
    fact = found(deadline(2, "answer the union", due=date(2020, 2, 20)))
    quote = "Troops must answer the union by then."
    passages = (Evidence(start=0, end=1, quote=quote),)
    top = Item(section="top", source=fact.source, passages=passages)
    ahead = Item(section="ahead", source=fact.source, found=(fact,), passages=passages)
    sections = laid_out({"top": [top], "ahead": [ahead]}, Room.of("short"))
    assert [section.items[0].passages for section in sections] == [passages, ()]


def _who(name: str) -> Actor:
    return Actor(start=0, end=len(name), text=name, name=name)


def _placed(article: int, *, story: int = 7, origin: str = "Reuters") -> Placed:
    return Placed(source=source(article), story_id=story, origin=origin)
