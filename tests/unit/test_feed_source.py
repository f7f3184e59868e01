"""Feeds as they are found: every dialect, damaged ones, hostile ones, and what makes an entry new."""

from __future__ import annotations

import json
from datetime import date

import pytest

from digests.errors import UnreadableFeed, UserError
from digests.sources.feed import MOST_ENTRIES, Feed, looks_like_feed, read_feed

TODAY = date(2020, 2, 16)
URL = "https://wire.example/news/feed.xml"
TEXTS = ("key", "url", "title", "author", "published", "content")


def read(text: str | bytes, *, charset: str = "") -> Feed:
    return read_feed(text if isinstance(text, bytes) else text.encode(), URL, TODAY, charset)


def rss(items: str, *, head: str = "") -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title>{head}{items}</channel></rss>"


ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><link href="https://wire.example/"/>
<entry><id>tag:wire.example,2020:1</id><title type="html">Cranes &amp;lt;b&amp;gt;now&amp;lt;/b&amp;gt;</title>
<link href="../1"/><updated>2020-02-15T23:30:00-05:00</updated><author><name>A. Writer</name></author>
<content type="html">&lt;p&gt;Two cranes.&lt;/p&gt;</content></entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Wire</title></channel>
<item rdf:about="https://wire.example/1"><title>Cranes</title><link>https://wire.example/1</link>
<dc:date>2020-02-15T10:00:00Z</dc:date></item></rdf:RDF>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Wire",
    "home_page_url": "https://wire.example/",
    "items": [
        {
            "id": 1,
            "url": "/1",
            "title": "Cranes",
            "content_html": "<p>Two cranes.</p>",
            "date_published": "2020-02-15T10:00:00Z",
            "authors": [{"name": "A. Writer"}, "odd"],
        },
        {"id": "https://wire.example/2", "content_text": "Words."},
        "not an item",
    ],
}


def test_rss_is_read() -> None:
    feed = read(
        rss(
            "<item><guid>g1</guid><link>https://wire.example/1</link><title>Cranes &amp; ships</title>"
            "<author>A. Writer</author><pubDate>Sat, 15 Feb 2020 23:30:00 -0500</pubDate>"
            "<description>&lt;p&gt;Short.&lt;/p&gt;</description></item>",
            head="<link>https://wire.example/</link><ttl>60</ttl>",
        )
    )
    assert (feed.title, feed.site, feed.keep) == ("Wire", "https://wire.example/", 3600.0)
    (entry,) = feed.entries
    assert (entry.key, entry.url, entry.title) == ("g1", "https://wire.example/1", "Cranes & ships")
    assert (entry.author, entry.published) == ("A. Writer", "2020-02-15T23:30:00-05:00")
    assert entry.content == "<p>Short.</p>"


def test_atom_is_read_with_its_addresses_made_whole() -> None:
    feed = read(ATOM)
    (entry,) = feed.entries
    assert (feed.title, feed.site) == ("Wire", "https://wire.example/")
    assert (entry.key, entry.url, entry.author) == ("tag:wire.example,2020:1", "https://wire.example/1", "A. Writer")
    assert entry.published == "2020-02-15T23:30:00-05:00"
    assert entry.content == "<p>Two cranes.</p>"


def test_rdf_is_read() -> None:
    (entry,) = read(RDF).entries
    assert (entry.url, entry.published) == ("https://wire.example/1", "2020-02-15T10:00:00+00:00")


def test_json_feeds_are_read() -> None:
    feed = read(json.dumps(JSON_FEED))
    first, second = feed.entries
    assert (feed.title, feed.site) == ("Wire", "https://wire.example/")
    assert (first.key, first.url, first.author) == ("1", "https://wire.example/1", "A. Writer")
    assert (second.url, second.content, second.published) == ("https://wire.example/2", "Words.", "")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (rss(""), True),
        (ATOM, True),
        (RDF, True),
        ("<!-- a comment -->\n<feed xmlns='http://www.w3.org/2005/Atom'/>", True),
        ("<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", True),
        (json.dumps(JSON_FEED), True),
        ("<!doctype html><html><body>rss</body></html>", False),
        ("<html><feed></feed></html>", False),
        ("<opml version='2.0'/>", False),
        ('{"version": "1.0"}', False),
        ("The feed of the ships is fish.", False),
        ("", False),
    ],
)
def test_a_feed_is_told_by_its_root(text: str, is_one: bool) -> None:
    assert looks_like_feed(text) is is_one


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<html><body>Sorry</body></html>", "holds no feed"),
        ("Nothing here.", "holds no feed"),
        ("", "empty"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [', "damaged JSON feed"),
        ("<rss><channel><<<<", "damaged feed"),
        (b"\x1f\x8b\x08\x00", "gzip"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(text: str | bytes, why: str) -> None:
    with pytest.raises(UserError, match=why):
        read(text)


def test_a_feed_with_mistakes_is_read_as_far_as_it_goes() -> None:
    feed = read("<rss><channel><title>Wire</title><item><link>https://wire.example/1</link><title>A & B</item>")
    assert [entry.url for entry in feed.entries] == ["https://wire.example/1"]


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("Sat, 15 Feb 2020 10:00:00 GMT", "2020-02-15T10:00:00+00:00"),
        ("2020-02-15", "2020-02-15"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", ""),
        ("Tue, 01 Jan 2099 00:00:00 GMT", ""),
        ("Mon, 17 Feb 2020 08:00:00 GMT", "2020-02-17T08:00:00+00:00"),
        ("Tue, 18 Feb 2020 08:00:00 GMT", ""),
        ("Sat Feb 15 10:00:00 2020", "2020-02-15T10:00:00+00:00"),
        ("some time ago", ""),
        ("", ""),
    ],
)
def test_only_a_day_on_which_news_is_made_counts(said: str, published: str) -> None:
    item = f"<item><link>https://wire.example/1</link><pubDate>{said}</pubDate></item>"
    assert read(rss(item)).entries[0].published == published


def item(
    *, guid: str = "g1", link: str = "https://wire.example/1", title: str = "Cranes", day: str = "15", text: str = "A"
):
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>"
        f"<pubDate>{day} Feb 2020 10:00:00 GMT</pubDate><description>{text}</description></item>"
    )


@pytest.mark.parametrize(
    ("changed", "is_new"),
    [
        ({"day": "16"}, False),
        ({"guid": "g2"}, False),
        ({"link": "https://wire.example/1?utm_source=feed"}, False),
        ({"text": "&lt;p class='x'&gt;A&lt;/p&gt;"}, False),
        ({"title": "Cranes delayed"}, True),
        ({"text": "Another text"}, True),
        ({"link": "https://wire.example/2"}, True),
    ],
)
def test_an_entry_says_something_new_by_its_words_and_address_alone(changed: dict[str, str], is_new: bool) -> None:
    before, after = read(rss(item())).entries[0], read(rss(item(**changed))).entries[0]
    assert (before.fingerprint != after.fingerprint) is is_new


def test_items_that_share_a_guid_are_told_apart_by_their_addresses() -> None:
    feed = read(rss(item() + item(link="https://wire.example/2") + item(guid="g9", link="https://wire.example/3")))
    assert [entry.key for entry in feed.entries] == ["https://wire.example/1", "https://wire.example/2", "g9"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "http://[::1", "", "https://x/" + "a" * 2000]
)
def test_an_entry_without_a_web_address_is_left_out(link: str) -> None:
    assert read(rss(item(link=link))).entries == ()


def test_a_guid_that_is_an_address_stands_in_for_the_link() -> None:
    assert read(rss("<item><guid>https://wire.example/7</guid></item>")).entries[0].url == "https://wire.example/7"


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_only_the_first_entries_of_an_archive_are_read(kind: str) -> None:
    if kind == "rss":
        text = rss("".join(item(guid=f"g{n}", link=f"https://wire.example/{n}") for n in range(3000)))
    else:
        entry = ATOM[ATOM.index("<entry>") : ATOM.index("</feed>")]
        entries = "".join(entry.replace("2020:1", f"2020:{n}").replace("../1", f"../{n}") for n in range(3000))
        text = ATOM.replace(entry, entries)
    feed = read(text)
    assert feed.title == "Wire"
    assert len(feed.entries) == MOST_ENTRIES


def test_entities_are_not_expanded_and_files_not_read() -> None:
    bomb = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 9))
    text = rss(item(title="&e8;&x;")).replace(
        "<rss", f"<!DOCTYPE rss [<!ENTITY e0 'ha'><!ENTITY x SYSTEM 'file:///etc/passwd'>{bomb}]><rss"
    )
    (entry,) = read(text).entries
    assert "root:" not in entry.title
    assert len(entry.title) < 100


def test_a_feed_in_the_charset_its_server_names_is_read() -> None:
    text = rss(item(title="Übergröße")).encode("iso-8859-1")
    assert read(text, charset="ISO-8859-1").entries[0].title == "Übergröße"
    assert read(rss(item(title="Übergröße")).encode(), charset="ISO-8859-1").entries[0].title == "Übergröße"
    assert read(rss(item(title="Übergröße")), charset="no-such-charset").entries[0].title == "Übergröße"


def test_a_json_feed_nested_too_deep_is_refused() -> None:
    with pytest.raises(UnreadableFeed, match="damaged JSON feed"):
        read('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000)


def test_a_moment_no_calendar_has_counts_as_not_given() -> None:
    text = rss("<item><link>https://wire.example/1</link><pubDate>Sat Feb 15 10:00:00 0001</pubDate></item>")
    assert read(text).entries[0].published == ""


@pytest.mark.parametrize("nul", ["&#0;", "&#x0;"])
def test_no_word_of_an_entry_holds_a_nul(nul: str) -> None:
    feed = read(
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Wi{nul}re</title><item><guid>g{nul}1</guid>"
        f"<title>Cra{nul}nes</title><link>https://wire.example/{nul}1</link><author>A. Wri{nul}ter</author>"
        f"<description>Two cra{nul}nes.</description></item></channel></rss>"
    )
    (entry,) = feed.entries
    assert "\0" not in "".join((feed.title, feed.site, *(getattr(entry, each) for each in TEXTS)))
    listed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "W\0",
        "items": [{"id": "\0", "url": f"{URL}/\0"}],
    }
    (entry,) = read(json.dumps(listed)).entries
    assert "\0" not in "".join(getattr(entry, each) for each in TEXTS)
