"""An HTML page -> its article as Markdown, with the metadata that pages carry. trafilatura loads on first use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from digests.errors import UnreadableArticle
from digests.text.printed import Printed, given_date

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|meta)\b", re.I | re.S
)
_DATA_URL = re.compile(r"data:[\w/+.;=-]{0,80},[^\"'\s>)]{200,}")
_HUGE_TAG = re.compile(r"<(/?[a-zA-Z][\w:-]{0,40}(?=[\s/])|!)[^<>]{20000,}>?")
"""Trafilatura takes minutes for a tag of 50,000 attributes; news sites keep whole settings in one."""
_META = re.compile(r"<meta\s([^<>]{1,1000})>", re.I)
_DATE_META = re.compile(
    r"(?:property|name|itemprop)\s*=\s*[\"']?(?:article:published_time|datePublished|og:published_time|date|pubdate"
    r"|publishdate|DC\.date\.issued|DC\.date|parsely-pub-date|sailthru\.date)(?=[\"'\s/]|$)",
    re.I,
)
_CONTENT = re.compile(r"content\s*=\s*[\"']([^\"']{8,40})[\"']", re.I)
_JSON_DATE = re.compile(r"[\"']datePublished[\"']\s{0,9}:\s{0,9}[\"']([^\"'<>]{8,40})[\"']")
_DEEPEST = 6
_INLINE = frozenset({"hi", "ref", "lb", "del", "code", "graphic"})
_APART = frozenset({"lb", "graphic"})
"""Of trafilatura's tags, those that stand within a line, and those that are no more than a gap in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says. ``text`` is Markdown whose first line is the headline, when the page has one."""

    text: str
    title: str
    byline: str
    publisher: str
    url: str
    published: Printed | None


def looks_like_html(text: str, *, name: str = "") -> bool:
    """By the file's name or its first tag."""
    return name.lower().endswith((".html", ".htm", ".xhtml")) or _HTML.match(text[:4096]) is not None


def page_from(html: str, *, name: str = "") -> Page:
    """Raises ``UnreadableArticle`` where there is no running text."""
    from trafilatura import bare_extraction

    html = _HUGE_TAG.sub(lambda tag: "" if tag[1] == "!" else f"<{tag[1]}>", _DATA_URL.sub("data:,", html))
    shown = name or "this page"
    # only what the page's head and <time> say counts as its date, not any year that stands somewhere in it
    dates = {"extensive_search": False, "original_date": True}
    found: Any = bare_extraction(html, with_metadata=True, include_comments=False, date_extraction_params=dates)
    if found is None or found.body is None or not (found.text or "").strip():
        raise UnreadableArticle(f"{shown} holds no article text: open it in a browser and give the text instead")
    title = " ".join((found.title or "").split())
    return Page(
        text=_markdown(list(_blocks(found.body)) or found.text.splitlines(), title),
        title=title,
        byline=(found.author or "").replace("; ", ", "),
        publisher=found.sitename or "",
        url=found.url or "",
        published=_published(html, found.date),
    )


def _published(html: str, day: str | None) -> Printed | None:
    """The moment in the page's own metadata where it gives one; else the day that htmldate found in its head."""
    metas = (found[1] for found in _META.finditer(html))
    contents = (_CONTENT.search(meta) for meta in metas if _DATE_META.search(meta))
    for match in chain(contents, _JSON_DATE.finditer(html)):
        printed = given_date(match[1]) if match else None
        if printed is not None:
            return printed
    return given_date(day) if day else None


def _markdown(blocks: list[str], title: str) -> str:
    if title and blocks and _letters(blocks[0]) == _letters(title):
        blocks = blocks[1:]
    head = [f"# {title}"] if title else []
    return "\n\n".join([*head, *blocks]) + "\n"


def _blocks(element: Any, depth: int = 0) -> Iterator[str]:
    """Paragraphs, headings, items and rows in order; words that stand beside them or after them are paragraphs too."""
    loose = [element.text or ""]
    for child in element:
        if child.tag in _INLINE:
            loose.append(_words(child))
        else:
            yield from filter(None, (_line("".join(loose)), *_block(child, depth)))
            loose = []
        loose.append(child.tail or "")
    yield from filter(None, (_line("".join(loose)),))


def _block(element: Any, depth: int) -> Iterator[str]:
    match element.tag:
        case "list" | "quote" | "div" | "table" if len(element) and depth < _DEEPEST:
            yield from _blocks(element, depth + 1)
        case "row":
            yield " | ".join(filter(None, (_line(_words(cell)) for cell in element)))
        case "head":
            yield _marked("## ", _line(_words(element)))
        case "item":
            yield _marked("- ", _line(_words(element)))
        case _:
            yield _line(_words(element))


def _words(element: Any) -> str:
    """All text in an element; where a line breaks, words do not grow together."""
    if element.tag in _APART:
        return " "
    inner = "".join(_words(child) + (child.tail or "") for child in element) if len(element) else ""
    between = "" if element.tag in _INLINE else " "
    return f"{between}{element.text or ''}{inner}{between}"


def _marked(mark: str, text: str) -> str:
    return mark + text if text else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
