"""OPML in and out: the list of feeds that readers exchange. http://opml.org/spec2.opml

Lists written by hand are seldom well-formed, and a list from a stranger may be a trap, so outlines are read one by one
by their attributes alone: nothing is expanded, fetched or nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import unescape
from xml.sax.saxutils import quoteattr

from digests.errors import UnreadableFeed
from digests.sources.decoding import decoded
from digests.watch import NewsSource

MOST_SOURCES = 5_000
_OPML = re.compile(r"<opml\b", re.IGNORECASE)
_OUTLINE = re.compile(r"<outline\b((?:[^<>\"']|\"[^\"<]{0,4000}\"|'[^'<]{0,4000}'){0,200})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def looks_like_opml(text: str) -> bool:
    return _OPML.search(text[:5_000]) is not None


def read_opml(data: bytes, *, name: str = "") -> tuple[NewsSource, ...]:
    """The feeds of a list, each address once, in its order. Raises ``UnreadableFeed`` when it is none."""
    text = decoded(data, name=name)
    if not looks_like_opml(text):
        raise UnreadableFeed(f"{name or 'that file'} is no OPML list: export one from a feed reader")
    found: dict[str, NewsSource] = {}
    for outline in _OUTLINE.finditer(text):
        said = {each[1].lower(): unescape(each[2] or each[3] or "").strip() for each in _ATTRIBUTE.finditer(outline[1])}
        url = said.get("xmlurl", "")
        if url and len(found) < MOST_SOURCES:
            title = " ".join((said.get("title") or said.get("text") or "").split())[:500]
            found.setdefault(url, NewsSource(url=url, title=title, site=said.get("htmlurl", "")))
    if not found:
        raise UnreadableFeed(f"{name or 'that list'} names no feeds (no outline has an xmlUrl)")
    return tuple(found.values())


def write_opml(sources: Iterable[NewsSource], *, now: datetime) -> str:
    """The feeds as OPML 2.0; folders are nobody else's business and are left out. ``now`` is aware."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>Onrecord</title><dateCreated>{format_datetime(now)}</dateCreated></head>",
        "  <body>",
        *(f"    {_outline(source)}" for source in sources if source.kind == "feed"),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _outline(source: NewsSource) -> str:
    said = {"type": "rss", "text": source.title or source.url, "title": source.title, "xmlUrl": source.url}
    attributes = {**said, "htmlUrl": source.site}
    written = " ".join(f"{name}={quoteattr(_CONTROL.sub('', value))}" for name, value in attributes.items() if value)
    return f"<outline {written}/>"
