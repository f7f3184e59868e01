"""What a model proposed -> the facts that hold, and why the others do not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digests.ingest.proposing.ground import LONGEST, Ground, Refused, Stretch, covers, paragraphs, unwrapped
from digests.ingest.proposing.kinds import KINDS, key_of
from digests.llm import guard
from digests.model import Article, Extraction, Fact, Part
from digests.text.quotations import quotations
from digests.text.sentences import sentence_spans

MOST = 12
"""So many proposals of each kind are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One fact as a model gives it. ``paragraph``: its number, from 1; ``given``: the fields of its kind."""

    kind: str
    paragraph: int
    quote: str
    given: Mapping[str, str]


def proposals(answer: Mapping[str, object]) -> list[Proposal]:
    """The proposals of an answer that have the asked form; the others are passed over."""
    found = []
    for kind, (names, _) in KINDS.items():
        given = answer.get(kind)
        for each in given[:MOST] if isinstance(given, list) else ():
            if isinstance(each, dict) and (one := _proposal(kind, names, each)):
                found.append(one)
    return found


def _proposal(kind: str, names: Sequence[str], each: Mapping[str, object]) -> Proposal | None:
    paragraph, quote = each.get("paragraph"), each.get("quote")
    fields = {name: value for name in names if isinstance(value := each.get(name), str) and value.strip()}
    if not isinstance(paragraph, int) or isinstance(paragraph, bool) or not isinstance(quote, str):
        return None
    if len(fields) != len(names):
        return None
    return Proposal(kind=kind, paragraph=paragraph, quote=quote, given=fields)


def checked(
    proposed: Sequence[Proposal], article: Article, extraction: Extraction
) -> tuple[tuple[Fact, ...], tuple[tuple[Proposal, str], ...]]:
    """The facts that hold, each once, in text order; and each that does not, with the reason."""
    held: dict[tuple[object, ...], Fact] = {}
    refused: list[tuple[Proposal, str]] = []
    prose = paragraphs(article)
    body = [(part.start, part.end) for part in article.parts if part.kind == "body"]
    quoted = tuple((each.start, each.end) for each in quotations(article.text, body)) if proposed else ()
    for each in proposed:
        try:
            fact = _fact(each, _Read(article=article, extraction=extraction, prose=prose, quoted=quoted))
        except Refused as error:
            refused.append((each, str(error)))
        else:
            held.setdefault(key_of(fact), fact)
    return tuple(sorted(held.values(), key=lambda fact: (fact.start, fact.kind))), tuple(refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An article with what our own reading knows of it."""

    article: Article
    extraction: Extraction
    prose: Sequence[Part]
    quoted: tuple[Stretch, ...]


def _fact(proposal: Proposal, read: _Read) -> Fact:
    if not 1 <= proposal.paragraph <= len(read.prose):
        raise Refused("no such paragraph")
    ground, quote = _ground(proposal, read, read.prose[proposal.paragraph - 1])
    names, make = KINDS[proposal.kind]
    return make(ground, {name: _stretch(ground.text, proposal.given[name], quote, called=name) for name in names})


def _ground(proposal: Proposal, read: _Read, part: Part) -> tuple[Ground, Stretch]:
    """The sentence that a quote stands in, and where the quote stands."""
    article = read.article
    text = f"{article.text[: part.start]}{unwrapped(article, part)}{article.text[part.end :]}"
    quote = _stretch(text, proposal.quote, (part.start, part.end), called="quote")
    spans = sentence_spans(text, start=part.start, end=part.end)
    start, end = next((each for each in spans if covers(each, quote)), (0, 0))
    if start == end:
        raise Refused("the quote is no part of one sentence")
    if guard.is_marked(text[start:end]) or end - start > LONGEST:
        raise Refused("no sentence of news")
    return Ground(
        article=article, extraction=read.extraction, text=text, start=start, end=end, quoted=read.quoted
    ), quote


def _stretch(text: str, words: str, inside: Stretch, *, called: str) -> Stretch:
    """Where these very words stand within a stretch, once and whole. Raises ``Refused``."""
    words = words.strip()
    start = text.find(words, *inside) if words else -1
    if start < 0:
        raise Refused(f"the {called} does not stand there")
    if text.find(words, start + 1, inside[1]) >= 0:
        raise Refused(f"the {called} stands there twice")
    end = start + len(words)
    if (start and text[start - 1].isalnum() and words[0].isalnum()) or (
        text[end : end + 1].isalnum() and words[-1].isalnum()
    ):
        raise Refused(f"the {called} is a part of a word")
    return start, end
