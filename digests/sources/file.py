"""A file, standard input or a pasted text -> Article: Markdown, plain text or HTML.

No date is ever invented, not from the file's age either: an article's "today" decides what "Monday" means in it.
"""

from __future__ import annotations

import hashlib
import re

from digests.errors import NO_DATE, UndatedArticle, UnreadableArticle, UserError
from digests.model import Article, Part
from digests.sources.decoding import MAX_CHARACTERS, cleaned
from digests.sources.language import language_of
from digests.sources.page import Page, page_from
from digests.sources.sniff import sniff
from digests.text.links import agreed_url, host_of
from digests.text.parts import AGENCIES, parts_of, plain
from digests.text.printed import Printed, date_within, given_date, printed_date

_URL = re.compile(r"https?://[^\s<>()\"']+")
_ORIGINAL = re.compile(r"^\W*(?:original(?:ly)?\b.*|source|url|link)\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_BY = re.compile(r"(?:(?:story|written|reported|words|report)\s+)?by:?\s+", re.IGNORECASE)
_AGENCY = re.compile(rf"\(({AGENCIES})\s*\)")
_FRONT = re.compile(r"\s*---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)---[ \t]*(?:\r?\n|$)")
_FIELD = re.compile(
    r"^(title|author|authors|byline|date|published|url|link|source|publisher|site)\s*:\s*(.+)$", re.M | re.I
)


def read_bytes(
    data: bytes, *, name: str = "", published: str | None = None, url: str = "", charset: str = ""
) -> Article:
    """The article in ``data``.

    Raises ``UnreadableArticle`` (empty, binary, too large), ``UndatedArticle`` (no date in it and none given) or
    ``UserError`` (``published`` is no date); each says what to do.
    """
    shown = name or "this article"
    found = sniff(data, name=name, charset=charset)
    if found.kind == "feed":
        raise UnreadableArticle(f"{shown} is a feed, not an article: follow it with /feeds add LINK")
    page = page_from(found.text, name=name) if found.kind == "page" else None
    text = cleaned(page.text) if page else found.text
    article = _article(text, title="", given=_given(published), url=url, publisher="", page=page)
    if len(article.text) > MAX_CHARACTERS:
        raise UnreadableArticle(
            f"{shown} has {len(article.text):,} characters, the limit is {MAX_CHARACTERS:,}: give one article at a time"
        )
    prose = (part for part in article.parts if part.kind in ("headline", "heading", "body"))
    if not any(_LETTER.search(article.text, part.start, part.end) for part in prose):
        raise UnreadableArticle(f"{shown} holds no article text: give an article as Markdown, plain text or HTML")
    if article.published_day is None:
        raise UndatedArticle(f"{NO_DATE}{shown}: say when it was published with --published YYYY-MM-DD")
    return article


def article_from(
    text: str, *, title: str = "", published: str | None = None, url: str = "", publisher: str = ""
) -> Article:
    """The article in a text of which some is known already; offsets count in ``text`` as given.

    ``published_day`` is ``None`` where no date is given or printed. Raises ``UserError`` when ``published`` is no date.
    """
    return _article(cleaned(text), title=title, given=_given(published), url=url, publisher=publisher, page=None)


def _given(published: str | None) -> Printed | None:
    if published is None or not published.strip():
        return None
    given = given_date(published)
    if given is None:
        raise UserError(f"{published[:60]!r} is no date: give the day of publication as YYYY-MM-DD, such as 2020-02-15")
    return given


def _article(text: str, *, title: str, given: Printed | None, url: str, publisher: str, page: Page | None) -> Article:
    parts = parts_of(text, title=title)
    fields = _front_matter(text)
    printed = given or (page.published if page else None) or _printed(text, parts, fields)
    said = url or (page.url if page else "") or fields.get("url") or fields.get("link") or _trailing_url(text, parts)
    where = cleaned(said)
    return Article(
        text=text,
        parts=parts,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        title=cleaned(
            title or (page.title if page else "") or _first(text, parts, "headline") or fields.get("title", "")
        ),
        byline=cleaned(
            _byline(text, parts) or (page.byline if page else "") or fields.get("byline") or fields.get("author", "")
        ),
        publisher=cleaned(publisher or (page.publisher if page else "") or fields.get("publisher") or host_of(where)),
        url=where,
        canonical_url=agreed_url(where, page.url if page else ""),
        published_day=printed.day if printed else None,
        published_at=printed.at if printed else None,
        language=language_of("\n".join(text[part.start : part.end] for part in parts if part.kind == "body") or text),
    )


def _front_matter(text: str) -> dict[str, str]:
    front = _FRONT.match(text)
    if front is None:
        return {}
    same = {"authors": "author", "published": "date", "source": "url", "site": "publisher"}
    found = {key.lower(): plain(value.strip().strip("\"'")) for key, value in _FIELD.findall(front[1])}
    return {same.get(key, key): value for key, value in found.items()}


def _printed(text: str, parts: tuple[Part, ...], fields: dict[str, str]) -> Printed | None:
    lines = [text[part.start : part.end] for part in parts if part.kind == "dateline"]
    whole = [printed_date(line) for line in lines]
    found = [*whole, given_date(fields["date"]) if "date" in fields else None, *(date_within(line) for line in lines)]
    return next((printed for printed in found if printed), None)


def _first(text: str, parts: tuple[Part, ...], kind: str) -> str:
    return next((" ".join(plain(text[part.start : part.end]).split()) for part in parts if part.kind == kind), "")


def _byline(text: str, parts: tuple[Part, ...]) -> str:
    lines = [_BY.sub("", plain(text[part.start : part.end]), count=1) for part in parts if part.kind == "byline"]
    if lines:
        return ", ".join(dict.fromkeys(lines))
    datelines = (text[part.start : part.end] for part in parts if part.kind == "dateline")
    return next((found[1] for found in map(_AGENCY.search, datelines) if found), "")


def _trailing_url(text: str, parts: tuple[Part, ...]) -> str:
    """The address after "Original url:", on the same line or the next; else one that closes the source alone."""
    trailer = [text[part.start : part.end] for part in parts if part.kind == "trailer"]
    for at, line in enumerate(trailer):
        if _ORIGINAL.match(line):
            found = _URL.search(" ".join(trailer[at : at + 2]))
            if found:
                return found[0]
    alone = [line.strip("<>") for line in trailer if _URL.fullmatch(line.strip("<>"))]
    return alone[-1] if alone else ""
