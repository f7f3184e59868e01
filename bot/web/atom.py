"""A chat's feed of facts (RFC 4287): the newest first, each under an id that it keeps when it is corrected.

Of what stands no more since the feed was made a tombstone is left (RFC 6721): its id, and nothing that it said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from xml.etree import ElementTree as Xml

from bot.books.secrets import Held, hashed
from bot.commands.asked import search_words
from bot.commands.lines import line
from bot.render.markup import is_web, seen
from digests.history import Edit
from digests.model import FactQuery, Found
from digests.store.base import Store

NAMESPACE = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MOST = 60
MOST_GONE = 200
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def feed(held: Held, *, store: Store, host: str, address: str) -> bytes:
    """The chat's feed. ``address``: where it was asked for."""
    found = await store.facts(FactQuery(kinds=held.kinds, about=search_words(held.about), limit=MOST))
    history = await store.history([each.fact.id for each in found])
    gone = await store.gone_since(held.made_at, limit=MOST_GONE)
    return drawn(held, found, history, gone, host=host, address=address)


def drawn(
    held: Held,
    found: Sequence[Found],
    history: Mapping[int, Sequence[Edit]],
    gone: Sequence[tuple[int, datetime]],
    *,
    host: str,
    address: str,
) -> bytes:
    """The file, the same to the byte for the same facts."""
    updated = {each.fact.id: _updated(each, history.get(each.fact.id, ())) for each in found}
    made = Xml.Element("feed", {"xmlns": NAMESPACE, "xmlns:at": TOMBSTONES})
    _add(made, "id", f"tag:{host},2020:feed/{hashed(address)[:16]}")
    _add(made, "title", f"On the record: {held.about}" if held.about else "On the record")
    _add(made, "updated", _moment(max([*updated.values(), *(at for _, at in gone)], default=held.made_at)))
    _add(made, "generator", "Onrecord")
    Xml.SubElement(made, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    _add(Xml.SubElement(made, "author"), "name", "Onrecord")
    for each in found:
        made.append(_entry(each, updated[each.fact.id], host=host))
    for number, at in gone:
        Xml.SubElement(made, "at:deleted-entry", {"ref": _name(number, host), "when": _moment(at)})
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bytes(Xml.tostring(made, encoding="unicode"), "utf-8")


def _entry(found: Found, updated: datetime, *, host: str) -> Xml.Element:
    told = line(found)
    made = Xml.Element("entry")
    _add(made, "id", _name(found.fact.id, host))
    _add(made, "title", told["summary"])
    _add(made, "updated", _moment(updated))
    _add(made, "published", _moment(datetime.combine(found.source.published_day, time(), UTC)))
    _add(Xml.SubElement(made, "author"), "name", told["who"] or told["source"])
    Xml.SubElement(made, "category", {"term": found.fact.kind})
    if is_web(told["url"]):
        Xml.SubElement(made, "link", {"rel": "alternate", "href": told["url"]})
    words = [
        f"“{' '.join(told['quote'].split())}”",
        f"{told['title']} ({told['source']})",
        *(["Read by a language model, not by the grammar."] if told["proposed"] else []),
        f"In the chat: {told['press']}",
    ]
    _add(made, "content", "\n\n".join(words)).set("type", "text")
    return made


def _name(number: int, host: str) -> str:
    return f"tag:{host},2020:fact/{number}"


def _updated(found: Found, edits: Sequence[Edit]) -> datetime:
    """When an editor last put it right, or its deadline moved; or else the day of its article."""
    published = datetime.combine(found.source.published_day, time(), UTC)
    return max((edit.at for edit in edits), default=published)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: Xml.Element, tag: str, text: str) -> Xml.Element:
    made = Xml.SubElement(parent, tag)
    made.text = "\n".join(_NO_XML.sub("\ufffd", seen(part)) for part in text.split("\n"))
    return made
