"""Grouping as the store calls it: what it keeps of stories -> ``digests.stories`` -> where the article belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from digests.model import Article
from digests.store.base import Placement, StoryKept
from digests.stories.origin import agency, outlet
from digests.stories.place import LOOKED_UP, NEAR, OPEN_FOR, Candidate, place
from digests.stories.profile import decoded, encoded
from digests.stories.weights import vector
from digests.stories.words import Words, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleGrouping:
    """A ``Grouping`` for one article."""

    article: Article
    read: Words

    @property
    def words(self) -> Sequence[str]:
        return list(self.read.counts)

    @property
    def open_for(self) -> timedelta:
        return OPEN_FOR

    @property
    def most(self) -> int:
        return NEAR

    def keys(self, *, articles: int, seen: Mapping[str, int]) -> Mapping[str, float]:
        return vector(self.read, articles=articles, seen=seen).heaviest(LOOKED_UP)

    def place(self, near: Sequence[StoryKept], *, articles: int, seen: Mapping[str, int]) -> Placement:
        candidates = [Candidate(id=each.id, profile=decoded(each.profile)) for each in near]
        placed = place(self.read, articles=articles, seen=seen, near=candidates)
        return Placement(
            story=placed.story,
            profile=encoded(placed.profile),
            keys=placed.profile.keys(),
            origin=agency(self.article),
            outlet=outlet(self.article),
            absorbed=placed.absorbed,
        )


def grouping(article: Article) -> ArticleGrouping:
    return ArticleGrouping(article=article, read=words_of(article))
