"""Where a proposal may stand: one sentence of one paragraph of prose, with what our own reading knows of it. Pure.

A sentence is taken whole as evidence: the words that a model leaves out may be those that turn it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from digests.llm import guard
from digests.model import Actor, Article, Evidence, Extraction, Fact, Mention, Part, Span, Statement, TimeExpression
from digests.text.sentences import sentence_spans

LONGEST = 500
"""Characters of a sentence that a proposal may rest on."""
_CODE = re.compile(r"[<>{}]")
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")

Stretch = tuple[int, int]
F = TypeVar("F", bound=Fact)


class Refused(Exception):
    """A proposal that does not hold; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A sentence of an article. ``text``: the article's, its lines unwrapped, with the same offsets."""

    article: Article
    extraction: Extraction
    text: str
    start: int
    end: int
    quoted: tuple[Stretch, ...] = ()

    @property
    def sentence(self) -> str:
        return self.text[self.start : self.end]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        quote = self.article.text[self.start : self.end]
        return (Evidence(start=self.start, end=self.end, quote=quote, article_id=self.article.id),)

    def span(self, stretch: Stretch) -> Span:
        start, end = stretch
        return Span(start=start, end=end, text=self.article.text[start:end])

    def words(self, start: int, end: int) -> list[str]:
        """The words of a stretch in small letters."""
        return [word.lower() for word in _WORD.findall(self.text[start:end])]

    def between(self, one: Stretch, other: Stretch) -> list[str]:
        """The words from the end of one stretch to the start of a later one."""
        return self.words(one[1], other[0])

    def mentions(self) -> list[Mention]:
        """Who is mentioned in the sentence."""
        return [each for each in self.extraction.people if self.start <= each.start and each.end <= self.end]

    def times(self) -> list[TimeExpression]:
        return [each for each in self.extraction.times if self.start <= each.start and each.end <= self.end]

    def turning(self) -> list[Stretch]:
        """Where the sentence's words stand that turn what it says."""
        return [(self.start + start, self.start + end) for start, end in guard.turning(self.sentence)]

    def saying(self) -> list[Stretch]:
        """Where its words stand by which something is somebody's word."""
        return [(self.start + start, self.start + end) for start, end in guard.saying(self.sentence)]

    def mention_at(self, stretch: Stretch, *, called: str) -> Mention:
        """Whom our own reading knows at exactly this stretch. Raises ``Refused``."""
        for each in self.mentions():
            if (each.start, each.end) in (stretch, (stretch[0] + 4, stretch[1])) and _is_article(self, stretch, each):
                return each
        raise Refused(f"the {called} is nobody whom the grammar knows there")

    def actor(self, stretch: Stretch, mention: Mention) -> Actor:
        span = self.span(stretch)
        return Actor(
            start=span.start,
            end=span.end,
            text=span.text,
            name=mention.name,
            entity=mention.entity,
            stands_for=mention.stands_for,
        )

    def said_by(self, stretch: Stretch, *, but: Iterable[Stretch] = ()) -> Actor | None:
        """Whose word it is by the grammar's own statements; None: the article's own.

        Raises ``Refused`` where the sentence reports something and the grammar does not tell who says this. ``but``:
        stretches whose words of saying are part of the proposal.
        """
        around = [each for each in self.facts(Statement) if covers(_content(each), stretch)]
        if around:
            return min(around, key=lambda each: each.content.end - each.content.start).speaker
        mine = (self.start, self.end)
        if any(not within(each, but) for each in self.saying()) or any(overlap(each, mine) for each in self.quoted):
            raise Refused("somebody's word, and the grammar does not tell whose")
        return None

    def facts(self, kind: type[F]) -> list[F]:
        """The grammar's facts of a kind that touch the sentence."""
        mine = (self.start, self.end)
        return [each for each in self.extraction.facts if isinstance(each, kind) and overlap(_of(each), mine)]


def _of(fact: Fact) -> Stretch:
    """All that a fact rests on: somebody's words may lie outside the stretch that names them."""
    return min(each.start for each in fact.evidence), max(each.end for each in fact.evidence)


def _content(statement: Statement) -> Stretch:
    return statement.content.start, statement.content.end


def _is_article(ground: Ground, stretch: Stretch, mention: Mention) -> bool:
    """Whether the stretch is the mention, or the mention with "the" before it."""
    before = ground.text[stretch[0] : mention.start]
    return not before or before.lower() == "the "


def covers(one: Stretch, other: Stretch) -> bool:
    return one[0] <= other[0] and other[1] <= one[1]


def overlap(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def within(stretch: Stretch, others: Iterable[Stretch]) -> bool:
    return any(covers(each, stretch) for each in others)


def paragraphs(article: Article) -> tuple[Part, ...]:
    """The paragraphs that are prose and do not speak to a machine: no byline, credit, headline, heading or trailer."""
    return tuple(part for part in article.parts if part.kind == "body" and _is_prose(unwrapped(article, part)))


def _is_prose(text: str) -> bool:
    """Not code, and no sentence of it an order to a machine: what stands beside an order belongs to it."""
    return not _CODE.search(text) and not any(guard.is_order(text[a:b]) for a, b in sentence_spans(text))


def unwrapped(article: Article, part: Part) -> str:
    """A paragraph's words on one line, each where it was."""
    return re.sub(r"[\n\t\u00a0]", " ", article.text[part.start : part.end])
