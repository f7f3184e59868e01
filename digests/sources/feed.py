"""A feed's bytes -> its entries: RSS, Atom and RDF by feedparser, JSON Feed by its own short rule.

feedparser is given text that was decoded and looked at before: never an address it could fetch, a file it could open,
an archive it could unpack, or a DOCTYPE whose entities could grow. Heavy feeds are cut; run it where it can be killed.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from calendar import timegm
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

from digests.errors import UnreadableFeed
from digests.sources.decoding import cleaned, decoded
from digests.text.links import canonical_url
from digests.text.printed import given_date
from digests.watch import Entry

MOST_ENTRIES = 300
MOST_CONTENT = 200_000
MOST_TITLE = 500
OLDEST = date(1990, 1, 2)
_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<\?[^>]{0,1000}\?>\s*|<!--.{0,4000}?-->\s*|<!DOCTYPE[^>\[]{0,300}(?:\[.{0,100000}?\]\s*)?>\s*)*"
    r"<(?:\w+:)?(rss|feed|RDF|channel)\b",
    re.DOTALL,
)
_JSON_FEED = re.compile(r"\s*\{.{0,2000}?\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org", re.DOTALL)
_ENDED = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says of itself, and its entries in its own order. ``keep``: seconds it asks to be kept (ttl)."""

    title: str
    site: str
    entries: tuple[Entry, ...]
    keep: float | None = None


def looks_like_feed(text: str) -> bool:
    """By its first tag, or by the version that a JSON Feed must carry."""
    return _ROOT.match(text) is not None or _JSON_FEED.match(text) is not None


def read_feed(data: bytes, url: str, today: date, charset: str = "") -> Feed:
    """The feed in ``data``, which was found at ``url``. Raises ``UnreadableFeed`` when there is none.

    ``today``: entries dated after tomorrow count as undated. ``charset``: as the server named it.
    """
    text = decoded(data, name=url, charset=charset)
    if _JSON_FEED.match(text):
        return _json_feed(text, url, today)
    if not _ROOT.match(text):
        raise UnreadableFeed(f"{url} holds no feed: give the address of an RSS, Atom or JSON feed")
    return _xml_feed(text, url, today)


def _xml_feed(text: str, url: str, today: date) -> Feed:
    import feedparser

    text = _cut(_bare(text))
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed: Any = feedparser.parse(
        io.BytesIO(text.encode("utf-8", errors="replace")),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.entries and parsed.bozo and not parsed.feed.get("title"):
        raise UnreadableFeed(f"{url} holds a damaged feed: {_one_line(parsed.get('bozo_exception'))}")
    items = [_xml_item(each, url, today) for each in parsed.entries[:MOST_ENTRIES]]
    ttl = str(parsed.feed.get("ttl", ""))
    return Feed(
        title=_one_line(parsed.feed.get("title"))[:MOST_TITLE],
        site=_link(parsed.feed.get("link"), url),
        entries=_keyed(items),
        keep=float(ttl) * 60 if ttl.isascii() and ttl.isdigit() and len(ttl) < 6 else None,
    )


def _bare(text: str) -> str:
    """Without what stands before the root: a declared encoding is wrong by now, and entities grow."""
    root = _ROOT.match(text)
    before = text[: root.start(1)] if root else ""
    return before[before.rfind("<") :] + text[len(before) :]


def _cut(text: str) -> str:
    """Only as many entries as are read at all: a feed may carry a whole archive."""
    for number, found in enumerate(_ENDED.finditer(text), start=1):
        if number == MOST_ENTRIES:
            root = _ROOT.match(text)
            kind = root[1] if root else "rss"
            prefix = text[: root.end() if root else 0].rpartition("<")[2].removesuffix(kind)
            inner = "</channel>" if kind == "rss" else ""
            return f"{text[: found.end()]}{inner}</{prefix}{kind}>"
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    guid: str
    url: str
    title: str
    author: str
    published: str
    content: str


def _xml_item(entry: Any, url: str, today: date) -> _Item:
    # dates by dict's own get: feedparser's would give one for the other, and warn
    contents = [str(each.get("value", "")) for each in entry.get("content", [])] + [str(entry.get("summary", ""))]
    link = entry.get("link") or _permalink(entry.get("id"))
    return _Item(
        guid=_one_line(entry.get("id")),
        url=_link(link, url),
        title=_one_line(_TAG.sub(" ", str(entry.get("title", ""))))[:MOST_TITLE],
        author=_one_line(entry.get("author"))[:MOST_TITLE],
        published=_moment(
            (str(dict.get(entry, name) or ""), dict.get(entry, f"{name}_parsed")) for name in ("published", "updated")
        ).published(today),
        content=cleaned(max(contents, key=len)[:MOST_CONTENT]),
    )


def _json_feed(text: str, url: str, today: date) -> Feed:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFeed(f"{url} holds a damaged JSON feed: {error}") from error
    items = found.get("items")
    listed = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    return Feed(
        title=_one_line(found.get("title"))[:MOST_TITLE],
        site=_link(found.get("home_page_url"), url),
        entries=_keyed([_json_item(each, url, today) for each in listed[:MOST_ENTRIES]]),
    )


def _json_item(item: dict[str, Any], url: str, today: date) -> _Item:
    authors = item.get("authors") or [item.get("author")]
    named = [each for each in authors if isinstance(each, dict)] if isinstance(authors, list) else []
    return _Item(
        guid=_one_line(item.get("id")),
        url=_link(item.get("url") or item.get("external_url") or _permalink(item.get("id")), url),
        title=_one_line(item.get("title"))[:MOST_TITLE],
        author=", ".join(filter(None, (_one_line(each.get("name")) for each in named)))[:MOST_TITLE],
        published=_moment((str(item.get(name) or ""), None) for name in ("date_published", "date_modified")).published(
            today
        ),
        content=cleaned(
            str(item.get("content_html") or item.get("content_text") or item.get("summary") or "")[:MOST_CONTENT]
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    day: date | None = None
    at: datetime | None = None

    def published(self, today: date) -> str:
        """As ISO; "" for what no article was published on: 1970, or the day after tomorrow."""
        if self.day is None or self.day < OLDEST or (self.day - today).days > 1:
            return ""
        return self.at.isoformat() if self.at else self.day.isoformat()


def _moment(said: Iterable[tuple[str, Any]]) -> _Moment:
    """The first that can be read: as it is printed (its own zone tells its day), or as feedparser understood it."""
    for text, parsed in said:
        printed = given_date(text[:80]) if text else None
        if printed is not None:
            return _Moment(day=printed.day, at=printed.at)
        if parsed is not None:
            try:
                at = datetime.fromtimestamp(timegm(parsed), UTC)
            except (ValueError, OverflowError, OSError):
                continue
            return _Moment(day=at.date(), at=at)
    return _Moment()


def _keyed(items: list[_Item]) -> tuple[Entry, ...]:
    """Entries under keys: the guid, unless several different items carry the same one. Without an address: nothing."""
    uses = Counter(item.guid for item in items)
    found: dict[str, Entry] = {}
    for item in items:
        if not item.url:
            continue
        key = item.guid if item.guid and uses[item.guid] == 1 else item.url
        found.setdefault(
            key,
            Entry(
                key=key[:1000],
                fingerprint=_fingerprint(item),
                url=item.url,
                title=item.title,
                author=item.author,
                published=item.published,
                content=item.content,
            ),
        )
    return tuple(found.values())


def _fingerprint(item: _Item) -> str:
    """Of the address and the words: neither dates nor markup nor the guid count."""
    words = _WORD.findall(f"{item.title} {_TAG.sub(' ', item.content)}")
    said = "\n".join((canonical_url(item.url) or item.url, " ".join(words)))
    return hashlib.sha256(said.encode("utf-8", errors="replace")).hexdigest()[:32]


def _permalink(guid: object) -> str:
    text = str(guid or "").strip()
    return text if text.lower().startswith(("http://", "https://")) else ""


def _link(value: object, base: str) -> str:
    """A link made absolute; "" for what is no web address."""
    text = cleaned(str(value or "")).strip()
    if not text:
        return ""
    try:
        found = urljoin(base, text)
    except ValueError:
        return ""
    return found if found.lower().startswith(("http://", "https://")) and len(found) <= 2_000 else ""


def _one_line(value: object) -> str:
    return " ".join(cleaned(str(value or "")).split())
