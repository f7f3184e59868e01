"""Charts as pictures, by matplotlib itself: the same bytes each time, and nothing but what is shown."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fakes.charts import counted, dated, figures_data, timeline_data

from bot.charts.canvas import painted, width_of
from bot.charts.layout import EDGE, LABEL_SIZE, WIDTH, Line, Point, Text, laid_out, wrapped
from bot.render.charting import chart_of
from bot.web.charts import placed
from digests.edition.charts.model import Chart

EVIL = '</text></svg><script>alert(1)</script><image href="//x.example"/> $\\frac{1}{2}$ & "x"'
SCRIPTS = "Çavuşoğlu Ğ ș Ελλάδα Україна Москва سلام עברית Հայ ქარ 東京 हिन्दी 👩 \ud83d"


def chart(data: dict[str, Any]) -> Chart:
    made = chart_of(data)
    assert made is not None
    return made


def dates(summary: str = "Troops leave") -> Chart:
    return chart(
        timeline_data(
            dated(1, "2020-02-10", shape="happened", summary=summary, source=summary[:60]),
            dated(2, "2020-02-15", last="2020-02-16", summary=summary),
            dated(3, "2020-02-24", shape="deadline", doubt="2020-02-17", summary=summary),
            dated(4, "2020-02-29", shape="reported", summary=summary),
        )
    )


FIGURES = chart(
    figures_data(
        [
            counted(1, "more than 3.6 million", 3.6e6, None),
            counted(2, "700,000 to 800,000", 7e5, 8e5, shape="range"),
            counted(3, "about 900,000", 9e5, 9e5, shape="about"),
            counted(4, "at most 5 million", None, 5e6),
        ]
    )
)


def svg(made: Chart) -> str:
    return painted(made, "svg").decode()


@pytest.mark.parametrize("made", [dates(), FIGURES], ids=["dates", "figures"])
def test_a_chart_is_a_picture_that_telegram_takes_and_the_same_each_time(made: Chart) -> None:
    png = painted(made, "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    assert wide + high <= 10_000
    assert 1000 <= wide <= 1280
    assert max(wide, high) / min(wide, high) < 20
    assert len(png) < 1_000_000
    assert painted(made, "png") == png
    assert svg(made) == svg(made)


def test_nothing_of_it_is_left_in_matplotlib() -> None:
    painted(FIGURES, "png")
    assert "matplotlib.pyplot" not in sys.modules


def test_an_svg_says_in_words_what_it_shows() -> None:
    drawn = svg(FIGURES)
    assert drawn.startswith("<svg ")
    assert 'role="img"' in drawn
    assert 'aria-labelledby="CHART-title CHART-desc"' in drawn
    assert f'<desc id="CHART-desc">{FIGURES.alt}</desc>' in drawn
    texts = re.findall("<text[^>]*>([^<]*)</text>", drawn)
    for shown in (
        "1. more than 3.6 million",
        "15 Feb 2020 · Levant Wire · evidence 10",
        "2 million",
        "people displaced",
    ):
        assert shown in texts


@pytest.mark.parametrize("made", [dates(EVIL), FIGURES], ids=["evil", "figures"])
def test_an_svg_can_stand_in_a_page_without_style_or_script_and_asks_nobody_for_anything(made: Chart) -> None:
    drawn = svg(made)
    assert set(re.findall("<([a-z]+)", drawn)) <= {"svg", "title", "desc", "g", "path", "use", "text", "defs"}
    names = {
        *("xmlns", "role", "class", "aria-labelledby", "viewBox", "id", "d", "x", "y", "href", "transform"),
        *(
            "fill",
            "fill-opacity",
            "stroke-width",
            "stroke-dasharray",
            "stroke-dashoffset",
            "stroke-linejoin",
            "stroke-linecap",
        ),
        *("font-size", "font-weight", "text-anchor"),
    }
    attributes = re.findall(' ([a-zA-Z-]+)="', re.sub(">[^<]*<", "><", drawn))
    assert set(attributes) <= names
    assert all(each.startswith("#CHART-") for each in re.findall('href="([^"]*)"', re.sub(">[^<]*<", "><", drawn)))
    assert not re.search("style=|url\\(|#[0-9a-f]{6}", drawn.replace(EVIL, ""))


def test_what_an_article_says_is_text_however_it_is_written() -> None:
    drawn = svg(dates(EVIL))
    assert "<script" not in drawn
    assert "&lt;/text&gt;&lt;/svg&gt;&lt;script&gt;" in drawn


def test_any_script_can_be_drawn() -> None:
    made = dates(SCRIPTS.replace("\ud83d", ""))
    assert "Ελλάδα Україна Москва سلام" in svg(made)
    assert painted(made, "png")


def test_colours_are_the_pages_own() -> None:
    classes = set(" ".join(re.findall('class="([^"]*)"', svg(dates()))).split())
    assert {"ink-fill", "quiet-fill", "line-stroke", "mark-fill", "alarm-fill", "alarm-stroke", "chart"} <= classes
    style = (Path(__file__).parents[2] / "templates" / "web" / "style.css").read_text()
    assert all(f".{each} " in style for each in classes)


def test_two_charts_in_a_page_share_no_id() -> None:
    one, two = (str(placed(svg(FIGURES), name)) for name in ("chart1", "chart2"))
    ids = [set(re.findall(' id="([^"]*)"', each)) for each in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert set(re.findall('href="#([^"]*)"', one)) <= ids[0]
    assert 'aria-labelledby="chart1-title chart1-desc"' in one


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("summary", ["x" * 300, "word " * 60, "", "短い" * 80])
def test_nothing_stands_outside_the_picture(summary: str) -> None:
    for made in (dates(summary), FIGURES):
        layout = laid_out(made, width_of)
        for piece in layout.pieces:
            match piece:
                case Text():
                    wide = width_of(piece.words, piece.size, piece.bold)
                    left = piece.x - (wide / 2 if piece.align == "center" else 0)
                    assert left >= EDGE - 0.1
                    assert left + wide <= WIDTH - EDGE + 0.1
                    assert 0 < piece.y < layout.height
                case Line():
                    assert 0 <= min(piece.x, piece.to_x) <= max(piece.x, piece.to_x) <= WIDTH
                case Point():
                    assert 4 <= piece.x <= WIDTH - 4


def test_the_number_of_the_evidence_is_never_cut_off() -> None:
    long = dated(1, "2020-02-10", last="2020-03-11", source="The Very Long Named Gazette of Port Ardal and Vesland")
    pieces = laid_out(chart(timeline_data(long)), width_of).pieces
    assert any(isinstance(piece, Text) and piece.words.endswith("evidence 10") for piece in pieces)


def test_a_long_label_has_three_lines_and_is_cut_at_a_word() -> None:
    lines = wrapped("Turkey must leave " * 20, 340, LABEL_SIZE, width_of)
    assert len(lines) == 3
    assert lines[0].split()[-1] in ("Turkey", "must", "leave")
    assert lines[2].removesuffix("…").split()[-1] in ("Turkey", "must", "leave")


def test_the_chat_process_never_loads_matplotlib() -> None:
    program = (
        "import sys, bot.app.serving, bot.app.web, bot.app.telegram, bot.charts.artist, bot.web.site\n"
        "assert not {'matplotlib', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
