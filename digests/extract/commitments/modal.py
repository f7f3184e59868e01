"""Commitments by "will", "must" and "could" in the mouth of somebody with standing."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from digests.extract.clauses import child, is_verb, subject
from digests.extract.commitments import lexicon
from digests.extract.commitments.conditions import condition_of
from digests.extract.commitments.frames import Frame, alternative
from digests.extract.commitments.voices import Voices
from digests.model import CommitmentType
from digests.text.wordlist import words

_WILL = frozenset(("will", "would", "'ll", "wo", "shall", "’ll"))
_MUST = frozenset(("must", "should", "shall"))
_COULD = frozenset(("could", "can", "may", "might"))
_DOUBTS = words("likely probably possibly perhaps maybe presumably eventually")
_PUNISHED = words("jail fine arrest prosecute shoot expel deport dismiss sack imprison punish")


def modal(aux: Token, voices: Voices) -> Iterator[Frame]:
    """The commitments that hang on a modal verb."""
    verb = aux.head
    if aux.dep_ != "aux" or not is_verb(verb) or verb.tag_ not in ("VB", "VBP", "VBN") or _unreal(verb):
        return
    said = voices.speaker(verb)
    if said is None or said[0].lemma_.lower() in lexicon.ONLOOKERS:
        return
    who, cue = said
    acting = subject(verb)
    if acting is None or (aux.i < acting.i < verb.i) or any(kid.tag_ == "WP$" for kid in acting.lefts):
        return
    word = aux.lower_
    governor = cue if cue is not None and cue.i != verb.i else verb
    if word in _MUST and (word != "shall" or child(verb, ("nsubjpass",))):
        yield from _obligation(verb, acting, who, governor, word, voices)
    elif word in _WILL or word in _COULD:
        yield from _own_act(verb, acting, who, governor, voices, possible=word in _COULD)


_MINDS = words("consider see view regard note remember know expect think imagine feel understand assume recall believe")
"""What "must" and "should" ask of minds only: "should be considered armed"."""


def _unreal(verb: Token) -> bool:
    """Perfects, questions and what stands under if and whether."""
    helpers = {kid.lower_ for kid in verb.children if kid.dep_ == "aux"}
    marks = {kid.lower_ for kid in verb.children if kid.dep_ in ("mark", "advmod")}
    doubted = any(kid.lower_ in _DOUBTS for kid in verb.children if kid.dep_ == "advmod")
    return doubted or "have" in helpers or bool(marks & {"if", "unless", "whether", "how", "why", "where", "until"})


def _obligation(verb: Token, acting: Token, who: Token, governor: Token, word: str, voices: Voices) -> Iterator[Frame]:
    """ "must leave, the mayor said": a demand by whoever says it, with the penalty after "or" as a threat."""
    told = child(governor, ("dobj", "dative")) if governor.lemma_ in ("tell", "warn", "inform", "notify") else None
    serious = verb.lemma_ == "take" and any(kid.lower_ == "seriously" for kid in verb.children)
    if serious or verb.lemma_ in _MINDS or (word == "should" and acting.lower_ == "you"):
        return
    if acting.lower_ in ("there", "this", "that", "i", "we") or (acting.lower_ == "it" and told is None):
        return
    if acting.i == who.i or acting.text == who.text:
        return
    if (
        verb.lemma_ in ("be", "have")
        and child(verb, ("auxpass",)) is None
        and child(verb, ("acomp", "attr")) is not None
    ):
        return
    if word == "should" and not voices.is_official(who):
        return
    passive = acting.dep_ == "nsubjpass"
    other = alternative(verb)
    yield Frame(
        type="demand", actor=who, verb=verb, governor=governor, speaker=who, target=acting, whole=passive,
        alone=other is not None,
    )  # fmt: skip
    if other is not None:
        yield Frame(type="threat", actor=who, verb=other, governor=other, speaker=who, target=acting)


def imperative(verb: Token, voices: Voices) -> Iterator[Frame]:
    """ "Hand over the airport or face an assault": whoever is said to say so demands and threatens."""
    if verb.tag_ not in ("VB", "VBP") or child(verb, ("nsubj", "nsubjpass", "aux", "expl")) is not None:
        return
    other = alternative(verb)
    told = other is not None and any(kid.lower_ == "you" for kid in other.lefts)
    if other is None or (other.tag_ != verb.tag_ and not told) or verb.i > verb.sent.start + 2:
        return
    said = voices.speaker(verb)
    who = said[0] if said is not None else _sender(verb)
    if who is not None:
        yield Frame(type="demand", actor=who, verb=verb, governor=verb, alone=True)
        yield Frame(type="threat", actor=who, verb=other, governor=other)


def _sender(verb: Token) -> Token | None:
    """Who the rest of the sentence says the message is from: its first named subject or possessor."""
    named = [token for token in verb.sent if token.pos_ == "PROPN" and token.dep_ in ("nsubj", "poss")]
    return named[0] if named else None


def _own_act(
    verb: Token, acting: Token, who: Token, governor: Token, voices: Voices, *, possible: bool
) -> Iterator[Frame]:
    passive = acting.dep_ == "nsubjpass"
    if passive or not voices.own_side(acting, who):
        if verb.lemma_ in _PUNISHED and passive and voices.is_official(who) and acting.tag_ != "PRP":
            yield Frame(type="threat", actor=who, verb=verb, governor=governor, speaker=who, target=acting)
        return
    frame = Frame(type="threat", actor=acting, verb=verb, governor=governor, speaker=who)
    kind = _kind(frame, possible=possible)
    if kind is not None:
        yield Frame(type=kind, actor=acting, verb=verb, governor=governor, speaker=who)


def _kind(frame: Frame, *, possible: bool) -> CommitmentType | None:
    """What an act of one's own is: threat, offer, promise, or only a plan."""
    verb = frame.verb
    lemma = verb.lemma_.lower()
    marks = _marks(frame) | {kid.lower_ for kid in verb.children if kid.lower_ == "otherwise"}
    if any(kid.dep_ == "neg" for kid in verb.children):
        return _refusal(lemma, marks, possible=possible, acting=frame.actor)
    warned = frame.governor.lemma_ in ("warn", "threaten", "caution")
    if _harms(verb, tied=warned or bool(marks)):
        return "threat"
    if possible or lemma in lexicon.NO_ACT:
        return None
    if marks and lemma in lexicon.HELP:
        return "offer"
    if marks & {"unless", "otherwise"}:
        return "threat"
    if lemma in lexicon.DELIVER and _beneficiary(verb):
        return "promise"
    return None


def _marks(frame: Frame) -> set[str]:
    found = condition_of(frame)
    if found is None:
        return set()
    return {token.lower_ for token in frame.verb.doc[found[0] : found[1]][:3]} & (lexicon.IF | {"only"})


def _refusal(lemma: str, marks: set[str], *, possible: bool, acting: Token) -> CommitmentType | None:
    """ "We will not vote for it" promises; "will not reopen until ..." threatens; "would not comment" is nothing."""
    if possible or lemma in lexicon.NO_ACT or lemma == "hesitate":
        return "threat" if lemma == "hesitate" else None
    if marks & {"until", "unless", "if"}:
        return "threat"
    return "promise" if acting.pos_ in ("PRON", "NOUN", "PROPN") else None


def _harms(verb: Token, *, tied: bool) -> bool:
    """Whether the act, or what it leads to, hurts: "use military power to drive back ..."."""
    lemma = verb.lemma_.lower()
    if lemma in lexicon.HARM_ALWAYS:
        return True
    thing = child(verb, ("dobj",))
    if thing is not None and thing.lemma_.lower() in lexicon.HARM_NOUNS and lemma in ("use", "take", "launch", "make"):
        return lemma == "use" or tied or lemma == "launch"
    if any(kid.dep_ == "prep" and kid.lower_ == "to" and kid.nbor(1).lower_ == "court" for kid in verb.rights):
        return True
    if not tied:
        return False
    inner = child(verb, ("xcomp",))
    return lemma in lexicon.HARM or (inner is not None and inner.lemma_ in lexicon.HARM)


def _beneficiary(verb: Token) -> bool:
    for kid in verb.children:
        if kid.dep_ == "dative" or (kid.dep_ == "prep" and kid.lower_ == "to"):
            who = kid if kid.pos_ in ("NOUN", "PROPN") else child(kid, ("pobj",))
            if who is not None and who.pos_ in ("NOUN", "PROPN"):
                return True
    return False
