"""Every template as an e-mail: one whole document, nothing lost, nothing injected, nothing fetched from anywhere."""

import re
from html.parser import HTMLParser

import pytest
from test_templates_contract import CASES, HOSTILE, QUOTING, RENDERER, URL, letters, samples, whole

from bot.model import Button, Reply
from bot.render.plain import shown

TAGS = {"html", "head", "title", "body", "div", "h1", "h2", "p", "blockquote", "a", "strong", "em", "code"}
VOID = {"meta", "br"}
ATTRIBUTES = {"lang", "charset", "name", "content", "style", "dir", "href"}


class Document(HTMLParser):
    """Reads a document strictly: known tags, properly nested, closed, with harmless attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.quotes: list[str] = []
        self.body = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS | VOID, tag
        for name, value in attrs:
            assert name in ATTRIBUTES
            assert name != "style" or not re.search(r"url|@import|expression|[<>]", value or "")
            if name == "href":
                self.links.append(value or "")
        if tag == "br":
            self.body += "\n"
        if tag not in VOID:
            self._open.append(tag)
        if tag == "blockquote":
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "body" in self._open:
            self.body += data
        if "blockquote" in self._open:
            self.quotes[-1] += data

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment


KINDS = ("tags", "template", "marks", "controls", "bidi", "lines")


@pytest.mark.parametrize(("template", "kind"), [case for case in CASES if case[1] in KINDS])
def test_html(template: str, kind: str) -> None:
    h = HOSTILE[kind]
    (message,) = RENDERER.render(Reply(template=template, data=samples(h)[template]), "html")
    document = Document(message.text)
    assert set(document.links) <= {URL}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", message.text)
    assert letters(document.body) == letters(whole(template, kind))
    if template in QUOTING:
        assert set("".join(document.quotes).split(shown(h))) == {""}


def test_buttons_are_spelled_out_as_what_is_typed() -> None:
    reply = Reply(template="why_none", data={"lines": 3}, buttons=((Button(label="More <b>", command="/why 1"),),))
    (message,) = RENDERER.render(reply, "html")
    assert "More &lt;b&gt;: <code" in message.text


def test_the_document_is_called_what_its_heading_says() -> None:
    (message,) = RENDERER.render(Reply(template="error", data={"text": "No <such> day"}), "html")
    assert "<title>No &lt;such&gt; day</title>" in message.text
