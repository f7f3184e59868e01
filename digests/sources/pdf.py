"""A PDF -> its words as plain text in paragraphs, by pypdf. Scanned pages hold no words, and none are guessed."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

from digests.errors import UnreadableArticle
from digests.sources.decoding import MOST_FILE_BYTES

MOST_PAGES = 40
"""More is a report or a book, and reading it takes longer than a file may."""
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad]$")
_ENDS = re.compile(r"[.!?:;][\"'”’)\]]*$")


def text_of(data: bytes, *, name: str = "") -> str:
    """The words of the first 40 pages. Raises ``UnreadableArticle``: locked, damaged, or without any words."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    shown = name or "this PDF"
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would tell every oddity of a stranger's file
    if len(data) > MOST_FILE_BYTES:
        raise UnreadableArticle(
            f"{shown} has more than {MOST_FILE_BYTES / 1e6:.0f} MB, the limit: give its text instead"
        )
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableArticle(f"{shown} is locked with a password: give one without, or its text")
        pages = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError) as error:
        # pypdf meets a damaged file with whatever went wrong first
        raise UnreadableArticle(f"{shown} is a damaged PDF: give the article's text instead") from error
    text = "\n\n".join("\n\n".join(paragraphs(page)) for page in pages if page.strip())
    if not text:
        raise UnreadableArticle(f"{shown} holds pictures of words, not words: give the article's text instead")
    return text + "\n"


def paragraphs(page: str) -> Iterator[str]:
    """Lines as they were set, joined into paragraphs: those end at an empty line, or a short one that ends a sentence.

    >>> list(paragraphs("The minister spoke of a gov-\\nernment plan for the\\nharbour.\\nThe union agreed to it all."))
    ['The minister spoke of a government plan for the harbour.', 'The union agreed to it all.']
    """
    lines = [" ".join(line.split()) for line in page.splitlines()]
    full = 0.75 * max(map(len, lines), default=0)
    begun = ""
    for line in lines:
        if not line:
            yield from filter(None, (begun,))
            begun = ""
            continue
        begun = _joined(begun, line)
        if len(line) < full and (_ENDS.search(line) or begun == line):
            yield begun
            begun = ""
    yield from filter(None, (begun,))


def _joined(begun: str, line: str) -> str:
    if not begun or not _HYPHEN.search(begun):
        return f"{begun} {line}".strip()
    return _HYPHEN.sub("", begun) + line if line[0].islower() else begun + line
