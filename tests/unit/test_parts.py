"""Headline, byline, date line, credit, heading, body and trailer come apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.text.parts import parts_of, plain


def told(text: str, **given: str) -> list[tuple[str, str]]:
    return [(part.kind, text[part.start : part.end]) for part in parts_of(text, **given)]


BODY = "The harbour was closed on Monday after a night of storms, the port's director said."


def test_an_export_in_markdown_comes_apart() -> None:
    text = f"""

# Storm Shuts the Port of Ardal

By [Harbour Wire](#)

February 15, 2020



**Harbour Wire/Ida Holm**

{BODY}

## **What Comes Next**

Ships wait.

Original url:

<https://harbour.example/2020/storm>
"""
    assert told(text) == [
        ("headline", "Storm Shuts the Port of Ardal"),
        ("byline", "By [Harbour Wire](#)"),
        ("dateline", "February 15, 2020"),
        ("credit", "Harbour Wire/Ida Holm"),
        ("body", BODY),
        ("heading", "What Comes Next"),
        ("body", "Ships wait."),
        ("trailer", "Original url:"),
        ("trailer", "<https://harbour.example/2020/storm>"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("By Ida Holm", "byline"),
        ("BY IDA HOLM", "byline"),
        ("By Ida Holm and Jon Ek in Ardal", "byline"),
        ("By [Harbour Desk staff](#)", "byline"),
        ("By Our Own Correspondent", "byline"),
        ("Written by Ida Holm, Harbour Wire", "byline"),
        ("Reuters", "byline"),
        ("(Reuters)", "byline"),
        ("By Monday", "body"),
        ("By the time the storm came, all ships had left.", "body"),
        ("Saturday, 15 Feb 2020 10:31 GMT", "dateline"),
        ("Published: 2020-02-15", "dateline"),
        ("ARDAL, Feb. 15 (Reuters) -", "dateline"),
        ("Photo: Ida Holm", "credit"),
        ("(Photo by Ida Holm/Getty Images)", "credit"),
        ("© Harbour Wire 2020", "credit"),
        ("**Harbour Wire/Ida Holm**", "credit"),
        ("*Ida Holm / Harbour Wire*", "credit"),
    ],
)
def test_a_line_between_headline_and_body_is_told_by_its_form(line: str, kind: str) -> None:
    text = f"# Storm Shuts the Port\n\n{line}\n\n{BODY}\n"
    assert dict(told(text)[1:2]) == {kind: line.strip("*")}


@pytest.mark.parametrize(
    ("opening", "dateline"),
    [
        ("ARDAL (Reuters) - ", "ARDAL (Reuters) -"),
        ("ARDAL, Vesland (AP) — ", "ARDAL, Vesland (AP) —"),
        ("NEW ARDAL, Feb. 15 (UPI) -- ", "NEW ARDAL, Feb. 15 (UPI) --"),
        ("ARDAL/VIK (Reuters) - ", "ARDAL/VIK (Reuters) -"),
        ("ARDAL, April 24 - ", "ARDAL, April 24 -"),
        ("Ardal (CNN) ", "Ardal (CNN)"),
        ("(Reuters) - ", "(Reuters) -"),
        ("ARDAL, Vesland (AP)_ ", "ARDAL, Vesland (AP)_"),
        ("Ardal, Vesland — ", "Ardal, Vesland —"),
    ],
)
def test_a_dateline_is_no_part_of_the_first_sentence(opening: str, dateline: str) -> None:
    assert told(f"{opening}{BODY}") == [("dateline", dateline), ("body", BODY)]


@pytest.mark.parametrize(
    "sentence",
    [
        "KEY DATES: March 1 and March 5.",
        "NATO - an alliance - met on Monday.",
        "The minister (Reuters reported) will stay.",
        "UN, EU and AU envoys met on Monday.",
    ],
)
def test_what_only_looks_like_a_dateline_stays_in_the_sentence(sentence: str) -> None:
    assert told(sentence) == [("body", sentence)]


@pytest.mark.parametrize(
    "headline",
    [
        "Storm shuts the port of Ardal",
        "Who Shut the Port?",
        "Storm Shuts the Port of Ardal for a Second Night.",
        "Mayor ‘knew of the danger’ weeks before the storm.",
    ],
)
def test_a_headline_in_plain_text_is_recognised(headline: str) -> None:
    assert told(f"{headline}\n\n{BODY}\n\nShips wait.\n")[0] == ("headline", headline)
    assert told(f"{headline}\n{BODY}\nShips wait.\n")[0] == ("headline", headline)


@pytest.mark.parametrize(
    "first",
    [
        BODY,
        "The port shut, the mayor said.",
        "“We will stay shut.”",
        "The port shut on Monday. It will open on Friday.",
        "Ships waiting outside the port:",
    ],
)
def test_a_first_sentence_is_no_headline(first: str) -> None:
    assert told(f"{first}\n\n{BODY}\n\nShips wait.\n")[0] == ("body", first)


def test_a_title_given_beside_the_text_leaves_the_first_line_in_the_body() -> None:
    text = f"Storm shuts port\n\n{BODY}"
    assert told(text, title="Another title")[0] == ("body", "Storm shuts port")
    assert told(text, title="Storm Shuts Port!")[0] == ("headline", "Storm shuts port")


def test_a_date_line_after_a_byline_of_an_unknown_form_is_found() -> None:
    text = f"# Storm Shuts Port\n\nharbour desk, ardal\n\n15 February 2020\n\n{BODY}"
    assert ("dateline", "15 February 2020") in told(text)


def test_headings_inside_plain_text_are_recognised() -> None:
    text = f"{BODY}\n\nWhat Comes Next\n\n{BODY}\n\nThe end\n"
    assert told(text) == [("body", BODY), ("heading", "What Comes Next"), ("body", BODY), ("body", "The end")]


def test_underlined_headings_and_rules_are_marks() -> None:
    text = f"Storm Shuts Port\n===\n\n{BODY}\n\n***\n\nNext\r\n----\r\n\n{BODY}\n\n![a ship](x.jpg)\n"
    assert [kind for kind, _ in told(text)] == ["headline", "body", "heading", "body"]


def test_front_matter_is_no_part() -> None:
    text = f"---\ntitle: Storm\ndate: 2020-02-15\n---\n{BODY}\n"
    assert told(text) == [("body", BODY)]


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ida Holm; Editing by Jon Ek)",
        "Read more: the storm in pictures",
        "Follow Ida Holm on Twitter",
        "Copyright 2020 Harbour Wire. All rights reserved.",
        "https://harbour.example/storm",
        "[The storm in pictures](https://harbour.example/pictures)",
        "This article was first published on 15 February 2020.",
    ],
)
def test_what_closes_a_source_is_no_body(line: str) -> None:
    assert told(f"{BODY}\n\n{line}\n") == [("body", BODY), ("trailer", line)]


def test_a_line_like_a_trailer_in_the_midst_stays_body_but_an_address_does_not() -> None:
    text = f"{BODY}\n\nRead more books, the mayor said.\n\nOriginal url:\n\nhttps://harbour.example/storm\n\n{BODY}"
    assert [kind for kind, _ in told(text)] == ["body", "body", "trailer", "trailer", "body"]


def test_paragraphs_wrapped_by_hand_are_one_part() -> None:
    lines = [
        "The harbour was closed on Monday after a night of storms, the director",
        "of the port said, and nobody in town could say when the ferries would",
        "sail again.",
    ]
    text = "\n".join([*lines, "", *lines, ""])
    assert told(text) == [("body", "\n".join(lines))] * 2


def test_lists_and_quotes_lose_their_marks() -> None:
    text = f"{BODY}\n\n> Ships wait, he said.\n\n- One crane fell.\n* Two fell.\n"
    assert [words for _, words in told(text)][1:] == ["Ships wait, he said.", "One crane fell.", "Two fell."]


def test_plain_takes_marks_off_a_field() -> None:
    assert plain("## **By [Ida_Holm](https://x.example)**") == "By Ida_Holm"


PIECES = st.sampled_from(
    [
        "# ",
        "## ",
        "**",
        "*",
        "By ",
        "Reuters",
        "\n",
        "\n\n",
        "February 15, 2020",
        "ARDAL (AP) - ",
        "(Reuters)",
        "Photo: ",
        " ",
        "The port shut.",
        "Storm Shuts Port",
        "https://a.example",
        "---\n",
        "title: x\n",
        "===\n",
        "Ø😀",
        "\r\n",
        "> ",
        "- ",
        "\x00",
        "[a](b)",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_parts_are_in_order_do_not_overlap_and_have_no_blank_edges(text: str) -> None:
    end = 0
    for part in parts_of(text):
        assert end <= part.start < part.end <= len(text)
        words = text[part.start : part.end]
        assert words == words.strip()
        end = part.end


@pytest.mark.no_cover  # much to read, no line of its own: counting lines would take most of the time
@pytest.mark.parametrize(
    "unit", ["a ", "word\n", "By John ", "**", "# x\n", "[a", "(", "Photo ", "A, ", "---\na: b\n", "NEW ARDAL\n\n"]
)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    assert len(parts_of(unit * (200_000 // len(unit)))) <= 200_000  # quadratic work would take minutes


def test_a_plain_line_keeps_every_character_that_marks_nothing() -> None:
    assert plain("# <b>Ferry</b> & <!channel> talks >") == "<b>Ferry</b> & <!channel> talks >"
    assert plain("<https://x.example/a>") == "https://x.example/a"
