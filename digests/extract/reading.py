"""A Reading: everything known about one article when the fact modules look at it.

Layers are built in this order, each seeing only those before it: parts -> quotations -> parse -> times ->
attributions (spans only) -> mentions (with entities, pronouns resolved) -> facts.

``doc`` is parsed from a text of the same length as ``article.text`` in which curly quotation marks are straight and
everything that is not headline, heading or body is blanked out: ``token.idx`` is an offset in ``article.text``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from spacy.tokens import Doc

from digests.model import Actor, Article, Evidence, Mention, Span, Style, TimeExpression
from digests.text.quotations import Quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Somebody says something: spans only, names come from the mentions. Beliefs and wishes are not speech.

    ``speaker_head``: offset of the word that heads the speaker's phrase, which tells whose name it is.
    """

    speaker: Span | None
    cue: Span | None
    contents: tuple[Span, ...]
    style: Style
    confidence: float = 1.0
    speaker_head: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    article: Article
    doc: Doc
    quotations: tuple[Quotation, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    mentions: tuple[Mention, ...] = ()

    def span(self, start: int, end: int) -> Span:
        return Span(start=start, end=end, text=self.article.text[start:end])

    def evidence(self, start: int, end: int) -> Evidence:
        """The words of a stretch; a mark before a heading ("# ") that a clause took with it is left out."""
        start = self._in_a_part(start, end)
        return Evidence(start=start, end=end, quote=self.article.text[start:end], article_id=self.article.id)

    def _in_a_part(self, start: int, end: int) -> int:
        parts = self.article.parts
        number = bisect_right(parts, start, key=lambda part: part.start)
        inside = number > 0 and start < parts[number - 1].end
        if inside or number == len(parts) or parts[number].start >= end:
            return start
        return parts[number].start

    def actor(self, start: int, end: int, *, head: int | None = None) -> Actor:
        """The actor at a stretch, named by the mention that holds its head (offset ``head``) or else overlaps it.

        Without any mention the stretch's own words are the name and there is no entity.
        """
        found = self.mention_at(start, end, head=head)
        text = self.article.text[start:end]
        if found is None:
            return Actor(start=start, end=end, text=text, name=text)
        return Actor(start=start, end=end, text=text, name=found.name, entity=found.entity, stands_for=found.stands_for)

    def mention_at(self, start: int, end: int, *, head: int | None = None) -> Mention | None:
        """The mention that covers ``head``, else the longest that overlaps ``start:end``."""
        last = bisect_right(self.mentions, end - 1, key=lambda mention: mention.start)
        near = [m for m in self.mentions[max(0, last - 40) : last] if m.end > start]
        if head is not None:
            covering = [m for m in near if m.start <= head < m.end]
            if covering:
                return min(covering, key=lambda m: m.end - m.start)
            return None
        return max(near, key=lambda m: m.end - m.start, default=None)

    def said_by(self, start: int, end: int) -> Actor | None:
        """The speaker of the innermost attribution whose content covers the stretch."""
        last = bisect_right(self.attributions, start, key=lambda attribution: attribution.contents[0].start)
        best: tuple[int, Attribution] | None = None
        for attribution in self.attributions[max(0, last - 40) : last]:
            for content in attribution.contents:
                if content.start <= start and end <= content.end and attribution.speaker is not None:
                    width = content.end - content.start
                    if best is None or width < best[0]:
                        best = (width, attribution)
        if best is None or best[1].speaker is None:
            return None
        return self.actor(best[1].speaker.start, best[1].speaker.end, head=best[1].speaker_head)
