"""What became of facts that were on the record: an article's new wording, an editor's word. Pure.

A change is told by the sentence that changed, not by the headline it stands under: a sentence that reads as before is
none, however often its article was touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digests.edition.items import Item, Reason, Revision, Tag
from digests.edition.rank import telling_words
from digests.edition.sentences import Shown
from digests.history import Change
from digests.model import Article, Evidence, Found
from digests.text.changes import counterpart, whole
from digests.text.sentences import sentence_spans

_CORRECTS = re.compile(r"\b(?:correct(?:ed|s|ion)|clarif\w+|erratum|corrigendum|retract\w*|amended)\b", re.IGNORECASE)
_NOTE = re.compile(r"\W*(?:correct|clarif|updat|this (?:article|story))", re.IGNORECASE)
_WEIGHTS = {"deadline": 2.5, "figure": 2.0, "statement": 1.5, "event": 1.5, "commitment": 1.5}


def revision_items(found: Sequence[Found], newer: Article, older: Article) -> list[Item]:
    """What the new version of an article says otherwise. ``found``: facts that came with it, in the text's order."""
    spans, before = sentences_of(newer), sentences_of(older)
    tag: Tag = "corrected" if _CORRECTS.search(_head(newer)) and not _CORRECTS.search(_head(older)) else "updated"
    told = Shown()
    items = []
    for each in sorted(found, key=lambda each: -_WEIGHTS.get(each.fact.kind, 0.0)):
        start, end = whole(spans, each.fact.start, each.fact.end)
        sentence = newer.text[start:end]
        if told.has(sentence):
            continue
        meant = counterpart(sentence, older.text, before)
        was = older.text[meant[0] : meant[1]] if meant else ""
        if was.split() == sentence.split():
            continue
        passage = Evidence(start=start, end=end, quote=sentence, article_id=newer.id, version=newer.version)
        told.take([passage])
        items.append(
            Item(
                section="changes",
                tag=tag if was else "new",
                source=each.source,
                found=(each,),
                passages=(passage,),
                revision=Revision(before=was, after=sentence) if was else None,
                reasons=_reasons(each, was, tag),
            )
        )
    return sorted(items, key=lambda item: (-item.score, item.found[0].fact.start))


def edit_item(change: Change, found: Found) -> Item:
    """An editor's word on a fact; a retracted fact's own words are not repeated."""
    retracted = change.kind == "retract"
    after = "" if retracted else found.fact.summary
    return Item(
        section="changes",
        tag="retracted" if retracted else "corrected",
        source=found.source,
        found=() if retracted else (found,),
        revision=Revision(before=change.before, after=after, by=change.by, why=change.why),
        reasons=(Reason(points=4.0, text="an editor took it back" if retracted else "an editor corrected it"),),
    )


def _reasons(found: Found, was: str, tag: str) -> tuple[Reason, ...]:
    kind = found.fact.kind
    reasons = [
        Reason(points=_WEIGHTS.get(kind, 0.0), text=f"a {kind} reads otherwise now" if was else f"a {kind} was added")
    ]
    if tag == "corrected":
        reasons.append(Reason(points=2.0, text="the article says that it was corrected"))
    if was and _numbers(was) != _numbers(found.fact.quote):
        reasons.append(Reason(points=1.0, text="its numbers changed"))
    return tuple(reasons)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(word for word in telling_words(text) if word.isdigit())


def _head(article: Article) -> str:
    """Where an article says that it was corrected: its title, or a line of its own."""
    notes = [line for line in article.text.splitlines() if _NOTE.match(line)]
    return "\n".join([article.title, *notes])


def sentences_of(article: Article) -> list[tuple[int, int]]:
    """The sentences of an article's headings and body; its byline and what is below it are left out."""
    parts = [part for part in article.parts if part.kind in ("headline", "heading", "body")]
    return [span for part in parts for span in sentence_spans(article.text, start=part.start, end=part.end)]
