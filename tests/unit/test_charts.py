"""What a chart shows: only what facts give, each row with its fact, and all of it in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fakes.charts import counted, dated, figures_data, name, timeline_data
from fakes.records import deadline, figure, happening, statement

from bot.commands.charts import asks_for_chart
from bot.render.charting import chart_of, charts_of_digest
from digests.edition.charts.amounts import extent
from digests.edition.charts.axis import MOST_TICKS, amount, amount_ticks, day_ticks
from digests.edition.charts.model import Chart
from digests.edition.charts.plain import drawn
from digests.edition.charts.timeline import shape_of
from digests.edition.charts.words import LONGEST_ALT, shortened
from digests.model import Event


def chart(data: dict[str, Any]) -> Chart:
    made = chart_of(data)
    assert made is not None
    return made


THREE = (
    dated(1, "2020-02-10", shape="happened"),
    dated(2, "2020-02-15", last="2020-02-16"),
    dated(3, "2020-02-29", shape="deadline"),
)


@pytest.mark.parametrize(
    ("typed", "question", "charted"),
    [
        ("Idlib chart", "Idlib", True),
        ("story 12 chart", "story 12", True),
        ("Idlib since January as a chart", "Idlib since January", True),
        ("Idlib chart page 2", "Idlib page 2", True),
        ("Idlib Chart", "Idlib", True),
        ("chart", "chart", False),
        ("chart page 2", "chart page 2", False),
        ("the chart of Idlib", "the chart of Idlib", False),
        ("charts of the navy", "charts of the navy", False),
    ],
)
def test_the_last_word_asks_for_a_chart_unless_it_is_all_that_is_asked(
    typed: str, question: str, charted: bool
) -> None:
    left, asked = asks_for_chart(typed)
    assert (" ".join(left.split()), asked) == (question if charted else typed, charted)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2020, 2, 15), date(2020, 2, 15), ["02-15"]),
        (date(2020, 2, 10), date(2020, 2, 14), ["02-10", "02-11", "02-12", "02-13", "02-14"]),
        (date(2020, 2, 10), date(2020, 2, 29), ["02-10", "02-17", "02-24"]),
        (date(2019, 12, 30), date(2020, 1, 2), ["2019-12-30", "2019-12-31", "2020-01-01", "2020-01-02"]),
        (date(2020, 1, 20), date(2020, 5, 2), ["2020-02", "2020-03", "2020-04", "2020-05"]),
        (date(2018, 6, 1), date(2020, 7, 1), ["2018-07", "2019-01", "2019-07", "2020-01", "2020-07"]),
        (date(1974, 7, 20), date(2020, 2, 15), ["1980", "1990", "2000", "2010", "2020"]),
        (date(1, 1, 1), date(9999, 12, 31), ["2000", "4000", "6000", "8000"]),
    ],
)
def test_days_have_few_ticks_at_round_days(first: date, last: date, labels: list[str]) -> None:
    ticks = day_ticks(first, last, name=name)
    assert [tick.label for tick in ticks] == labels
    assert len(ticks) <= MOST_TICKS
    assert all(first.toordinal() <= tick.at <= last.toordinal() for tick in ticks)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 3_600_000, ["0", "1 million", "2 million", "3 million"]),
        (690_000, 910_000, ["700,000", "750,000", "800,000", "850,000", "900,000"]),
        (0, 1.1, ["0", "0.5", "1"]),
        (-30, 20, ["-30", "-20", "-10", "0", "10", "20"]),
        (49, 52, ["49", "50", "51", "52"]),
        (0, 2.5e12, ["0", "500 billion", "1 trillion", "1.5 trillion", "2 trillion", "2.5 trillion"]),
    ],
)
def test_amounts_have_few_ticks_at_round_amounts(low: float, high: float, labels: list[str]) -> None:
    assert [tick.label for tick in amount_ticks(low, high)] == labels


def test_where_whole_things_are_counted_no_half_ones_are_named() -> None:
    data = figures_data([counted(1, "12", 12, 12), counted(2, "14", 14, 14)])
    assert [tick.label for tick in chart(data).panels[0].ticks] == ["12", "13", "14"]
    shares = figures_data([counted(1, "1.2 percent", 1.2, 1.2), counted(2, "2 percent", 2, 2)])
    assert [tick.label for tick in chart(shares).panels[0].ticks] == ["1.2", "1.4", "1.6", "1.8", "2"]


def test_an_amount_is_named_exactly() -> None:
    assert [amount(each) for each in (1234.5, 900_000, 3_650_000, 0.25)] == [
        "1,234.5",
        "900,000",
        "3.65 million",
        "0.25",
    ]


def test_a_timeline_has_a_row_a_fact_with_its_days_outlet_and_evidence() -> None:
    made = chart(timeline_data(*THREE))
    assert [(row.number, row.fact, row.shape) for row in made.rows] == [
        (1, 10, "happened"),
        (2, 20, "event"),
        (3, 30, "deadline"),
    ]
    assert made.rows[1].under == "15 Feb 2020 to 16 Feb 2020 · Levant Wire · evidence 20"
    assert made.rows[1].end - made.rows[1].start == 1
    assert made.title == "Day by day about “Idlib”"
    assert [sign for sign, _ in made.legend] == ["deadline", "event", "happened", "today"]


def test_days_are_named_in_the_chats_language() -> None:
    made = chart(timeline_data(*THREE, language="tr"))
    assert made.rows[0].under.startswith("10 Şub 2020")
    assert made.panels[0].ticks[0].label == "10 Şub"


@pytest.mark.parametrize(("today", "drawn_at"), [("2020-02-15", True), ("2020-03-05", True), ("2026-11-22", False)])
def test_today_is_marked_where_it_is_near_and_stretches_no_axis(today: str, drawn_at: bool) -> None:
    panel = chart(timeline_data(*THREE, today=today)).panels[0]
    assert (panel.today is not None) is drawn_at
    assert panel.high - panel.low < 30


def test_a_day_that_words_may_mean_as_well_is_marked_and_said() -> None:
    made = chart(timeline_data(*THREE, dated(4, "2020-02-24", shape="deadline", doubt="2020-02-17")))
    assert made.rows[3].doubt == date(2020, 2, 17).toordinal()
    assert "24 Feb 2020 or 17 Feb 2020" in made.alt
    assert "doubt" in dict(made.legend)


@pytest.mark.parametrize("more", [{"status": "retracted"}, {"status": "corrected"}, {"mark": {"kind": "retracted"}}])
def test_what_does_not_stand_is_not_drawn(more: dict[str, Any]) -> None:
    made = chart(timeline_data(THREE[0], {**THREE[1], **more}, THREE[2]))
    assert [row.number for row in made.rows] == [1, 3]
    assert "2." not in made.alt


def test_a_chart_of_which_nothing_stands_any_more_says_so() -> None:
    gone = {**THREE[0], "status": "retracted"}
    assert chart(timeline_data(gone)).alt == "A timeline about “Idlib” on which nothing stands any more."
    lost = {**counted(1, "5", 5, 5), "status": "retracted"}
    assert "nothing stands any more" in chart(figures_data([lost])).alt


@pytest.mark.parametrize(
    ("fact", "shape"),
    [
        (deadline(1, "go", due=date(2020, 2, 29)), "deadline"),
        (happening(1, "It fell", when="2020-02-10"), "happened"),
        (happening(1, "It fell"), None),
        (happening(1, "It fell", when="PAST_REF"), None),
        (statement(1, "It is calm"), "reported"),
        (figure(1, "5", "posts", value=5), None),
    ],
)
def test_only_a_day_that_a_fact_gives_is_drawn(fact: Any, shape: str | None) -> None:
    assert shape_of(fact) == shape


def test_what_is_scheduled_is_no_deadline() -> None:
    due = deadline(1, "go", due=date(2020, 2, 29))
    event = Event(
        evidence=due.evidence, summary="x", due_from=due.due_from, due_to=due.due_to, boundary="on", time=due.time
    )
    assert shape_of(event) == "event"


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "shape"),
    [
        ("exact", 100, 100, "exact"),
        ("about", 100, 100, "about"),
        ("more_than", 100, None, "exact"),
        ("at_least", 100, None, "exact"),
        ("less_than", None, 100, "exact"),
        ("at_most", None, 100, "exact"),
    ],
)
def test_a_figure_reaches_as_far_as_it_says_and_no_further(
    qualifier: Any, low: float | None, high: float | None, shape: str
) -> None:
    given = extent(figure(1, "100", "posts", value=100, qualifier=qualifier))
    assert given is not None
    assert (given.low, given.high, given.shape) == (low, high, shape)


def test_a_range_has_two_ends_and_thousands_have_none_to_draw() -> None:
    one = figure(1, "700 to 800", "posts", value=0, qualifier="range")
    given = extent(replace(one, value=None, low=700.0, high=800.0))
    assert given is not None
    assert (given.low, given.high, given.shape) == (700, 800, "range")
    assert extent(replace(one, value=None)) is None


def test_figures_stand_by_source_and_day_in_their_own_words() -> None:
    made = chart(
        figures_data(
            [
                counted(1, "more than 3.6 million", 3.6e6, None, day="2020-02-10"),
                counted(2, "700,000 to 800,000", 7e5, 8e5, shape="range"),
                counted(3, "at most 5 million", None, 5e6),
            ]
        )
    )
    rows = made.rows
    assert [row.opens for row in rows] == ["up", "", "down"]
    assert [(row.start, row.end) for row in rows] == [(3.6e6, 3.6e6), (7e5, 8e5), (5e6, 5e6)]
    assert rows[0].label == "more than 3.6 million"
    assert rows[0].under == "10 Feb 2020 · Levant Wire · evidence 10"
    assert "1. more than 3.6 million (Levant Wire, 10 Feb 2020)." in made.alt
    assert made.panels[0].low == 0


def test_figures_that_are_near_each_other_can_be_told_apart() -> None:
    panel = chart(figures_data([counted(1, "50", 50, 50), counted(2, "51", 51, 51)])).panels[0]
    assert panel.low > 49
    assert panel.high < 52


@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e15])
def test_one_amount_said_twice_still_has_an_axis(value: float) -> None:
    panel = chart(figures_data([counted(1, "x", value, value), counted(2, "x", value, value)])).panels[0]
    assert panel.low < value + 1e-9
    assert panel.high > value
    assert panel.ticks


def test_the_words_for_who_cannot_see_it_are_as_long_as_slack_takes() -> None:
    lines = [dated(number, "2020-02-10", summary="word " * 50, source="outlet " * 20) for number in range(1, 13)]
    made = chart(timeline_data(*lines))
    assert len(made.alt) <= LONGEST_ALT
    assert made.alt.endswith("more, in the words beside.")


def test_a_label_is_one_line_cut_at_a_word() -> None:
    assert shortened("one\n two   three", longest=8) == "one two…"
    assert shortened("x" * 50, longest=10) == "x" * 9 + "…"


def test_characters_nobody_sees_are_left_out_of_labels() -> None:
    made = chart(timeline_data(dated(1, "2020-02-10", summary="a\u202eb\x00c"), *THREE[1:]))
    assert made.rows[0].label == "abc"


def test_a_chart_can_be_drawn_in_characters() -> None:
    lines = drawn(chart(timeline_data(*THREE)))
    assert [line.replace("·", "").split() for line in lines[:3]] == [["1", "■┊"], ["2", "●━━●"], ["3", "┊◆"]]
    assert lines[-1].split() == ["◆", "deadline", "●", "scheduled", "■", "happening,", "as", "told", "┊", "today"]
    figures = drawn(
        chart(
            figures_data(
                [
                    counted(1, "more than 3", 3, None),
                    counted(2, "1 to 2", 1, 2, shape="range"),
                    counted(3, "at most 2", None, 2),
                    counted(4, "about 1", 1, 1, shape="about"),
                ]
            )
        )
    )
    assert figures[0] == "people displaced"
    assert [figures[place].replace("·", "").split()[1] for place in (1, 3, 4)] == ["●→", "←●", "○"]
    assert set(figures[2].replace("·", "").split()[1]) == {"━"}
    assert len({len(line) for line in figures[1:6]}) == 1


def test_a_doubtful_day_has_its_own_sign() -> None:
    assert "◇" in drawn(chart(timeline_data(*THREE, dated(4, "2020-02-24", doubt="2020-02-17"))))[3]


def test_a_digest_shows_its_dates_once_there_are_three_and_figures_beside_what_they_differ_from() -> None:
    due = {"kind": "deadline", "due_from": "2020-02-29", "due_to": "2020-02-29", "doubt": ""}
    ahead = [{**dated(number, "2020-02-29"), **due} for number in (4, 5)]
    passed = [{**dated(6, "2020-02-29"), **due, "kind": "event", "due_from": "2020-02-14", "due_to": "2020-02-14"}]
    item = {
        **counted(7, "900", 900, 900),
        "other": {**counted(0, "700", 700, 700, day="2020-02-10"), "press": "/evidence 99"},
    }
    alone = {**counted(8, "5", 5, 5), "other": None}
    sections = {"ahead": ahead, "passed": passed, "figures": [item, alone]}
    data = {"day": "2020-02-15", "sections": [{"name": key, "items": lines} for key, lines in sections.items()]}
    dates, figures = charts_of_digest(data)
    assert [(row.number, row.shape) for row in dates.rows] == [(6, "event"), (4, "deadline"), (5, "deadline")]
    assert [(row.number, row.fact) for row in figures.rows] == [(7, 99), (7, 70)]
    ahead.pop()
    item["other"]["mark"] = {"kind": "gone"}
    assert charts_of_digest(data) == []


def test_a_digest_kept_by_an_earlier_version_has_no_chart() -> None:
    old = {**counted(7, "900", 900, 900), "other": {**counted(7, "700", 700, 700)}}
    for each in (old, old["other"]):
        del each["extent"]
    assert charts_of_digest({"day": "2020-02-15", "sections": [{"name": "figures", "items": [old]}]}) == []


def test_most_replies_have_no_chart() -> None:
    assert chart_of({"lines": []}) is None
