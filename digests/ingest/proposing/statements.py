"""A statement that a model proposes, made into a fact or refused: "SPEAKER said (that) CONTENT" and its like, whole."""

from __future__ import annotations

import re
from collections.abc import Mapping

from digests.ingest.proposing.ground import Ground, Refused, Stretch, overlap, within
from digests.ingest.proposing.joins import BREAKS, CONFIDENCE, OF, VERBS, alone, apart, short, unturned
from digests.model import Statement, Style
from digests.text.wordlist import words

_CUES = words(
    "said says say saying told tells announced announces added adds warned warns stated states insisted insists argued",
    "argues claimed claims wrote confirmed confirms acknowledged admitted replied vowed noted notes predicted",
)
_BESIDE = words(
    "has have had also later then again on yesterday monday tuesday wednesday thursday friday saturday sunday"
)
_LISTENERS = words(
    "that a an the to in on at by of for reporters journalists parliament lawmakers mps news conference phone",
    "telephone television tv agency newspaper interview statement meeting briefing crowd supporters members",
    "broadcaster radio late early earlier morning afternoon evening night day me us him her them his its speech",
    "audience council",
)
_FAR = 6
"""Words that may stand between who speaks, the word of saying, and what is said."""


def statement(ground: Ground, given: Mapping[str, Stretch]) -> Statement:
    """Somebody said something, with a word of saying between the two. Raises ``Refused``."""
    speaker, content = given["speaker"], _with_marks(ground, given["content"])
    who = ground.mention_at(speaker, called="speaker")
    apart(speaker, content)
    if any(overlap((each.content.start, each.content.end), content) for each in ground.facts(Statement)):
        raise Refused("the grammar tells who says this")
    strange = [each for each in ground.mentions() if each.type != "place" or each.stands_for]
    if any(each.entity != who.entity and not within((each.start, each.end), [content]) for each in strange):
        raise Refused("somebody else is named beside what is said")
    cue = _cue(ground, [speaker, content])
    unturned(ground, [content])
    told = ground.words(*content)
    if len(told) < 3 or told[0] in {"that", *OF}:
        raise Refused("what is said is too short, or does not begin there")
    _belongs(ground, speaker, cue, content)
    actor = ground.actor(speaker, who)
    said, by = ground.text[slice(*content)], ground.text[slice(*cue)]
    return Statement(
        evidence=ground.evidence,
        summary=short(f"{who.name} {by}: {said}"),
        said_by=actor,
        speaker=actor,
        cue=ground.span(cue),
        content=ground.span(content),
        content_spans=(ground.span(content),),
        style=_style(said),
        origin="model",
        confidence=CONFIDENCE,
    )


def _belongs(ground: Ground, speaker: Stretch, cue: Stretch, content: Stretch) -> None:
    """Refuse all but "SPEAKER said (that) CONTENT" and "CONTENT, SPEAKER said" or "said SPEAKER", each whole."""
    first, second = sorted([speaker, cue])
    if speaker < cue < content:
        joins = ground.between(cue, content)
        begun = not joins or joins[-1] == "that"
        begun = begun and _tells_where(ground.text[cue[1] : content[0]])
    else:
        joins = ground.between(content, first)
        begun = content[1] <= first[0] and not ground.words(ground.start, content[0])
        begun = begun and (first == speaker or not joins)
    if len(joins) > _FAR or not begun or not _ends(ground, content):
        raise Refused("what is said is cut, or does not belong to the speaker")
    if not _side_by_side(ground, first, second, speaker_first=first == speaker):
        raise Refused("the speaker does not stand beside the word of saying")
    lead = ground.start if content > speaker else content[1]
    alone(ground, speaker, since=lead if first == speaker else cue[1])


def _tells_where(text: str) -> bool:
    """Whether between a word of saying and what is said nothing stands but to whom, where and when it was said."""
    found = re.findall(r"[^\W_]+(?:[.'’-][^\W_]+)*", text)
    named = all(word[0].isupper() or word.lower() in _LISTENERS or word.isdigit() for word in found)
    return named and "," not in text.removesuffix(", ")


def _side_by_side(ground: Ground, first: Stretch, second: Stretch, *, speaker_first: bool) -> bool:
    """ "Bo Lind said", "Bo Lind has also said", "Bo Lind, the harbour master, said", "said the mayor, Bo Lind"."""
    text, between = ground.text[first[1] : second[0]], set(ground.between(first, second))
    if not speaker_first:
        return True  # what stands before a name is looked at with it
    if between <= _BESIDE and "," not in text:
        return True
    apposed = text.startswith(", ") and text.endswith(", ") and text.count(",") == 2
    return apposed and len(between) <= _FAR and not (BREAKS | VERBS) & between


def _ends(ground: Ground, content: Stretch) -> bool:
    """Whether a mark or the end of the sentence follows, or the content ends with one."""
    after = ground.text[content[1] : ground.end].lstrip()
    return not after or after[0] in ',.;:!?”"—–' or ground.text[content[1] - 1] in ',.!?”"'


def _cue(ground: Ground, others: list[Stretch]) -> Stretch:
    """The only word of saying beside speaker and content."""
    found = [each for each in ground.saying() if not within(each, others)]
    if len(found) != 1 or ground.text[slice(*found[0])].lower() not in _CUES:
        raise Refused("no word, or more than one, by which somebody says something")
    return found[0]


def _with_marks(ground: Ground, content: Stretch) -> Stretch:
    """Somebody's own words with the quotation marks around them. Raises ``Refused`` where they are cut."""
    for start, end in ground.quoted:
        if overlap((start, end), content):
            if (start + 1, end - 1) == content or (start, end) == content or within((start, end), [content]):
                content = (min(start, content[0]), max(end, content[1]))
            else:
                raise Refused("cuts a quotation")
    return content


def _style(said: str) -> Style:
    marks = sum(said.count(mark) for mark in '"“”«»')
    if not marks:
        return "indirect"
    return "direct" if said[0] in '"“«' and said[-1] in '"”»' and marks == 2 else "mixed"
