"""Which feeds a web page says it has, and where a site's feed lies that says nothing. Pure; linear in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from digests.sources.decoding import decoded

LOOKED_AT = 500_000
"""Characters of a page: links to feeds stand in its head or its foot, not behind half a megabyte."""
MOST = 20
USUAL_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_ELEMENT = re.compile(r"<(link|a|base)\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]{0,1500})\"|'([^']{0,1500})'|([^\s\"'>]{1,1500}))")
_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b|/comments?(?:/|$)", re.IGNORECASE)
_FEED_LINK = re.compile(r"(?:^|[/._-])(?:rss|feed|atom)s?(?:\.xml|\.rdf|/)?(?:[?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    url: str
    title: str


def feeds_of(html: str, url: str) -> tuple[FoundFeed, ...]:
    """The feeds that a page at ``url`` declares, in its order; feeds of comments are left out.

    Where it declares none: what it links under an address that looks like a feed's.
    """
    base, declared, linked = url, [], []
    for element, attributes in _elements(html[:LOOKED_AT]):
        href = attributes.get("href", "").strip()
        if element == "base" and href:
            base = _joined(url, href) or url
        elif element == "link" and "alternate" in attributes.get("rel", "").lower().split():
            if _TYPE.match(attributes.get("type", "").strip()):
                declared.append((href, attributes.get("title", "")))
        elif element == "a" and _FEED_LINK.search(href):
            linked.append((href, ""))
    found: dict[str, FoundFeed] = {}
    for href, title in declared or linked:
        address = _joined(base, href)
        if address and not _COMMENTS.search(f"{title} {address}"):
            found.setdefault(address, FoundFeed(url=address, title=" ".join(title.split())[:200]))
    return tuple(found.values())[:MOST]


def feeds_in(data: bytes, url: str, charset: str = "") -> tuple[FoundFeed, ...]:
    """``feeds_of`` a page's bytes. Raises ``UnreadableArticle`` when they are no text."""
    return feeds_of(decoded(data, name=url, charset=charset), url)


def usual_places(url: str) -> tuple[str, ...]:
    """Where the site's feed may lie, from the page given and from the site's root."""
    return tuple(dict.fromkeys(_joined(url, place) for place in USUAL_PLACES))


def _elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    for element in _ELEMENT.finditer(html):
        attributes = {
            found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
            for found in _ATTRIBUTE.finditer(element[2])
        }
        yield element[1].lower(), attributes


def _joined(base: str, href: str) -> str:
    try:
        found = urljoin(base, href).partition("#")[0]
    except ValueError:
        return ""
    return found if found.lower().startswith(("http://", "https://")) else ""
