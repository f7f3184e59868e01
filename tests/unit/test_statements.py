"""Statements of short texts of our own: who, what, when, to whom, where, by what means."""

from __future__ import annotations

from datetime import date

import pytest

from digests.extract import nlp, pipeline
from digests.model import Article, Statement
from digests.text.parts import parts_of

SATURDAY = date(2024, 5, 18)


def article_of(text: str) -> Article:
    return Article(text=text, parts=parts_of(text), content_hash="x", published_day=SATURDAY)


def statements(text: str) -> list[Statement]:
    facts = pipeline.extract(article_of(text)).facts
    return [fact for fact in facts if isinstance(fact, Statement)]


def only(text: str) -> Statement:
    found = statements(text)
    assert len(found) == 1, [fact.summary for fact in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "content", "style"),
    [
        (
            "The bridge will stay shut until August, Transport Minister Ana Lopes said on Friday.",
            "Transport Minister Ana Lopes",
            "said",
            "The bridge will stay shut until August",
            "indirect",
        ),
        (
            "Lopes has said that the bridge needs new cables.",
            "Lopes",
            "has said",
            "the bridge needs new cables",
            "indirect",
        ),
        (
            'The mayor said: "We will open the bridge in August. Nobody wants to wait longer."',
            "The mayor",
            "said",
            '"We will open the bridge in August. Nobody wants to wait longer."',
            "direct",
        ),
        (
            "“Nobody was hurt,” said Marta Klein, a spokeswoman for the fire service.",
            "Marta Klein, a spokeswoman for the fire service",
            "said",
            "“Nobody was hurt,”",
            "direct",
        ),
        (
            'The union said the offer was "an insult to every nurse" and would be rejected.',
            "The union",
            "said",
            'the offer was "an insult to every nurse" and would be rejected',
            "mixed",
        ),
        (
            "According to the ministry, the port handled 40 ships in April.",
            "the ministry",
            "According to",
            "the port handled 40 ships in April",
            "indirect",
        ),
    ],
)
def test_a_statement_has_speaker_cue_content_and_style(
    text: str, speaker: str, cue: str, content: str, style: str
) -> None:
    found = only(text)
    assert found.speaker is not None
    assert found.cue is not None
    assert (found.speaker.text, found.cue.text, found.content.text) == (speaker, cue, content)
    assert found.style == style
    assert found.said_by == found.speaker


def test_an_interrupted_quotation_is_one_statement_of_two_stretches() -> None:
    found = only('"The river rose in an hour," the farmer said. "We lost the whole harvest."')
    assert [span.text for span in found.content_spans] == [
        '"The river rose in an hour,"',
        '"We lost the whole harvest."',
    ]


def test_a_quotation_goes_on_over_paragraphs_while_it_is_left_open() -> None:
    text = '"The river rose in an hour," the farmer said. "We lost the harvest.\n\n"We will sow again."'
    assert only(text).content.text.endswith('"We will sow again."')


def test_a_participle_speaks_with_the_subject_and_the_setting_of_its_verb() -> None:
    said, added = statements(
        "The chancellor told reporters in Vienna on Friday that taxes would fall, adding that pensions were safe."
    )
    assert added.cue is not None
    assert (added.cue.text, added.content.text) == ("adding", "pensions were safe")
    assert said.speaker is not None
    assert added.speaker is not None
    assert added.speaker.text == said.speaker.text == "The chancellor"
    assert (added.said_on, added.said_to) == (said.said_on, said.said_to) == (date(2024, 5, 17), "reporters")
    assert added.summary == "The chancellor added: pensions were safe"


def test_coordinated_cues_share_their_subject() -> None:
    found = statements("Mr Weber said the mine would close and warned that hundreds of jobs were at risk.")
    assert [fact.content.text for fact in found] == ["the mine would close", "hundreds of jobs were at risk"]
    assert [fact.speaker.text for fact in found if fact.speaker] == ["Mr Weber", "Mr Weber"]


@pytest.mark.parametrize(
    ("text", "said_on", "said_to", "where", "via"),
    [
        (
            'Ms Duarte told broadcaster RTP on Thursday that the law was "dead".',
            date(2024, 5, 16),
            "broadcaster RTP",
            None,
            "RTP",
        ),
        (
            '"The law is dead," Ms Duarte told reporters at the Lisbon Book Fair.',
            None,
            "reporters",
            "the Lisbon Book Fair",
            None,
        ),
        ("The company said in a statement that the plant was safe.", None, None, None, "a statement"),
        ("The company said last week that the plant was safe.", None, None, None, None),
        ("The company said the plant would close on Monday.", None, None, None, None),
    ],
)
def test_the_setting_is_what_hangs_from_the_cue(
    text: str, said_on: date | None, said_to: str | None, where: str | None, via: str | None
) -> None:
    found = only(text)
    assert (found.said_on, found.said_to, found.where, found.via) == (said_on, said_to, where, via)


@pytest.mark.parametrize(
    "text",
    [
        "The minister wants the bridge to open in August.",
        "Voters believe that taxes will rise.",
        "The bridge was built in 1931 and carries two railway lines.",
        "",
        "\n\n\n",
    ],
)
def test_beliefs_wishes_and_plain_facts_are_not_statements(text: str) -> None:
    assert statements(text) == []


def test_evidence_holds_speaker_cue_and_content() -> None:
    text = "Prices fell.\n\nThe bank said on Friday that rates would stay where they are."
    found = only(text)
    assert found.quote == "The bank said on Friday that rates would stay where they are"
    assert text[found.start : found.end] == found.quote


def test_a_headline_states_too() -> None:
    text = "# Norway Says It Will Close Border Crossing\n\nBy Kari Nord\n\nThe crossing closes in June."
    found = only(text)
    assert found.speaker is not None
    assert (found.speaker.text, found.content.text) == ("Norway", "It Will Close Border Crossing")


@pytest.mark.no_cover  # much to read, no line of its own: counting lines would take most of the time
@pytest.mark.parametrize(
    "text",
    [
        'SHE SAID "NO" AND THE MAYOR SAID IT WAS OVER ' * 30,
        "said the said who said that said " * 400,
        '"' * 3000,
        '"a" said. ' * 500,
        "قالت الوزيرة إن الجسر سيبقى مغلقا. 🚧🚧 she said 🚧 “🚧” " * 50,
        '\x00 \u202e said \u200b"x\u202e"',
        "word " * 8000,
    ],
    ids=["capitals", "no marks", "only marks", "many quotes", "right to left", "controls", "one sentence"],
)
def test_odd_texts_are_read_without_complaint_and_every_offset_slices(text: str) -> None:
    for fact in statements(text):
        assert text[fact.start : fact.end] == fact.quote
        assert all(text[span.start : span.end] == span.text for span in fact.content_spans)


def test_a_long_article_is_parsed_in_pieces_whose_offsets_are_its_own() -> None:
    text = "The mayor said the bridge would open in August. Nobody was hurt.\n" * 600
    article = article_of(text)
    (doc,) = nlp.parse([article], nlp=nlp.load())
    assert len(nlp.pieces(nlp.masked(article))) > 2
    assert all(article.text[token.idx : token.idx + len(token)] == token.text for token in doc)


@pytest.mark.parametrize("text", ["", "a", "ab cd " * 100, "x" * 250, "\n" * 99, "ab\n" * 50])
def test_pieces_join_to_the_text_again(text: str) -> None:
    cut = nlp.pieces(text, size=40)
    assert "".join(cut) == text
    assert all(len(piece) <= 40 for piece in cut)
