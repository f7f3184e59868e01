"""Open stories in memory: a stream of articles in, the number of each one's story out, decided at arrival.

A store does the same over its tables; the decision itself is ``place``'s, for both.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from statistics import median_low

from digests.stories.place import LOOKED_UP, NEAR, OPEN_FOR, Candidate, Placed, is_open, placed
from digests.stories.profile import Profile
from digests.stories.weights import vector
from digests.stories.words import Words

LATE = timedelta(days=90)
"""Articles that come so much later than others of their day find no story that is closed by then: it is forgotten."""
_LOOKED_AT = 500
"""The stream's own day is the middle one of so many articles: one dated 2099 closes nothing."""


@dataclass(slots=True)
class _Open:
    profile: Profile
    keys: Mapping[str, float]
    first: date | None
    last: date | None


class Shelf:
    def __init__(self) -> None:
        self._articles = 0
        self._seen: Counter[str] = Counter()
        self._stories: dict[int, _Open] = {}
        self._by_key: defaultdict[str, dict[int, float]] = defaultdict(dict)
        self._last_id = 0
        self._days: deque[date] = deque(maxlen=_LOOKED_AT)
        self._until_tidied = _LOOKED_AT

    def __len__(self) -> int:
        """How many stories are remembered."""
        return len(self._stories)

    def take_in(self, words: Words, *, day: date | None = None) -> int:
        """The story's number, for good."""
        read = vector(words, articles=self._articles, seen=self._seen)
        near = self._near(read.heaviest(LOOKED_UP), day)
        found = placed(read, near=near)
        self._articles += 1
        self._seen.update(words.counts.keys())
        story = self._keep(found, day)
        self._forget_closed(day)
        return story

    def _forget_closed(self, day: date | None) -> None:
        """From time to time forget the stories that no article of the stream's days can join any more."""
        if day is None:
            return
        self._days.append(day)
        self._until_tidied -= 1
        if self._until_tidied:
            return
        self._until_tidied = _LOOKED_AT
        oldest = median_low(self._days) - OPEN_FOR - LATE
        closed = [number for number, story in self._stories.items() if story.last is not None and story.last < oldest]
        for number in closed:
            self._removed(number)

    def _near(self, keys: Mapping[str, float], day: date | None) -> list[Candidate]:
        shared: dict[int, float] = {}
        for key, weight in keys.items():
            for story, its in self._by_key.get(key, {}).items():
                shared[story] = shared.get(story, 0.0) + weight * its
        ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        fitting = (story for story, _ in ranked if self._is_open(self._stories[story], day))
        return [Candidate(id=story, profile=self._stories[story].profile) for story in islice(fitting, NEAR)]

    def _is_open(self, story: _Open, day: date | None) -> bool:
        return is_open(first=story.first, last=story.last, day=day)

    def _keep(self, found: Placed, day: date | None) -> int:
        story = found.story
        if story is None:
            self._last_id += 1
            story = self._last_id
        before = [self._removed(each) for each in (story, *found.absorbed) if each in self._stories]
        known = [each for one in before for each in (one.first, one.last)] + [day]
        days = [each for each in known if each is not None]
        keys = found.profile.keys()
        for key, weight in keys.items():
            self._by_key[key][story] = weight
        first, last = (min(days), max(days)) if days else (None, None)
        self._stories[story] = _Open(profile=found.profile, keys=keys, first=first, last=last)
        return story

    def _removed(self, story: int) -> _Open:
        gone = self._stories.pop(story)
        for key in gone.keys:
            stories = self._by_key[key]
            del stories[story]
            if not stories:
                del self._by_key[key]
        return gone
