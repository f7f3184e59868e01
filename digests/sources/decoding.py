"""Bytes of an unknown character set -> text, or a clear refusal."""

from __future__ import annotations

import codecs
import re

from digests.errors import UnreadableArticle

MAX_BYTES = 4_000_000
MOST_FILE_BYTES = 20_000_000
"""A file with pictures in it (a PDF) may be that large; text never is."""
MAX_CHARACTERS = 1_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
_DECLARED = re.compile(
    rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})|<\?xml[^>]{1,80}encoding=[\"']([\w-]{2,40})", re.I
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WEB = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "utf-7": "utf-8"}
"""What browsers read for some names: https://encoding.spec.whatwg.org/#names-and-labels; UTF-7 hides markup."""
_SPOILT = re.compile("[\x00\ud800-\udfff]")
_GUESSES = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1256",
    "koi8_r",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
]


def cleaned(text: str) -> str:
    """The text with NUL and lone surrogates replaced one for one, so that offsets stay."""
    return _SPOILT.sub("�", text)


def decoded(data: bytes, *, name: str = "", charset: str = "") -> str:
    """The whole text of ``data``; raises ``UnreadableArticle`` saying what it is instead and what to do.

    ``charset``: as whoever sent it named it; believed after a byte order mark, when the bytes are text in it.
    """
    shown = name or "this input"
    if len(data) > MAX_BYTES:
        raise UnreadableArticle(
            f"{shown} has more than {MAX_BYTES / 1e6:.0f} MB, the limit: give one article at a time"
        )
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UnreadableArticle(f"{shown} is {what}, not text: give its words as Markdown, plain text or HTML")
    text = cleaned(_named(data, charset) or _text(data, shown))
    if not text.strip():
        raise UnreadableArticle(f"{shown} is empty: give an article as Markdown, plain text or HTML")
    return text


def _named(data: bytes, charset: str) -> str:
    """The text in the charset that was named; "" when the bytes say otherwise. UTF-8 comes first: it proves itself."""
    if not charset or _CONTROL.search(data[:100_000]) or data.startswith(tuple(bom for bom, _ in _BOMS)):
        return ""
    for each in ("utf-8", _WEB.get(charset.lower(), charset)):
        try:
            return data.decode(each)
        except (LookupError, UnicodeError):
            continue
    return ""


def _text(data: bytes, shown: str) -> str:
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return data.decode(charset, errors="replace")
    for charset, zeros in (("utf-16-le", data[1:4000:2]), ("utf-16-be", data[0:4000:2])):
        if len(data) >= 8 and zeros.count(0) > 0.8 * len(zeros):
            return data.decode(charset, errors="replace")
    if len(_CONTROL.findall(data[:100_000])) > 0.02 * len(data[:100_000]):
        raise UnreadableArticle(f"{shown} is binary, not text: give its words as Markdown, plain text or HTML")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, shown)


def _not_utf8(data: bytes, shown: str) -> str:
    declared = _DECLARED.search(data[:4096])
    if declared:
        try:
            return data.decode((declared[1] or declared[2]).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # declared wrongly: look at the bytes themselves
    damaged = data.decode("utf-8", errors="replace")
    other = sum(char > "\x7f" for char in damaged)
    if damaged.count("�") <= 0.1 * other:
        return damaged
    if sum(byte > 0x7F for byte in data) < 0.05 * len(data):
        return data.decode("cp1252", errors="replace")
    return _guessed(data, shown)


def _guessed(data: bytes, shown: str) -> str:
    """What charset-normalizer makes of it: text in a script other than Latin, so there are letters to judge by."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000], cp_isolation=_GUESSES).best()
    if best is None:
        raise UnreadableArticle(f"{shown}: its character set cannot be told; save it as UTF-8 and try again")
    return data.decode(best.encoding, errors="replace")
