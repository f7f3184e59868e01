"""Decides what a date is to its clause: a deadline (D), a plan (S), a state's end or start (E), or none of these.

The classes are those of the labels' conventions (2, class). What is past, denied, merely possible or forecast is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Token

from digests.extract.clauses import child, clause_head, is_verb, root_of, subject
from digests.extract.deadlines import lexicon as words
from digests.extract.deadlines.clause import (
    condition_of,
    enclosing_condition,
    governor,
    governors,
    helpers,
    is_denied,
    is_negated,
    is_passive,
    object_of,
)
from digests.extract.deadlines.lead import Lead
from digests.extract.times import PRESENT, verb_direction
from digests.model import Boundary, TimeExpression
from digests.text import dates

_EXPECT = frozenset({"expect", "see"})
_SUBJECTS = ("nsubj", "nsubjpass", "expl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """``verb``: what is done; ``actor``: the head word of who does it, if the frame itself names it (gave X until).

    ``thing``: the noun that is due ("the deadline for *bids*") where ``names_action`` is false.
    """

    class_: str
    boundary: Boundary
    verb: Token
    actor: Token | None = None
    condition: Token | None = None
    thing: Token | None = None
    names_action: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One date under examination."""

    time: TimeExpression
    lead: Lead
    tokens: list[Token]
    verb: Token
    today: date

    @property
    def root(self) -> Token:
        return root_of(self.tokens)

    @property
    def days(self) -> tuple[date, date] | None:
        return dates.day_range(self.time.value, today=self.today)

    @property
    def is_duration(self) -> bool:
        return self.time.type == "DURATION"


def finite(verb: Token) -> Token:
    """The verb whose gerund complement it is: "told them to *stop* shelling by Thursday"."""
    while verb.tag_ == "VBG" and verb.dep_ == "xcomp" and is_verb(verb.head):
        verb = verb.head
    return verb


def frame_of(look: Look) -> Frame | None:
    """The frame of a date, or None where it is no deadline and no scheduled event."""
    if look.time.type == "SET" or not (is_verb(look.verb) or look.verb.lower_ in PRESENT):
        return None
    if look.is_duration:
        return _duration(look)
    days = look.days
    if days is None or days[1] < look.today:
        return None
    condition = enclosing_condition(look.verb)
    if condition is not None:
        return _in_condition(look, condition)
    if _is_nothing(look):
        return None
    return _deadline_noun(look) or _given(look) or _moved(look) or _noun_of(look) or _by_verb(look)


def _is_nothing(look: Look) -> bool:
    """Denied, negated, possible, forecast, a question."""
    verb = look.verb
    if look.lead.word == "after":
        return True
    possible = helpers(verb) & words.POSSIBLE and not helpers(verb) & words.WILL
    if possible or is_denied(verb):
        return True
    if is_negated(verb) and look.lead.boundary != "until":
        return True
    if (above := governor(verb, _EXPECT)) is not None and _is_onlookers(above):
        return True
    if verb.lemma_ in words.FORECAST or any(word.lemma_ in words.FORECAST for word in governors(verb)):
        return True
    return any(kid.lower_ == "whether" for kid in verb.children) or any(
        word.lemma_ in ("ask", "wonder") and child(verb, ("mark",)) is not None for word in governors(verb)
    )


def _is_onlookers(verb: Token) -> bool:
    """ "Analysts expect inflation to slow": nobody who decides it."""
    who = child(verb, ("nsubj",))
    return who is not None and who.lemma_.lower() in words.ONLOOKERS


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
    if any(kid.lower_ == "then" for kid in giver.children):
        return None
    if giver.lemma_ in ("have", "get") and giver.lower_ == "had":
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
    if dates.after(look.today, look.time.value) is None or enclosing_condition(look.verb) or _is_nothing(look):
        return None
    noun = look.root.head if "-" in look.time.text else look.root
    if noun.lemma_ in words.DEADLINE_NOUNS or look.root.head.lemma_ in words.DEADLINE_NOUNS:
        return _deadline_noun(look)
    if look.lead.word == "within":
        return _by_verb(look)
    if given := _given(look):
        return given
    soon = look.lead.word == "in" and helpers(look.verb) & {"will", "'ll", "wo"}
    return _by_verb(look) if soon and look.time.value[-1] in "DWM" and "-" not in look.time.text else None


def _moved(look: Look) -> Frame | None:
    """ "postponed from Friday to June 24": the first is superseded, the second stands."""
    mover = next((word for word in (look.verb, *governors(look.verb)) if word.lemma_ in words.MOVE), None)
    if mover is None or look.lead.word not in ("from", "to", "until", "till", "for", "by"):
        return None
    if look.lead.word in ("from", "by"):
        return None
    moved = child(mover, ("dobj", "nsubjpass"))
    if moved is not None and moved.lemma_ in words.DEADLINE_NOUNS:
        return Frame(class_="D", boundary="by", verb=mover)
    ends = mover.lemma_ in ("extend", "prolong") or (look.lead.boundary == "until" and mover.lemma_ in ("push", "hold"))
    return Frame(class_="E" if ends else "S", boundary="until" if ends else "on", verb=mover)


def _above(verb: Token) -> list[Token]:
    """The noun a participle modifies and the verbs over it: "the vote, *set for May*, was put off"."""
    found = [verb.head, verb.head.head]
    return [word for word in found if is_verb(word) and word.i != verb.i]


def _moves(verb: Token) -> bool:
    return verb.lemma_ in words.MOVE and is_passive(verb)


def _superseded(look: Look) -> bool:
    """ "postponed *from Friday* to", "*was to end Sunday*, will last until", "had been due on Monday but"."""
    if look.lead.word == "from" and any(word.lemma_ in words.MOVE for word in (look.verb, *governors(look.verb))):
        return True
    above = look.verb.head if look.verb.dep_ == "xcomp" else look.verb
    if any(
        kid.lower_ in ("originally", "initially", "previously", "once")
        for kid in (*look.verb.children, *above.children)
    ):
        return True
    if look.verb.dep_ in ("acl", "relcl") and any(_moves(word) for word in _above(look.verb)):
        return True
    was = above.lower_ in ("was", "were") or helpers(above) & {"was", "were", "had"}
    planned = above.lemma_ in ("be", "due", "schedule", "set", "expect", "plan", "slate", "suppose")
    if not (was and planned):
        return False
    after = {token.lower_ for token in above.sent if token.i > look.tokens[-1].i}
    before = {token.lower_ for token in above.sent if token.i < above.i}
    later = after & {
        "but",
        "postponed",
        "delayed",
        "cancelled",
        "canceled",
        "instead",
        "now",
        "extended",
        "will",
        "scrapped",
    }
    return bool(later or before & {"originally", "postponed", "delayed", "cancelled", "extended", "previously"})


def _noun_of(look: Look) -> Frame | None:
    """ "ahead of *Sunday's vote*": the event is the noun the date belongs to, whatever the verb tells."""
    root = look.root
    if (
        root.dep_ != "poss"
        or not _is_ahead(look)
        or root.head.lemma_.lower() not in words.HAPPENINGS | words.PLAN_NOUNS
    ):
        return None
    return Frame(class_="S", boundary="on", verb=look.verb, thing=root.head, names_action=False)


def _by_verb(look: Look) -> Frame | None:
    if _superseded(look):
        return None
    verb = look.verb
    condition = condition_of(verb)
    way = verb_direction(verb)
    is_will = bool(helpers(verb) & words.WILL)
    bound = verb.lemma_ in words.PROMISE or look.lead.boundary in ("by", "before", "until")
    if verb.lemma_ in words.PROMISE | words.DEMAND and bound and way == "back" and _is_ahead(look):
        return Frame(class_="D", boundary=look.lead.boundary, verb=verb, condition=condition)
    if way == "back" and not is_will and not _survives_past(look):
        return None
    class_, boundary = _class(look, condition)
    return Frame(class_=class_, boundary=boundary, verb=verb, condition=condition)


def _is_ahead(look: Look) -> bool:
    return look.is_duration or (look.days is not None and look.days[0] > look.today)


def _survives_past(look: Look) -> bool:
    """A past verb with a coming date: "set elections for May 3", "extended the truce until June"."""
    if not _is_ahead(look) or (len(look.time.value) == 4 and look.lead.word not in ("until", "through")):
        return False
    verb = look.verb
    if look.lead.boundary == "until":
        return "had" not in helpers(verb)
    if look.lead.word == "for":
        return True
    return look.root.head.pos_ in ("NOUN", "PROPN") or look.root.head.head.pos_ in ("NOUN", "PROPN")


def _class(look: Look, condition: Token | None) -> tuple[str, Boundary]:
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
    runs_out = verb.lemma_ == "run" and any(kid.lower_ == "out" for kid in verb.children)
    if (
        runs_out
        or verb.lemma_ in ("expire", "lapse")
        or (verb.lemma_ in words.ENDING and thing not in words.HAPPENINGS)
    ):
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
    if verb.tag_ == "VBN" and verb.dep_ in ("ccomp", "xcomp") and verb.head.lemma_ in words.WANT:
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
    return next((token.i for token in verb.sent if not token.is_punct and not token.is_space), verb.i)


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
