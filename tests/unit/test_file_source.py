"""Files, bytes and pasted texts become articles, or one says what is wrong with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.errors import UndatedArticle, UnreadableArticle, UserError
from digests.model import Article
from digests.sources.decoding import MAX_BYTES, MAX_CHARACTERS
from digests.sources.file import article_from, read_bytes
from digests.sources.language import language_of
from digests.sources.page import looks_like_html
from digests.text.links import canonical_url, host_of

BODY = "The harbour was closed on Monday after a night of storms, the port's director said."
TEXT = f"# Storm Shuts Port\n\nBy Ida Holm\n\n15 February 2020\n\n{BODY}\n"
PAGE = f"""<!doctype html><html lang="en"><head><title>Storm Shuts Port - Harbour Wire</title>
<link rel="canonical" href="https://harbour.example/storm">
<meta property="og:site_name" content="Harbour Wire">
<meta property="article:published_time" content="2020-02-15T23:30:00-05:00">
<meta name="author" content="Ida Holm"></head><body><nav><a href="/">Home</a><a href="/x">News</a></nav>
<article><h1>Storm Shuts Port</h1><p>{BODY}</p><h2>What comes next</h2>
<p>&quot;Ships wait,&quot; said the <b>director</b>, adding that the <a href="/x">deadline</a> of March 1 stands.</p>
<blockquote><p>The cranes were built in 1998 &amp; were never tested in such a wind, the union said.</p></blockquote>
<ul><li>One crane fell on the quay in the night</li><li>Two more are bent</li></ul>
<table><tr><td>1</td></tr></table></article><footer>Copyright 2021</footer></body></html>"""


def read(data: bytes, **given: str) -> Article:
    return read_bytes(data, **given)


def test_a_markdown_file_gives_its_fields() -> None:
    article = read(TEXT.encode(), name="storm.md", url="https://www.harbour.example/storm?utm_source=x#top")
    assert (article.title, article.byline, article.published_day) == ("Storm Shuts Port", "Ida Holm", date(2020, 2, 15))
    assert (article.publisher, article.language, article.version) == ("www.harbour.example", "en", 1)
    assert article.canonical_url == "https://www.harbour.example/storm"
    assert article.text == TEXT


def test_front_matter_gives_fields_that_the_text_does_not() -> None:
    text = f'---\ntitle: "Storm"\nauthor: Ida Holm\ndate: 2020-02-15\nurl: https://a.example/s\n---\n\n{BODY}\n'
    article = read(text.encode())
    assert (article.title, article.byline, article.published_day) == ("Storm", "Ida Holm", date(2020, 2, 15))
    assert (article.url, article.publisher) == ("https://a.example/s", "a.example")


def test_a_dateline_gives_agency_and_day_when_no_line_does() -> None:
    article = read(f"ARDAL, Feb. 15, 2020 (Reuters) - {BODY}".encode())
    assert (article.byline, article.published_day) == ("Reuters", date(2020, 2, 15))


def test_what_is_given_beside_the_file_counts_more_than_what_it_says() -> None:
    article = read(TEXT.encode(), published="2020-02-17T08:00:00+01:00")
    assert article.published_day == date(2020, 2, 17)
    assert article.published_at == datetime(2020, 2, 17, 8, tzinfo=timezone(timedelta(hours=1)))


def test_no_day_is_ever_invented(tmp_path: object) -> None:
    for text in (
        BODY,
        f"{BODY}\n\nhttps://harbour.example/2020/02/15/storm",
        f"# Storm of 2020\n\nBy Ida Holm\n\n{BODY}",
    ):
        with pytest.raises(UndatedArticle, match="--published"):
            read(text.encode())


@pytest.mark.parametrize("published", ["soon", "2020-13-01", "02/03/2020", "15"])
def test_a_day_that_is_no_day_is_refused(published: str) -> None:
    with pytest.raises(UserError, match="YYYY-MM-DD"):
        read(TEXT.encode(), published=published)


def test_an_empty_published_is_none_given() -> None:
    assert read(TEXT.encode(), published=" ").published_day == date(2020, 2, 15)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(range(32)) * 40, "binary"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04...", "zip"),
        (b"\x89PNG...", "picture"),
        (b"x" * (MAX_BYTES + 1), "has more than 4 MB, the limit"),  # it is read no further: its size is not known
        (b"word " * (MAX_CHARACTERS // 5 + 1), "limit is 1,000,000"),
        (b"12 34 !!", "no article text"),
        (b"---\ntitle: Storm\n---\n", "no article text"),
    ],
)
def test_what_is_no_article_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableArticle, match=said) as refused:
        read(data, name="storm.txt", published="2020-02-15")
    assert "storm.txt" in str(refused.value)
    assert "give" in str(refused.value)


GERMAN = "Der Hafen ist seit Montag gesperrt, sagte die Ministerin, und die Fähren können vorerst nicht auslaufen."
RUSSIAN = "Порт закрыт с понедельника, сообщил директор, и паромы пока не смогут выйти в море из-за шторма."


@pytest.mark.parametrize(
    ("data", "words", "language"),
    [
        (GERMAN.encode("latin-1"), "Fähren können", "de"),
        (GERMAN.encode("utf-16"), "Fähren können", "de"),
        (GERMAN.encode("utf-8-sig"), "Fähren können", "de"),
        (GERMAN.encode("utf-16-le"), "Fähren können", "de"),
        (GERMAN.encode("utf-16-be"), "Fähren können", "de"),
        (RUSSIAN.encode("cp1251"), "Порт закрыт", "ru"),
        (RUSSIAN.encode("utf-8") + b"\xd0", "Порт закрыт", "ru"),
        (BODY.replace("'", "’").encode("cp1252"), "port’s", "en"),
        (f"<html><meta charset=iso-8859-5><p>{RUSSIAN * 4}</p>".encode("iso-8859-5"), "Порт закрыт", "ru"),
        (f"<html><meta charset=nonsense><p>{GERMAN * 4}</p>".encode("latin-1"), "Fähren", "de"),
    ],
)
def test_the_character_set_is_found(data: bytes, words: str, language: str) -> None:
    article = read(data, published="2020-02-15")
    assert words in article.text
    assert article.language == language


def test_nul_and_lone_surrogates_are_replaced_one_for_one() -> None:
    text = f"A\x00B \ud800 {BODY}"
    article = article_from(text)
    assert len(article.text) == len(text)
    assert article.text.startswith("A�B � The harbour")
    article.text.encode()


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_becomes_an_article_of_the_same_length(text: str, title: str) -> None:
    article = article_from(text, title=title)
    assert len(article.text) == len(text)
    assert article.published_day is None or str(article.published_day.year) in text


def test_fields_given_with_a_line_of_json_stand() -> None:
    article = article_from(BODY, title="Storm", published="2020-02-15", url="https://a.example/1", publisher="A Paper")
    assert (article.title, article.publisher, article.canonical_url) == ("Storm", "A Paper", "https://a.example/1")
    assert article_from(BODY).published_day is None


def test_a_page_gives_its_article_and_its_metadata() -> None:
    article = read(PAGE.encode())
    assert (article.title, article.byline, article.publisher) == ("Storm Shuts Port", "Ida Holm", "Harbour Wire")
    assert article.published_day == date(2020, 2, 15)  # the publisher's own day, not UTC's
    assert article.published_at is not None
    assert article.url == "https://harbour.example/storm"
    kinds = [(part.kind, article.text[part.start : part.end]) for part in article.parts]
    assert kinds[0] == ("headline", "Storm Shuts Port")
    assert ("heading", "What comes next") in kinds
    assert ("body", BODY) in kinds
    assert any(words.startswith('"Ships wait," said the director, adding') for _, words in kinds)
    assert any("1998 & were" in words for _, words in kinds)
    assert "Copyright" not in article.text
    assert "Home" not in article.text


def test_a_page_whose_date_stands_only_in_its_footer_has_none() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2020-02-15T23:30:00-05:00">', "")
    with pytest.raises(UndatedArticle):
        read(page.encode())


@pytest.mark.parametrize(
    "meta",
    [
        '<meta content="2020-02-15" name="date">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2020-02-15T10:00:00Z"}</script>',
        '<meta property="article:published_time" content="long ago"><meta itemprop="pubdate" content="2020-02-15">',
    ],
)
def test_a_page_is_dated_by_any_of_the_usual_marks(meta: str) -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2020-02-15T23:30:00-05:00">', meta)
    assert read(page.encode()).published_day == date(2020, 2, 15)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<html><body></body></html>", "no article text"),
        ("<html><body><div " + "x=1 " * 8000 + "></div></body></html>", "no article text"),
    ],
)
def test_a_page_without_an_article_is_refused(page: str, said: str) -> None:
    with pytest.raises(UnreadableArticle, match=said):
        read(page.encode(), name="a.html", published="2020-02-15")


XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{}</p></body></html>'


@pytest.mark.parametrize(
    "page",
    [
        XHTML.format(BODY),
        f"<html>{'<meta ' * 20_000}<body><p>{BODY}</p></body></html>",
        f"<html><body>{'<p>' * 500}{BODY}",
        f"<html><body><article><p>{BODY} <b>Ships <i>wait.",
        f"<html><!-- x --><body><p>{BODY}</p><p>A \x00 &#0; and &#xD800; there, said nobody at all.</p></body></html>",
    ],
)
def test_a_page_in_bad_shape_still_gives_its_text_in_good_time(page: str) -> None:
    article = read(page.encode(), name="a.html", published="2020-02-15")
    assert BODY in article.text
    article.text.encode()


def test_pictures_inside_a_page_do_not_count_as_a_huge_tag() -> None:
    page = PAGE.replace("<article>", f'<article><img src="data:image/png;base64,{"A" * 50_000}">')
    assert BODY in read(page.encode()).text


def test_html_is_told_by_its_first_tag_or_its_name() -> None:
    assert looks_like_html("  <!-- x --><!DOCTYPE html><p>", name="x")
    assert looks_like_html("plain", name="x.HTML")
    assert not looks_like_html("<b>Storm</b> shuts port", name="storm.md")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "en"),
        ("STORM SHUTS PORT", "en"),
        ("Erdogan", "en"),
        ("", "en"),
        (GERMAN, "de"),
        ("El puerto está cerrado desde el lunes, dijo la ministra, y los transbordadores no podrán salir.", "es"),
    ],
)
def test_the_language_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Harbour.example:80/a/?utm_source=x&id=7#top", "https://harbour.example/a?id=7"),
        ("https://harbour.example:8443/a", "https://harbour.example:8443/a"),
        ("https://harbour.example/?b=&a=1", "https://harbour.example?a=1&b="),
        ("ftp://harbour.example/a", ""),
        ("harbour.example/a", ""),
        ("https://[broken/", ""),
        ("https://a.example:99999/", ""),
        ("", ""),
    ],
)
def test_one_page_has_one_canonical_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_the_host_of_what_is_no_address_is_nothing() -> None:
    assert host_of("https://WWW.harbour.example/a") == "www.harbour.example"
    assert host_of("https://[broken/") == ""
    assert host_of("words") == ""


def test_an_address_on_the_line_of_its_label_is_found() -> None:
    article = read(f"{TEXT}\nOriginal url: https://harbour.example/storm\n".encode())
    assert article.url == "https://harbour.example/storm"
    alone = read(f"{TEXT}\nhttps://harbour.example/alone\n".encode())
    assert alone.url == "https://harbour.example/alone"
