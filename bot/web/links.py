"""Links to pages, signed and good for some days: who has one may read that page, whoever they are.

A link ends at a midnight (UTC), so that all links to a page made on one day are the same: what many are sent stays one
text. Another ``WEB_SECRET`` ends every link at once; ``end`` the links to one page up to that day's.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.books.pages import Pages
from bot.model import Reply

Verdict = Literal["good", "expired", "forged"]
_SIGNED = 21
"""Bytes of the signature that a link carries: 168 bits."""


class SignedLinks:
    """Makes links and tells good ones from others. ``base``: the public address without a slash at its end."""

    def __init__(self, *, secret: str, base: str, days: int, pages: Pages) -> None:
        self._key = secret.encode()
        self._pages = pages
        self._base = base
        self._days = days

    def evidence(self, fact_id: int, *, at: datetime) -> str:
        """The address of a fact's page."""
        return self.signed("e", str(fact_id), at=at)

    async def digest(self, reply: Reply, *, at: datetime) -> str:
        """Keep what a digest says; the address of its page."""
        return self.signed("d", await self._pages.keep_page(reply, at=at), at=at)

    async def kept(self, key: str) -> Reply | None:
        """What the page of a digest says, ``None`` when that is not kept any more."""
        return await self._pages.page(key)

    def calendar(self, secret: str) -> str:
        """The address of a chat's calendar."""
        return f"{self._base}/c/{secret}.ics"

    def feed(self, secret: str) -> str:
        """The address of a chat's feed."""
        return f"{self._base}/f/{secret}.atom"

    def signed(self, kind: str, key: str, *, at: datetime) -> str:
        """The address of a page of some kind; it works for ``days`` days and what is left of the first."""
        midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.until(kind, key, str(int((midnight + timedelta(days=self._days + 1)).timestamp())))

    def until(self, kind: str, key: str, until: str) -> str:
        """The address of a page that works until a moment (seconds since 1970), such as that of another link."""
        return f"{self._base}/{kind}/{key}?{urlencode({'until': until, 'sign': self._sign(kind, key, until)})}"

    def verdict(self, kind: str, key: str, *, until: str, sign: str, at: datetime) -> Verdict:
        """Whether an address was made here, for that very page, and its time is not over."""
        if not hmac.compare_digest(sign.encode(), self._sign(kind, key, until).encode()):
            return "forged"
        return "good" if at.timestamp() < int(until) else "expired"

    async def end(self, url: str) -> bool:
        """Let a page's link, and older ones to that page, work no more; ``False`` for one that was not made here."""
        parts = urlsplit(url)
        base = urlsplit(self._base)
        kind, _, key = parts.path.removeprefix(f"{base.path}/").partition("/")
        asked = dict(parse_qsl(parts.query))
        until, sign = asked.get("until", ""), asked.get("sign", "")
        ours = (parts.scheme, parts.netloc) == (base.scheme, base.netloc)
        if not ours or not hmac.compare_digest(sign.encode(), self._sign(kind, key, until).encode()):
            return False
        await self._pages.end_links(f"{kind}/{key}", until=int(until))
        return True

    async def is_ended(self, kind: str, key: str, *, until: str) -> bool:
        """Whether a link that was made here was ended."""
        return int(until) <= await self._pages.links_ended(f"{kind}/{key}")

    def _sign(self, kind: str, key: str, until: str) -> str:
        named = json.dumps(["onrecord page", kind, key, until])
        signed = hmac.digest(self._key, named.encode(), "sha256")
        return urlsafe_b64encode(signed[:_SIGNED]).decode()
