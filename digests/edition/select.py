"""Which stories and which words of whom a digest may show, the best first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from digests.edition import rank
from digests.edition.batch import Batch
from digests.edition.denials import denies
from digests.edition.differences import CORRECTION
from digests.edition.items import Item, Reason
from digests.edition.naming import is_named, is_own, speaker_name, speaker_of
from digests.edition.rank import Telling
from digests.edition.sentences import same_words
from digests.model import Fact, Found, Person, Placed, Statement, Story
from digests.text.names import name_key

OF_A_STORY = 6
"""So many of a story's new articles are read for a digest."""
READ = 60
"""So many articles' facts are looked at in all."""
SHORTLIST = 20
"""So many quotations are looked at closely,"""
DENIALS = 8
"""and so many denials."""


def tellings(batch: Batch) -> list[Telling]:
    """The batch by story: the most told first, then the newest."""
    by_story: dict[int, list[Placed]] = defaultdict(list)
    for each in batch.articles:
        by_story[each.story_id].append(each)
    told = [Telling(story_id=number, articles=tuple(articles)) for number, articles in by_story.items()]
    told.sort(
        key=lambda each: (-_outlets(each), -len(each.articles), -each.articles[0].source.published_day.toordinal())
    )
    return told


def articles_to_read(told: Sequence[Telling]) -> tuple[int, ...]:
    """The articles whose facts are looked at: some of every story before more of any."""
    ranked = [
        (place, number, article.source.article_id)
        for number, each in enumerate(told)
        for place, article in enumerate(each.articles[:OF_A_STORY])
    ]
    return tuple(article for _, _, article in sorted(ranked)[:READ])


def with_facts(
    told: Sequence[Telling], found: Sequence[Found], stories: Mapping[int, Story], *, since: date
) -> list[Telling]:
    """The tellings with their facts; one that was told in a digest before is not new."""
    by_article: dict[int, list[Found]] = defaultdict(list)
    for each in found:
        by_article[each.source.article_id].append(each)
    return [
        replace(
            each,
            facts=tuple(fact for article in each.articles for fact in by_article[article.source.article_id]),
            story=stories.get(each.story_id),
            new=_is_new(each, stories.get(each.story_id), since),
        )
        for each in told
    ]


def _is_new(telling: Telling, story: Story | None, since: date) -> bool:
    """Whether a story began after ``since``, or has no article yet but those told now."""
    return story is None or story.first_day > since or story.articles <= len(telling.articles)


def top_items(told: Sequence[Telling], *, today: date) -> list[Item]:
    """Stories, the best first, each led by the article that tells most of it in its own words."""
    items = [
        Item(
            section="top",
            tag="corrected" if CORRECTION.match(lead(each).source.title) else "new" if each.new else "",
            source=lead(each).source,
            story=each.story,
            outlets=_outlets(each),
            origins=len({article.origin for article in each.articles}),
            reasons=rank.of_telling(each, today=today),
        )
        for each in told
    ]
    return sorted(items, key=lambda item: (-item.score, -item.source.published_day.toordinal(), item.source.article_id))


def lead(telling: Telling) -> Placed:
    """The article a story is told from: one whose text is its own, with the most facts."""
    facts: dict[int, int] = defaultdict(int)
    for each in telling.facts:
        facts[each.source.article_id] += 1
    first = {each.origin: each.source.article_id for each in telling.articles}
    return max(
        telling.articles,
        key=lambda each: (
            is_own(each.origin, each.source.publisher) or first[each.origin] == each.source.article_id,
            facts[each.source.article_id],
            each.source.published_day,
            -each.source.article_id,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The same words of the same person, wherever they are carried; ``found``: the best of them first."""

    found: tuple[Found, ...]
    outlets: int
    origins: int


def quotations(told: Sequence[Telling]) -> list[Quoted]:
    """What named people say in the batch, each once, the more widely carried and the more direct first."""
    said: list[list[Found]] = []
    by_speaker: dict[str, list[list[Found]]] = defaultdict(list)
    origin = {each.source.article_id: each.origin for telling in told for each in telling.articles}
    for found in (found for telling in told for found in _own_words(telling)):
        fact = _statement(found)
        if fact.speaker is None or not is_named(fact.speaker):
            continue
        key = name_key(fact.speaker.name)
        home = next((each for each in by_speaker[key] if same_words(content(each[0]), fact.content.text)), None)
        if home is not None:
            home.append(found)
        else:
            said.append([found])
            by_speaker[key].append(said[-1])
    quoted = [_quoted(each, origin) for each in said]
    quoted.sort(key=lambda each: (-each.outlets, _INDIRECT[_statement(each.found[0]).style], each.found[0].fact.id))
    return quoted


def _own_words(telling: Telling) -> Iterator[Found]:
    """The statements of a story that are no part of what somebody else is quoted with: who tells them is heard."""
    said = [each for each in telling.facts if isinstance(each.fact, Statement)]
    quoted: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for each in said:
        content = _statement(each).content
        quoted[each.source.article_id].append((content.start, content.end, speaker_name(each.fact)))
    for each in said:
        start, end, own = each.fact.start, each.fact.end, ("", speaker_name(each.fact))
        within = (name for first, last, name in quoted[each.source.article_id] if first <= start and end <= last)
        if all(name in own for name in within):
            yield each


def shortlist(quoted: Sequence[Quoted], offices: Mapping[int, str]) -> list[Quoted]:
    """Those worth a close look: people with an office first."""

    def key(each: Quoted) -> tuple[float, int, int]:
        weight = rank.weight_of_office(office_in(each.found[0], offices))
        return (
            -weight - len(each.found) - (2 - _INDIRECT[_statement(each.found[0]).style]),
            -each.outlets,
            each.found[0].fact.id,
        )

    ranked = sorted(quoted, key=key)
    denials = [each for each in ranked if denies(each.found[0].fact)]
    return [*[each for each in ranked if each not in denials][:SHORTLIST], *denials[:DENIALS]]


def record_items(
    quoted: Sequence[Quoted],
    *,
    offices: Mapping[int, str],
    earlier: Mapping[int, Sequence[Found]],
    facts: Sequence[Found],
    top: frozenset[int],
) -> list[Item]:
    """Quotations, the best first. ``earlier``: what the speakers said before; ``top``: articles of top stories."""
    items = []
    for each in quoted:
        found = each.found[0]
        who = speaker_id(found) or 0
        office = office_in(found, offices)
        before = [content(other) for other in earlier.get(who, ())]
        reasons = rank.of_quote(
            found,
            office=office,
            novelty=rank.novelty(content(found), before),
            outlets=each.outlets,
            origins=each.origins,
            binding=rank.binding_of(found, facts),
            top=found.source.article_id in top,
        )
        items.append(
            Item(
                section="denials" if denies(found.fact) else "record",
                source=found.source,
                found=each.found[:1] if denies(found.fact) else each.found,
                office=office,
                outlets=each.outlets,
                origins=each.origins,
                reasons=reasons,
            )
        )
    return sorted(items, key=lambda item: (-item.score, item.found[0].fact.id))


def denied_by(item: Item, facts: Sequence[Found]) -> Item:
    """A denial with what it denies, where somebody known says that in ``facts``, those of the same story.

    The words must meet, and either many of them or one side must name the other: two who speak of one matter do not
    answer each other yet. Who asks claims nothing.
    """
    denial = item.found[0]
    mine = rank.telling_words(content(denial))
    best, most = None, _MEETS
    for each in facts:
        fact = each.fact
        if not isinstance(fact, Statement) or denies(fact) or not _claims(fact) or _within(each, denial):
            continue
        if speaker_name(fact) == speaker_name(denial.fact):
            continue
        own, other = _name_words(denial.fact), _name_words(fact)
        if own & other:  # "Sheeran" is Ed Sheeran
            continue
        theirs = rank.telling_words(fact.content.text)
        common = (mine & theirs) - own - other
        named = bool(own & theirs or other & rank.telling_words(denial.fact.quote))
        share = len(common) / (min(len(mine), len(theirs)) or 1)
        meet = len(common) >= _NAMED_MEET if named else len(common) >= max(_UNNAMED_MEET, len(theirs) / 2)
        if meet and share > most:
            best, most = each, share
    if best is None:
        return item
    reason = Reason(points=1.5, text=f"answers {speaker_name(best.fact)}")
    return replace(item, found=(item.found[0], best), reasons=(*item.reasons, reason))


_NAMES = 2
_MEETS = 0.3
_NAMED_MEET, _UNNAMED_MEET = 2, 3
"""So many words are common to a denial and a claim where one names the other, and where none does."""
_INDIRECT = {"direct": 0, "mixed": 1, "indirect": 2}


def content(found: Found) -> str:
    """What is said, without who says it."""
    fact = found.fact
    return fact.content.text if isinstance(fact, Statement) else fact.quote


def speaker_id(found: Found) -> int | None:
    speaker = speaker_of(found.fact)
    return speaker.entity if speaker else None


def office_in(found: Found, offices: Mapping[int, str]) -> str:
    """The speaker's office, unless the article gives no more than a last name: that may be somebody else's, too."""
    speaker = speaker_of(found.fact)
    if speaker is None or speaker.entity is None or len(speaker.name.split()) < _NAMES:
        return ""
    return offices.get(speaker.entity, "")


def offices_on(people: Mapping[int, Person], *, day: date) -> dict[int, str]:
    return {number: rank.office_of(person, day=day) for number, person in people.items()}


def _claims(fact: Statement) -> bool:
    """Whether somebody who is known says something: no question, nothing of an unnamed source."""
    speaker = fact.speaker
    named = speaker is not None and speaker.entity is not None and is_named(speaker)
    return named and not fact.content.text.rstrip("\"'”’ ").endswith("?")


def _name_words(fact: Fact) -> frozenset[str]:
    return rank.telling_words(speaker_name(fact))


def _within(one: Found, other: Found) -> bool:
    """Whether two statements share words of one article: somebody tells what somebody else says."""
    same = one.source.article_id == other.source.article_id
    return same and one.fact.start < other.fact.end and other.fact.start < one.fact.end


def _quoted(said: Sequence[Found], origin: Mapping[int, str]) -> Quoted:
    best = said
    if len(said) > 1:
        best = sorted(
            said,
            key=lambda each: (
                not is_own(origin.get(each.source.article_id, ""), each.source.publisher),
                -each.fact.confidence,
            ),
        )
    return Quoted(
        found=tuple(best),
        outlets=len({each.source.publisher for each in said}),
        origins=len({origin.get(each.source.article_id, each.source.publisher) for each in said}),
    )


def _statement(found: Found) -> Statement:
    assert isinstance(found.fact, Statement)
    return found.fact


def _outlets(telling: Telling) -> int:
    return len({each.source.publisher for each in telling.articles})
