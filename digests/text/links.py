"""URLs as keys: the same page under the same canonical URL, whatever the share button appended.

``courlan`` knows hosts, ports, paths and most trackers. What would surprise a reader: where it errs towards making two
pages one, its word does not count, for one article would then become a version of another. So parameters that may name
a page stay, and an address inside an address is not taken for the page's own. ``courlan`` is imported with the first
URL: a chat process starts without it.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|cmpid|ocid|ref|ref_src|smid|feedtype|feedname|rss|taid|spm"
    r"|at_(?:medium|campaign|custom\d)|xtor|_ga|source",
    re.IGNORECASE,
)
_NAMING = re.compile(r"(?:[cesu]id|ga[a-z]+|gl[a-z]*|ref(?!err?er)[a-z]+|kwd|keywords?|session|medium)", re.IGNORECASE)
"""Parameters by which some sites name their pages (``?cid=7``, ``?gallery=3``), which courlan takes for trackers."""
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")

_SUBSITE = re.compile(r"^(?:www|m|amp|mobile)\.")


def canonical_url(url: str) -> str:
    """Scheme and host in lower case, no fragment, tracking, default port or closing slash; "" for what is no web URL.

    Parameters stand in the order of the alphabet, paths and hosts in one spelling.

    >>> canonical_url("HTTP://Example.org:80/a/?utm_source=x&id=7#top")
    'https://example.org/a?id=7'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
        if parts.scheme.lower() not in ("http", "https") or not host:
            return ""
        return _normal(f"[{host}]" if ":" in host else host, port, parts)
    except ValueError:
        return ""


def _normal(host: str, port: int | None, parts: SplitResult) -> str:
    """The parts put together anew. Raises ``ValueError`` for what cannot be written as a URL."""
    from courlan import normalize_url

    at = f"{host}:{port}" if port and port not in (80, 443) else host
    path = normalize_url(SplitResult("https", at, parts.path, "", "")).rstrip("/")
    given = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted(pair for pair in given if not _tracks(pair[0])))
    whole = f"{path}?{query}" if query else path
    return _ESCAPE.sub(lambda escape: escape[0].upper(), whole)


def _tracks(key: str) -> bool:
    """Whether a parameter tells only whence a reader came."""
    from courlan.clean import clean_query

    if _TRACKING.fullmatch(key):
        return True
    return not _NAMING.fullmatch(key) and not clean_query(urlencode({key: "1"}))


def agreed_url(where: str, declared: str) -> str:
    """The canonical URL of a page found at ``where`` that says its own is ``declared``.

    A page is believed about its own site alone, and not that it is the front page: otherwise it could pass itself off
    as another outlet's article.

    >>> agreed_url("https://amp.example.org/a.amp", "https://www.example.org/a")
    'https://www.example.org/a'
    """
    own, said = canonical_url(where), canonical_url(declared)
    same = _SUBSITE.sub("", host_of(own), count=1) == _SUBSITE.sub("", host_of(said), count=1)
    return said if said and urlsplit(said).path and (same or not own) else own


def host_of(url: str) -> str:
    """The host of a web URL as written there ("www.example.org"), or ""."""
    try:
        return (urlsplit(url.strip()).hostname or "").lower()
    except ValueError:
        return ""
