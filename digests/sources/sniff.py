"""What bytes are, whatever they are called: a feed, a page or plain text, told by how they begin and what fills them.

A server's or a file's word for it is a hint at most: feeds are sent as text/html, pages as text/plain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from digests.errors import UnreadableArticle
from digests.sources import pdf
from digests.sources.decoding import cleaned, decoded
from digests.sources.feed import looks_like_feed
from digests.sources.page import looks_like_html

Kind = Literal["feed", "page", "text"]
_LOOKED_AT = 20_000
_BEGINS = re.compile(r"\s*(?:<!--.{0,10000}?-->\s*)*<", re.DOTALL)
_CLOSED = re.compile(r"</(?:p|div|a|li|td|h[1-6]|span|script|title)>", re.IGNORECASE)
_ENOUGH_CLOSED = 5
_XML = re.compile(r"\s*<(?:\?xml\s|!DOCTYPE\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """``text``: all of it, decoded and without NUL."""

    kind: Kind
    text: str


def sniff(data: bytes, *, name: str = "", charset: str = "") -> Sniffed:
    """Raises ``UnreadableArticle`` for what is none of them: empty, binary, packed, too large, other XML."""
    if is_pdf(data):
        return Sniffed(kind="text", text=cleaned(pdf.text_of(data, name=name)))
    text = decoded(data, name=name, charset=charset)
    if looks_like_feed(text):
        return Sniffed(kind="feed", text=text)
    if looks_like_html(text, name=name) or _is_markup(text):
        return Sniffed(kind="page", text=text)
    if _XML.match(text):
        raise UnreadableArticle(
            f"{name or 'this input'} is XML, but neither a feed nor a page: give its words as Markdown or plain text"
        )
    return Sniffed(kind="text", text=text)


def is_pdf(data: bytes) -> bool:
    """Some programs write a line or two before the mark; readers look for it in the first kilobyte."""
    return b"%PDF-" in data[:1024] and data.lstrip()[:1] != b"<"


def _is_markup(text: str) -> bool:
    """A piece of a page, cut out of its html and body: it begins with a tag and closes several."""
    if not _BEGINS.match(text):
        return False
    return len(_CLOSED.findall(text, 0, _LOOKED_AT)) >= _ENOUGH_CLOSED
