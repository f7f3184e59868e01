"""Whose text each article is: what outlets copy from one another, or from one agency, is said once.

A figure that a copy prints otherwise than the text it copies is a slip of the pen, not another source's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from digests.edition.figures import bounds, figure_of
from digests.edition.naming import source_name
from digests.model import Found
from digests.store.base import Store
from digests.text.folding import tokens

_ALIKE = 0.6
"""Of all words of two sentences as many are in both, their numbers aside: one sentence, printed twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """``origins``: whose an article's text is; ``copied``: the article whose words it prints. Both by article id."""

    origins: Mapping[int, str] = field(default_factory=dict)
    copied: Mapping[int, int] = field(default_factory=dict)

    def origin(self, found: Found) -> str:
        return self.origins.get(found.source.article_id) or source_name(found.source)

    def text(self, found: Found) -> int:
        """The number of the article that has the words first."""
        return self.copied.get(found.source.article_id, found.source.article_id)


async def texts_of(found: Iterable[Found], store: Store) -> Texts:
    """What the store knows of the articles of these facts."""
    articles = {each.source.article_id for each in found}
    placed = await store.placed(articles)
    copies = await store.copies(articles)
    return Texts(
        origins={each.source.article_id: each.origin for each in placed},
        copied={article: copy.source.article_id for article, copy in copies.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Figures of which none is a copy of another. ``carried``: by fact id, in how many other articles it stands.

    ``misprinted``: by fact id the figure in the text that was copied, where the copy has another number.
    """

    found: tuple[Found, ...]
    carried: Mapping[int, int]
    misprinted: Mapping[int, Found]


def once(found: Sequence[Found], texts: Texts) -> Told:
    """Each text's figures as its first article here has them; the order stays."""
    firsts: dict[int, int] = {}
    for each in found:
        article, text = each.source.article_id, texts.text(each)
        firsts[text] = text if article == text else min(firsts.get(text, article), article)
    first = {text: [each for each in found if each.source.article_id == article] for text, article in firsts.items()}
    kept: list[Found] = []
    carriers: dict[int, set[int]] = {}
    misprinted: dict[int, Found] = {}
    for each in found:
        article = each.source.article_id
        if article == firsts[texts.text(each)]:
            kept.append(each)
            continue
        same = next((own for own in first[texts.text(each)] if _same(own, each)), None)
        if same is not None:
            carriers.setdefault(same.fact.id, set()).add(article)
            continue
        kept.append(each)
        slip = next((own for own in first[texts.text(each)] if _one_sentence(own, each)), None)
        if slip is not None:
            misprinted[each.fact.id] = slip
    carried = {fact: len(articles) for fact, articles in carriers.items()}
    return Told(found=tuple(kept), carried=carried, misprinted=misprinted)


def _same(one: Found, other: Found) -> bool:
    own, its = figure_of(one), figure_of(other)
    return own.unit == its.unit and bounds(own) == bounds(its)


def _one_sentence(one: Found, other: Found) -> bool:
    left, right = (
        {token for token in tokens(each.fact.quote) if not any(map(str.isdigit, token))} for each in (one, other)
    )
    return bool(left and right) and len(left & right) / len(left | right) >= _ALIKE
