"""Marks between templates and palettes: data cannot forge them, quotations stay exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.markup import (
    MARK,
    SEPARATOR,
    bold,
    command,
    decode,
    encode,
    encoded,
    heading,
    is_web,
    link,
    parse,
    press,
    quote,
)


@given(st.text())
def test_encoding_loses_nothing(text: str) -> None:
    assert decode(encoded(text)) == text


@given(st.text(min_size=1))
def test_a_quotation_comes_out_exactly_as_it_went_in(text: str) -> None:
    (item,) = parse(f"said:\n{quote(encoded(text))}\nend")
    assert [block.text for block in item if block.kind == "quote"] == [text]


def test_data_is_encoded_however_deep_it_lies() -> None:
    data = {"a": [{"b": f"x{MARK}B"}], "n": 3, "none": None}
    assert encode(data) == {"a": [{"b": f"x{MARK}dB"}], "n": 3, "none": None}


def test_data_cannot_forge_a_mark() -> None:
    ((block,),) = parse(bold(encoded(f"a{MARK}bz{MARK}Qq")))
    assert [(run.text, run.style) for run in block.runs] == [("abzQq", "bold")]


def test_data_cannot_begin_a_line() -> None:
    ((block,),) = parse(f"Title: {encoded('one' + chr(10) + '> two')}")
    assert block.text == "Title: one > two"


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\x1b", "\x9b", "\u00ad"])
def test_unseen_characters_are_dropped_outside_quotations_only(hidden: str) -> None:
    (item,) = parse(f"a{hidden}b{quote(f'a{hidden}b')}")
    assert [block.text for block in item] == ["ab", f"a{hidden}b"]


def test_what_joins_emoji_and_persian_letters_stays() -> None:
    family = "👩\u200d👩\u200d👧 نامه\u200cها"
    assert parse(family)[0][0].text == family


def test_tabs_and_odd_line_ends_become_blanks() -> None:
    assert parse("a\tb\u2028c\rd")[0][0].text == "a b c d"


def test_separators_part_items_and_empty_ones_are_dropped() -> None:
    items = parse(f"one{SEPARATOR}\n \n{SEPARATOR}two{SEPARATOR}")
    assert [[block.text for block in item] for item in items] == [["one"], ["two"]]


def test_blank_lines_of_templates_are_tidied() -> None:
    assert parse("\n\n a \n\n\n\n b\n")[0][0].text == "a\n\nb"


def test_styles_links_and_presses_become_runs() -> None:
    url = "https://wire.example/a"
    ((block,),) = parse(f"{bold('B')} {link('Wire', url)} {command('/who X')} {press('Evidence', '/evidence 1')}")
    assert [(run.text, run.style, run.url, run.command) for run in block.runs if run.text.strip()] == [
        ("B", "bold", "", ""),
        ("Wire", "", url, ""),
        ("/who X", "command", "", ""),
        ("Evidence", "press", "", "/evidence 1"),
    ]


def test_headings_are_blocks_of_their_own() -> None:
    assert [block.kind for block in parse(f"{heading('H')}text{quote('q')}more")[0]] == [
        "heading",
        "text",
        "quote",
        "text",
    ]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.example/", "/etc/passwd", "https://a b", "data:x"])
def test_an_address_that_is_not_web_is_shown_as_text(address: str) -> None:
    ((block,),) = parse(link("Wire", encoded(address)))
    assert block.text == f"Wire ({address})"
    assert not any(run.url for run in block.runs)


def test_a_link_without_an_address_is_its_label() -> None:
    assert parse(link("Wire", ""))[0][0].text == "Wire"


def test_a_line_break_in_an_address_makes_it_no_link() -> None:
    ((block,),) = parse(link("Wire", encoded("https://wire.example/\nx")))
    assert not any(run.url for run in block.runs)


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("https://wire.example/2020?a=1&b=2", True),
        ("HTTP://WIRE.EXAMPLE", True),
        ("https://wire.example/a|b", False),
        ("https://wire.example/<b>", False),
        ("https://wire.example/\x1b", False),
        ("https://", False),
        ("https://wire.example/" + "a" * 3000, False),
    ],
)
def test_only_clean_http_addresses_are_links(url: str, web: bool) -> None:
    assert is_web(url) is web
