"""PDFs: their words in paragraphs, and a clear line for those that hold none."""

from __future__ import annotations

import io
from datetime import date

import pytest
from fakes.pdf_file import pdf
from pypdf import PdfReader, PdfWriter

from digests.errors import UnreadableArticle
from digests.sources.file import read_bytes
from digests.sources.pdf import MOST_PAGES, paragraphs, text_of

STORY = (
    "Minister Promises New Cranes",
    "February 15, 2020",
    "Harbour Minister Clara Osei said on Saturday that two new cranes would ar-",
    "rive by the end of February, and that the union of the dockers had agreed to",
    "the plan.",
    "Nobody else was asked.",
)


def test_a_pdf_becomes_an_article_in_paragraphs() -> None:
    article = read_bytes(pdf(STORY), name="cranes.pdf")
    assert article.published_day == date(2020, 2, 15)
    assert "two new cranes would arrive by the end of February, and that the union of the dockers had" in article.text
    assert "\n\nNobody else was asked." in article.text


def test_pages_follow_each_other() -> None:
    assert text_of(pdf(["One ends here."], [], ["Two ends here."])) == "One ends here.\n\nTwo ends here.\n"


def test_only_the_first_pages_of_a_book_are_read() -> None:
    assert text_of(pdf(*[["Word."]] * (MOST_PAGES + 5))).count("Word.") == MOST_PAGES


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(STORY))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf([]), "pictures of words"),
        (b"%PDF-1.4\nnothing more", "damaged PDF"),
        (pdf(STORY)[:300], "damaged PDF"),
        (locked(), "locked with a password"),
        (b"%PDF-" + b"x" * 20_000_000, "more than 20 MB"),
    ],
    ids=["empty", "no body", "cut", "locked", "large"],
)
def test_a_pdf_without_words_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableArticle, match=why):
        read_bytes(data, name="a.pdf", published="2020-02-15")


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        (
            "A long line that goes on\nto the next line of it all.",
            ["A long line that goes on to the next line of it all."],
        ),
        (
            "These plans are for the mid-\nAtlantic ports\nand for all.",
            ["These plans are for the mid-Atlantic ports and for all."],
        ),
        ("", []),
    ],
)
def test_lines_are_joined_into_paragraphs(page: str, read: list[str]) -> None:
    assert list(paragraphs(page)) == read
