"""What all kinds of proposals share: which stretches may stand together in a sentence, and what refuses them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from digests.ingest.proposing.ground import Ground, Refused, Stretch, overlap, within
from digests.text.wordlist import sections, words

CONFIDENCE = 0.5
"""Of whatever a model proposes: what the grammar reads goes before it."""
_LAST = 260
OF = words("of for to with from against about than on at in and or")
BREAKS = words("who whom whose which and but after before when while as because where whether than like")
"""Between a speaker and what is said these begin another clause."""
VERBS = words("is are was were be been being has have had will would did does do")
OFFICES = frozenset(sections("roles.txt")["formal"]) | frozenset(sections("roles.txt")["common"])


def apart(one: Stretch, other: Stretch) -> None:
    if overlap(one, other):
        raise Refused("two fields share words")


def unturned(ground: Ground, inside: Iterable[Stretch], *, but: Collection[str] = ()) -> None:
    """Refuse a sentence that holds a word that turns it outside these stretches."""
    stretches = list(inside)
    for each in ground.turning():
        if not within(each, stretches) and ground.text[slice(*each)].lower() not in but:
            raise Refused(f"leaves out {ground.text[slice(*each)]!r}")


def alone(ground: Ground, who: Stretch, *, since: int) -> None:
    """Refuse a name before which more stands than a title: "the lawyer of Bo Lind", "reporters watching Bo Lind"."""
    before = ground.text[since : who[0]].rsplit(", ", 1)[-1] if since < who[0] else ""
    for word in re.findall(r"[^\W_]+(?:[.'’-][^\W_]+)*", before):
        titled = word[0].isupper() or word.lower() in OFFICES or word.lower() in ("the", "by")
        if not titled or word.lower() in OF | BREAKS:
            raise Refused("somebody else's name stands for the one who speaks or acts")


def short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= _LAST else line[: _LAST - 1].rstrip() + "…"
