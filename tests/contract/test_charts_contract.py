"""Charts of hostile data, on every platform: within every limit, nothing injected, no error."""

import re

import pytest
from fakes.charts import counted, dated, figures_data, timeline_data

from bot.charts.canvas import painted
from bot.model import Button, Reply
from bot.render import UNDRAWN, Canvas, Renderer
from bot.render.charting import chart_of
from bot.render.split import units
from digests.edition.charts.words import LONGEST_ALT

RENDERER = Renderer()
HOSTILE = {
    "tags": "</text></svg><script>alert(1)</script> 5 < 6 & \"7\" '8' &amp; &nbsp; <![CDATA[ <!-- <?xml",
    "mentions": "<!channel> <@U1> @everyone <https://evil.example|click> *bold* _it_ `code`",
    "formulas": r"$\frac{1}{2}$ $x_1^2$ \alpha \n % # {} CHART-title",
    "controls": "\ud83d a\x00b\x1b[2Jc\x07d\x7fe\x9bf\x1eg\ufffe\x10Bx",
    "bidi": "\u202eevil\u202c \u2066iso\u2069 \u200b\ufeff סלם سلام",
    "lines": "one\ntwo\r\nthree\u2028four\n\n\n# five",
    "emoji": "👩\u200d👩\u200d👧 🇹🇷 é e\u0301 " * 20,
    "long": "word " * 1000,
    "long without a blank": "x" * 5000,
    "nothing": "",
}


def replies(h: str) -> dict[str, Reply]:
    buttons = ((Button(label=h or "x", command="/numbers x"),),)
    texts = {"summary": h, "source": h, "who": h}
    dates = [
        dated(place, f"2020-02-{place:02}", shape="deadline", doubt="2020-02-28", **texts) for place in range(1, 13)
    ]
    figures = [
        counted(1, h, -5e300, None, unit=h, source=h, shape="about"),
        counted(2, h, 1e-9, 5e300, unit=h, source=h, shape="range"),
        counted(3, h, None, 0, unit=h, source=h),
    ]
    return {
        "timeline": Reply(template="timeline_chart", data=timeline_data(*dates, topic=h), buttons=buttons),
        "figures": Reply(template="numbers_chart", data=figures_data(figures, figures, topic=h), buttons=buttons),
    }


CASES = [(kind, which) for kind in HOSTILE for which in ("timeline", "figures")]


@pytest.mark.parametrize(("kind", "which"), CASES)
def test_telegrams_caption_fits_and_the_words_stand_in_for_it(kind: str, which: str) -> None:
    first, *rest = RENDERER.render(replies(HOSTILE[kind])[which], "telegram")
    assert first.picture is not None
    bare = re.sub("<[^>]*>", "", first.picture.caption)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    assert 1 <= units(bare) <= 1024
    assert 1 <= units(first.picture.plain) <= 1024
    assert first.text == f"{first.picture.caption}\n\n{UNDRAWN}"
    assert not any(message.picture for message in rest)
    assert [bool(message.buttons) for message in (first, *rest)] == [*[False] * len(rest), True]


@pytest.mark.parametrize(("kind", "which"), CASES)
def test_slacks_picture_comes_last_with_words_that_fit(kind: str, which: str) -> None:
    *words, last = RENDERER.render(replies(HOSTILE[kind])[which], "slack")
    assert last.picture is not None
    assert 1 <= len(last.picture.chart.alt) <= LONGEST_ALT
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", last.picture.chart.alt)
    assert words
    assert not any(message.picture for message in words)


@pytest.mark.parametrize("canvas", ["plain", "terminal", "html"])
@pytest.mark.parametrize(("kind", "which"), CASES)
def test_a_terminal_is_never_steered(kind: str, which: str, canvas: Canvas) -> None:
    (message,) = RENDERER.render(replies(HOSTILE[kind])[which], canvas)
    assert message.picture is None
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", message.text)


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("kind", ["tags", "formulas", "controls", "bidi", "emoji", "long without a blank"])
def test_whatever_is_said_can_be_drawn(kind: str) -> None:
    h = HOSTILE[kind]
    chart = chart_of(timeline_data(dated(1, "2020-02-10", summary=h, source=h), topic=h))
    assert chart is not None
    svg = painted(chart, "svg").decode()
    assert set(re.findall("<([a-zA-Z!?]+)", svg)) <= {"svg", "title", "desc", "g", "path", "use", "text", "defs"}


def test_amounts_of_any_size_can_be_drawn() -> None:
    message = RENDERER.render(replies("x")["figures"], "slack")[-1]
    assert message.picture is not None
    assert painted(message.picture.chart, "png").startswith(b"\x89PNG")
