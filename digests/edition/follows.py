"""Who wants to hear of an article: follows looked up by whom, which story and which words it holds. Pure.

An article costs what it holds, not how many follows there are: the phrases of all follows are looked for in one pass,
and only follows whose person, story or phrase occurs are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cached_property

from digests.edition.matcher import Phrases, folded_words
from digests.edition.model import Follow
from digests.edition.naming import doubtful_day, is_named
from digests.model import Actor, Article, Deadline, Event, Evidence, Fact, Found, Role
from digests.text.sentences import sentence_spans

_A_MONTH, _A_YEAR = timedelta(days=31), timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article with what is new in it. ``stories``: its story, and those that were merged into that.

    ``whole``: the article itself is new, so that words outside of its facts count, too.
    """

    article: Article
    facts: tuple[Found, ...] = ()
    stories: Collection[int] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a follow finds in an article: facts, the most fitting first, or the sentence that names what is followed."""

    follow: Follow
    facts: tuple[Found, ...] = ()
    passage: Evidence | None = None


def names(fact: Fact) -> list[str]:
    """The names in a fact that its words may not spell out: whom a pronoun means, what a place stands for."""
    found: list[str] = []
    for actor in actors(fact):
        found += [actor.name, actor.stands_for or ""]
    if isinstance(fact, Role):
        found += [fact.name, fact.of or ""]
    return [name for name in found if name]


def actors(fact: Fact) -> Iterator[Actor]:
    return (value for each in fields(fact) if isinstance(value := getattr(fact, each.name), Actor))


def entities(fact: Fact) -> set[int]:
    """Whom a fact is of: who speaks, acts, is acted upon or holds the office."""
    found = {actor.entity for actor in actors(fact)} | ({fact.entity} if isinstance(fact, Role) else set())
    return {entity for entity in found if entity is not None}


@dataclass(frozen=True, slots=True)
class _Plan:
    """A follow, with the numbers of its phrases."""

    follow: Follow
    any_of: frozenset[int]
    all_of: frozenset[int]
    none_of: frozenset[int]

    def holds(self, seen: frozenset[int]) -> bool:
        any_of = not self.any_of or bool(self.any_of & seen)
        return any_of and self.all_of <= seen and not self.none_of & seen

    def named(self, seen: frozenset[int]) -> int:
        """How many of the phrases occur."""
        return len((self.any_of | self.all_of) & seen)


class FollowIndex:
    """Built once for many articles; ``hits`` for each."""

    def __init__(self, follows: Iterable[Follow]) -> None:
        self._numbers: dict[str, int] = {}
        self._people: dict[int, list[_Plan]] = defaultdict(list)
        self._stories: dict[int, list[_Plan]] = defaultdict(list)
        self._words: dict[int, list[_Plan]] = defaultdict(list)
        self._dues: list[_Plan] = []
        for follow in follows:
            self._add(follow)
        self._phrases = Phrases(list(self._numbers))

    @property
    def stories(self) -> Collection[int]:
        """The stories that are followed."""
        return self._stories.keys()

    def hits(self, arrival: Arrival, *, today: date) -> list[Hit]:
        """What each follow finds, in the order of their ids; deadlines that passed before ``today`` are none."""
        seen = _Seen(arrival, self._phrases)
        plans: dict[int, _Plan] = {}
        for plan in self._candidates(arrival, seen):
            plans[plan.follow.id] = plan
        hits = (_hit(plans[number], arrival, seen, today) for number in sorted(plans))
        return [hit for hit in hits if hit is not None]

    def _candidates(self, arrival: Arrival, seen: _Seen) -> Iterator[_Plan]:
        for found in arrival.facts:
            for entity in entities(found.fact):
                yield from self._people.get(entity, ())
        for story in arrival.stories:
            yield from self._stories.get(story, ())
        for number in seen.everywhere:
            yield from self._words.get(number, ())
        if any(isinstance(each.fact, Deadline | Event) for each in arrival.facts):
            yield from self._dues

    def _add(self, follow: Follow) -> None:
        wanted = follow.wanted
        plan = _Plan(follow, self._known(wanted.words), self._known(wanted.must), self._known(wanted.without))
        if follow.kind == "story" and follow.story is not None:
            self._stories[follow.story].append(plan)
            return
        if follow.kind == "person" and follow.entity is not None:
            self._people[follow.entity].append(plan)
        keys = sorted(plan.all_of)[:1] or sorted(plan.any_of)
        for number in keys:
            self._words[number].append(plan)
        if follow.kind == "deadlines" and not keys:
            self._dues.append(plan)

    def _known(self, phrases: Sequence[str]) -> frozenset[int]:
        """The numbers of phrases; the same phrase of many follows is looked for once."""
        folded = (" ".join(folded_words(each)) for each in phrases)
        return frozenset(self._numbers.setdefault(each, len(self._numbers)) for each in folded if each)


class _Seen:
    """Which phrases stand where in an arrival; looked for once, and in sentences only when that is asked."""

    def __init__(self, arrival: Arrival, phrases: Phrases) -> None:
        self._arrival = arrival
        self._phrases = phrases
        self.title = self._in(arrival.article.title)
        self.facts: Mapping[int, frozenset[int]] = {each.fact.id: self._told(each.fact) for each in arrival.facts}
        text = self._in(arrival.article.text) if arrival.whole else frozenset()
        self.everywhere = frozenset.union(self.title, text, *self.facts.values())

    @cached_property
    def sentences(self) -> list[tuple[int, int, str, frozenset[int]]]:
        """Start, end, kind of part and phrases of each sentence of the headline and the body."""
        article = self._arrival.article
        return [
            (start, end, part.kind, self._in(article.text[start:end]))
            for part in article.parts
            if part.kind in ("headline", "body")
            for start, end in sentence_spans(article.text, start=part.start, end=part.end)
        ]

    def _told(self, fact: Fact) -> frozenset[int]:
        return self._in(fact.summary, *(each.quote for each in fact.evidence), *names(fact))

    def _in(self, *texts: str) -> frozenset[int]:
        return self._phrases.found(word for text in texts for word in (*folded_words(text), ""))


def _hit(plan: _Plan, arrival: Arrival, seen: _Seen, today: date) -> Hit | None:
    """What one follow finds, if anything."""
    follow, facts = plan.follow, arrival.facts
    match follow.kind:
        case "story":
            rated = [(1, each) for each in facts]
        case "person":
            own = follow.entity
            rated = [
                (2 if own in entities(each.fact) else plan.named(seen.facts[each.fact.id]), each) for each in facts
            ]
        case "deadlines":
            rated = [
                (1, each) for each in facts if _due(each, today) and plan.holds(seen.facts[each.fact.id] | seen.title)
            ]
        case "words":
            if not plan.holds(seen.everywhere):
                return None
            rated = [(plan.named(seen.facts[each.fact.id]), each) for each in facts]
    fitting = sorted((each for each in rated if each[0]), key=lambda each: -each[0])
    if fitting:
        return Hit(follow=follow, facts=tuple(found for _, found in fitting))
    passage = _passage(plan, arrival.article, seen) if arrival.whole and follow.kind != "deadlines" else None
    return Hit(follow=follow, passage=passage) if passage else None


def _due(found: Found, today: date) -> bool:
    """Whether a date is ahead, and one that can be told: who must do something, or what is to be on some day.

    What is to be some time in a season, in years, on one of two days, or is done by nobody knows whom is no alert.
    """
    fact = found.fact
    if not isinstance(fact, Deadline | Event) or fact.due_to < today:
        return False
    if isinstance(fact, Deadline):
        return True
    near = fact.due_to - fact.due_from <= _A_MONTH and fact.due_from - today <= _A_YEAR
    somebody = fact.actor is None or is_named(fact.actor)
    return near and somebody and doubtful_day(found) is None


def _passage(plan: _Plan, article: Article, seen: _Seen) -> Evidence | None:
    """The sentence that names most of what is followed, rather of the body than a headline; of a story its first."""
    if plan.follow.kind == "story":
        found = [each for each in seen.sentences if each[2] == "body"][:1]
    else:
        named = [each for each in seen.sentences if plan.named(each[3])]
        found = sorted(named, key=lambda each: (-plan.named(each[3]), each[2] != "body", each[0]))[:1]
    for start, end, *_ in found:
        quote = article.text[start:end]
        return Evidence(start=start, end=end, quote=quote, article_id=article.id, version=article.version)
    return None
