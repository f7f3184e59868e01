"""A laid-out chart as PNG or SVG, by matplotlib; to be imported in a process of its own only (``artist``).

Figures are made by hand, never through pyplot, which keeps every one it has made. The same chart gives the same bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from functools import lru_cache

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import text_to_path

from bot.charts.layout import WIDTH, Layout, Line, Point, Text, Tone, laid_out
from bot.charts.svg import tidied
from digests.edition.charts.model import Chart, Form

TONES: Mapping[Tone, str] = {
    "ink": "#1a1a1a",
    "quiet": "#555555",
    "line": "#c8c8c8",
    "mark": "#0b57a4",
    "alarm": "#b3261e",
}
FONTS = (
    "DejaVu Sans",  # comes with matplotlib: Latin, Greek, Cyrillic, Arabic, Armenian, Georgian
    "Noto Sans",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "WenQuanYi Zen Hei",
)
"""In the order in which they are tried for each character; those that the machine has not are passed over."""
_MARKS: Mapping[str, tuple[str, float, bool]] = {
    "deadline": ("D", 6.5, True),
    "event": ("o", 7.0, True),
    "happened": ("s", 6.0, True),
    "reported": ("s", 6.0, False),
    "doubt": ("D", 6.5, False),
    "exact": ("o", 7.0, True),
    "about": ("o", 7.0, False),
    "range": ("|", 8.0, True),
    "up": (">", 5.0, True),
    "down": ("<", 5.0, True),
}
"""By mark: matplotlib's sign, its size in points, and whether it is filled."""
_DOTS_AN_INCH = 260


def painted(chart: Chart, form: Form) -> bytes:
    """The chart as a picture: PNG on white, or SVG without any style, to be put into a page (``svg.tidied``)."""
    style = mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "onrecord"})
    with style, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")  # drawn as a box
        figure = _figure(laid_out(chart, width_of))
        if form == "png":
            return _png(figure)
        return tidied(_svg(figure), title=chart.title, alt=chart.alt, tones=TONES).encode()


def width_of(words: str, size: float, bold: bool) -> float:
    """How wide words are, in points."""
    wide, _, _ = text_to_path.get_text_width_height_descent(words, _font(size, bold), ismath=False)
    return float(wide)


@lru_cache(maxsize=16)
def _font(size: float, bold: bool) -> FontProperties:
    known = set(fontManager.get_font_names())
    return FontProperties(
        family=[each for each in FONTS if each in known], size=size, weight="bold" if bold else "normal"
    )


def _figure(layout: Layout) -> Figure:
    figure = Figure(figsize=(WIDTH / 72, layout.height / 72), dpi=_DOTS_AN_INCH, facecolor="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(layout.height, 0)
    axes.set_axis_off()
    for order, piece in enumerate(layout.pieces):
        match piece:
            case Text():
                _write(axes, piece, order)
            case Line():
                _line(axes, piece, order)
            case Point():
                _mark(axes, piece, order)
    return figure


def _write(axes: Axes, text: Text, order: int) -> None:
    axes.text(
        text.x,
        text.y,
        text.words,
        color=TONES[text.tone],
        fontproperties=_font(text.size, text.bold),
        ha=text.align,
        va="baseline",
        zorder=order,
        parse_math=False,
    )


def _line(axes: Axes, line: Line, order: int) -> None:
    axes.plot(
        [line.x, line.to_x],
        [line.y, line.to_y],
        color=TONES[line.tone],
        linewidth=line.width,
        linestyle=(0, (2, 1.5)) if line.dashed else "solid",
        solid_capstyle="butt",
        zorder=order,
        clip_on=False,
    )


def _mark(axes: Axes, point: Point, order: int) -> None:
    sign, size, filled = _MARKS[point.mark]
    tone = TONES[point.tone]
    axes.plot(
        [point.x],
        [point.y],
        marker=sign,
        markersize=size,
        markeredgecolor=tone,
        markerfacecolor=tone if filled else "none",
        markeredgewidth=1.4 if not filled or sign == "|" else 0.0,
        linestyle="none",
        zorder=order,
        clip_on=False,
    )


def _png(figure: Figure) -> bytes:
    figure.set_facecolor("white")
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


def _svg(figure: Figure) -> str:
    held = io.StringIO()
    figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return held.getvalue()
