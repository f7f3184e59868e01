"""A question answered from the archive: facts first, then the best sentence, with the passages it all rests on.

Says nothing rather than guess: a fact or a sentence answers only when every name of the question stands with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digests.ask.ranking import Passage, Ranked, chosen, first_score, ranked, telling
from digests.ask.short import MOST, favoured, short_answer
from digests.ask.told import Told, covered, others, told, value_of
from digests.ask.wanted import Shape, Wanted, telling_of, understand
from digests.model import Fact, FactQuery, Found, Role, Source, Statement
from digests.store.base import FoundPassages, Store, StoredPassage
from digests.store.withdrawn import retractions, withdrawn
from digests.text.passages import whole_sentences
from digests.text.terms import terms

SHOWN = 3
ARTICLES = 8
"""The articles of the best passages whose facts are looked at."""
FACTS = 120
LEAD = 300
"""Characters of an article's beginning: headline, byline, first paragraph."""
NAMESAKES = 5
ABOUT = 5
"""So many of the best passages are taken to be about the question."""
NEAR = 0.5
"""A passage is shown beside the answer when a sentence of it tells so much of the question."""
SENTENCE = 0.75
"""A sentence answers when it tells so much of the question."""
SURE = 0.3
ALIKE = 0.85
"""Facts that tell nearly as much as the best one answer too, and may disagree with it."""
_KINDS: Mapping[Shape, tuple[str, ...]] = {
    "office": ("role",),
    "who": ("role",),
    "said": ("statement",),
    "spoke": ("statement", "commitment"),
    "denied": ("statement",),
    "changed": ("deadline", "figure", "commitment", "statement"),
    "due": ("deadline", "event"),
    "number": ("figure",),
}

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_WHY = re.compile(r"\W*why\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:because|after|since|so that|due to|owing to|over|in order to|as a result|following|for fear|blam\w+)\b",
    re.IGNORECASE,
)
"""Without one of these a sentence tells what happened, not why."""

Denies = Callable[[Fact], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A verbatim stretch of an article's newest version."""

    source: Source
    start: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``facts`` or, without any, ``sentence`` answer; with neither, the archive does not hold it.

    ``short``: a name, number or day out of the sentence, when sure. ``nearest``: at most three passages, each as the
    sentence of it that tells most. ``disagree``: the facts give different values. ``as_of``: the day of the newest
    article that was looked at.
    """

    wanted: Wanted
    facts: tuple[Found, ...] = ()
    sentence: Quoted | None = None
    short: str = ""
    nearest: tuple[Quoted, ...] = ()
    disagree: bool = False
    as_of: date | None = None

    @property
    def held(self) -> bool:
        return bool(self.facts) or self.sentence is not None


async def answer(text: str, *, store: Store, today: date, denies: Denies) -> Answer:
    """What the archive holds on a question, asked on ``today``."""
    wanted = understand(text, today=today)
    looked_up = [*telling_of(wanted), *(other for _, other in wanted.same)]
    stored = await store.passages(looked_up, since=wanted.since, until=wanted.until)
    best = await _still_said(rank(wanted, stored), store)
    facts = await _facts(wanted, best, store=store, denies=denies)
    as_of = max((source.published_day for _, source in best[:ABOUT]), default=None)
    nearest = [quoted for each, source in best[:SHOWN] if (quoted := _quoted(wanted, each, source))]
    if facts:
        return Answer(wanted=wanted, facts=tuple(facts), nearest=tuple(nearest), disagree=_disagree(facts), as_of=as_of)
    sentence = _sentence(wanted, best)
    short = _short(wanted, best, stored) if sentence else ""
    return Answer(wanted=wanted, sentence=sentence, short=short, nearest=tuple(nearest), as_of=as_of)


def rank(wanted: Wanted, stored: FoundPassages) -> list[tuple[Ranked, Source]]:
    """The best passages that do not overlap, best first, with their articles."""
    question = wanted.question
    tells = telling(question, passages=stored.passages, seen=stored.seen)
    sources = {each.source.article_id: each.source for each in stored.found}
    passages = [_passage(each) for each in stored.found]
    scored = sorted(((each, first_score(each, tells, question.asked)) for each in passages), key=lambda pair: -pair[1])
    return [
        (each, sources[each.passage.article])
        for each in chosen(favoured(question, ranked(question, scored, tells), tells), MOST)
    ]


async def _still_said(best: Sequence[tuple[Ranked, Source]], store: Store) -> list[tuple[Ranked, Source]]:
    """The passages without those of which an editor took back what a sentence of theirs says."""
    edits = await retractions(store, {source.article_id for _, source in best})

    def stands(each: Ranked, source: Source) -> bool:
        back = edits.get(source.article_id)
        text = each.passage.text
        return back is None or not any(withdrawn(text[slice(*span)], back) for span, _ in each.passage.sentences)

    return [(each, source) for each, source in best if stands(each, source)]


async def _facts(wanted: Wanted, best: Sequence[tuple[Ranked, Source]], *, store: Store, denies: Denies) -> list[Found]:
    """The facts that answer, best first; none for questions that no kind of fact answers."""
    if wanted.shape == "open":
        return []
    if wanted.shape == "who":
        return await _roles(wanted, store)
    found = await _known(wanted, best, store)
    if wanted.shape == "denied":
        found = [each for each in found if denies(each.fact)]
    leads = await _leads([each.source.article_id for each in found], store)
    return _picked(
        wanted,
        [each for one in found if (each := told(wanted, one, lead=leads.get(one.source.article_id, frozenset())))],
    )


async def _leads(articles: Sequence[int], store: Store) -> dict[int, frozenset[str]]:
    """By article the terms of its beginning, which says what all of it is about."""
    return {number: frozenset(terms(text[:LEAD])) for number, text in (await store.texts(articles)).items()}


async def _roles(wanted: Wanted, store: Store) -> list[Found]:
    """The offices of somebody named, present ones first, the newest first."""
    people = await store.people([wanted.who])
    if not people:
        return []
    found = await store.facts(FactQuery(kinds=("role",), entities=(people[0].id,), limit=20))
    kept: dict[str, Found] = {}
    for each in sorted(found, key=lambda one: (_former(one), -one.source.published_day.toordinal())):
        kept.setdefault(" ".join(terms(each.fact.summary)[-2:]), each)
    return list(kept.values())[:1]


async def _known(wanted: Wanted, best: Sequence[tuple[Ranked, Source]], store: Store) -> list[Found]:
    """Facts of the right kinds in the best passages' articles, and what those who are asked about said anywhere."""
    kinds = _KINDS[wanted.shape]
    found: dict[int, Found] = {}
    articles = list(dict.fromkeys(source.article_id for _, source in best))[:ARTICLES]
    for article in articles:
        for each in await store.facts(FactQuery(kinds=kinds, article_id=article, limit=FACTS)):
            found[each.fact.id] = each
    if wanted.shape != "said":
        return list(found.values())
    ids = await _speakers(wanted.who, store)
    spoken = {}
    if ids:
        query = FactQuery(kinds=kinds, said_by=ids, since=wanted.since, until=wanted.until, limit=FACTS)
        spoken = {each.fact.id: each for each in await store.facts(query)}
    return [each for each in (found | spoken).values() if each.fact.id in spoken or _speaks(wanted.who, each.fact)]


async def _speakers(who: str, store: Store) -> tuple[int, ...]:
    """Ids of those meant by a name, or by an office: "Turkey's foreign minister", "foreign minister Cavusoglu"."""
    name = _ARTICLE.sub("", who)
    people = await store.people([name])
    if people:
        return tuple(person.id for person in people[:NAMESAKES])
    found = await store.facts(FactQuery(kinds=("role",), about=name, limit=FACTS)) if " " in name else []
    held = (each.fact for each in found if not _former(each))
    ids = dict.fromkeys(fact.entity for fact in held if isinstance(fact, Role) and fact.entity is not None)
    return tuple(ids)[:NAMESAKES]


def _speaks(who: str, fact: Fact) -> bool:
    """Whether the words before what is said name who was asked for: "Kremlin spokesman Dmitry Peskov said"."""
    if not isinstance(fact, Statement) or fact.speaker is None:
        return False
    named = " ".join((fact.speaker.text, fact.speaker.name, fact.speaker.stands_for or ""))
    asked = {term for term in terms(who) if term not in ("the", "a", "an", "of")}
    return bool(asked) and asked <= set(terms(named))


def _picked(wanted: Wanted, found: Sequence[Told]) -> list[Found]:
    """Those that tell most, the newest first, each value and each wording once."""
    if not found:
        return []
    top = max(each.share for each in found)
    near = [each for each in found if each.share >= ALIKE * top]
    if wanted.shape == "office":
        near = [each for each in near if not _former(each.found)] or near
    near = [each for each in near if each.found.fact.origin != "model"] or near  # else what a model read
    near.sort(key=lambda each: (-each.found.source.published_day.toordinal(), -each.share, each.found.fact.id))
    kept: dict[object, Found] = {}
    for each in near:
        value = value_of(each.found.fact)
        kept.setdefault(value if value is not None else tuple(terms(each.found.fact.quote)), each.found)
    return list(kept.values())[:SHOWN]


def _disagree(facts: Sequence[Found]) -> bool:
    values = {value for each in facts if (value := value_of(each.fact)) is not None}
    sources = {each.source.publisher for each in facts}
    return len(values) > 1 and len(sources) > 1


def _former(found: Found) -> bool:
    return bool(getattr(found.fact, "former", False))


def _sentence(wanted: Wanted, best: Sequence[tuple[Ranked, Source]]) -> Quoted | None:
    """The sentence that tells most of the question, if it tells enough and holds an answer of the kind."""
    if wanted.shape in ("said", "changed", "denied", "office"):
        return None
    why = _WHY.match(wanted.question.text) is not None
    found: list[tuple[float, Quoted]] = []
    for each, source in best:
        passage = each.passage
        title = passage.title
        for (start, end), own in passage.sentences:
            share = covered(wanted, frozenset(own), beside=title)
            holds = _counts(wanted, own) and (
                wanted.question.kind == "open" or any(start <= one.start < end for one in each.found)
            )
            text = passage.text[start:end]
            if share >= SENTENCE and holds and not others(wanted, own) and (not why or _BECAUSE.search(text)):
                found.append((share, Quoted(source=source, start=passage.start + start, text=text)))
    return max(found, key=lambda pair: (pair[0], pair[1].source.published_day), default=(0.0, None))[1]


def _counts(wanted: Wanted, own: Sequence[str]) -> bool:
    """Whether a sentence names what is counted, where a number is asked for."""
    head = wanted.question.head
    return wanted.question.kind != "count" or not head or head[-1] in own


def _short(wanted: Wanted, best: Sequence[tuple[Ranked, Source]], stored: FoundPassages) -> str:
    tells = telling(wanted.question, passages=stored.passages, seen=stored.seen)
    short = short_answer(wanted.question, [each for each, _ in best], tells)
    return short.text if short and short.sure >= SURE else ""


def _quoted(wanted: Wanted, each: Ranked, source: Source) -> Quoted | None:
    """The sentence of a passage that tells most of the question."""
    weights = telling_of(wanted)
    passage = each.passage
    shares = [sum(weights[term] for term in weights if term in own) for _, own in passage.sentences]
    if not shares or max(shares) < NEAR * sum(weights.values()):
        return None
    (start, end), _ = passage.sentences[max(range(len(shares)), key=shares.__getitem__)]
    return Quoted(source=source, start=passage.start + start, text=passage.text[start:end])


def _heads(sentence: str, title: frozenset[str]) -> bool:
    """A headline or a heading: it promises, the sentences under it tell."""
    return sentence.startswith("#") or frozenset(terms(sentence)) == title


def _passage(stored: StoredPassage) -> Passage:
    title = frozenset(terms(stored.source.title))
    every = whole_sentences(stored.text)
    spans = [span for span in every if not _heads(stored.text[slice(*span)], title)] or every
    return Passage(
        article=stored.source.article_id,
        start=stored.start,
        text=stored.text,
        sentences=tuple((span, tuple(terms(stored.text[slice(*span)]))) for span in spans),
        title=title,
        day=stored.source.published_day,
    )
