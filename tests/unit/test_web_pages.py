"""The pages' own check, which needs no browser: tags nested and closed, headings in order, colours far enough apart.

(`tests/flow/test_web_browser.py` opens them in Chromium and asks axe, where there is one.)
"""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from markupsafe import Markup

from bot.model import Reply
from bot.render import Renderer
from bot.render.markup import parse
from bot.render.plain import shown
from bot.web.charts import Figure, Rested
from bot.web.drawing import drawn, title_of
from bot.web.page import FOLDER, Pages

PAGES = Pages("/base")
VOID = {"meta", "link", "br"}
TAGS = {
    "html",
    "head",
    "title",
    "body",
    "main",
    "footer",
    "section",
    "div",
    "h1",
    "h2",
    "p",
    "blockquote",
    "ol",
    "ul",
    "li",
    "figure",
    "figcaption",
    "svg",
    "span",
} | {*("a", "strong", "em", "code", "mark", "del", "ins")}
ATTRIBUTES = {"lang", "charset", "name", "content", "rel", "href", "dir", "class", "id", "aria-labelledby", "role"}
HOSTILE = "</title></p><script>alert(1)</script>\" onload='x' {{ 7 * 7 }} \x1b[2J &amp; \u202e"
URL = "https://wire.example/a?b=1&c=2"


class Strict(HTMLParser):
    """Reads a page: only known tags and attributes, each closed where it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.text: dict[str, str] = {}
        self.attributes: dict[str, dict[str, str | None]] = {}
        self._open: list[str] = []
        assert text.startswith("<!DOCTYPE html>\n")
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS | VOID, tag
        given = dict(attrs)
        assert given.keys() <= ATTRIBUTES, given
        assert not (tag in ("p", "h1", "h2", "section", "div", "blockquote", "ol") and "p" in self._open), (
            "a p ends there"
        )
        self.tags.append(tag)
        self.attributes.setdefault(tag, given)
        self.ids += [str(given["id"])] if "id" in given else []
        self.labels += [str(given["aria-labelledby"])] if "aria-labelledby" in given else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.text[tag] = self.text.get(tag, "") + data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def change(before: Any, after: Any) -> dict[str, Any]:
    return {"what": "due", "before": before, "after": after}


def evidence(**more: Any) -> dict[str, Any]:
    h = HOSTILE
    edit = {"kind": "correct", "by": h, "why": h, "day": "2020-02-16", "time": "09:30", "line": h}
    return {
        "id": 12,
        "kind": "deadline",
        "who": h,
        "summary": h,
        "day": "2020-02-15",
        "status": "corrected",
        "origin": "editor",
        "due_from": "2020-02-29",
        "due_to": "2020-03-01",
        "distance": h,
        "title": h,
        "source": h,
        "published": "2020-02-15",
        "url": URL,
        "retracted": False,
        "marked": [[{"text": h, "marked": False}, {"text": h, "marked": True}], [{"text": h, "marked": True}]],
        "versions": {
            "older": 1,
            "newer": 2,
            "state": "changed",
            "before": [{"text": h, "changed": True}],
            "after": [{"text": h, "changed": False}, {"text": h, "changed": True}],
        },
        "edits": [
            {**edit, "changes": [change(["2020-02-29"], ["2020-03-30", "2020-03-31"]), change(h, ""), change("", h)]},
            {**edit, "kind": "retract", "changes": []},
        ],
        **more,
    }


VERSION = {"older": 1, "newer": 2}
EVIDENCE = {
    "all": evidence(),
    "standing": evidence(status="standing", origin="grammar", kind="statement", versions=None, edits=[]),
    "same": evidence(versions={**VERSION, "state": "same"}, edits=[]),
    "new": evidence(versions={**VERSION, "state": "new"}, due_to="2020-02-29"),
    "gone": evidence(versions={**VERSION, "state": "gone"}),
    "retracted": evidence(retracted=True, marked=[], versions=None),
    "no link": evidence(url="javascript:alert(1)", title=""),
}
REPLY = parse(
    f"\x10H{HOSTILE}\x10h one \x10Btwo\x10b \x10L{URL}\x10MLevant Wire\x10l \x10X/evidence 12\x10MEvidence\x10x"
    f"\x10S\x10Hmore\x10h\x10Q{HOSTILE}\x10q \x10X/facts 3\x10MFacts\x10x \x10K/why 1\x10k \x10Ithree\x10i"
)
RESTS = [Rested(number=1, words=shown(HOSTILE), url=URL), Rested(number=2, words=shown(HOSTILE), url="")]
CHARTS = [
    Figure(title=shown(HOSTILE), svg=Markup('<svg class="chart" role="img"></svg>'), rests=RESTS),
    Figure(title="", svg=Markup(""), rests=[]),
]
TEMPLATES: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"evidence, {name}": ("evidence", data) for name, data in EVIDENCE.items()},
    "told": ("told", {"title": HOSTILE, "lines": [HOSTILE, HOSTILE]}),
    "expired": ("no_entry", {"expired": True, "ask": "/evidence 12"}),
    "forged": ("no_entry", {"expired": False, "ask": "/digest"}),
    "digest": (
        "digest",
        {
            "title": title_of(REPLY),
            "body": drawn(REPLY, link=lambda _: "https://news.example/e/12?a=1&b=2"),
            "figures": CHARTS,
        },
    ),
    "digest without links": ("digest", {"title": "", "body": drawn(REPLY, link=lambda _: ""), "figures": []}),
}


def page(name: str) -> str:
    template, data = TEMPLATES[name]
    return bytes(PAGES.page(template, data).body).decode()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_page_is_whole_whatever_strangers_write(name: str) -> None:
    text = page(name)
    read = Strict(text)
    assert read.attributes["html"] == {"lang": "en"}
    assert read.attributes["link"] == {"rel": "stylesheet", "href": "/base/style.css"}
    assert read.text["title"].endswith(" · Onrecord")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\x10]", text)
    assert "49" not in text


@pytest.mark.parametrize("name", TEMPLATES)
def test_headings_and_names_are_in_order(name: str) -> None:
    read = Strict(page(name))
    levels = [int(tag[1]) for tag in read.tags if tag in ("h1", "h2")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(read.ids) == len(set(read.ids))
    assert set(read.labels) <= set(read.ids)


@pytest.mark.parametrize("template", sorted(path.stem for path in FOLDER.glob("*.html")))
def test_every_template_is_held_to_this(template: str) -> None:
    assert template in {"base", "_facts"} | {name for name, _ in TEMPLATES.values()}


def test_what_a_model_read_is_told_apart_on_its_page() -> None:
    data = evidence(status="standing", origin="model")
    assert "read by a language model" in bytes(PAGES.page("evidence", data).body).decode()


def test_a_press_is_a_link_where_it_leads_somewhere_and_else_what_is_typed() -> None:
    text = page("digest")
    assert '<a href="https://news.example/e/12?a=1&amp;b=2">Evidence 12</a>' in text
    assert "<code>/why 1</code>" in text
    assert "<code>/evidence 12</code>" in page("digest without links")
    assert isinstance(TEMPLATES["digest"][1]["body"], Markup)


def test_a_reply_without_a_heading_has_no_title() -> None:
    assert title_of(Renderer().items(Reply(template="error", data={"text": "x"}))) == ""


def colours(scheme: str) -> dict[str, str]:
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "on"),
    [("ink", "page"), ("quiet", "page"), ("link", "page"), ("mark-ink", "mark"), ("ink", "gone"), ("ink", "added")],
)
def test_words_stand_out_from_what_they_stand_on(scheme: str, ink: str, on: str) -> None:
    """4.5 to 1: WCAG 2.2, success criterion 1.4.3."""
    one, other = sorted(luminance(colours(scheme)[name]) for name in (ink, on))
    assert (other + 0.05) / (one + 0.05) >= 4.5


def test_without_a_web_side_none_of_its_libraries_is_loaded() -> None:
    look = (
        "import sys, bot.app.serving, bot.app.services, bot.app.telegram;"
        "print({'starlette', 'uvicorn', 'prometheus_client', 'icalendar', 'bot.web', 'bot.app.web'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
