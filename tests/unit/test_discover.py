"""Feeds of a page, OPML lists and folders: what is found in them, whatever they hold."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.errors import FetchError, UserError
from digests.sources import folder
from digests.sources.discover import feeds_in, feeds_of, usual_places
from digests.sources.opml import MOST_SOURCES, read_opml, write_opml
from digests.watch import NewsSource

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
PAGE = "https://wire.example/news/index.html"
RSS = '<link rel="alternate" type="application/rss+xml" href="{}"{}>'


def urls(html: str) -> list[str]:
    return [found.url for found in feeds_of(html, PAGE)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (RSS.format("/feed", ""), ["https://wire.example/feed"]),
        (RSS.format("feed.xml", ' title="News &amp; more"'), ["https://wire.example/news/feed.xml"]),
        (
            "<LINK REL='Alternate stylesheet' TYPE=application/atom+xml HREF=//b.example/atom>",
            ["https://b.example/atom"],
        ),
        ('<base href="https://c.example/x/">' + RSS.format("f", ""), ["https://c.example/x/f"]),
        (
            RSS.format("/a", "") + RSS.format("/a#top", "") + RSS.format("/b", ""),
            ["https://wire.example/a", "https://wire.example/b"],
        ),
        (
            RSS.format("/comments/feed", "") + RSS.format("/x", ' title="Wire: Comments"') + RSS.format("/f", ""),
            ["https://wire.example/f"],
        ),
        ('<link rel="alternate" type="text/html" href="/de">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/f">', []),
        (RSS.format("javascript:alert(1)", ""), []),
        (RSS.format("http://[::1", ""), []),
        (RSS.format("", ""), ["https://wire.example/news/index.html"]),
        (
            '<p><a href="/rss.xml">RSS</a> <a href="/feeds/">Feeds</a> <a href="/rssistance">no</a></p>',
            ["https://wire.example/rss.xml", "https://wire.example/feeds/"],
        ),
        ("<p>no feeds here</p>", []),
    ],
)
def test_feeds_that_a_page_declares_or_links_are_found(html: str, found: list[str]) -> None:
    assert urls(html) == found


def test_the_title_of_a_feed_is_kept() -> None:
    assert feeds_in(RSS.format("/f", ' title=" News &amp;\n more "').encode(), PAGE)[0].title == "News & more"


def test_usual_places_are_of_the_site() -> None:
    assert "https://wire.example/feed" in usual_places(PAGE)


@pytest.mark.parametrize(
    "html", ["<link " * 100_000, "<a href='" + "x" * 500_000, '<link rel="' * 50_000, "<" * 500_000]
)
def test_a_page_built_to_be_slow_is_not(html: str) -> None:
    began = time.process_time()
    feeds_of(html, PAGE)
    assert time.process_time() - began < 2.0


# OPML


def test_outlines_are_read_however_they_are_written_each_address_once() -> None:
    text = """<?xml version="1.0"?><OPML><body><outline text='It&apos;s > "news"'><outline type="rss"
      TEXT="B &amp; C" XMLURL='https://b.example/feed?a=1&amp;b=2' htmlUrl="https://b.example/"/></outline>
      <outline xmlUrl="https://b.example/feed?a=1&amp;b=2" text="again">
      <outline xmlUrl="https://d.example/feed" text="x > y"></body>"""
    assert [(each.url, each.title, each.site) for each in read_opml(text.encode())] == [
        ("https://b.example/feed?a=1&b=2", "B & C", "https://b.example/"),
        ("https://d.example/feed", "x > y", ""),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [("<html></html>", "no OPML list"), ("<opml><body/></opml>", "names no feeds"), ("", "empty")],
)
def test_what_is_no_list_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        read_opml(text.encode(), name="feeds.opml")


def test_a_list_without_end_is_cut() -> None:
    outlines = "".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(MOST_SOURCES + 10))
    assert len(read_opml(f"<opml>{outlines}</opml>".encode())) == MOST_SOURCES


@pytest.mark.parametrize(
    "text", ["<opml>" + "<outline " * 100_000, "<opml><outline x='" + '"' * 300_000, "<opml><outline " + "a=" * 200_000]
)
def test_a_list_built_to_be_slow_is_not(text: str) -> None:
    began = time.process_time()
    with pytest.raises(UserError):
        read_opml(text.encode())
    assert time.process_time() - began < 2.0


def test_a_list_that_was_written_is_read_again() -> None:
    sources = [
        NewsSource(
            url="https://a.example/feed?x=1&y=2", title='A "quoted" & <odd>\x07 name', site="https://a.example/"
        ),
        NewsSource(url="https://b.example/feed"),
        NewsSource(kind="folder", url="/srv/news"),
    ]
    written = write_opml(sources, now=NOW)
    assert "/srv/news" not in written
    assert [(each.url, each.title) for each in read_opml(written.encode())] == [
        ("https://a.example/feed?x=1&y=2", 'A "quoted" & <odd> name'),
        ("https://b.example/feed", "https://b.example/feed"),
    ]


# folders


def test_a_file_is_an_entry_once_it_is_settled_and_another_one_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("one")
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    assert folder.entries_of(str(tmp_path), now=written) == ()
    (before,) = folder.entries_of(str(tmp_path), now=written + timedelta(seconds=3))
    assert (before.key, before.url) == ("a.md", str(file))
    file.write_text("two!")
    os.utime(file, (0, 0))
    (after,) = folder.entries_of(str(tmp_path), now=written)
    assert after.key == before.key
    assert after.fingerprint != before.fingerprint


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="is not there"):
        folder.entries_of(str(tmp_path / "none"), now=NOW)


def test_a_folder_without_end_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text("x")
    assert len(folder.entries_of(str(tmp_path), now=datetime.now(UTC) + timedelta(minutes=1))) == 3
