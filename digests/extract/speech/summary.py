"""One line a person can read for an attribution, made of its own words."""

from __future__ import annotations

import re

from digests.extract.reading import Attribution
from digests.model import Actor

LONGEST = 280
_SPACE = re.compile(r"\s+")
_GERUND = re.compile(r"(?P<stem>[a-z]+?)ing")
_TOLD = re.compile(r"\b(?:told|tells?)$")
_PAST = {"saying": "said", "telling": "told", "writing": "wrote", "speaking": "spoke", "citing": "cited"}


def summary_of(attribution: Attribution, *, speaker: Actor | None, said_to: str | None = None) -> str:
    """``Fuat Oktay told broadcaster NTV: ...``; at most 280 characters, one line.

    Words are joined only where the article joins them: an interrupted quotation shows its gap.
    """
    said = " … ".join(_SPACE.sub(" ", span.text) for span in attribution.contents)
    name = speaker.name if speaker is not None else "Unnamed"
    cue = _cue(attribution, said_to)
    line = _SPACE.sub(" ", f"{name} {cue}{said}" if cue else f"{name}: {said}")
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _cue(attribution: Attribution, said_to: str | None) -> str:
    cue = attribution.cue
    if cue is None:
        return ""
    word = cue.text.lower() if cue.text.isupper() or cue.text.istitle() else cue.text
    word = _SPACE.sub(" ", word)
    if word.lower().startswith("according") or not word[:1].isalpha():
        return ""
    after = attribution.contents[0].start >= cue.end
    joined = after and attribution.contents[0].text[:3].lower() == "to "
    verb = _finite(word)
    if _TOLD.search(verb):
        verb = f"{verb} {said_to}" if said_to else verb.replace("told", "said").replace("tell", "say")
    return f"{verb} " if joined else f"{verb}: "


def _finite(word: str) -> str:
    """ "adding" -> "added": in a line of its own a participle has no verb to lean on."""
    if word in _PAST:
        return _PAST[word]
    gerund = _GERUND.fullmatch(word)
    if gerund is None:
        return word
    stem = gerund["stem"]
    return f"{stem[:-1]}ied" if stem.endswith("y") and stem[-2:-1] not in "aeiou" else f"{stem}ed"
