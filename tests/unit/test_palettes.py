"""What each platform is given: its own markup, its limits, and no markup of the data's."""

from typing import Any

import pytest

from bot.model import Button
from bot.render.markup import Block, Run, parse, press, quote
from bot.render.markup import link as linked
from bot.render.palette import label_of
from bot.render.plain import Plain, shown
from bot.render.slack import Slack
from bot.render.split import pack
from bot.render.telegram import Telegram
from bot.render.terminal import Terminal

WIRE = "https://wire.example/a?b=1&c=2"


def slack_blocks(rendered: str, *buttons: Button) -> list[dict[str, Any]]:
    return [dict(each) for each in Slack().draw(parse(rendered), buttons=(buttons,) if buttons else ()).blocks]


def test_telegram_escapes_data_and_marks_up_the_rest() -> None:
    message = Telegram().draw(parse(f"{linked('A<b>&', WIRE)} {quote('5 < 6')}"), buttons=())
    assert message.text == (
        '<a href="https://wire.example/a?b=1&amp;c=2">A&lt;b&gt;&amp;</a>\n<blockquote>5 &lt; 6</blockquote>'
    )
    assert message.plain == "A<b>&\n> 5 < 6"


@pytest.mark.parametrize(("typed", "shown_as"), [("/evidence 12", "/evidence_12"), ("/said Oktay", "/said Oktay")])
def test_telegram_writes_a_numbered_press_so_that_it_can_be_pressed(typed: str, shown_as: str) -> None:
    assert Telegram().draw(parse(press("Evidence", typed)), buttons=()).text == shown_as


def test_telegram_counts_styles_as_entities() -> None:
    block = Block(kind="text", runs=(Run(text="a", style="bold"), Run(text="b", url=WIRE), Run(text="c")))
    assert Telegram().cost(block) == (7, 2)


def test_slack_puts_quotations_into_plain_text() -> None:
    (section,) = slack_blocks(quote("<!channel> *now* :tada:"))
    assert section["text"] == {"type": "plain_text", "text": "<!channel> *now* :tada:", "emoji": False}


@pytest.mark.parametrize("title", ["*bold*", "_it_", "~no~", "`code`", "> quoted", ":tada:", "@here", "see http://x.y"])
def test_slack_never_parses_a_line_whose_data_could_format(title: str) -> None:
    (section,) = slack_blocks(f"About {title} today")
    assert section["text"]["type"] == "plain_text"
    assert title in section["text"]["text"]


def test_slack_escapes_mentions_in_lines() -> None:
    (section,) = slack_blocks("Hello <!channel & all")
    assert section["text"] == {"type": "mrkdwn", "text": "Hello &lt;!channel &amp; all", "verbatim": True}


def test_slack_marks_up_only_the_lines_that_are_safe() -> None:
    sections = slack_blocks(f"A *title*\n{linked('Wire', WIRE)} today\nand {linked('an *odd* one', WIRE)}")
    assert [(each["text"]["type"], each["text"]["text"]) for each in sections] == [
        ("plain_text", "A *title*"),
        ("mrkdwn", "<https://wire.example/a?b=1&amp;c=2|Wire> today"),
        ("plain_text", "and an *odd* one"),
        ("mrkdwn", "<https://wire.example/a?b=1&amp;c=2|wire.example>"),
    ]


def test_slack_turns_a_press_into_a_button_beside_its_line() -> None:
    (section,) = slack_blocks(f"Oktay · {press('Evidence', '/evidence 12')}")
    assert section["text"]["text"] == "Oktay"
    assert section["accessory"]["value"] == "/evidence 12"
    assert section["accessory"]["text"]["text"] == "Evidence"


def test_slack_shows_a_second_press_as_words() -> None:
    (section,) = slack_blocks(f"{press('One', '/facts 1')} or {press('Two', '/facts 2')}")
    assert section["accessory"]["value"] == "/facts 1"
    assert section["text"]["text"] == " or Two"


def test_slack_writes_commands_as_they_are_typed_there() -> None:
    (section,) = slack_blocks("Try \x10K/who NAME\x10k")
    assert section["text"]["text"] == "Try `who NAME`"


def test_slack_puts_five_buttons_in_a_row() -> None:
    blocks = slack_blocks("Which?", *(Button(label=f"P{n}", command=f"/who {n}") for n in range(7)))
    assert [each["type"] for each in blocks] == ["section", "actions", "actions"]
    assert [len(each["elements"]) for each in blocks[1:]] == [5, 2]


@pytest.mark.parametrize(("length", "kind"), [(150, "header"), (151, "section")])
def test_slack_headers_hold_150_characters(length: int, kind: str) -> None:
    assert slack_blocks(f"\x10H{'h' * length}\x10h")[0]["type"] == kind


def test_slack_always_has_a_fallback_with_everything_escaped() -> None:
    message = Slack().draw(parse(f"<@U1> {quote('<!here>')}"), buttons=())
    assert message.text == "&lt;@U1&gt;\n&gt; &lt;!here&gt;"


def test_a_terminal_is_given_styles_and_commands_to_type() -> None:
    buttons = ((Button(label="More", command="/said A page 2"), Button(label="Less", command="/said A")),)
    message = Terminal().draw(parse(f"\x10BA\x10b {linked('Wire', WIRE)}{quote('q')}"), buttons=buttons)
    assert message.rich is not None
    assert message.rich.plain == message.text == "A Wire\n> q\n\nMore: /said A page 2\nLess: /said A"
    styles = {str(span.style) for span in message.rich.spans}
    assert {"bold", f"link {WIRE}", "green", "cyan"} <= styles


def test_plain_text_of_buttons_alone_has_no_empty_lines() -> None:
    assert Plain().draw((), buttons=((Button(label="Help", command="/help"),),)).text == "Help: /help"


def test_a_button_that_says_what_it_types_is_spelled_once() -> None:
    buttons = ((Button(label="/who Varadkar", command="/who Varadkar"), Button(label="Help", command="/help")),)
    for palette in (Plain(), Terminal()):
        assert palette.draw(parse("A"), buttons=buttons).text == "A\n\n/who Varadkar\nHelp: /help"


@pytest.mark.parametrize(("text", "safe"), [("a\x1b[2Jb", "a␛[2Jb"), ("\x7f\x9b", "␡\ufffd"), ("a\r\nb\tc", "a\nb\tc")])
def test_an_article_cannot_steer_a_terminal(text: str, safe: str) -> None:
    assert shown(text) == safe
    message = Terminal().draw(parse(quote(text.replace("\n", "\x10n"))), buttons=())
    assert message.text == f"> {safe}"


@pytest.mark.parametrize(
    ("label", "size", "cut"), [("Oktay", 10, "Oktay"), ("😀" * 5, 5, "😀😀…"), ("a\nb", 9, "a b"), ("", 9, "…")]
)
def test_labels_are_one_line_within_the_limit(label: str, size: int, cut: str) -> None:
    assert label_of(Button(label=label, command="/x"), size=size) == cut


def test_plain_and_terminal_have_one_message_however_long() -> None:
    block = Block(kind="text", runs=(Run(text="x" * 99),))
    assert Plain().cost(block) == Terminal().cost(block) == (99, 1)


def test_telegram_cuts_a_long_quotation_into_no_more_messages_than_it_needs() -> None:
    # both marks of a middle piece cost more than was kept free for them, so that every piece was halved once more
    palette = Telegram()
    long = Block(kind="quote", runs=(Run(text="two " * 2500),))
    assert len(pack([(long,)], cost=palette.cost, limit=palette.limit(()))) == 3
