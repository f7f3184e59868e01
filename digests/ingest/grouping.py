"""Grouping as the store calls it: what it keeps of stories -> ``digests.stories`` -> where the article belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from digests.model import Article
from digests.store.base import Placement, StoryKept
from digests.stories.origin import agency, outlet
from digests.stories.place import LOOKED_UP, NEAR, OPEN_FOR, Candidate, placed
from digests.stories.profile import decoded, encoded
from digests.stories.weights import Vector, vector
from digests.stories.words import Words, words_of


@dataclass(slots=True, kw_only=True)
class ArticleGrouping:
    """A ``Grouping`` for one article. ``weighed``: its vector as ``keys`` made it, which ``place`` needs again."""

    article: Article
    read: Words
    weighed: Vector | None = None

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
        self.weighed = vector(self.read, articles=articles, seen=seen)
        return self.weighed.heaviest(LOOKED_UP)

    def place(self, near: Sequence[StoryKept], *, articles: int, seen: Mapping[str, int]) -> Placement:
        candidates = [Candidate(id=each.id, profile=decoded(each.profile)) for each in near]
        weighed = self.weighed or vector(self.read, articles=articles, seen=seen)
        found = placed(weighed, near=candidates)
        return Placement(
            story=found.story,
            profile=encoded(found.profile),
            keys=found.profile.keys(),
            origin=agency(self.article),
            outlet=outlet(self.article),
            absorbed=found.absorbed,
        )


def grouping(article: Article) -> ArticleGrouping:
    return ArticleGrouping(article=article, read=words_of(article))
