"""Decides what a date is to its clause: a deadline (D), a plan (S), a state's end or start (E), or none of these.

The classes are those of the labels' conventions (2, class). What is past, denied, merely possible or forecast is none.
"""

from __future__ import annotations

import re

from spacy.tokens import Token

from digests.extract.clauses import child, clause_head, is_verb, subject
from digests.extract.deadlines import lexicon as words
from digests.extract.deadlines.classes import class_of
from digests.extract.deadlines.clause import (
    condition_of,
    enclosing_condition,
    governor,
    governors,
    helpers,
    is_negated,
    is_passive,
    object_of,
)
from digests.extract.deadlines.doubts import is_doubtful
from digests.extract.deadlines.looks import Frame, Look
from digests.extract.deadlines.rejected import announced_noun, is_nothing, is_superseded, survives_past
from digests.extract.deadlines.told import is_told
from digests.extract.times import PRESENT, verb_direction
from digests.model import Boundary
from digests.text import dates

_LONGEST = 400
"""Days: a decade or a century is no date to keep."""
_EVENTS = words.HAPPENINGS | words.PLAN_NOUNS | words.OCCASIONS


def frame_of(look: Look, *, entry: bool = False) -> Frame | None:
    """The frame of a date, or None where it is no deadline and no scheduled event.

    ``entry``: the date stands in a timeline's entry or a caption, which tell what has been.
    """
    if look.time.type == "SET" or not (
        is_verb(look.verb) or look.verb.lower_ in PRESENT or child(look.verb, ("nsubj",))
    ):
        return None
    if look.is_duration:
        return None if entry or is_told(look, entry=False) else _duration(look)
    days = look.days
    if days is None or days[1] < look.today or (days[1] - days[0]).days > _LONGEST or _is_label(look):
        return None
    condition = enclosing_condition(look.verb)
    if condition is not None:
        return _in_condition(look, condition)
    if _not_yet(look):
        return Frame(class_="D", boundary=look.lead.boundary, verb=look.verb)
    if is_nothing(look) or is_told(look, entry=entry) or is_doubtful(look):
        return None
    return _deadline_noun(look) or _given(look) or _moved(look) or _noun_of(look) or _by_verb(look)


def _not_yet(look: Look) -> bool:
    """ "any firm that has not repaid by June": to be done by then, or else."""
    verb = look.verb
    perfect = bool(helpers(verb) & {"has", "have"}) and is_negated(verb)
    return perfect and look.lead.word == "by" and look.is_ahead and verb.dep_ in ("relcl", "advcl")


def _in_condition(look: Look, condition: Token) -> Frame | None:
    """ "will strike unless they withdraw by May": a deadline for what the condition names, if the rest is a threat."""
    main = clause_head(condition.head)
    speech = words.THREATEN | words.PROMISE | words.DEMAND
    threat = bool(helpers(main) & (words.WILL | words.MUST | {"to"})) or main.lemma_ in speech
    threat = threat or governor(main, speech) is not None or is_negated(condition)
    threat = threat or any(kid.lower_ == "unless" for kid in condition.children)
    if look.verb.i != condition.i and look.verb.dep_ not in ("xcomp", "conj", "ccomp"):
        return None
    if not threat or look.lead.boundary not in ("by", "before", "until"):
        return None
    return Frame(class_="D", boundary=look.lead.boundary, verb=look.verb)


def _deadline_noun(look: Look) -> Frame | None:
    """ "a May 31 deadline for answers", "the deadline is Friday"."""
    noun = look.root.head
    of = noun.head if noun.dep_ == "prep" else noun
    about = subject(look.verb) if look.verb.lemma_ in ("be", "fall", "expire", "pass", "run", "end") else None
    for word in (look.root, noun, of, about):
        if word is not None and word.lemma_.lower() in words.DEADLINE_NOUNS and word.pos_ in ("NOUN", "PROPN"):
            if look.verb.lemma_ in ("miss", "extend", "lift", "drop"):
                return None
            action = child(word, ("acl", "relcl"))
            boundary: Boundary = look.lead.boundary if look.lead.boundary in ("by", "until") else "by"
            return Frame(
                class_="D",
                boundary=boundary,
                verb=action or look.verb,
                actor=_addressee(look.verb) if action is None else None,
                thing=object_of(word, "for") if action is None else None,
                names_action=action is not None,
            )
    return None


def _addressee(verb: Token) -> Token | None:
    """ "issued a 72-hour ultimatum *to the government*"."""
    if verb.lemma_ not in words.ISSUE:
        return None
    given = child(verb, ("dative",))
    return given if given is not None and given.pos_ != "ADP" else object_of(verb, "to")


def _given(look: Look) -> Frame | None:
    """ "gave X until Friday to leave", "lawmakers have until Sunday to pass it"."""
    verb = look.verb
    bounded = look.lead.boundary == "until" or look.is_duration or " from " in look.time.text
    giver = verb
    if (
        verb.lemma_ not in words.GIVE
        and verb.head.lemma_ in words.GIVE
        and verb.dep_ in ("xcomp", "acl", "advcl", "relcl")
    ):
        giver = verb.head
    if not bounded or giver.lemma_ not in words.GIVE or "-" in look.time.text:
        return None
    action = next((kid for kid in _below(giver) if "to" in helpers(kid) and kid.i > look.root.i - 1), None)
    if action is None and giver.lemma_ not in ("give", "grant"):
        return None
    if any(kid.lower_ == "then" or (kid.lower_ == "before" and kid.i > giver.i) for kid in giver.children):
        return None
    if giver.lemma_ in ("have", "get") and giver.lower_ == "had":
        return None
    if look.is_duration and (dates.after(look.today, look.time.value) or look.today).toordinal() > (
        look.today.toordinal() + 180
    ):
        return None
    if look.is_duration and giver.lemma_ in ("have", "get") and look.root.dep_ not in ("dobj", "attr", "nummod"):
        return None
    receiver = subject(giver)
    if giver.lemma_ in ("give", "grant", "allow", "set", "offer") and not is_passive(giver):
        receiver = child(giver, ("dative", "dobj"))
        if receiver is not None and receiver.dep_ == "dative" and receiver.pos_ == "ADP":
            receiver = child(receiver, ("pobj",))
        if receiver is not None and receiver.i in {token.i for token in look.tokens}:
            receiver = None
    boundary: Boundary = "until" if look.lead.boundary == "until" else "by"
    return Frame(class_="D", boundary=boundary, verb=action or giver, actor=receiver, condition=condition_of(giver))


def _below(verb: Token) -> list[Token]:
    """Infinitives that may hang on a verb of giving, or on the time or noun it gives."""
    found = [kid for kid in verb.children if is_verb(kid)]
    for kid in verb.children:
        if kid.dep_ in ("prep", "dobj", "npadvmod", "dative", "attr"):
            for low in [kid, *kid.children]:
                found += [word for word in low.children if is_verb(word)]
    return sorted(found, key=lambda word: word.i)


def _duration(look: Look) -> Frame | None:
    """ "within ten days", "72 hours to leave", "a 48-hour ultimatum", "in two weeks"."""
    if dates.after(look.today, look.time.value) is None or enclosing_condition(look.verb) or is_nothing(look):
        return None
    noun = look.root.head if "-" in look.time.text else look.root
    if noun.lemma_ in words.DEADLINE_NOUNS or look.root.head.lemma_ in words.DEADLINE_NOUNS:
        return _deadline_noun(look)
    if look.lead.word == "within":
        return None if look.is_counted_from_elsewhere else _by_verb(look)
    if given := _given(look):
        return given
    soon = look.lead.word == "in" and helpers(look.verb) & {"will", "'ll", "wo"}
    return _by_verb(look) if soon and look.time.value[-1] in "DWM" and "-" not in look.time.text else None


def _moved(look: Look) -> Frame | None:
    """ "postponed from Friday to June 24": the first is superseded, the second stands."""
    mover = next((word for word in (look.verb, *governors(look.verb)) if word.lemma_ in words.MOVE), None)
    if mover is None or look.lead.word not in ("to", "until", "till", "for") or is_superseded(look):
        return None
    moved = child(mover, ("dobj", "nsubjpass"))
    if moved is not None and moved.lemma_ in words.DEADLINE_NOUNS:
        return Frame(class_="D", boundary="by", verb=mover)
    ends = mover.lemma_ in ("extend", "prolong") or (look.lead.boundary == "until" and mover.lemma_ in ("push", "hold"))
    return Frame(class_="E" if ends else "S", boundary="until" if ends else "on", verb=mover)


def _is_label(look: Look) -> bool:
    """ "the 2028 Olympics", "WWDC 2005": a year that names an edition."""
    root = look.root
    bare = len(look.time.value) == 4 and look.lead.word in ("", "of", "and")
    return (
        bare
        and root.dep_ in ("nummod", "compound", "appos", "npadvmod", "pobj")
        and root.head.pos_ in ("PROPN", "NOUN")
    )


def _noun_of(look: Look) -> Frame | None:
    """ "ahead of *Sunday's vote*", "the *May 3 election*": the event is the noun, whatever the verb tells."""
    root = look.root
    if not look.is_ahead or root.head.pos_ != "NOUN" or root.head.i < root.i:
        return None
    if root.head.lemma_.lower() in words.DEADLINE_NOUNS:
        return None
    if root.dep_ not in ("poss", "compound", "nmod", "nummod") or not (look.names_a_day or root.dep_ == "poss"):
        return None
    noun = root.head.lemma_.lower()
    if root.dep_ == "poss" and noun not in _EVENTS:
        return None
    held = noun in words.HAPPENINGS | words.OCCASIONS or verb_direction(look.verb) != "back"
    if len(look.tokens) == 1 and (not held or not re.search(r"\d|day$", look.time.text)) and root.dep_ != "poss":
        return None
    return Frame(class_="S", boundary="on", verb=look.verb, thing=root.head, names_action=False)


def _by_verb(look: Look) -> Frame | None:
    if is_superseded(look):
        return None
    verb = look.verb
    condition = condition_of(verb)
    way = verb_direction(verb)
    is_will = bool(helpers(verb) & words.WILL)
    bound = verb.lemma_ in words.PROMISE or look.lead.boundary in ("by", "before", "until")
    if verb.lemma_ in words.PROMISE | words.DEMAND and bound and way == "back" and look.is_ahead:
        return Frame(class_="D", boundary=look.lead.boundary, verb=verb, condition=condition)
    if way == "back" and not is_will:
        noun = announced_noun(look)
        if noun is not None:
            return Frame(class_="S", boundary="on", verb=verb, thing=noun, names_action=False)
        if not survives_past(look):
            return None
    class_, boundary = class_of(look, condition)
    return Frame(class_=class_, boundary=boundary, verb=verb, condition=condition)
