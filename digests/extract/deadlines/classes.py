"""Deadline (D), plan (S) or state (E): the class and boundary of a date by the verb it belongs to."""

from __future__ import annotations

from spacy.tokens import Token

from digests.extract.clauses import child, subject
from digests.extract.deadlines import lexicon as words
from digests.extract.deadlines.clause import governor, helpers, is_passive, sentence
from digests.extract.deadlines.looks import Look
from digests.model import Boundary

_SUBJECTS = ("nsubj", "nsubjpass", "expl")


def class_of(look: Look, condition: Token | None) -> tuple[str, Boundary]:
    verb, lead = look.verb, look.lead
    about = subject(verb)
    if about is None and verb.i > 0:
        about = verb.nbor(-1)
    thing = about.lemma_.lower() if about is not None else ""
    if _is_demanded(look, condition):
        return "D", lead.boundary
    if thing in words.CLOSED_BY and verb.lemma_ in words.CLOSING:
        return "D", lead.boundary
    if lead.boundary == "until":
        return "E", "until"
    ends = verb.lemma_ in words.ENDING and thing not in words.HAPPENINGS and child(verb, ("dobj",)) is None
    runs_out = verb.lemma_ == "run" and any(kid.lower_ == "out" for kid in verb.children)
    if runs_out or verb.lemma_ in ("expire", "lapse") or ends:
        return "E", lead.boundary if lead.boundary == "from" else "on"
    if _takes_effect(verb) or (verb.lemma_ in words.STARTING and thing in words.STATE_NOUNS):
        return "E", "from"
    if lead.boundary == "from" and "/" not in look.time.value:
        return "E", "from"
    if governor(verb, words.OFFER) is not None:
        return "S", "by" if lead.word == "within" else "on"
    if lead.boundary in ("by", "before") and (_announced(look, about) or lead.word == "no later than"):
        return "D", lead.boundary
    return "S", "by" if lead.word == "within" else "on"


def _is_demanded(look: Look, condition: Token | None) -> bool:
    verb = look.verb
    own = helpers(verb)
    if own & words.MUST or ("to" in own and verb.dep_ == "xcomp" and verb.head.lemma_ in words.OBLIGED):
        return True
    if governor(verb, words.PROMISE) is not None:
        return True
    if governor(verb, words.DEMAND) is not None and verb.tag_ in ("VB", "VBP") and not own & words.WILL:
        return True
    if (
        verb.tag_ == "VBN"
        and verb.dep_ in ("ccomp", "xcomp")
        and verb.head.lemma_ in words.WANT
        and verb.i > verb.head.i
    ):
        return True
    threat = governor(verb, words.THREATEN)
    if threat is not None:
        return threat.lemma_ == "threaten" or condition is not None
    warned = any(kid.lemma_ in words.THREATEN for kid in [verb.head] if verb.dep_ in ("ccomp", "ROOT", "parataxis"))
    unless = condition is not None and any(kid.lower_ == "unless" for kid in condition.children)
    imperative = (
        verb.tag_ in ("VB", "VBP") and not own and verb.i == _first_word(verb) and child(verb, _SUBJECTS) is None
    )
    return unless or (warned and condition is not None) or imperative


def _first_word(verb: Token) -> int:
    """Number of the sentence's first word that is no mark."""
    low, high = sentence(verb)
    return next((token.i for token in verb.doc[low:high] if not token.is_punct and not token.is_space), verb.i)


def _takes_effect(verb: Token) -> bool:
    around = {kid.lower_ for kid in verb.children if kid.dep_ in ("dobj", "prt", "prep", "advmod")}
    return any(verb.lemma_ == lemma and word in around for lemma, word in words.EFFECT)


def _announced(look: Look, about: Token | None) -> bool:
    """The actor's own announced action, not a forecast of what will have become of a thing."""
    verb = look.verb
    if is_passive(verb) or verb.lemma_ == "be" or about is None:
        return False
    hoped = governor(verb, frozenset({"expect", "hope", "seek"}))
    return hoped is None and bool(helpers(verb) & (words.WILL | {"to"}))
