"""URLs as keys: the same page under the same canonical URL, whatever the share button appended."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|cmpid|ocid|ref|ref_src|smid|feedtype|feedname|rss|taid|spm"
    r"|at_(?:medium|campaign|custom\d)|xtor|_ga|source",
    re.IGNORECASE,
)

_SUBSITE = re.compile(r"^(?:www|m|amp|mobile)\.")


def canonical_url(url: str) -> str:
    """Scheme and host in lower case, no fragment, tracking, default port or closing slash; "" for what is no web URL.

    >>> canonical_url("HTTP://Example.org:80/a/?utm_source=x&id=7#top")
    'https://example.org/a?id=7'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    at = f"{host}:{port}" if port and port not in (80, 443) else host
    query = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(key)
    ]
    return urlunsplit(("https", at, parts.path.rstrip("/"), urlencode(query), ""))


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
