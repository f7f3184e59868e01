"""Attributions -> Statement facts: who said what, on which day, to whom, where and by what means."""

from __future__ import annotations

from digests.extract.clauses import Offsets
from digests.extract.reading import Attribution, Reading
from digests.extract.speech.setting import Setting, setting_of
from digests.extract.speech.summary import summary_of
from digests.model import Actor, Fact, Span, Statement

_NEAR = 1500
"""A speaker named farther away than this many characters is not part of the evidence stretch."""


def find(reading: Reading) -> list[Fact]:
    """One statement an attribution, in text order."""
    offsets = Offsets(reading.doc)
    found: list[Fact] = []
    before: tuple[Attribution, Setting] | None = None
    for attribution in reading.attributions:
        setting = setting_of(reading, attribution, offsets=offsets)
        if before is not None and _goes_on(attribution, before[0]):
            setting = setting.or_else(before[1])
        found.append(_statement(reading, attribution, setting))
        before = attribution, setting
    return found


def _goes_on(attribution: Attribution, before: Attribution) -> bool:
    """ "..., adding that": one breath of the same speaker, so day, listeners and place carry over."""
    if attribution.cue is None or attribution.speaker is None or before.cue is None:
        return False
    return attribution.speaker == before.speaker and attribution.cue.text.endswith("ing")


def _statement(reading: Reading, attribution: Attribution, setting: Setting) -> Statement:
    speaker = _speaker(reading, attribution)
    contents = attribution.contents
    stretch = _stretch(attribution)
    content = reading.span(contents[0].start, contents[-1].end)
    return Statement(
        evidence=(reading.evidence(*stretch),),
        summary=summary_of(attribution, speaker=speaker, said_to=setting.said_to),
        said_by=speaker,
        speaker=speaker,
        cue=attribution.cue,
        content=content,
        content_spans=contents,
        style=attribution.style,
        said_on=setting.said_on,
        said_to=setting.said_to,
        where=setting.where,
        via=setting.via,
        confidence=attribution.confidence,
    )


def _speaker(reading: Reading, attribution: Attribution) -> Actor | None:
    speaker = attribution.speaker
    if speaker is None:
        return None
    return reading.actor(speaker.start, speaker.end, head=attribution.speaker_head)


def _stretch(attribution: Attribution) -> tuple[int, int]:
    """The smallest stretch that holds speaker, cue and content."""
    spans: list[Span] = list(attribution.contents)
    spans += [span for span in (attribution.cue, attribution.speaker) if span is not None and _is_near(span, spans)]
    return min(span.start for span in spans), max(span.end for span in spans)


def _is_near(span: Span, contents: list[Span]) -> bool:
    return contents[0].start - _NEAR <= span.start <= contents[-1].end + _NEAR
