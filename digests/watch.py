"""What is watched for news: sources, what stands in them, and what a look at one found. Plain data, no behaviour.

An article's head is called ``digests.model.Source``; what is watched is a ``NewsSource``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SourceKind = Literal["feed", "folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsSource:
    """A feed's address or a folder's path, and how the looks at it went. Moments are aware.

    ``etag``, ``last_modified`` and ``fingerprint``: of what was read last, so that the same is not read again.
    ``failures``: since the last success; ``failing_since``: the first of them. ``last_error``: in words, "" when well.
    ``last_new_at``: when it last brought something new. ``next_try_at``: not before; ``None`` means at once.
    """

    kind: SourceKind = "feed"
    url: str
    title: str = ""
    site: str = ""
    id: int = 0
    paused: bool = False
    etag: str = ""
    last_modified: str = ""
    fingerprint: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    last_error: str = ""
    added_at: datetime | None = None
    last_try_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a source: where its article is.

    ``key``: what names it in its source (guid, else address); ``fingerprint``: of what it says, dates left out, so that
    a touched date is nothing new. ``url``: a web address or a file's path. ``published``: ISO day or moment, "" when it
    is not said. ``content``: HTML given in the feed itself. ``tries``: how often reading its article failed.
    ``article_id``: what was read of it before it changed, 0 for one never read. ``last_error``: why it was not read.
    """

    key: str
    fingerprint: str
    url: str
    title: str = ""
    author: str = ""
    published: str = ""
    content: str = ""
    id: int = 0
    source_id: int = 0
    tries: int = 0
    article_id: int = 0
    last_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a look at a source found: the source as it is now, and its entries (those known already among them)."""

    source: NewsSource
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A source as it is watched now; ``new``: it was not before. ``entries``: how many stand in it, 0 when unknown."""

    source: NewsSource
    new: bool
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a list brought: how many sources are new, how many were watched; ``refused``: address and reason."""

    new: int
    known: int
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCounts:
    """``failing``: the last look failed. ``waiting``: entries still to be read; ``given_up``: that never could be."""

    sources: int = 0
    paused: int = 0
    failing: int = 0
    waiting: int = 0
    given_up: int = 0
