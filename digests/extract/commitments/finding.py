"""From frames to facts: actors named, actions and conditions cut out, the clause kept as evidence."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from digests.extract.clauses import SUBORDINATE, Offsets, child, is_verb, one_line
from digests.extract.commitments import lexicon
from digests.extract.commitments.conditions import action_of, condition_of
from digests.extract.commitments.explicit import explicit
from digests.extract.commitments.frames import Frame
from digests.extract.commitments.modal import imperative, modal
from digests.extract.commitments.voices import Voices, could_act
from digests.extract.reading import Reading
from digests.model import Actor, Commitment, Fact, Span
from digests.text.wordlist import words

_EXPLICIT = lexicon.PROMISE | lexicon.THREATEN | lexicon.OFFER | lexicon.DEMAND | lexicon.EAGER
_LONGEST = 600
_PRONOUNS = words("he she it they we i you who which that him her them us me this these those")


def find(reading: Reading) -> list[Fact]:
    """Every commitment of the article, in text order, one for each actor and action."""
    voices = Voices(reading, Offsets(reading.doc))
    found: dict[tuple[int, str], Commitment] = {}
    for frame in _frames(reading, voices):
        commitment = _commitment(frame, reading, voices)
        if commitment is not None:
            found.setdefault((commitment.action.start, commitment.type), commitment)
    return _without_doubles(sorted(found.values(), key=lambda c: (c.action.start, c.start)))


def _frames(reading: Reading, voices: Voices) -> Iterator[Frame]:
    for token in reading.doc:
        if token.tag_ == "MD":
            yield from modal(token, voices)
        elif token.lemma_.lower() in _EXPLICIT and token.pos_ in ("VERB", "AUX", "ADJ"):
            yield from explicit(token)
        if token.tag_ in ("VB", "VBP") and is_verb(token):
            yield from imperative(token, voices)


def _without_doubles(found: list[Commitment]) -> list[Fact]:
    """One stretch is one commitment: an explicit verb (found first at its action) wins over the modal inside it."""
    kept: list[Commitment] = []
    for commitment in found:
        same = [
            k for k in kept[-3:] if k.action.start <= commitment.action.start and commitment.action.end <= k.action.end
        ]
        if not same or any(k.type != commitment.type and k.actor.end <= commitment.start for k in same):
            kept.append(commitment)
    return list(kept)


def _commitment(frame: Frame, reading: Reading, voices: Voices) -> Commitment | None:
    actor = _actor(frame, frame.actor, reading, voices)
    if actor is None or (actor.entity is None and not could_act(frame.actor)):
        return None
    if actor.name.lower() in _ANYBODY:
        return None
    bounds = condition_of(frame)
    doc = reading.doc
    condition = (
        reading.span(doc[bounds[0]].idx, doc[bounds[1] - 1].idx + len(doc[bounds[1] - 1]))
        if bounds is not None
        else None
    )
    action = action_of(frame, bounds, reading)
    evidence = _evidence(frame, action, condition, reading)
    said_by = _said_by(frame, reading, voices)
    target = None if frame.target is None else _actor(frame, frame.target, reading, voices)
    line = f"{actor.name} ({frame.type}): {action.text}"
    if condition is not None:
        line = f"{line}, {condition.text[0].lower()}{condition.text[1:]}"
    return Commitment(
        evidence=(reading.evidence(evidence.start, evidence.end),),
        summary=one_line(line),
        said_by=said_by,
        type=frame.type,
        actor=actor,
        target=target,
        action=action,
        condition=condition,
    )


_ANYBODY = frozenset(
    {"anyone", "anybody", "someone", "somebody", "everyone", "nobody", "those", "people", "that", "which"}
)


def _evidence(frame: Frame, action: Span, condition: Span | None, reading: Reading) -> Span:
    """From the subject (for a pronoun, from its speaker before it) to the end of action, date and condition."""
    doc = reading.doc
    starts, ends = [action.start], [action.end, _tail(frame)]
    if condition is not None:
        starts.append(condition.start)
        ends.append(condition.end)
    bearers = [frame.actor]
    if (
        frame.actor.lower_ in _PRONOUNS
        and frame.speaker is not None
        and frame.speaker.i < frame.governor.i < frame.actor.i
    ):
        bearers.append(frame.speaker)
    if frame.speaker is None:
        bearers.append(frame.governor)
    for token in bearers:
        if token.sent.start == frame.verb.sent.start:
            starts.append(doc[token.left_edge.i].idx if token.dep_ in ("nsubj", "nsubjpass") else token.idx)
            ends.append(token.idx + len(token))
    start, end = min(starts), max(ends)
    if end - start > _LONGEST:
        start, end = action.start, action.end
    low, high = _trimmed(reading.article.text, start, end)
    return reading.span(low, high)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks and commas at the edges."""
    while start < end and text[start] in " \n\t,;:":
        start += 1
    while end > start and text[end - 1] in " \n\t,;:":
        end -= 1
    return start, end


def _tail(frame: Frame) -> int:
    """Where the verb's own phrases end, a trailing date included."""
    last = max(
        (kid.right_edge for kid in frame.verb.rights if kid.dep_ in ("prep", "npadvmod", "dobj", "dative", "advmod")),
        key=lambda token: token.i,
        default=frame.verb,
    )
    return last.idx + len(last)


def _said_by(frame: Frame, reading: Reading, voices: Voices) -> Actor | None:
    if frame.speaker is not None:
        return _actor(frame, frame.speaker, reading, voices)
    if (covered := reading.said_by(frame.verb.idx, frame.verb.idx + len(frame.verb))) is not None:
        return covered
    above = voices.speaker(frame.governor)
    return None if above is None else _actor(frame, above[0], reading, voices)


def _actor(frame: Frame, head: Token, reading: Reading, voices: Voices) -> Actor | None:
    """The actor at a token, named; a pronoun by its antecedent, "we" and "it" by the speaker; None without a name."""
    if head.lower_ in _PRONOUNS:
        return _antecedent(frame, head, reading, voices)
    name = _naming(head)
    low, high = _phrase(head)
    doc = reading.doc
    start, end = doc[low].idx, doc[high - 1].idx + len(doc[high - 1])
    actor = reading.actor(start, end, head=name.idx)
    if actor.entity is not None:
        return actor
    return Actor(start=start, end=end, text=actor.text, name=_bare(_named_words(name, actor.text)))


def _antecedent(frame: Frame, pronoun: Token, reading: Reading, voices: Voices) -> Actor | None:
    actor = reading.actor(pronoun.idx, pronoun.idx + len(pronoun), head=pronoun.idx)
    own = frame.speaker is not None and frame.speaker.pos_ in ("NOUN", "PROPN") and pronoun.lower_ in ("it", "they")
    if actor.entity is not None and actor.name.lower() not in _PRONOUNS and not (own and pronoun.i == frame.actor.i):
        return actor
    if frame.speaker is not None and frame.speaker.i != pronoun.i and pronoun.i == frame.actor.i:
        return _side(frame.speaker, pronoun, reading, voices)
    above = voices.speaker(frame.governor)
    if above is not None and above[0].i != pronoun.i and above[0].lower_ not in _PRONOUNS:
        return _actor(frame, above[0], reading, voices)
    return None


def _side(speaker: Token, pronoun: Token, reading: Reading, voices: Voices) -> Actor | None:
    """Whom "we" or "it" of a speaker is: the body whose acts the same speaker told just before, else the speaker."""
    if speaker.lower_ in _PRONOUNS:
        actor = reading.actor(speaker.idx, speaker.idx + len(speaker), head=speaker.idx)
        return actor if actor.entity is not None and actor.name.lower() not in _PRONOUNS else None
    if pronoun.lower_ == "we" and voices.is_official(speaker):
        side = voices.side_of(speaker, before=pronoun)
        if side is not None:
            return reading.actor(side.idx, side.idx + len(side), head=side.idx)
    low, high = _phrase(speaker)
    doc = reading.doc
    name = _naming(speaker)
    start, end = doc[low].idx, doc[high - 1].idx + len(doc[high - 1])
    actor = reading.actor(start, end, head=name.idx)
    if actor.entity is None:
        return Actor(start=start, end=end, text=actor.text, name=_bare(_named_words(name, actor.text)))
    return actor


def _naming(head: Token) -> Token:
    """The name in "Slovenia's acting finance minister, *Matej Žnidar*" or "a gang calling itself the *Red Hand*"."""
    if head.pos_ == "PROPN":
        return head
    calling = next((kid for kid in head.rights if kid.dep_ == "acl" and kid.lemma_ == "call"), None)
    named = child(calling, ("oprd",)) if calling is not None else child(head, ("appos",))
    return named if named is not None and named.pos_ == "PROPN" else head


def _named_words(name: Token, text: str) -> str:
    if name.pos_ != "PROPN":
        return text
    words = [kid for kid in name.lefts if kid.dep_ == "compound" and kid.lower_ not in lexicon.OFFICIALS]
    first = words[0].i if words else name.i
    return name.doc[first : name.i + 1].text if name.text in text else text


def _bare(text: str) -> str:
    """Without article: "the Association" is named "Association"."""
    for article in ("the ", "a ", "an "):
        if text[: len(article)].lower() == article:
            return text[len(article) :]
    return text


def _phrase(head: Token) -> tuple[int, int]:
    """The noun phrase of an actor, without clauses and trailing commas."""
    low, high = head.left_edge.i, head.i + 1
    for kid in head.rights:
        if kid.dep_ in SUBORDINATE or kid.dep_ in ("punct", "cc", "conj", "acl", "advcl"):
            if kid.dep_ == "acl" and kid.tag_ == "VBG" and kid.lemma_ == "call":
                high = max(high, kid.right_edge.i + 1)
            continue
        if kid.dep_ in ("prep", "appos", "compound", "nmod", "case", "flat"):
            high = max(high, _until_clause(kid) + 1)
    for token in head.doc[low : head.i]:
        spaced = token.i > 0 and bool(token.nbor(-1).whitespace_)
        if token.whitespace_ and (token.text == ":" or (token.text in ("-", "–", "—") and spaced)):
            low = token.i + 1
    while low < head.i and (head.doc[low].is_space or head.doc[low].is_punct):
        low += 1
    while high - 1 > head.i and head.doc[high - 1].text in (",", ";", ":", "–", "—", "-"):
        high -= 1
    return low, high


def _until_clause(kid: Token) -> int:
    """The right edge of a dependent, before a clause that hangs on its noun."""
    noun = child(kid, ("pobj",)) or kid
    inner = child(noun, SUBORDINATE)
    return inner.left_edge.i - 1 if inner is not None and inner.left_edge.i > kid.i else kid.right_edge.i
