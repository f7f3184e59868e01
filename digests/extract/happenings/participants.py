"""Doer and sufferer of a verb in the tree, after PropBank: A0 acts, A1 is acted on or undergoes."""

from __future__ import annotations

from spacy.tokens import Token

from digests.extract.clauses import child, clause_head, is_verb
from digests.text.wordlist import words

UNDERGOES = words(
    "fall rise drop plunge surge plummet rebound decline increase decrease grow shrink soar tumble slump climb",
    "slide slip die perish drown survive appear disappear vanish emerge seem remain stay happen occur arise",
    "exist last come go arrive depart land fly sail crash collapse explode burn burst sink break melt freeze",
    "open close begin start end stop continue expire recover deteriorate worsen improve cost lose gain undergo",
    "suffer receive weigh belong depend differ vary spread leak flow erupt stall become turn evolve result",
    "feature contain total rally jump dip ease advance retreat edge swing double triple halve finish bounce",
    "sell",
)
"""Without an object (or with a measure for one) the subject of these is acted on: A1."""
ALWAYS_UNDERGOES = words(
    "fall rise drop plunge surge plummet rebound decline die perish appear seem remain stay happen occur cost",
    "undergo total tumble slump slide slip soar gain lose climb",
)
_WEATHER = words("rain snow hail thunder pour drizzle")
_PHASES = words("begin start stop continue end close open")
_HEARERS = words("tell inform ask notify remind assure warn advise urge persuade convince thank teach order instruct")
"""Their object hears; what is told is the clause."""
_WITH = words("supply provide present equip furnish arm load serve")
"""They give something with "with": "supplied the army with trucks"."""
_OBJECT_CONTROL = words(
    "allow enable permit force compel help ask tell order urge persuade convince encourage invite instruct",
    "command select choose hire appoint pay want expect require cause lead get let make teach train authorize",
    "authorise pressure bar",
)
"""The doer of "allowed *them* to leave" is the object."""
_MAY_WANT = words("help ask want expect choose get pay lead require")
_NAMED = words("appoint name elect choose pick select nominate hire")
_HELD = words(
    "plan contract deal agreement decision effort bid move proposal offer attempt right ability chance",
    "opportunity promise pledge option failure refusal need way permission intention desire time order power",
    "authority obligation readiness willingness request call deadline",
)
"""Nouns whose infinitive is done by whoever has them: "a contract to supply trucks"."""
_SUBJECT = ("nsubj", "nsubjpass")
_CLIMB = 20


def participants(verb: Token) -> tuple[Token | None, Token | None]:
    """Doer and sufferer, as heads of their noun phrases; either may be missing."""
    lemma = verb.lemma_.lower()
    by = _by(verb)
    thing = _object(verb, lemma)
    if is_passive(verb):
        sufferer = _passive_subject(verb)
        if lemma in _WITH and thing is not None:
            sufferer = thing
        return by, sufferer
    who = None if lemma in _WEATHER else doer(verb)
    if who is not None and _undergoes(verb, lemma, thing):
        return None, who
    return who, thing


def _undergoes(verb: Token, lemma: str, thing: Token | None) -> bool:
    """The subject only undergoes it: "shares fell (two percent)"; but "they began to talk" has a doer."""
    if lemma not in UNDERGOES or (lemma in _PHASES and child(verb, ("xcomp",)) is not None):
        return False
    return thing is None or lemma in ("cost", "undergo") or (is_measure(thing) and lemma in ALWAYS_UNDERGOES)


def is_passive(verb: Token) -> bool:
    """ "was sold", "the house sold by", and headlines' "Markets dragged down by"."""
    if child(verb, ("nsubjpass", "auxpass")) is not None:
        return True
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "relcl") and not any(kid.dep_ == "aux" for kid in verb.children):
        return child(verb, _SUBJECT) is None
    if verb.tag_ in ("VBN", "VBD") and child(verb, ("dobj", "aux", "ccomp")) is None and _headline_passive(verb):
        return True
    above = verb.head
    return (
        verb.dep_ == "conj"
        and verb.tag_ == "VBN"
        and _own_subject(verb) is None
        and is_verb(above)
        and is_passive(above)
    )


def _headline_passive(verb: Token) -> bool:
    """ "Markets dragged down by ...", "Ana Soto appointed as ...", "Firm allowed to bid": nothing is left to act on."""
    if _by(verb) is not None:
        return True
    if verb.lemma_.lower() in _OBJECT_CONTROL and child(verb, ("xcomp",)) is not None:
        return verb.lemma_.lower() not in _MAY_WANT
    return verb.lemma_.lower() in _NAMED and any(kid.dep_ == "prep" and kid.lower_ == "as" for kid in verb.rights)


def _by(verb: Token) -> Token | None:
    """The agent of a passive, never a measure ("rose by 5%")."""
    for kid in verb.rights:
        if kid.lower_ == "by" and (kid.dep_ == "agent" or (kid.dep_ == "prep" and verb.tag_ == "VBN")):
            who = child(kid, ("pobj",))
            return who if who is not None and not is_measure(who) and who.pos_ != "VERB" else None
    return None


def _own_subject(verb: Token) -> Token | None:
    return child(verb, _SUBJECT)


def _passive_subject(verb: Token) -> Token | None:
    own = _own_subject(verb)
    if own is not None:
        return _antecedent(own, verb)
    if verb.dep_ == "acl":
        return verb.head
    if verb.dep_ in ("conj", "xcomp") and is_verb(verb.head):
        return _passive_subject(verb.head) if is_passive(verb.head) or verb.dep_ == "conj" else doer(verb.head)
    return None


def _antecedent(own: Token, verb: Token) -> Token | None:
    """Who "who" is."""
    if own.tag_ in ("WDT", "WP") or (own.lower_ == "that" and verb.dep_ == "relcl"):
        clause = verb
        for _ in range(_CLIMB):
            if clause.dep_ == "relcl":
                return clause.head
            if clause.dep_ != "conj":
                return None
            clause = clause.head
        return None
    return own


def doer(verb: Token) -> Token | None:
    """The subject: its own, or what it inherits from the clause it hangs on."""
    for _ in range(_CLIMB):
        own = _own_subject(verb)
        if own is not None:
            return _antecedent(own, verb)
        above = verb.head
        if above.i == verb.i:
            return None
        if verb.dep_ == "acl" or (verb.dep_ == "relcl" and verb.tag_ == "VB"):
            return _of_noun(verb, above)
        if verb.dep_ in ("xcomp", "advcl", "ccomp") and is_verb(above):
            if verb.dep_ == "advcl" and verb.tag_ == "VB":
                return _controlled(verb, above)
            if (given := _controlled(verb, above)) is not None:
                return given
            if verb.dep_ == "ccomp" and verb.tag_ not in ("VB", "VBG"):
                return None
        elif verb.dep_ not in ("conj", "xcomp"):
            return None
        verb = above if is_verb(above) else clause_head(above)
    return None


def _controlled(verb: Token, above: Token) -> Token | None:
    """The object that is to act: "allowed *them* to leave", "was told to leave"."""
    if above.lemma_.lower() not in _OBJECT_CONTROL or verb.tag_ != "VB":
        return None
    if is_passive(above):
        return _passive_subject(above)
    return child(above, ("dobj", "dative"))


def _of_noun(verb: Token, noun: Token) -> Token | None:
    """Who does it: "a *crew* flying home", "the first *woman* to lead it"; not "a plan to"."""
    if verb.tag_ == "VBG":
        return noun
    return None if noun.lemma_.lower() in _HELD else noun


def _object(verb: Token, lemma: str) -> Token | None:
    if lemma in _WITH:
        for kid in verb.rights:
            if kid.dep_ == "prep" and kid.lower_ == "with" and (thing := child(kid, ("pobj",))) is not None:
                return thing
    if lemma in _HEARERS and child(verb, ("ccomp", "xcomp", "dative")) is not None:
        return None
    thing = child(verb, ("dobj",))
    inner = child(verb, ("ccomp",)) if thing is None and lemma in _OBJECT_CONTROL - _HEARERS else None
    if inner is not None and inner.tag_ in ("VB", "VBG") and inner.i > verb.i:
        return child(inner, ("nsubj",))
    if thing is None and _has_gap(verb, lemma):
        return verb.head
    if thing is None or (thing.tag_ in ("WDT", "WP") and verb.dep_ != "relcl"):
        return None
    return verb.head if thing.tag_ in ("WDT", "WP") else thing


def _has_gap(verb: Token, lemma: str) -> bool:
    """A relative clause that lacks its object: "the music it sells"."""
    own = child(verb, ("nsubj",))
    if verb.dep_ != "relcl" or own is None or own.tag_ in ("WDT", "WP") or lemma in ALWAYS_UNDERGOES:
        return False
    if own.lower_ == "that" or any(kid.lower_ in ("where", "when", "why", "whose", "how") for kid in verb.lefts):
        return False
    return child(verb, ("ccomp", "xcomp", "prep", "attr", "acomp", "advmod")) is None


def is_measure(thing: Token) -> bool:
    """ "fell 340 *points*", "lost 2%", "a loss of $15 billion": how much, not what."""
    if thing.pos_ in ("NUM", "SYM") or thing.tag_ in ("CD", "$"):
        return True
    return thing.lemma_.lower() in ("percent", "point", "%", "cent", "dollar", "euro") or thing.text == "%"
