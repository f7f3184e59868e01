"""Commitments by a verb that says so: promise, threaten, offer, order, give until, be ready to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from digests.extract.clauses import child, is_verb, subject
from digests.extract.commitments import lexicon
from digests.extract.commitments.conditions import condition_of
from digests.extract.commitments.frames import Frame, alternative
from digests.extract.commitments.voices import could_act, same_party
from digests.model import CommitmentType
from digests.text.wordlist import words

_NOT_NOW = words("may might could would should must can will 'll shall")
_STILL = words("always still now also not only")
_TIME_NOUNS = words("hour day week month deadline minute until ultimatum time")


def explicit(verb: Token) -> Iterator[Frame]:
    """The commitments a verb (or the adjective "ready") states."""
    lemma = verb.lemma_.lower()
    if lemma in lexicon.EAGER and verb.pos_ == "ADJ":
        yield from _eager(verb)
    if not is_verb(verb) or not _asserted(verb):
        return
    if lemma in lexicon.PROMISE or lemma in lexicon.THREATEN or lemma in lexicon.OFFER:
        yield from _undertaking(verb, lemma)
    elif lemma == "give":
        yield from _given_time(verb)
    elif lemma in lexicon.DEMAND:
        yield from _demand(verb, lemma)


def _asserted(verb: Token) -> bool:
    """Said to have been done: finite or a participle clause, not denied, not merely possible or planned."""
    if verb.dep_ in ("amod", "compound") or any(kid.dep_ == "neg" for kid in verb.children):
        return False
    helpers = {kid.lower_ for kid in verb.children if kid.dep_ in ("aux", "auxpass")}
    if helpers & _NOT_NOW or "to" in helpers:
        return False
    if verb.tag_ == "VB" and not helpers & {"do", "did", "does"}:
        return verb.dep_ == "conj" and verb.head.tag_ in ("VBD", "VBZ", "VBP")
    above = verb.head
    if verb.dep_ == "ccomp" and verb.tag_ == "VBP" and above.lemma_ in lexicon.DEMAND:
        return False
    if verb.dep_ in ("xcomp", "ccomp", "pcomp") and above.lemma_ in lexicon.RETRACT:
        return False
    return not any(kid.dep_ == "mark" and kid.lower_ in ("if", "unless", "whether", "until") for kid in verb.children)


def _eager(adjective: Token) -> Iterator[Frame]:
    """ "it was ready to help"."""
    verb = adjective.head
    to_do = child(adjective, ("xcomp",)) or child(verb, ("xcomp",))
    if verb.lemma_ not in ("be", "stand", "remain") or to_do is None or not _infinitive(to_do):
        return
    if any(kid.dep_ == "neg" or kid.lower_ in _NOT_NOW - {"would"} for kid in verb.children):
        return
    if any(kid.dep_ == "mark" and kid.lower_ in ("if", "unless", "whether") for kid in verb.children):
        return
    if any(kid.dep_ == "advmod" and kid.lower_ not in _STILL for kid in adjective.children):
        return
    actor = subject(verb)
    if actor is not None and actor.pos_ in ("PROPN", "NOUN", "PRON") and to_do.lemma_ in lexicon.HELP | lexicon.DEAL:
        yield Frame(type="offer", actor=actor, verb=to_do, governor=verb)


def _undertaking(verb: Token, lemma: str) -> Iterator[Frame]:
    if child(verb, ("nsubjpass", "auxpass")) is not None:
        return
    actor = _actor(verb)
    if actor is None or actor.lemma_.lower() in _PAPERS:
        return
    if verb.dep_ == "relcl" and any(kid.lower_ in ("a", "an", "any", "no") for kid in verb.head.lefts):
        return
    kind: CommitmentType = "threat" if lemma in lexicon.THREATEN else "offer" if lemma in lexicon.OFFER else "promise"
    target = child(verb, ("dative",)) or _receiver(verb)
    clause = _complement(verb)
    if clause is not None and clause.dep_ in ("ccomp", "acl", "relcl") and not _infinitive(clause):
        own = child(clause, ("nsubj", "nsubjpass"))
        if lemma == "agree" or (own is not None and own.tag_ in ("WP", "WDT")):
            return
        whole = own is None or not same_party(own, actor)
        frame = Frame(type=kind, actor=actor, verb=clause, governor=verb, target=target, whole=whole)
        yield _of_kind(kind, lemma, frame)
    elif clause is not None and (clause.tag_ == "VB" or lemma in ("propose", "commit")):
        yield _of_kind(kind, lemma, Frame(type=kind, actor=actor, verb=clause, governor=verb, target=target))
    elif (noun := _object(verb, lemma)) is not None:
        receiver = target if target is not None else child(verb, ("dobj",))
        receiver = receiver if receiver is not None and receiver.i != noun.i else None
        yield Frame(type=kind, actor=actor, verb=noun, governor=verb, target=receiver, noun=True)


def _actor(verb: Token) -> Token | None:
    """Who undertakes it: the subject, past two slips of small parsers.

    "..., Ana Soto, promised to go" is taken for "Soto, who was promised"; in "said the tower that fell ... and
    pledged to dig" the tower pledges nothing, whoever said so does.
    """
    if verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBD"):
        return verb.head if verb.i and verb.nbor(-1).text == "," and verb.head.pos_ in ("NOUN", "PROPN") else None
    actor = subject(verb)
    if actor is None or verb.dep_ != "conj" or could_act(actor):
        return actor
    root = verb.sent.root
    other = subject(root) if is_verb(root) and root.i < verb.i else None
    return other if other is not None and could_act(other) else actor


def _of_kind(kind: CommitmentType, lemma: str, frame: Frame) -> Frame:
    """The frame, typed: a vow to do harm is a threat; so is staying away until something happens."""
    if kind == "promise" and lemma in lexicon.HARMFUL_IF_VOWED:
        bounds = condition_of(frame)
        opener = frame.verb.doc[bounds[0]].lower_ if bounds is not None else ""
        act = frame.verb.lemma_
        if act in lexicon.HARM_ALWAYS or (opener in ("until", "till", "unless") and act in lexicon.HARM):
            kind = "threat"
    return replace(frame, type=kind)


def _complement(verb: Token) -> Token | None:
    """The clause that says what is promised or demanded."""
    for kid in verb.rights:
        if kid.dep_ in ("xcomp", "ccomp") and is_verb(kid):
            return kid
        if kid.dep_ == "prep" and kid.lower_ == "to" and verb.lemma_ == "commit":
            return child(kid, ("pcomp",))
        inner = child(kid, ("acl", "relcl")) if kid.dep_ == "dobj" else None
        if inner is not None and any(sub.lower_ == "that" and sub.dep_ != "nsubj" for sub in inner.lefts):
            return inner
    return None


def _infinitive(verb: Token) -> bool:
    return any(kid.dep_ == "aux" and kid.lower_ == "to" for kid in verb.children)


def _receiver(verb: Token) -> Token | None:
    """Who is assured or threatened: "assured *households* that ..."."""
    thing = child(verb, ("dobj",))
    return thing if thing is not None and _complement(verb) is not None else None


def _object(verb: Token, lemma: str) -> Token | None:
    """The noun of "promised a floor vote"; for "threatened sanctions" only nouns that threaten."""
    if lemma in ("agree", "commit", "assure", "reassure") or (lemma == "offer" and verb.tag_ in ("VBZ", "VBP", "VBG")):
        return None
    things = [kid for kid in verb.rights if kid.dep_ in ("dobj", "oprd", "appos")]
    thing = things[-1] if len(things) > 1 and things[0].dep_ == things[1].dep_ else next(iter(things), None)
    if lemma == "threaten":
        within = child(verb, ("prep",))
        with_what = child(within, ("pobj",)) if within is not None and within.lower_ == "with" else None
        if with_what is not None:
            return with_what
        return thing if thing is not None and thing.lemma_ in lexicon.HARM_NOUNS else None
    if thing is None or thing.tag_ in ("PRP", "WDT", "WP") or thing.lemma_.lower() in lexicon.NO_OFFERS:
        return None
    return None if any(kid.lower_ in ("no", "little", "few") for kid in thing.lefts) else thing


def _demand(verb: Token, lemma: str) -> Iterator[Frame]:
    clause = _demanded(verb, lemma)
    actor = _agent(verb, clause) if _passive(verb) else _actor(verb)
    passive = _passive(verb)
    if actor is None or actor.lemma_ in lexicon.ONLOOKERS:
        return
    if clause is not None:
        ordered = child(verb, ("nsubjpass", "dobj", "dative")) or child(clause, ("nsubj", "nsubjpass"))
        whole = clause.dep_ == "ccomp" and child(clause, ("nsubjpass",)) is not None and not _infinitive(clause)
        other = alternative(clause)
        alone = other is not None
        yield Frame(type="demand", actor=actor, verb=clause, governor=verb, target=ordered, whole=whole, alone=alone)
        if other is not None:
            yield Frame(type="threat", actor=actor, verb=other, governor=other, target=ordered)
        return
    thing = child(verb, ("dobj",))
    if lemma == "demand" and not passive and thing is not None and thing.pos_ == "NOUN":
        yield Frame(type="demand", actor=actor, verb=thing, governor=verb, noun=True)


def _passive(verb: Token) -> bool:
    """ "was told", "residents told to leave"; not the misread "..., Ana Soto, ordered them to leave"."""
    if verb.dep_ == "acl" and verb.tag_ == "VBN":
        return verb.nbor(-1).text != "," if verb.i else True
    return child(verb, ("nsubjpass", "auxpass")) is not None


def _demanded(verb: Token, lemma: str) -> Token | None:
    """What is to be done: an infinitive with its doer, or a clause with "must" or a subjunctive."""
    if lemma == "call":
        on = next((kid for kid in verb.children if kid.dep_ == "prep" and kid.lower_ in ("on", "upon")), None)
        to_do = (kid for kid in verb.rights if kid.dep_ in ("xcomp", "advcl", "ccomp") and _infinitive(kid))
        return next(to_do, None) if on is not None else None
    for kid in verb.rights:
        if kid.dep_ not in ("xcomp", "ccomp", "advcl", "relcl", "acl") or not is_verb(kid):
            continue
        if _infinitive(kid):
            if kid.dep_ in ("xcomp", "ccomp") or child(verb, ("dobj", "nsubjpass", "dative")) is not None:
                return kid if not (lemma == "press" and kid.dep_ == "advcl") else None
        elif kid.dep_ == "ccomp" and lemma not in ("tell", "warn", "give", "call", "press") and _subjunctive(kid):
            return kid
    thing = child(verb, ("dobj",))
    inner = child(thing, ("acl", "relcl")) if thing is not None else None
    return inner if inner is not None and _infinitive(inner) and lemma not in ("give", "press") else None


def _subjunctive(clause: Token) -> bool:
    """ "demanded that it withdraw", "insisted the tax be dropped", "ordered that they should go"."""
    helpers = [kid for kid in clause.children if kid.dep_ in ("aux", "auxpass")]
    if any(kid.lower_ in ("must", "should", "shall") for kid in helpers):
        return True
    if any(kid.lower_ == "be" and kid.dep_ == "auxpass" for kid in helpers):
        return all(kid.lower_ == "be" for kid in helpers)
    if helpers or child(clause, ("nsubj",)) is None:
        return False
    late = clause.head.tag_ == "VBD" and clause.lemma_ not in lexicon.NO_ACT
    return clause.tag_ == "VB" or (clause.tag_ == "VBP" and (late or _third_singular(clause)))


def _third_singular(clause: Token) -> bool:
    own = child(clause, ("nsubj",))
    return (own is not None and own.tag_ in ("NN", "NNP")) or (own is not None and own.lower_ in ("he", "she", "it"))


def _agent(verb: Token, clause: Token | None) -> Token | None:
    """Who orders in a passive: the last "by" that is somebody, wherever the parser hung it."""
    places = [verb] if clause is None else [verb, clause, *clause.children]
    phrases = [kid for place in places for kid in place.children if kid.lower_ == "by" and kid.i > verb.i]
    found = [who for by in phrases for who in by.children if who.dep_ == "pobj" and who.pos_ in ("PROPN", "NOUN")]
    return next((who for who in reversed(found) if who.lemma_.lower() not in _DAYS), None)


_DAYS = words(
    "monday tuesday wednesday thursday friday saturday sunday noon midnight end p.m. a.m. pm am january february march "
    "april may june july august september october november december deadline year month week day time"
)


_PAPERS = words(
    "act bill law measure rule amendment legislation proposal ordinance resolution regulation programme program"
)
"""What may promise or ban in print and gives nobody's word."""


def _given_time(verb: Token) -> Iterator[Frame]:
    """ "gave the firms 72 hours to leave", "has given it until May 31 to answer"."""
    doc = verb.doc
    inner = [kid for kid in verb.rights if kid.dep_ in ("advcl", "xcomp", "ccomp", "relcl", "acl") and _infinitive(kid)]
    thing = child(verb, ("dobj",))
    if thing is not None:
        inner += [kid for kid in thing.rights if kid.dep_ in ("relcl", "acl") and _infinitive(kid)]
    if not inner:
        return
    to_do = inner[0]
    between = {token.lemma_.lower() for token in doc[verb.i + 1 : to_do.i][:24]}
    passive = child(verb, ("nsubjpass", "auxpass")) is not None
    actor = _agent(verb, to_do) if passive else subject(verb)
    if not between & _TIME_NOUNS or actor is None:
        return
    target = child(verb, ("nsubjpass",)) if passive else child(verb, ("dative", "dobj"))
    other = alternative(to_do)
    alone = other is not None
    yield Frame(type="demand", actor=actor, verb=to_do, governor=verb, target=target, alone=alone)
    if other is not None:
        yield Frame(type="threat", actor=actor, verb=other, governor=other, target=target)
