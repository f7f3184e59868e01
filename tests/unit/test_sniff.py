"""What bytes are is told by the bytes, not by their name."""

from __future__ import annotations

import gzip

import pytest

from digests.errors import UnreadableArticle
from digests.sources.file import read_bytes
from digests.sources.sniff import Kind, sniff

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Ardal Post</title></channel></rss>'


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (RSS, "feed.html.txt", "feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><title>Ardal Post</title></feed>', "", "feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "Ardal Post", "items": []}', "", "feed"),
        ("<!doctype html><html><body><p>Ferries stop.</p></body></html>", "page.xml", "page"),
        ("<h1>Ferries</h1><p>They stop.</p><p>All.</p><p>Now.</p><p>Here.</p>", "", "page"),
        ("<!-- cut out --><p>A</p><p>B</p><p>C</p><p>D</p><p>E</p>", "", "page"),
        ("Ferries stop", "page.html", "page"),
        ("# Ferries stop\n\nAll <b>ferries</b> stop.", "", "text"),
        ("<3 is no tag, said the poet.", "", "text"),
        ("The feed <rss> stands in the middle of a sentence.", "", "text"),
    ],
)
def test_feeds_pages_and_text_are_told_apart(text: str, name: str, kind: Kind) -> None:
    assert sniff(text.encode(), name=name).kind == kind
    assert sniff(text.encode("utf-16"), name=name).text == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(RSS.encode(), mtime=0), "gzip archive"),
        (b"%PDF-1.7", "PDF"),
        (b"\x00\x01\x02" * 900, "binary"),
        (b"  \n ", "empty"),
        (b'<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "aa">]><bomb>&a;</bomb>', "neither a feed nor a page"),
    ],
)
def test_what_is_none_of_them_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableArticle, match=why):
        sniff(data, name="thing")


def test_a_feed_given_as_an_article_is_sent_where_feeds_go() -> None:
    with pytest.raises(UnreadableArticle, match="is a feed, not an article"):
        read_bytes(RSS.encode(), name="rss.xml")
