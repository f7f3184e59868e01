"""Nothing of a model's words is shown that one sentence of a cited passage does not say."""

from datetime import date

import pytest

from digests.llm.guard import LONGEST, Drafted, Passage, checked, stem, why_unfounded

DAY = date(2020, 2, 15)
DEADLINE = Passage(
    text="The minister arrived late. Ankara will strike if Syrian troops do not pull back by the end of February,"
    " Vice President Fuat Oktay told NTV on Saturday. He left without taking questions.",
    day=DAY,
)
CAMP = Passage(
    text="More than 3.6 million Syrians live in Turkey, the interior ministry says. At least 13 soldiers were killed"
    " near Idlib in two weeks. Moscow may send observers. “We will not wait,” Oktay said. Sergei Lavrov met Oktay in"
    " Munich on Saturday. Officials denied that the road had been closed. The fee rose from 5,000 to 7,500 lira."
    " Only four of the twelve posts were emptied. Former envoy Alan Reed joined the talks.",
    day=DAY,
)

FOUNDED = [
    ("Ankara will strike if Syrian troops do not pull back by the end of February, Fuat Oktay told NTV.", DEADLINE),
    ("Fuat Oktay told NTV that Ankara will strike if Syrian troops do not pull back by the end of February.", DEADLINE),
    (
        "Ankara will strike if Syrian troops don't pull back by the end of February, Fuat Oktay told NTV.",
        DEADLINE,
    ),
    ("More than 3.6 million Syrians live in Turkey, the interior ministry said.", CAMP),
    ("More than 3,600,000 Syrians live in Turkey, the interior ministry says.", CAMP),
    ("At least 13 soldiers were killed near Idlib.", CAMP),
    ("At least thirteen soldiers were killed near Idlib in two weeks.", CAMP),
    ("Moscow may send observers.", CAMP),
    ('"We will not wait," Oktay said.', CAMP),
    ("Sergei Lavrov met Oktay in Munich on 15 February.", CAMP),
    ("The fee rose from 5,000 to 7,500 lira.", CAMP),
]

LIES = [
    ("another number", "More than 6.3 million Syrians live in Turkey, the interior ministry says.", CAMP),
    ("another magnitude", "More than 3.6 billion Syrians live in Turkey, the interior ministry says.", CAMP),
    ("the 'more than' dropped", "3.6 million Syrians live in Turkey, the interior ministry says.", CAMP),
    ("'at least' turned", "At most 13 soldiers were killed near Idlib in two weeks.", CAMP),
    ("another name", "Hulusi Akar met Oktay in Munich on Saturday.", CAMP),
    ("names swapped", "Oktay met Sergei Lavrov in Munich on Saturday.", CAMP),
    ("a name skipped", "Sergei Lavrov met in Munich on Saturday.", CAMP),
    ("half a title", "President Fuat Oktay told NTV Ankara will strike if Syrian troops do not pull back.", DEADLINE),
    ("'former' dropped", "Envoy Alan Reed joined the talks.", CAMP),
    ("another day", "Sergei Lavrov met Oktay in Munich on Friday.", CAMP),
    ("another place", "Sergei Lavrov met Oktay in Moscow on Saturday.", CAMP),
    ("the 'not' dropped", '"We will wait," Oktay said.', CAMP),
    ("a short 'not' dropped", "Two boats sail at night.", Passage(text="Two boats can't sail at night.")),
    ("a 'not' added", "Moscow may not send observers.", CAMP),
    (
        "the condition dropped",
        "Ankara will strike by the end of February, Vice President Fuat Oktay told NTV.",
        DEADLINE,
    ),
    ("'may' made sure", "Moscow will send observers.", CAMP),
    ("whose word it is dropped", "More than 3.6 million Syrians live in Turkey.", CAMP),
    ("the denial dropped", "The road had been closed.", CAMP),
    ("the denial made a claim", "Officials said that the road had been closed.", CAMP),
    ("a quotation reworded", '"We shall not linger," Oktay said.', CAMP),
    ("marks around other words", 'Oktay said "Sergei Lavrov met".', CAMP),
    ("another verb", "At least 13 soldiers were captured near Idlib in two weeks.", CAMP),
    ("two sentences joined", "At least 13 soldiers were killed near Idlib by Moscow observers.", CAMP),
    ("a number moved", "The fee rose from 7,500 to 5,000 lira.", CAMP),
    ("'only' dropped", "Four of the twelve posts were emptied.", CAMP),
    ("a cause invented", "Sergei Lavrov met Oktay in Munich because of Saturday.", CAMP),
    ("knowledge of its own", "Ankara is the capital of Turkey.", DEADLINE),
    ("another language", "Лавров встретился с Октаем в Мюнхене.", CAMP),
    ("nothing at all", "…", CAMP),
    ("a link", "Moscow may send observers https://example.org", CAMP),
    ("a mention", "Moscow may send observers <!channel>", CAMP),
    ("markup", "Moscow may send **observers**", CAMP),
    ("a line of its own", "Moscow may send\nobservers.", CAMP),
    ("endless words", "Moscow may send observers. " * 40, CAMP),
]


@pytest.mark.parametrize(("text", "passage"), FOUNDED)
def test_what_a_sentence_says_may_be_said_shorter(text: str, passage: Passage) -> None:
    assert why_unfounded(text, passage) == ""
    kept, refused = checked([Drafted(text=text, passages=(1,))], [passage])
    assert [each.text for each in kept] == [text]
    assert refused == ()


@pytest.mark.parametrize(("what", "text", "passage"), LIES, ids=[lie[0] for lie in LIES])
def test_a_lie_is_refused_with_its_reason(what: str, text: str, passage: Passage) -> None:
    kept, refused = checked([Drafted(text=text, passages=(1,))], [passage])
    assert kept == ()
    assert refused[0].reason


def test_a_sentence_must_cite_a_passage_that_says_it() -> None:
    true = "Moscow may send observers."
    for cited in ((), (1,), (0,), (-1,), (3,), (99, 1)):
        assert checked([Drafted(text=true, passages=cited)], [DEADLINE, CAMP])[0] == ()
    kept, _ = checked([Drafted(text=true, passages=(1, 2, 2, 7))], [DEADLINE, CAMP])
    assert kept == (Drafted(text=true, passages=(2,)),)


def test_the_same_sentence_is_shown_once() -> None:
    draft = Drafted(text="Moscow may send observers.", passages=(1,))
    assert checked([draft, draft], [CAMP]) == ((draft,), ())


def test_the_reason_is_that_of_the_sentence_which_comes_nearest() -> None:
    assert why_unfounded("Former envoy Reed joined the talks.", CAMP) == "leaves out 'Alan'"
    assert why_unfounded("Moscow may send tanks.", CAMP).startswith("no single sentence")
    assert why_unfounded("Anything.", Passage(text="")) == "cites a passage without news"


def test_a_sentence_at_the_longest_is_still_read() -> None:
    long = "Moscow may send observers" + " and" * ((LONGEST - 26) // 4) + "."
    assert checked([Drafted(text=long, passages=(1,))], [CAMP])[1] == ()


def test_endings_do_not_make_other_words() -> None:
    assert stem("promises") == stem("promised")
    assert stem("killed") == stem("killing") != stem("kilo")
    assert stem("2020") == "2020"
