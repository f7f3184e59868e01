"""The store protocol: what every database behind the product must do, held to by one contract suite.

All methods are coroutines; a failure of the database itself is a ``StoreError`` whose text says what to do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from digests.model import Article, Counts, Extraction, FactQuery, Found, NameKeys, Person, Source
from digests.store.watch import Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a save did. ``created`` is false when the very same article was there already (nothing changed then)."""

    article_id: int
    fact_ids: tuple[int, ...]
    created: bool
    version: int = 1
    """More than 1: the article was known under its address with another text."""


class Store(Watched, Protocol):
    async def save(
        self,
        article: Article,
        extraction: Extraction,
        *,
        links: Mapping[int, int],
        keys: Mapping[int, NameKeys] | None = None,
    ) -> Saved:
        """Save an article with its facts in one transaction.

        ``links`` maps the extraction's local entity ids to ids of people already stored; the others become new ones.
        ``keys``: by local entity id, under which keys ``candidates`` shall find them from now on.
        An article whose canonical URL is known with another text becomes its next version: facts that the new version
        makes again (same kind, quote and summary) keep their ids, the others of the old one stand no longer.
        Raises ``EvidenceError`` (and saves nothing) when a fact's quote is not at its offsets, ``UndatedArticle`` when
        the article has no ``published_day``.
        """
        ...

    async def article(self, article_id: int, *, version: int | None = None) -> Article | None:
        """The article as its newest version says it, or with the text (and parts) of an older version."""
        ...

    async def known(self, *, canonical_url: str = "", content_hash: str = "") -> Source | None:
        """The article saved under that canonical URL or with that very text."""
        ...

    async def fact(self, fact_id: int) -> Found | None: ...

    async def facts(self, query: FactQuery) -> list[Found]:
        """At most ``query.limit`` standing facts in the order asked for, so that every store answers alike.

        "newest": day and id falling; "oldest": day and id rising; "due": last due day and id rising; "due_latest": both
        falling. The due orders, like ``due_since`` and ``due_until``, know only deadlines and events.
        """
        ...

    async def people(self, names: Collection[str]) -> list[Person]:
        """Everybody one of whose names or aliases folds to the key, or whose last name does, of one of ``names``.

        Full names come before last names, the most often seen first; of many namesakes only the 40 most often seen.
        """
        ...

    async def candidates(self, wanted: Mapping[int, NameKeys], *, limit: int = 40) -> dict[int, list[Person]]:
        """For each entity those who share a key with it, whoever shares more keys first, then the more often seen."""
        ...

    async def person(self, person_id: int) -> Person | None: ...

    async def similar_names(self, name: str, *, limit: int = 5) -> list[Person]:
        """The nearest names in the archive, best first, for "did you mean"."""
        ...

    async def latest(self, *, about: str = "", limit: int = 10, offset: int = 0) -> list[Source]:
        """Articles by published day, newest first; ``about`` as in ``FactQuery``."""
        ...

    async def counts(self) -> Counts: ...

    async def close(self) -> None: ...
