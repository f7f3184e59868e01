"""Folders, JSON lines and web archives give up their articles one at a time."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from digests.errors import UndatedArticle, UnreadableArticle, UserError
from digests.sources.decoding import MAX_BYTES
from digests.sources.stored import Stored, Unreadable, count, is_store, read_stored, stored

PAGE = (
    "<!doctype html><html><head><title>Cranes</title></head><body><article><h1>Cranes</h1>"
    "<p>Two cranes stand in the harbour since Monday, the mayor said, and a third one is on its way.</p>"
    "<p>They came by sea, and they will stay until the quay is built anew.</p></article></body></html>"
)


def line(**row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"


def record(url: str, body: str, *, media: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    """ISO 28500: a record's head, then what the server answered."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n\r\n{body}".encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    return head.encode() + answer + b"\r\n\r\n"


def archive(path: Path) -> Path:
    records = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\ninfo\r\n\r\n",
        record("https://wire.example/cranes", PAGE),
        record("https://wire.example/gone", "gone", status="404 Not Found"),
        record("https://wire.example/logo.png", "picture", media="image/png"),
        record("https://wire.example/plain", "Two cranes stand in the harbour.", media="text/plain"),
    ]
    path.write_bytes(b"".join(gzip.compress(each) if path.suffix == ".gz" else each for each in records))
    return path


def names(paths: list[Path]) -> list[str]:
    return [each.name.rpartition("/")[2] for each in stored(paths)]


def test_a_folder_is_read_in_the_order_of_names_without_what_is_hidden_or_no_article(tmp_path: Path) -> None:
    for name in ("b/two.md", "b/.hidden.md", ".git/three.md", "a.txt", "c.html.gz", "picture.png", "notes.docx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(PAGE.encode()) if name.endswith(".gz") else b"Words.")
    (tmp_path / "d.jsonl").write_bytes(line(text="One.") + b"\n" + line(text="Two."))
    assert names([tmp_path]) == ["a.txt", "c.html", "d.jsonl:1", "d.jsonl:3", "two.md"]
    assert count([tmp_path]) == 6  # an empty line counts among the lines: it is about so many
    page = next(each for each in stored([tmp_path]) if each.name.endswith("c.html"))
    assert isinstance(page, Stored)
    assert read_stored(page, "2020-02-15").title == "Cranes"


@pytest.mark.parametrize("name", ["news.warc", "news.warc.gz"])
def test_a_web_archive_gives_the_pages_that_were_answered_in_full(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / name)
    page, plain = stored([path])
    assert isinstance(page, Stored)
    assert isinstance(plain, Stored)
    assert (page.url, page.charset) == ("https://wire.example/cranes", "utf-8")
    article = read_stored(page, "2020-02-15")
    assert (article.title, article.url) == ("Cranes", "https://wire.example/cranes")
    assert read_stored(plain, "2020-02-15").text == "Two cranes stand in the harbour."
    assert count([path]) == 1  # nobody knows before it is read


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_hold_text_or_html(tmp_path: Path, packed: bool) -> None:
    rows = line(id=1, text="The quay is shut, the mayor said.", title="Quay Shut", published="2020-02-15")
    rows += line(id=2, html=PAGE, published="2020-02-16", url="https://wire.example/cranes")
    path = tmp_path / ("news.jsonl" + ".gz" * packed)
    path.write_bytes(gzip.compress(rows) if packed else rows)
    assert count([path]) == 2
    text, page = (read_stored(each) for each in stored([path]) if isinstance(each, Stored))
    assert (text.title, str(text.published_day)) == ("Quay Shut", "2020-02-15")
    assert (page.title, str(page.published_day), page.url) == ("Cranes", "2020-02-16", "https://wire.example/cranes")


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"{", UnreadableArticle, "no JSON"),
        (b"\xff\n", UnreadableArticle, "no JSON"),
        (b"[]", UnreadableArticle, "no JSON object"),
        (line(title="Quay"), UnreadableArticle, 'no "text"'),
        (line(text=7), UnreadableArticle, 'no "text"'),
        (line(text="The quay is shut."), UndatedArticle, "--published"),
        (line(text="The quay is shut.", published="soon"), UserError, "no date"),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it(data: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read_stored(Stored(name="news.jsonl:1", data=data, line=True))


def test_a_line_without_a_day_takes_the_one_given() -> None:
    given = Stored(name="news.jsonl:1", data=line(text="The quay is shut."), line=True)
    assert str(read_stored(given, "2020-02-15").published_day) == "2020-02-15"


def test_what_is_broken_ends_itself_only(tmp_path: Path) -> None:
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(line(text="x" * 9000) * 90, mtime=0)[:-20])
    (tmp_path / "no.warc").write_bytes(b"this is no web archive at all\r\n\r\n")
    (tmp_path / "bad.warc").write_bytes(b"neither is this")
    (tmp_path / "cut.warc.gz").write_bytes(archive(tmp_path / "whole.warc.gz").read_bytes()[:-9])
    (tmp_path / "no.txt.gz").write_bytes(b"this is not packed")
    (tmp_path / "z.txt").write_bytes(b"Words.")
    found = list(stored([tmp_path, tmp_path / "missing.md"]))
    bad = {each.name.rpartition("/")[2]: each.reason for each in found if isinstance(each, Unreadable)}
    assert set(bad) == {"cut.jsonl.gz", "no.warc", "bad.warc", "no.txt.gz", "missing.md"}
    assert "holds no page" in bad["no.warc"]
    assert "damaged web archive" in bad["bad.warc"]
    assert "No such file" in bad["missing.md"]
    assert any(each.name.endswith("z.txt") for each in found)
    assert count([tmp_path, tmp_path / "missing.jsonl"]) == 8


def test_a_line_longer_than_an_article_may_be_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"x" * (2 * MAX_BYTES + 10) + b"\n" + line(text="Words."))
    first, second = stored([path])
    assert isinstance(first, Unreadable)
    assert "longer than 4 MB" in first.reason
    assert second.name.endswith(":2")


def test_the_same_input_has_the_same_key_wherever_it_lies() -> None:
    one = Stored(name="a/1.md", data=b"Words.")
    assert one.key == Stored(name="b/2.md", data=b"Words.").key
    assert one.key != Stored(name="a/1.md", data=b"Words.", url="https://a.example/").key
    assert one.key != Stored(name="a/1.md", data=b"Words.", line=True).key


def test_folders_and_archives_hold_many(tmp_path: Path) -> None:
    assert is_store(tmp_path)
    assert all(is_store(Path(name)) for name in ("a.jsonl", "a.JSONL.gz", "a.warc", "a.warc.gz", "a.ndjson"))
    assert not any(is_store(Path(name)) for name in ("a.md", "a.html.gz", "a.gz"))
